"""Blank forms: which columns a blank has (`slots`), what its cells offer (`offers`), how lists and cards are drawn."""
