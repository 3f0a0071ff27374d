"""The ledger's own steps from one released schema to the next, one file each, run by Alembic from `migrate`; the record kinds' tables are widened by the rules instead."""
