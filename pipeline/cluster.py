"""Reads and looks at workbooks on the processes of a Dask cluster; all that is kept, merged or written stays here.

    bytes, rules ──► a process there: read → recognise → extract → normalise ──► records ──► validate, judge, merge … here

Bytes are sent and records come back, so a process there needs Daybook of the same version and nothing else: no folder, no database.
A process that dies loses nothing: its workbooks are given to another, and here they are read where the cluster can no more.
"""

from __future__ import annotations

import logging
import pickle
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Final

from pipeline import __version__
from pipeline.errors import PipelineError, UsageError
from pipeline.examine import look_at
from pipeline.rulebook.rulebook import Rulebook
from pipeline.share_out import Chunk, Reader, Seen, here, share_out
from pipeline.workers import File, read_books

_log = logging.getLogger(__name__)
_MOST: Final = 32  # workbooks given out at once: starting the child that reads them costs as much as eight
_ROUNDS: Final = 4  # times a process is given something, so that a slow one holds nobody up
_REACH_SECONDS: Final = 10
_LOOK_SECONDS: Final = 2.0  # how often a wait looks whether anybody is left to answer


@contextmanager
def reading_on(address: str) -> Iterator[Reader]:
    """Give what reads workbooks on the Dask cluster at an address, '' = here.

    Raises UsageError where the extra is not installed, nobody answers, or a process there has no Daybook of this version.
    """
    if not address:
        yield here
        return
    try:
        from distributed import Client  # noqa: PLC0415 - the extra [cluster]
    except ImportError as error:
        remedy = "先运行 pip install 'daybook[cluster]',或不写 --cluster"
        raise UsageError("用 --cluster 要先安装扩展 cluster", remedy) from error
    if not address.startswith(("tcp://", "tls://")):
        raise UsageError(f"--cluster {address} 写得不对", "写成 tcp://主机:8786")
    try:
        client = Client(address, timeout=_REACH_SECONDS, set_as_default=False, name="daybook")
    except OSError as error:
        raise UsageError(f"集群 {address} 连不上", "看调度器开着没有、地址对不对;不写 --cluster 就在本机跑") from error
    with client:
        executor, processes = client.get_executor(pure=False), _fit(client, address)

        def _read(files: Sequence[File], rules: Rulebook) -> Iterator[Seen]:
            return read_elsewhere(executor, files, rules, processes, lambda: bool(_workers(client)))

        try:
            yield _read
        finally:
            executor.shutdown(wait=False)  # what was given to processes that are gone is waited for by nobody


def read_elsewhere(
    executor: Executor, files: Sequence[File], rules: Rulebook, processes: int, anybody: Callable[[], bool]
) -> Iterator[Seen]:
    """Yield the workbooks in order, looked at by an executor's processes; what cannot be had from them is read here.

    No more is given out than keeps the processes busy, so memory holds a few hundred workbooks. `anybody` says whether one is left to answer.
    """
    packed = zlib.compress(rules.text.encode())
    size = max(1, min(_MOST, -(-len(files) // (processes * _ROUNDS))))

    def take(chunk: Chunk, future: Future[bytes] | None) -> Iterator[Seen]:
        answer = _answer(future, anybody)
        yield from here(chunk, rules) if answer is None else pickle.loads(zlib.decompress(answer))  # noqa: S301 - our own words, from a cluster that is trusted with all of it

    yield from share_out(files, size, 2 * processes, partial(_submitted, executor, packed), take)


def look_there(version: str, files: Sequence[File], packed: bytes) -> bytes:
    """Be the process there: return what these workbooks are, without their cells, as bytes; PipelineError if it would judge otherwise."""
    if version != __version__:
        raise PipelineError(f"夜账版本不同:{version},{__version__}")  # of one that came when the others had been asked
    looked = [*look_at(read_books(iter(files)), _rules(packed))]
    return zlib.compress(pickle.dumps(looked, protocol=pickle.HIGHEST_PROTOCOL), 1)


def _submitted(executor: Executor, packed: bytes, chunk: Chunk) -> Future[bytes] | None:
    try:
        return executor.submit(look_there, __version__, chunk, packed)
    except (RuntimeError, OSError):  # nobody is there any more
        return None


def _answer(future: Future[bytes] | None, anybody: Callable[[], bool]) -> bytes | None:
    """Wait for an answer; None if there will be none, be it that all have died, that one died over it, or that it was not fit for it."""
    while future is not None:
        try:
            error = future.exception(_LOOK_SECONDS)
        except TimeoutError:
            if anybody():
                continue
            future.cancel()
            error = CancelledError("没有 worker 了")
        except CancelledError as gone:
            error = gone
        if error is None:
            return future.result()
        _log.warning("集群没有读出的表改在本机读:%s", type(error).__name__)
        return None
    return None


def _fit(client: Any, address: str) -> int:
    """Return how many threads are there to read; UsageError if there is none, or one that would judge otherwise."""
    workers = _workers(client)
    if not workers:
        raise UsageError(f"集群 {address} 里还没有 worker", "先运行 dask worker;不写 --cluster 就在本机跑")
    try:
        versions = client.run(_version)
    except Exception as error:  # what is raised there comes back as whatever could be sent
        raise UsageError(f"集群 {address} 的 worker 上没有装夜账", f"在那里装 daybook {__version__}") from error
    other = sorted(f"{worker} 是 {version}" for worker, version in versions.items() if version != __version__)
    if other:
        raise UsageError(f"集群里的夜账版本不同:{other[0]},这里是 {__version__}", "装成一样的再跑")
    return sum(worker["nthreads"] for worker in workers.values())


def _workers(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def _version() -> str:
    return __version__


@lru_cache(maxsize=4)
def _rules(packed: bytes) -> Rulebook:
    return Rulebook.of(zlib.decompress(packed).decode())
