"""Whom an erasure looks for (`wanted`), and a workbook without them (`empty`)."""
