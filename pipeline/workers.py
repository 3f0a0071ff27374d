"""Reads workbooks where they can be killed: one child process, a time limit per book, a memory limit for the child.

The child is a plain Python started by command and spoken to over its pipes. It is not forked, because a progress bar
has threads and forked threads hang; it is not multiprocessing's spawn, because that imports the caller's main module
again (pandas and all) and may not run below a pool's worker. So it starts in 40 ms, alike on Linux, macOS and Windows.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import IO, Self, TypeAlias, cast

from pipeline.errors import PipelineError
from pipeline.grid import Book, Unreadable
from pipeline.reading.limits import MEGABYTE

File: TypeAlias = tuple[str, bytes, datetime]

SECONDS, MEGABYTES = 20, 1024  # what one workbook may take
LATE = "超过时限"
_READY = "ready"
_STARVED = "超过内存限度"
_START_SECONDS = 60  # a virus scanner on an old PC may look at every file of Python first
_LAST_WORDS = 4_000  # characters of what a dying child wrote, enough for its traceback
# What Python, Rust and the C library say when memory has run out.
_OUT_OF_MEMORY = ("memory allocation of", "MemoryError", "bad_alloc", "out of memory")


def read_books(
    files: Iterable[File], *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Iterator[Book | Unreadable]:
    """Yield each file as a workbook, or as unreadable, in order; no file can harm those after it.

    Args:
        files: path below the inbox (posix), bytes, and when it was received.
        seconds: the time one book may take; beyond it, and beyond the memory, the verdict is `book.stuck`.
        megabytes: the address space of the child, where the system can limit it (Linux).

    While the caller works on one book the child reads the next.
    """
    with Child(seconds, megabytes) as reader:
        ahead: File | None = None
        for file in files:
            done = reader.take(ahead) if ahead else None
            reader.give([file])
            ahead = file
            if done:
                yield done
        if ahead:
            yield reader.take(ahead)


class _Watch:
    """One thread that kills a late child. It looks at the clock now and then: a timer per book would cost more than the book."""

    def __init__(self, seconds: float) -> None:
        self._tick = min(seconds / 8, 0.25)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0
        self._killed = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="daybook-watch", daemon=True)
        self._thread.start()

    def start(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        """Give the child this time from now."""
        with self._lock:
            self._child, self._deadline, self._killed = child, time.monotonic() + seconds, False

    def stop(self) -> bool:
        """Leave the child alone, and say whether it had to be killed."""
        with self._lock:
            self._child = None
            return self._killed

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._tick):
            with self._lock:
                if self._child is not None and time.monotonic() > self._deadline:
                    self._child.kill()
                    self._child, self._killed = None, True


class Child:
    """The child, started when first needed and again after each death.

    `room` is the module whose `serve` it runs, `first` what it must know before it is ready. One thread leads it; any may stop it.
    """

    def __init__(
        self, seconds: float = SECONDS, megabytes: int = MEGABYTES, *, room: str = __name__, first: object = None
    ) -> None:
        self._seconds = seconds
        self._watch = _Watch(seconds)
        self._start = f"import sys; sys.path[:] = {sys.path!r}; from {room} import serve; serve({megabytes})"
        self._first = first
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._stopped = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the reader does

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Be done with the child."""
        self._watch.end()
        self._end(patience=0)
        self._errors.close()

    @property
    def alive(self) -> bool:
        """Whether it goes on with what it was given."""
        return self._child is not None

    def give(self, files: Sequence[File]) -> None:
        """Send files, each of which is to be taken; a child that died meanwhile shows at `take`."""
        self._tell(self._running(), files)

    def take(self, file: File) -> Book | Unreadable:
        """Wait for what became of the file that comes next."""
        if not self._ready and self._answer(_START_SECONDS)[0] != _READY:
            self._end()
            raise PipelineError("读表的子进程启动不了", self._last_words() or "请检查安装是否完整")
        self._ready = True
        answer, late = self._answer(self._seconds)
        if answer is None:
            return self._dead(file, late=late)
        if isinstance(answer, Unreadable) and answer.reason in {"book.crashed", "book.stuck"}:
            # Hurt while reading: the next book gets a fresh child. What looks like a fault may be want of memory.
            words = self._last_words()
            self._end(patience=0)
            return replace(answer, reason="book.stuck", detail=_STARVED, trace=words) if _starved(words) else answer
        if late:
            self._end(patience=0)  # killed just as it answered
        return cast("Book | Unreadable", answer)

    def more(self) -> object:
        """Wait for what the child has to say beyond the workbook it read; None if it dies over it."""
        answer, late = self._answer(self._seconds)
        if answer is None or late:
            self._end(patience=0)
        return answer

    def stop(self) -> None:
        """Kill the child, whatever it is at, and start no other."""
        self._stopped = True
        if self._child is not None:
            self._child.kill()

    def _tell(self, child: subprocess.Popen[bytes], what: object) -> None:
        # A broken pipe is a dead child, and `take` will tell how it died.
        with contextlib.suppress(OSError):
            pickle.dump(what, _pipe(child.stdin), protocol=pickle.HIGHEST_PROTOCOL)
            _pipe(child.stdin).flush()

    def _answer(self, seconds: float) -> tuple[object, bool]:
        """Return what the child says, None if it dies before, and whether it was killed for being late."""
        child = self._running()
        self._watch.start(child, seconds)
        answer: object = None
        with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
            answer = pickle.load(_pipe(child.stdout))  # noqa: S301 - our own child's words
        return answer, self._watch.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the child, started if there is none."""
        if self._child is None:
            self._ready = False
            self._errors.seek(0)
            self._errors.truncate()
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [sys.executable, "-c", self._start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
            )
            if self._first is not None:
                self._tell(self._child, self._first)
            if self._stopped:  # while it started
                self._child.kill()
        return self._child

    def _dead(self, file: File, *, late: bool) -> Unreadable:
        """Bury the child and return what the file has done to it."""
        code = self._end()
        words = self._last_words()
        path, content, received = file
        # Killed, and not by us: the system had no more memory.
        starved = _starved(words) or code == -getattr(signal, "SIGKILL", 0)
        reason = "book.stuck" if late or starved else "book.crashed"
        detail = LATE if late else _STARVED if starved else f"退出码 {code}"
        return Unreadable(path, hashlib.sha256(content).hexdigest(), received, reason, detail, words)

    def _last_words(self) -> str:
        """Return the end of what the child wrote for programmers."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-_LAST_WORDS:].strip()

    def _end(self, *, patience: float = 1) -> int:
        """End the child, if there is one, and return its exit code; a dying one gets the seconds of patience to do so."""
        child, self._child = self._child, None
        if child is None:
            return 0
        # What is still in the pipe for a dead child cannot be sent.
        with contextlib.suppress(OSError):
            _pipe(child.stdin).close()
        _pipe(child.stdout).close()
        if patience:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(timeout=patience)
        child.kill()
        return child.wait()


def serve(megabytes: int, look: Callable[[Book], object] | None = None) -> None:
    """Be the child: read files from the input and write what they are to the output, until the input ends.

    With `look`, of a workbook that could be read it says no cell, and then what `look` makes of it.
    """
    import faulthandler  # noqa: PLC0415 - the caller's process needs none of this

    from pipeline.read_book import read_book  # noqa: PLC0415 - calamine is loaded only where it may crash

    # A backtrace takes memory under a lock: where none is left, a panic would wait for itself until the time is over.
    os.environ["RUST_BACKTRACE"] = "0"
    faulthandler.enable()
    _limit(megabytes)
    given, told = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not be taken for an answer

    def tell(what: object) -> None:
        told.write(pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL))
        told.flush()

    tell(_READY)
    while True:
        try:
            files = pickle.load(given)  # noqa: S301 - our own parent's words
        except EOFError:
            return
        for path, content, received in files:
            book = read_book(path, content, received)
            if look is None or isinstance(book, Unreadable):
                tell(book)
            else:
                tell(replace(book, grids=()))
                tell(look(book))


def _starved(words: str) -> bool:
    """Say whether these last words speak of memory."""
    return any(said in words for said in _OUT_OF_MEMORY)


def _limit(megabytes: int) -> None:
    """Limit the address space, and leave no core file: it would hold customers' data."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, megabytes * MEGABYTE), (resource.RLIMIT_CORE, 0)):
        # macOS refuses to limit the address space; the time limit stands alone there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return the pipe, which is there because the child was started with it."""
    assert stream is not None
    return stream
