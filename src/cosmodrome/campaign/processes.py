"""Work of a campaign in processes of its own, handed back as it ends."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cosmodrome.world.world import World

__all__ = ["in_processes", "shipped_world"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    begin: Callable[..., None] | None = None,
    told: tuple[Any, ...] = (),
) -> Iterator[tuple[Item, Result]]:
    """Each item and what `work` makes of it, as it ends; in this process for one job or item.

    begin  called in each process with `told` before its first item; both functions of a module
    """
    if jobs == 1 or len(items) < 2:
        if begin is not None:
            begin(*told)
        for item in items:
            yield item, work(item)
        return
    pool = ProcessPoolExecutor(
        min(jobs, len(items)), mp_context=get_context("spawn"), initializer=_ready,
        initargs=(begin, told),
    )  # fmt: skip
    try:
        asked = {pool.submit(work, item): item for item in items}
        for future in as_completed(asked):
            yield asked[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ready(begin: Callable[..., None] | None, told: tuple[Any, ...]) -> None:
    """A worker leaves Ctrl-C to its parent, which stops between items."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if begin is not None:
        begin(*told)


@lru_cache(maxsize=1)
def shipped_world() -> World:
    """The world as shipped, read once a process."""
    from cosmodrome.world.world import World

    return World.shipped()
