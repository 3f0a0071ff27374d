"""The common ground of everything the YAML says."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Said(BaseModel):
    """The common ground of everything the YAML says: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
