"""A finding carries what its cell may have been meant to say."""

from __future__ import annotations

from alembic import op

from pipeline.archive.tables import plain_text

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the column; of older findings nothing was proposed."""
    op.add_column("finding", plain_text("proposal"))
