"""Columns of a reach map: solved in processes, kept whole in files, taken up again."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import __version__, ascent, mission
from cosmodrome.campaign.asked import to_circle
from cosmodrome.campaign.capability import aim, flown_again
from cosmodrome.campaign.processes import in_processes, shipped_world
from cosmodrome.errors import DataError, InfeasibleError, SolverError
from cosmodrome.formats.placing import place
from cosmodrome.record.reach import ReachCell
from cosmodrome.site import cheapest_inclination
from cosmodrome.watch import Watch, stop_if_cancelled

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission import Mission

__all__ = ["Columns", "Task", "solve_column"]

# a plan that misses its optimum by more was not flown as solved
_MISS_M, _MISS_M_S = 5.0, 5e-3
_GIVE_UP_AFTER = 2
# a degree of plane costs 130 m/s in a low orbit; further than this nobody launches
_MOST_CHANGE_RAD = math.radians(2.0)


@dataclass(frozen=True, slots=True)
class Task:
    """One column: a mission file as resolved, and cells of rising altitude to fill."""

    mission_text: str
    cells: tuple[ReachCell, ...]

    @property
    def key(self) -> str:
        """Changes with the question and with the version that answers it."""
        text = json.dumps([__version__, self.mission_text, [asdict(c) for c in self.cells]])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Columns:
    """How columns are solved: where they are kept, whether kept ones count, how many at once."""

    keep: Path | None
    resume: bool
    jobs: int

    def solve(self, tasks: tuple[Task, ...], watch: Watch) -> tuple[tuple[ReachCell, ...], ...]:
        """The columns filled, in the order of `tasks`; Cancelled between two of them."""
        watch.begin("reach", f"{sum(len(t.cells) for t in tasks)} ascents to solve")
        done = {t.key: c for t in tasks if (c := self._kept(t)) is not None}
        todo = [t for t in tasks if t.key not in done]
        for task, column in in_processes(solve_column, todo, self.jobs):
            done[task.key] = column
            self._put(task, column)
            watch.tell("reach", len(done) / len(tasks), f"{len(done)} of {len(tasks)} inclinations")
            stop_if_cancelled(watch)
        watch.end("reach", f"{len(tasks)} inclinations solved")
        return tuple(done[t.key] for t in tasks)

    def _file(self, task: Task) -> Path | None:
        return None if self.keep is None else self.keep / f"{task.key}.json"

    def _kept(self, task: Task) -> tuple[ReachCell, ...] | None:
        path = self._file(task)
        if not self.resume or path is None or not path.exists():
            return None
        try:
            return tuple(ReachCell(**c) for c in json.loads(path.read_text("utf-8")))
        except (ValueError, TypeError) as e:
            raise DataError(f"{path} is no column of a reach map ({e}); remove it") from None

    def _put(self, task: Task, column: tuple[ReachCell, ...]) -> None:
        path = self._file(task)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            place(path, json.dumps([asdict(c) for c in column], indent=1) + "\n")


def solve_column(task: Task) -> tuple[ReachCell, ...]:
    """Fill one column from below; above what cannot be carried at all, nothing is asked."""
    asked = mission.on_a_pad(mission.loads(task.mission_text), "a column")
    out: list[ReachCell] = []
    previous: AscentSolution | None = None
    failed: list[float] = []
    hopeless = ""
    for cell in task.cells:
        why = hopeless or _out_of_reach(asked, cell)
        if why:
            out.append(replace(cell, why=why))
            continue
        filled, previous = _filled(asked, cell, previous)
        out.append(filled)
        failed = [] if filled.status == "carried" else [*failed, cell.altitude_m]
        if filled.status == "infeasible" or len(failed) >= _GIVE_UP_AFTER:
            hopeless = f"not even {failed[0] / 1e3:.0f} km had an answer"
    return tuple(out)


def _out_of_reach(asked: Mission, cell: ReachCell) -> str:
    """Why nobody would turn so far out of the planes that the corridors open; "" otherwise."""
    if cell.how != "plane-change":
        return ""
    lowest = cheapest_inclination(asked.site)
    i = min(cell.inclination_rad, math.pi - cell.inclination_rad)
    if lowest - i <= _MOST_CHANGE_RAD:
        return ""
    degrees = math.degrees(_MOST_CHANGE_RAD)
    return f"more than {degrees:g} deg below the lowest inclination of the corridors"


def _filled(
    asked: Mission, cell: ReachCell, previous: AscentSolution | None
) -> tuple[ReachCell, AscentSolution | None]:
    """A cell solved and flown again, and the solution to start the next one from."""
    there = to_circle(asked, cell.inclination_rad, cell.altitude_m)
    world = shipped_world()
    try:
        solution = ascent.solve(there, aim(there, world), world, previous=previous)
        _, miss_m, miss_m_s = flown_again(there, solution, world)
    except InfeasibleError as e:
        return replace(cell, status="infeasible", why=str(e)), previous
    except SolverError as e:
        return replace(cell, status="no-answer", why=str(e)), previous
    if miss_m > _MISS_M or miss_m_s > _MISS_M_S:
        why = f"flown again, the plan misses its optimum by {miss_m:.3g} m, {miss_m_s:.3g} m/s"
        return replace(cell, status="no-answer", why=why), previous
    solved = replace(
        cell,
        status="carried",
        # a gram: what is left of the digits is the solver's tolerance
        capability_kg=round(solution.capability_kg, 3),
        miss_m=float(f"{miss_m:.2g}"),
        miss_m_s=float(f"{miss_m_s:.2g}"),
    )
    return solved, solution
