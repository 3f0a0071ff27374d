"""The layer Daybook lays over a returned workbook: `package` (parts), `marks` (live colour), `notes`, `explain` (退回说明), `styles`."""
