"""Drafts a form's YAML from a filled or blank sheet, for a clerk to look through."""
