"""A hand-in keeps where its header stood."""

from __future__ import annotations

from alembic import op

from pipeline.archive.tables import plain_text

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the column; of older hand-ins nobody kept it."""
    op.add_column("hand_in", plain_text("heads"))
