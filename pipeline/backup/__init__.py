"""Snapshots of a home beside it: `snapshot` (what one holds, and whether it is whole), `take` (one made), `restore` (one put back)."""
