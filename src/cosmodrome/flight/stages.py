"""One run: the world it is flown in, who watches, how long its stages take."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cosmodrome import __version__
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["Run"]


@dataclass(frozen=True, slots=True)
class Run:
    """timing: seconds by stage, summed over its passes."""

    world: World
    watch: Watch
    timing: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, text: str) -> Iterator[None]:
        """Times a stage and tells the watcher where it begins and ends."""
        self.watch.begin(name, text)
        start = time.perf_counter()
        try:
            yield
        finally:
            key = f"{name}_s"
            spent = time.perf_counter() - start
            self.timing[key] = self.timing.get(key, 0.0) + spent
        self.watch.end(name, text)

    def covers(self, first: Epoch, last: Epoch) -> None:
        """InputError for a flight that would leave the span of the ephemeris, with that span."""
        span = next(v for v in self.world.vintage() if v.name == "de440")
        for epoch in (first, last):
            # dates in ISO order compare as text
            if not span.first <= epoch.utc(0)[:10] < span.last:
                raise InputError(
                    f"the mission reaches {epoch.utc(0)}, outside the planetary ephemeris"
                    f" ({span.name}, {span.first} .. {span.last}); move launch and plan inside"
                )

    def provenance(self) -> dict[str, Any]:
        """Versions of code and data."""
        from cosmodrome.solvers.core import simd_level

        return {
            "cosmodrome": __version__,
            "simd": simd_level(),
            "data": [
                {"name": v.name, "sha256": v.sha256, "first": v.first, "last": v.last}
                for v in self.world.vintage()
            ],
        }
