"""The archive of one store: `tables` (schema from the rules), `commit` (a night in), `lookup` and `as_of` (out), `keep_archive` (the door)."""
