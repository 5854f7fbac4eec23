"""Reach by geometry; columns kept and taken up again; (slow) the same bytes for any processes."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome import campaign, catalog
from cosmodrome.campaign import columns
from cosmodrome.campaign.columns import Columns, Task, solve_column
from cosmodrome.errors import Cancelled, DataError, InputError, SolverError
from cosmodrome.mission import read_orbit
from cosmodrome.record.reach import Comparison, ReachCell
from cosmodrome.report.plain import dumps
from cosmodrome.report.reach_record import comparison_json, reach_json
from cosmodrome.watch import SILENT, Silent

if TYPE_CHECKING:
    from pathlib import Path


def grid(*degrees: float, altitudes_km: tuple[float, ...] = (200.0, 400.0)) -> campaign.Grid:
    return campaign.Grid(
        tuple(math.radians(d) for d in degrees), tuple(1e3 * h for h in altitudes_km)
    )


def test_the_usual_grid_begins_where_the_pads_do() -> None:
    vostochny, baikonur = catalog.site("vostochny"), catalog.site("baikonur")
    alone = campaign.default_grid((vostochny,))
    assert math.degrees(alone.inclinations_rad[0]) == pytest.approx(51.7)
    assert [round(math.degrees(i)) for i in alone.inclinations_rad[1:]] == list(range(55, 106, 5))
    both = campaign.default_grid((vostochny, baikonur))
    assert [round(math.degrees(i), 1) for i in both.inclinations_rad[:3]] == [50.5, 51.7, 55.0]


def test_a_grid_rises() -> None:
    with pytest.raises(InputError, match="inclinations of a grid rise"):
        grid(60.0, 55.0)
    with pytest.raises(InputError, match="altitudes of a grid rise"):
        grid(60.0, altitudes_km=())


def test_a_grid_holds_orbits_alone() -> None:
    with pytest.raises(InputError, match="no orbit lasts below 120 km"):
        grid(60.0, altitudes_km=(50.0, 200.0))
    with pytest.raises(InputError, match="200 deg: it must be at most 180 deg"):
        grid(60.0, 200.0)
    with pytest.raises(InputError, match="-5 deg: it must be at least"):
        grid(-5.0)
    assert len(grid(0.0, 180.0, altitudes_km=(120.0, 1e6)).inclinations_rad) == 2


def test_headings_alone() -> None:
    found = campaign.reach("baikonur", None, grid(40.0, 51.6, 98.0))
    # the site's file: flights to 51.6 deg head 61 to 63 deg
    heading = found.cell(1, 0).heading_rad
    assert heading is not None
    assert 61.0 < math.degrees(heading) < 63.0
    assert [found.cell(k, 1).how for k in range(3)] == ["plane-change", "direct", "dogleg"]
    assert all(c.status == "not-asked" for c in found.cells)
    (band,) = found.bands
    assert band.label == "355° to 65° relative"
    # the line of Sun-synchronism: 97.0 deg at 400 km (any table)
    altitude, i = found.sun_synchronous[-1]
    assert (altitude, math.degrees(i)) == (400e3, pytest.approx(97.03, abs=0.03))


def test_a_lifted_corridor_leaves_figures_that_leave_the_dogleg_out() -> None:
    found = campaign.reach("baikonur", None, grid(51.6, 98.0), limits={"corridor": "none"})
    assert [found.cell(k, 0).how for k in range(2)] == ["direct", "outside"]
    assert found.cell(1, 0).why == "both headings lie outside the corridors, which are lifted"
    assert found.provenance["corridor"] == "none"
    assert not found.cell(1, 0).reached


@pytest.mark.slow
def test_doglegs_have_their_payload() -> None:
    g = grid(98.0, altitudes_km=(200.0,))
    kept = campaign.reach("baikonur", "soyuz-2.1b", g, jobs=1)
    lifted = campaign.reach("baikonur", "soyuz-2.1b", g, limits={"corridor": "none"}, jobs=1)
    (dogleg,), (straight,) = kept.cells, lifted.cells
    assert (dogleg.how, dogleg.status, dogleg.reached) == ("dogleg", "carried", True)
    assert (straight.how, straight.status, straight.reached) == ("outside", "carried", False)
    assert dogleg.capability_kg is not None
    assert straight.capability_kg is not None
    # tests of the corridor hold it against a turn by impulses
    assert straight.capability_kg - dogleg.capability_kg == pytest.approx(92.0, abs=2.0)
    assert Comparison(kept, kept).cost_kg(0, 0) == 0.0
    assert Comparison(lifted, kept).cost_kg(0, 0) is None


def test_two_pads_compared_by_headings() -> None:
    g = grid(51.0, 60.0, 98.0)
    pair = Comparison(campaign.reach("vostochny", None, g), campaign.reach("baikonur", None, g))
    assert [pair.only(k, 0) for k in range(3)] == ["other", "both", "one"]
    told = comparison_json(pair)
    assert [c["reached_from"] for c in told["cells"][::2]] == ["baikonur", "both", "vostochny"]
    assert json.loads(dumps(told))["of"]["inclinations_deg"] == [51.0, 60.0, 98.0]


# columns, with a solver that costs nothing --------------------------------------------------
class Instant:
    """Stands for `_filled`: carries 1,000 kg less for each cell above the first."""

    def __init__(self, *failing: float) -> None:
        self.failing, self.asked = failing, 0

    def __call__(
        self, asked: object, cell: ReachCell, previous: object
    ) -> tuple[ReachCell, object]:
        self.asked += 1
        if cell.altitude_m in self.failing:
            return ReachCell(
                cell.inclination_rad, cell.altitude_m, cell.how, None, "no-answer", why="none"
            ), previous
        kg = 8_000.0 - cell.altitude_m / 1e3
        return ReachCell(
            cell.inclination_rad, cell.altitude_m, cell.how, None, "carried", kg
        ), object()


def task(*altitudes_km: float, degrees: float = 60.0, how: str = "direct") -> Task:
    text = campaign.mission_to("vostochny", "soyuz-2.1b", read_orbit("gto").file).resolved
    cells = tuple(
        ReachCell(math.radians(degrees), 1e3 * h, how, 0.1, "not-asked")  # type: ignore[arg-type]
        for h in altitudes_km
    )
    return Task(text, cells)


def test_a_column_gives_up_after_two_without_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Instant(400e3, 600e3)
    monkeypatch.setattr(columns, "_filled", solver)
    column = solve_column(task(200, 400, 600, 800, 1000))
    assert [c.status for c in column] == ["carried", *["no-answer"] * 2, *["not-asked"] * 2]
    assert column[-1].why == "not even 400 km had an answer"
    assert solver.asked == 3
    single = Instant(400e3)
    monkeypatch.setattr(columns, "_filled", single)
    assert solve_column(task(200, 400, 600))[-1].status == "carried"


def test_planes_far_below_the_pad_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Instant()
    monkeypatch.setattr(columns, "_filled", solver)
    (far,) = solve_column(task(200, degrees=45.0, how="plane-change"))
    assert (far.status, solver.asked) == ("not-asked", 0)
    assert far.why == "more than 2 deg below the lowest inclination of the corridors"
    (near,) = solve_column(task(200, degrees=51.0, how="plane-change"))
    assert near.status == "carried"


def test_kept_columns_are_not_solved_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tasks = tuple(task(200, 400, degrees=d) for d in (55.0, 60.0, 65.0))
    solver = Instant()
    monkeypatch.setattr(columns, "_filled", solver)

    class After(Silent):
        """Stops the run once two columns are told."""

        told = 0

        def tell(self, stage: str, fraction: float | None, text: str) -> None:
            self.told += 1

        def cancelled(self) -> bool:
            return self.told == 2

    with pytest.raises(Cancelled):
        Columns(tmp_path, True, 1).solve(tasks, After())
    assert len(list(tmp_path.iterdir())) == 2
    assert solver.asked == 4
    done = Columns(tmp_path, True, 1).solve(tasks, SILENT)
    assert solver.asked == 6
    assert done == tuple(solve_column(t) for t in tasks)
    # another question has another key; without resume nothing kept counts
    assert len({t.key for t in (*tasks, task(200, 401, degrees=55.0))}) == 4
    before = solver.asked
    Columns(tmp_path, False, 1).solve(tasks, SILENT)
    assert solver.asked == before + 6


def test_a_damaged_column_is_named(tmp_path: Path) -> None:
    one = task(200)
    (tmp_path / f"{one.key}.json").write_text("[{")
    with pytest.raises(DataError, match="is no column of a reach map"):
        Columns(tmp_path, True, 1).solve((one,), SILENT)


def test_a_cell_says_why_it_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise SolverError("nothing is proven")

    monkeypatch.setattr(columns.ascent, "solve", lost)
    (cell,) = solve_column(task(200))
    assert (cell.status, cell.capability_kg, cell.why) == ("no-answer", None, "nothing is proven")


@pytest.mark.slow
def test_the_same_bytes_for_any_number_of_processes(tmp_path: Path) -> None:
    g = grid(51.7, 64.8)
    texts = [
        dumps(reach_json(campaign.reach("vostochny", "soyuz-2.1b", g, keep=tmp_path, jobs=n)))
        for n in (1, 2)
    ]
    assert texts[0] == texts[1]
    cells = json.loads(texts[0])["cells"]
    masses = [c["capability_kg"] for c in cells]
    # higher costs, and so does steeper
    assert masses[0] > masses[1]
    assert masses[0] > masses[2] > masses[3]
    assert all(c["miss_m"] < 1.0 for c in cells)
