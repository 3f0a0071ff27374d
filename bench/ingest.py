"""A night without its mornings: read, judge, merge, file the originals and commit, no workbook written. `python -m bench.ingest HOME DATE`."""

from __future__ import annotations

import sys
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from pipeline import __version__
from pipeline.archive.commit import Night
from pipeline.archive.keep_archive import open_archive
from pipeline.examine import examine
from pipeline.keep_files import Original, file_originals
from pipeline.keep_home import Home
from pipeline.merge import merge
from pipeline.publish import rarely_collected
from pipeline.read_inbox import scan
from pipeline.read_rules import read_rules
from pipeline.workers import read_books

_STORE = "default"


@rarely_collected()
def ingest(home: Home, on: date) -> int:
    """Take in what lies in the inbox as a night would; return how many records changed."""
    rules = read_rules(home.rules)
    started = datetime.now().replace(microsecond=0)
    arrivals = scan(home.inbox, started, 0, rules).files
    contents = [each.content() for each in arrivals]
    with open_archive(home.root, _STORE, rules) as archive:
        books = read_books(
            (each.path, content, each.received) for each, content in zip(arrivals, contents, strict=True)
        )
        examined = examine(books, rules, on)
        changes = merge(examined.submissions, archive.standing_for(examined.submissions), rules)
        taken = [
            Original(content, each.received, sha256(content).hexdigest(), each.place.name)
            for each, content in zip(arrivals, contents, strict=True)
        ]
        originals = file_originals(home.archive, taken)
        archive.commit(Night("bench", on, started, __version__), examined.submissions, changes, originals)
    return len(changes)


if __name__ == "__main__":
    print(ingest(Home(Path(sys.argv[1])), date.fromisoformat(sys.argv[2])))
