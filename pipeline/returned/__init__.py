"""The layer Daybook lays over a returned workbook: `package` (parts), `zipped` (the zip around them), `marks` (live colour), `notes`, `explain` (退回说明), `styles`."""
