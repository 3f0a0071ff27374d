"""What the YAML in `rules/` may say, and nothing more: `form` (one form), `words` (spellings, sentences), `house` (the store)."""
