"""The first schema: it is what `tables` drew then, so there is nothing to come from."""

from __future__ import annotations

revision = "1"
down_revision = None


def upgrade() -> None:
    """Change nothing."""
