"""Where things stand on a sheet: `page` (cells with merges), `lexicon` (a form's words), `header`, `cards`, `above`, `rows`."""
