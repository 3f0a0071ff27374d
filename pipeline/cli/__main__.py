"""Lets a timer start Daybook by its interpreter, wherever the command was put: `python -m pipeline.cli`."""

from __future__ import annotations

from pipeline.cli.main import main

if __name__ == "__main__":
    main(prog_name="daybook")
