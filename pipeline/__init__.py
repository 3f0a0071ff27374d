"""Daybook (夜账): filled sheets in, a master archive and the manager's workbooks out."""

__version__ = "0.1.0"
