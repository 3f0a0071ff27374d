"""What is looked at in a workbook's raw bytes, before and beside the fast reader: one file per format."""
