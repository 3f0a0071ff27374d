"""A workbook says what its original is now, and a tombstone whose it is."""

from __future__ import annotations

from alembic import op

from pipeline.archive.tables import plain_text

revision = "8"
down_revision = "7"


def upgrade() -> None:
    """Add the columns; until then nobody could be erased."""
    op.add_column("submission", plain_text("redacted"))
    for name in ("store", "key", "counts"):
        op.add_column("tombstone", plain_text(name))
