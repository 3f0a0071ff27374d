"""A night notes what stood before it, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import plain_keys

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Make the table; older nights noted nothing and cannot be taken back."""
    op.create_table(
        "stood", *plain_keys("store", "night_id", "kind"), sa.Column("rows", sa.LargeBinary(), nullable=False)
    )
