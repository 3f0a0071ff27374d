"""Does one thing to many items, several at a time in processes of their own; whoever dies takes nobody along.

Items are given out one by one, never more than there are processes: when one of them dies (out of memory, killed) the pool
breaks, and only what was in hand then is in doubt. Those are tried again one at a time, so that it is known whose process dies.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

_in_hand: list[Callable[[Any], Any]] = []  # in a process of the pool: what it does to each item


def side_by_side(
    call: Callable[[Item], Outcome], items: Sequence[Item], jobs: int
) -> Iterator[tuple[Item, Outcome | None]]:
    """Yield each item with what `call` made of it, as they get done; None = its process died, twice.

    `call` must be fit to be pickled, and goes to each process once. With one job, or one item, all is done here and in order.
    """
    if min(jobs, len(items)) <= 1:
        yield from ((item, call(item)) for item in items)
        return
    waiting, doubtful = deque(items), list[Item]()
    while waiting:
        doubtful += yield from _pool(call, waiting, min(jobs, len(waiting)))
    for item in doubtful:
        dead = yield from _pool(call, deque([item]), 1)
        yield from ((each, None) for each in dead)


def _pool(
    call: Callable[[Item], Outcome], waiting: deque[Item], jobs: int
) -> Generator[tuple[Item, Outcome], None, list[Item]]:
    """Work through `waiting` until it is empty or a process dies; return what was in hand then."""
    # Spawned, not forked: a progress bar has threads, and Windows knows nothing else.
    context = multiprocessing.get_context("spawn")
    in_hand: dict[Future[Outcome], Item] = {}
    dead: list[Item] = []
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(call,)) as pool:
        while in_hand or (waiting and not dead):
            while waiting and len(in_hand) < jobs and not dead:
                item = waiting.popleft()
                try:
                    in_hand[pool.submit(_do, item)] = item
                except BrokenExecutor:
                    dead.append(item)
            for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                item = in_hand.pop(future)
                if isinstance(future.exception(), BrokenExecutor):
                    dead.append(item)
                else:
                    yield item, future.result()
    return dead


def _begin(call: Callable[[Any], Any]) -> None:
    _in_hand.append(call)
    threading.Thread(target=_end_with_parent, name="daybook-parent", daemon=True).start()


def _end_with_parent() -> None:
    """End as soon as whoever started this process is gone: nobody would take what it makes, and what it holds would stay held."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _do(item: Any) -> Any:
    return _in_hand[-1](item)
