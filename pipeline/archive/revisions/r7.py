"""A night says whose it is, and is known by both: one database may hold all stores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.archive.tables import plain_keys, plain_text

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Make the table anew with the store in its key; until then a database was one store's."""
    op.rename_table("night", "night_before")
    op.drop_index("ix_night_on", "night_before")
    anew = op.create_table(
        "night",
        *plain_keys("store", "night_id"),
        sa.Column("on", sa.Date(), nullable=False, index=True),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime()),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("schema_rev", sa.Integer(), nullable=False),
        plain_text("rules"),
    )
    before = sa.table("night_before", *(sa.column(column.name) for column in anew.c if column.name != "store"))
    whose = sa.literal(op.get_context().opts["daybook_store"])
    op.execute(anew.insert().from_select(list(anew.c.keys()), sa.select(whose, *before.c)))
    op.drop_table("night_before")
