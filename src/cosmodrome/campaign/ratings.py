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
from typing import TYPE_CHECKING

from cosmodrome import catalog
from cosmodrome.campaign.capability import payload
from cosmodrome.errors import DataError, InfeasibleError, SolverError
from cosmodrome.formats.placing import place
from cosmodrome.vehicle.losses import Spent, spent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from cosmodrome.catalog.nouns import Rating
    from cosmodrome.world.world import World

__all__ = ["Point", "Solved", "points", "solve_point", "solve_points"]

# rooms whose code a capability depends on
_ROOMS = ("ascent", "campaign", "maths", "mission", "physics", "powered", "solvers", "targets")


@dataclass(frozen=True, slots=True)
class Point:
    """A published payload: who carries it where, and what was printed or flown."""

    vehicle: str
    site: str
    orbit: str
    kind: str
    confidence: str
    variant: str
    published_kg: float

    @property
    def key(self) -> str:
        """Changes with the question, the vehicle, the site and the code that answers."""
        asked = (self.site, self.orbit)
        told = (asked, _figures(self.vehicle), repr(catalog.site(self.site)), _code())
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Solved:
    """A point with its ideal capability; `why` says what kept it from one.

    ideal_kg         separated mass, nothing usable left
    cutoff_kg        everything that is released with it included
    exhaust_m_s      vacuum exhaust speed of the stage that burns last
    liquid_m_s, solid_m_s, last_m_s   delta-v by liquid stages, by solids, by the last stage
    losses_m_s       gravity, drag, steering, back-pressure, as in a ledger
    """

    point: Point
    ideal_kg: float | None = None
    cutoff_kg: float = 0.0
    exhaust_m_s: float = 0.0
    liquid_m_s: float = 0.0
    solid_m_s: float = 0.0
    last_m_s: float = 0.0
    losses_m_s: dict[str, float] | None = None
    way: str = ""
    release_s: float = 0.0
    miss_m: float = 0.0
    cpu_s: float = 0.0
    why: str = ""


def points(wanted: Callable[[Rating], bool] | None = None) -> tuple[Point, ...]:
    """The catalogue's payloads that `wanted` picks: those that judge, and those flown, if None."""
    pick = wanted or (lambda r: r.judges or (r.kind == "flown" and r.excluded is None))
    return tuple(
        Point(name, r.site, r.orbit, r.kind, r.confidence or "", r.variant, r.mass_kg)
        for name in catalog.vehicle_names()
        for r in catalog.vehicle(name).payloads
        if pick(r)
    )


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
        elif entry.name.endswith(".py"):
            yield entry


@lru_cache(maxsize=1)
def _world() -> World:
    from cosmodrome.world.world import World

    return World.shipped()


def solve_point(point: Point) -> Solved:
    """The ideal capability of one point; a refusal or a failure is told in `why`."""
    begun = time.process_time()
    try:
        found = payload(point.site, point.vehicle, point.orbit, _world())
    except (InfeasibleError, SolverError) as e:
        return Solved(point, why=str(e), cpu_s=round(time.process_time() - begun, 1))
    stages = {s.id: s for s in found.mission.vehicle.stages}
    gained = {False: 0.0, True: 0.0}
    for burn in found.ledger.burns:
        gained[stages[burn.stage].solid] += burn.delta_v_m_s
    last = max(found.ledger.burns, key=lambda b: b.end_s).stage
    return Solved(
        point,
        ideal_kg=round(found.capability_kg, 1),
        cutoff_kg=round(found.solution.mass_kg, 1),
        exhaust_m_s=round(9.80665 * stages[last].isp_vacuum_s, 2),
        liquid_m_s=round(gained[False], 1),
        solid_m_s=round(gained[True], 1),
        last_m_s=round(sum(b.delta_v_m_s for b in found.ledger.burns if b.stage == last), 1),
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
    done = {p: s for p in asked if (s := _kept(folder / f"{p.key}.json", p)) is not None}
    for solved in done.values():
        told(solved)
    open_ = [p for p in asked if p not in done]
    if open_:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for future in as_completed([pool.submit(solve_point, p) for p in open_]):
                solved = future.result()
                done[solved.point] = solved
                text = json.dumps(asdict(solved), indent=1) + "\n"
                place(folder / f"{solved.point.key}.json", text)
                told(solved)
    return tuple(done[p] for p in asked)


def read(tree: dict[str, object]) -> Solved:
    """A `Solved` from `dataclasses.asdict` of it. Raises TypeError, KeyError for another tree."""
    point = tree["point"]
    if not isinstance(point, dict):
        raise TypeError("no point")
    return Solved(**{**tree, "point": Point(**point)})  # type: ignore[arg-type]


def _kept(path: Path, point: Point) -> Solved | None:
    if not path.exists():
        return None
    try:
        # the same question may have been asked for another figure
        return replace(read(json.loads(path.read_text("utf-8"))), point=point)
    except (ValueError, TypeError, KeyError) as e:
        raise DataError(f"{path} is no solved point ({e}); remove it") from None
