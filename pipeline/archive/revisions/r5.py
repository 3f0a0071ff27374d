"""A night says by which rules it was judged, and they are kept whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import plain_text

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add the column and the table; of older nights nobody kept the rules."""
    op.add_column("night", plain_text("rules"))
    op.create_table(
        "rulebook",
        sa.Column("digest", sa.String(16), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
