"""The workbooks of a morning, in reading order; a new report is one file here and one line below."""
