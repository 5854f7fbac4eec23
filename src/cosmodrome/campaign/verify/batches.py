"""Batches of faults in all processes, handed back as they end; stopped when nobody wants them."""

from __future__ import annotations

import signal
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.verify.swept import Swept
from cosmodrome.watch import Silent, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cosmodrome.campaign.verify.swept import Batch
    from cosmodrome.record.faults import Outcome
    from cosmodrome.watch import Watch

__all__ = ["flown"]

# s between looks at whether it is still wanted
_LOOK_S = 0.2


class _Quiet(Silent):
    """Tells nobody, and hears whether the run is to stop."""

    def __init__(self, stop: Any) -> None:
        self._stop = stop

    def cancelled(self) -> bool:
        return bool(self._stop.is_set())


class _Hushed(Silent):
    """In this process: hears what another watch hears, and tells it nothing of every fault."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def cancelled(self) -> bool:
        return self._watch.cancelled()


_HERE: list[tuple[Swept, _Quiet]] = []


def _ready(packed: bytes, stop: Any) -> None:
    """A worker leaves Ctrl-C to its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _HERE[:] = [(Swept.unpacked(packed), _Quiet(stop))]


def _some(batch: Batch) -> list[Outcome]:
    swept, watch = _HERE[0]
    return swept.outcomes(batch, watch)


def flown(
    swept: Swept, batches: Sequence[Batch], jobs: int, watch: Watch
) -> Iterator[list[Outcome]]:
    """The outcomes of each batch as it ends; which ends first changes nothing of them.

    jobs  processes. Raises Cancelled while faults are in the air, and leaves none behind.
    """
    if jobs == 1 or len(batches) < 2:
        for batch in batches:
            stop_if_cancelled(watch)
            yield swept.outcomes(batch, _Hushed(watch))
        return
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(
        min(jobs, len(batches)), mp_context=context, initializer=_ready,
        initargs=(swept.packed(), stop),
    )  # fmt: skip
    try:
        left = {pool.submit(_some, batch) for batch in batches}
        while left:
            stop_if_cancelled(watch)
            done, left = wait(left, _LOOK_S, FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
