"""The ideal capability for every published payload it is judged by, solved once and kept."""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.resources import files
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from cosmodrome import catalog
from cosmodrome.campaign.capability import payload
from cosmodrome.campaign.processes import shipped_world
from cosmodrome.errors import CosmodromeError, DataError
from cosmodrome.formats.placing import place
from cosmodrome.vehicle.losses import Spent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from cosmodrome.catalog.nouns import Rating

__all__ = ["Point", "Solved", "keep", "points", "read", "solve_point", "solve_points"]

# rooms whose code a capability comes from, and what in them is not asked
_ROOMS = ("ascent", "maths", "physics", "powered", "solvers", "targets", "vehicle")
_APART = ("losses.py",)


@dataclass(frozen=True, slots=True)
class Point:
    """A published payload: who carries it where, and what was printed or flown.

    adapter_kg   of the vehicle, where the figure counts it as payload; else 0
    """

    vehicle: str
    site: str
    orbit: str
    kind: str
    confidence: str
    variant: str
    published_kg: float
    adapter_kg: float = 0.0

    @property
    def key(self) -> str:
        """Changes with the question, the vehicle, the site and the code that answers."""
        asked = (self.site, self.orbit)
        told = (asked, _figures(self.vehicle), repr(catalog.site(self.site)), _code())
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Solved:
    """A point with its ideal ascent; `spent` is None where none was found, and `why` says why.

    spent        of the separated payload, without the adapter
    losses_m_s   gravity, drag, steering, back-pressure, as in a ledger
    """

    point: Point
    spent: Spent | None = None
    losses_m_s: dict[str, float] | None = None
    way: str = ""
    release_s: float = 0.0
    miss_m: float = 0.0
    cpu_s: float = 0.0
    why: str = ""

    @property
    def as_published(self) -> Spent | None:
        """What was spent, with the payload counted as the published figure counts it."""
        x = self.spent
        return None if x is None else replace(x, ideal_kg=x.ideal_kg + self.point.adapter_kg)


def points(wanted: Callable[[Rating], bool] | None = None) -> tuple[Point, ...]:
    """The catalogue's payloads that `wanted` picks: those that judge, and those flown, if None."""
    pick = wanted or (lambda r: r.judges or (r.kind == "flown" and r.excluded is None))
    return tuple(
        _point(name, r)
        for name in catalog.vehicle_names()
        for r in catalog.vehicle(name).payloads
        if pick(r)
    )


def _point(name: str, r: Rating) -> Point:
    adapter = catalog.vehicle(name).adapter_kg if r.adapter_counted else 0.0
    confidence = r.confidence or ""
    return Point(name, r.site, r.orbit, r.kind, confidence, r.variant, r.mass_kg, adapter)


@lru_cache(maxsize=64)
def _figures(vehicle: str) -> str:
    """What a capability takes from a vehicle's file: neither ratings nor what is said of them."""
    whole = catalog.vehicle(vehicle)
    return repr(replace(whole, payloads=(), notes=(), figures={}, doubts=()))


@lru_cache(maxsize=1)
def _code() -> str:
    whole = hashlib.sha256()
    package = files("cosmodrome")
    for room in _ROOMS:
        for source in sorted(_sources(package / room), key=str):
            whole.update(source.read_bytes())
    return whole.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py") and entry.name not in _APART:
            yield entry


def solve_point(point: Point) -> Solved:
    """The ideal capability of one point; a refusal or a failure is told in `why`."""
    begun = time.process_time()
    try:
        # corridors are others' estimates: the fit shall not rest on them
        found = payload(
            point.site, point.vehicle, point.orbit, shipped_world(), limits={"corridor": "none"}
        )
    except CosmodromeError as e:
        return Solved(point, why=str(e), cpu_s=round(time.process_time() - begun, 1))
    return Solved(
        point,
        Spent(**{name: round(value, 2) for name, value in asdict(found.spent).items()}),
        losses_m_s={k: round(v, 1) for k, v in found.ledger.losses_m_s.items()},
        way=found.solution.way,
        release_s=round(found.solution.travel_s, 1),
        miss_m=float(f"{found.miss_m:.2g}"),
        cpu_s=round(time.process_time() - begun, 1),
    )


def solve_points(
    asked: tuple[Point, ...],
    folder: Path,
    jobs: int = 2,
    told: Callable[[Solved], None] = lambda _: None,
) -> tuple[Solved, ...]:
    """All of `asked` in their order; what `folder` keeps of the same question is not solved again.

    told  hears of each as it is known. Raises DataError for a kept file that is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = {p: s for p in asked if (s := _kept(_file(folder, p), p)) is not None}
    for solved in done.values():
        told(solved)
    open_ = [p for p in asked if p not in done]
    if open_:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for future in as_completed([pool.submit(solve_point, p) for p in open_]):
                solved = future.result()
                done[solved.point] = solved
                keep(solved, folder)
                told(solved)
    return tuple(done[p] for p in asked)


def keep(solved: Solved, folder: Path) -> Path:
    """Write one solved point where `solve_points` looks for it. Raises OSError."""
    return place(_file(folder, solved.point), json.dumps(asdict(solved), indent=1) + "\n")


def _file(folder: Path, point: Point) -> Path:
    return folder / f"{point.key}.json"


def read(tree: dict[str, Any]) -> Solved:
    """A `Solved` from `dataclasses.asdict` of it. Raises TypeError, KeyError for another tree."""
    had = tree["spent"]
    parts = {"point": Point(**tree["point"]), "spent": None if had is None else Spent(**had)}
    return Solved(**{**tree, **parts})


def _kept(path: Path, point: Point) -> Solved | None:
    if not path.exists():
        return None
    try:
        # the same question may have been asked for another figure
        return replace(read(json.loads(path.read_text("utf-8"))), point=point)
    except (ValueError, TypeError, KeyError) as e:
        raise DataError(f"{path} is no solved point ({e}); remove it") from None
