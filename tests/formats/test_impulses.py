"""Files of small impulses: written and read again, and refused where a unit is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import MissionFileError
from cosmodrome.formats.impulses import UNITS, Impulse, Impulses, dumps, loads, read, write
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """# after a wheel's unloading
object, orbiter
axes, gcrf
epoch [UTC], on time [s], x [lbf s], y [lbf s], z [lbf s]
1999-07-25T12:00:00Z, 1.25, 0.5, -1, 0
1999-07-26T00:00:00Z, 0.75, 0.25, -0.5, 0
"""


def test_a_file_is_read_in_newton_seconds_whatever_its_unit() -> None:
    found = loads(GOOD)
    assert (found.object, found.axes, found.unit) == ("orbiter", "gcrf", "lbf s")
    assert found.comments == ("after a wheel's unloading",)
    first = found.events[0]
    # NIST SP 811: 1 lbf = 4.448 221 615 260 5 N
    assert first.impulse_ns == pytest.approx((2.22411080763, -4.44822161526, 0.0), rel=1e-11)
    assert first.size_ns == pytest.approx(4.97326, rel=1e-5)
    assert first.on_time_s == 1.25
    assert first.epoch == Epoch.from_utc("1999-07-25T12:00:00Z")
    si = loads(GOOD.replace("lbf s", "N s"))
    assert si.events[0].impulse_ns == (0.5, -1.0, 0.0)


@given(
    st.sampled_from(sorted(UNITS)),
    st.lists(
        st.tuples(*[st.floats(-1e3, 1e3, allow_subnormal=False)] * 3, st.floats(1e-3, 1e4)),
        min_size=1,
        max_size=5,
    ),
)
def test_what_is_written_is_read_again(
    unit: str, rows: list[tuple[float, float, float, float]]
) -> None:
    start = Epoch.from_utc("2027-03-01T00:00:00Z")
    events = tuple(Impulse(start + 60.0 * k, on, (x, y, z)) for k, (x, y, z, on) in enumerate(rows))
    told = Impulses("craft", "gcrf", unit, events, ("a word",))
    again = loads(dumps(told))
    assert (again.object, again.unit, again.comments) == ("craft", unit, ("a word",))
    for a, b in zip(events, again.events, strict=True):
        assert (a.epoch, a.on_time_s) == (b.epoch, pytest.approx(b.on_time_s, rel=1e-11))
        assert b.impulse_ns == pytest.approx(a.impulse_ns, rel=1e-11, abs=1e-290)


def test_a_file_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "amd.csv"
    write(loads(GOOD), path)
    assert read(path) == loads(GOOD)


HEAD = "epoch [UTC], on time [s], x [lbf s], y [lbf s], z [lbf s]"


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("x [lbf s]", "x", 4, "the unit of x is missing"),
        ("x [lbf s]", "x []", 4, "the unit of x is missing"),
        ("on time [s]", "on time [ms]", 4, "on time is in s here"),
        ("epoch [UTC]", "epoch [TDB]", 4, "epoch is in UTC here"),
        ("x [lbf s]", "x [N s]", 4, "in different units"),
        (HEAD, HEAD.replace("lbf s", "oz s"), 4, "an impulse in 'oz s' is not read"),
        ("on time", "duration", 4, "the columns are named here"),
        ("axes, gcrf", "axes, teme", 3, "axes 'teme' are not read here"),
        ("object, orbiter\n", "", 2, "object belongs here"),
        ("-1, 0", "-1", 5, "4 values stand here"),
        ("-1, 0", "nan, 0", 5, "y is no number"),
        ("1.25", "0", 5, "open for no time"),
        ("07-26", "07-24", 6, "not later than the line before"),
        ("12:00:00Z", "12:00:00", 5, "ends in Z"),
        ("07-25", "13-25", 5, "1999-13-25"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: int, why: str) -> None:
    assert old in GOOD
    with pytest.raises(MissionFileError) as caught:
        loads(GOOD.replace(old, new))
    (fault,) = caught.value.faults
    assert fault.line == line
    assert why in fault.why
    assert fault.write


@pytest.mark.parametrize("text", ["", "# only words\n", GOOD[: GOOD.index("1999")]])
def test_a_file_without_events_is_refused(text: str) -> None:
    with pytest.raises(MissionFileError):
        loads(text)


def test_a_unit_that_is_not_known_is_not_written() -> None:
    told = loads(GOOD)
    wrong = Impulses(told.object, told.axes, "stone s", told.events)
    with pytest.raises(MissionFileError, match="'stone s' is not written"):
        dumps(wrong)
