"""Sheets about the forms themselves: who hands in, late, blank, not at all; whom to press; what was changed since yesterday."""
