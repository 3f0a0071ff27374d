"""The demo home: an invented showroom, the papers its people hand in, and the inbox they lie in. Nothing in the pipeline knows of it."""
