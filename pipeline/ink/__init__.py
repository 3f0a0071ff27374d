"""Ink on paper: what `write_workbook` and `write_templates` share. `paper` alone opens xlsxwriter; `letters` makes text safe."""
