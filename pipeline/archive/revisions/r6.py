"""The access log says who looked, at how much, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import plain_text

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Add the columns; of older looks nobody noted it."""
    op.add_column("access_log", plain_text("who"))
    op.add_column("access_log", sa.Column("rows", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("access_log", plain_text("why"))
