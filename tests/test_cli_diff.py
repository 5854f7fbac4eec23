"""`cosmodrome diff`: what counts as the same flight."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.cli import main
from cosmodrome.cli.diff import TOLERANCES, compare

if TYPE_CHECKING:
    from pathlib import Path


def flight() -> dict[str, Any]:
    return {
        "schema": "cosmodrome/flight/1",
        "verdict": "go",
        "launch": {"utc": "2027-03-01T05:41:46.25Z", "azimuth_inertial_deg": 359.99999},
        "payload": {"mass_kg": 2900.0, "margin_kg": 812.5},
        "orbit": {"mean": {"e": 1e-5, "i_deg": 98.7, "argp_deg": 90.0}},
        "legs": [
            {
                "chapter": "orbit",
                "object": "spacecraft",
                "end": {"utc": "2027-03-02T05:41:46Z", "r_m": [7e6, 0.0, 0.0], "v_m_s": [0, 7.5e3]},
            }
        ],
        "events": [
            {"name": "lift-off", "object": "stack", "t_s": 0.0, "mass_kg": 310_000.0},
            {"name": "max-q", "object": "stack", "t_s": 72.1, "mass_kg": 200_000.0},
        ],
        "findings": [
            {"check": "inclination", "verdict": "holds", "measured": 98.7, "unit": "deg"},
        ],
        "timing": {"ascent": 3.2},
    }


def test_a_flight_is_itself() -> None:
    assert compare(flight(), flight()) == ()


def test_timing_is_not_compared() -> None:
    other = flight()
    other["timing"] = {"ascent": 99.0, "extra": 1.0}
    assert compare(flight(), other) == ()


@pytest.mark.parametrize(
    ("path", "value", "unit"),
    [
        # each differs by twice the printed tolerance, and by half of it below
        (("legs", 0, "end", "r_m", 0), 7e6 + 2 * TOLERANCES["m"], "m"),
        (("legs", 0, "end", "v_m_s", 1), 7.5e3 - 2 * TOLERANCES["m/s"], "m/s"),
        (("payload", "margin_kg"), 812.5 + 2 * TOLERANCES["kg of payload"], "kg of payload"),
        (("events", 1, "mass_kg"), 2e5 + 2 * TOLERANCES["kg"], "kg"),
        (("orbit", "mean", "i_deg"), 98.7 - 2 * TOLERANCES["deg of plane"], "deg of plane"),
        (("events", 1, "t_s"), 72.1 + 2 * TOLERANCES["s"], "s"),
        (("findings", 0, "measured"), 98.7 + 2 * TOLERANCES["deg"], "deg"),
        # around the circle, not along the number line
        (("launch", "azimuth_inertial_deg"), -0.00001 + 2 * TOLERANCES["deg"], "deg"),
    ],
)
def test_a_figure_counts_beyond_its_tolerance(
    path: tuple[Any, ...], value: float, unit: str
) -> None:
    def changed(to: float) -> dict[str, Any]:
        other = flight()
        at = other
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = to
        return other

    found = compare(flight(), changed(value))
    assert [d.unit for d in found] == [unit]
    assert found[0].difference == pytest.approx(2 * TOLERANCES[unit], rel=1e-3)
    original: Any = flight()
    for step in path:
        original = original[step]
    turn = 360.0 if path[-1] == "azimuth_inertial_deg" else 0.0
    assert compare(flight(), changed(original + (value + turn - original) / 4.0)) == ()


def test_instants_are_compared_as_instants() -> None:
    other = flight()
    other["launch"]["utc"] = "2027-03-01T05:41:46.255Z"  # 5 ms: within 10 ms
    assert compare(flight(), other) == ()
    other["launch"]["utc"] = "2027-03-01T05:41:47.25Z"
    (found,) = compare(flight(), other)
    assert (found.path, found.difference, found.unit) == ("launch.utc", 1.0, "s")
    other["launch"]["utc"] = "2027-03-01T05:41:46.25TAI"  # the same digits, 37 s earlier
    (found,) = compare(flight(), other)
    assert found.difference == pytest.approx(37.0)


def test_a_missing_event_is_one_difference() -> None:
    """Things in lists are met by name: one more event does not make all later ones differ."""
    other = flight()
    del other["events"][0]
    (found,) = compare(flight(), other)
    assert found.path == "events.stack lift-off"
    assert found.b is None


def test_a_round_orbit_has_its_perigee_hardly_anywhere() -> None:
    """e = 1e-5: turning the perigee by 5 deg moves the eccentricity vector by 9e-7."""
    other = flight()
    other["orbit"]["mean"]["argp_deg"] = 95.0
    assert compare(flight(), other) == ()
    other["orbit"]["mean"]["argp_deg"] = 97.0
    assert [d.unit for d in compare(flight(), other)] == ["deg"]


def test_a_residual_counts_by_its_way_to_the_limit() -> None:
    def residual(measured: float) -> dict[str, Any]:
        value = flight()
        value["findings"].append(
            {"check": "seam", "measured": measured, "limit": 2.0, "unit": "mm", "verdict": "holds"}
        )
        return value

    assert compare(residual(1e-9), residual(0.019)) == ()  # seven orders, and no matter
    assert len(compare(residual(1e-9), residual(0.021))) == 1


def test_prose_with_other_numbers_is_the_same_prose() -> None:
    one, other = flight(), flight()
    one["findings"][0]["where"] = "release 2027-03-01T06:45:56.497Z, 14 turns"
    other["findings"][0]["where"] = "release 2027-03-01T06:45:56.495Z, 13 turns"
    assert compare(one, other) == ()
    other["findings"][0]["where"] = "before release"
    assert [d.counts for d in compare(one, other)] == [False]


def test_how_it_was_made_is_noted_and_does_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = flight()
    one = flight() | {"provenance": {"simd": "avx2"}}
    other["provenance"] = {"simd": "avx512"}
    one["legs"][0]["solve"] = {"budget": {"iterations": 40.0}}
    other["legs"][0]["solve"] = {"budget": {"iterations": 43.0}}
    assert [d.counts for d in compare(one, other)] == [False, False]
    a, b = written(tmp_path / "a", one), written(tmp_path / "b", other)
    assert main(["diff", a, b]) == 0
    out = capsys.readouterr().out
    assert "noted only: provenance.simd: 'avx2' | 'avx512'" in out
    assert "the two flights agree" in out


def test_words_differ_or_not() -> None:
    other = flight()
    other["verdict"] = "no-go"
    (found,) = compare(flight(), other)
    assert str(found) == "verdict: 'go' | 'no-go'"


@given(
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.text(max_size=5),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from(["r_m", "i_deg", "name", "x"]), inner, max_size=4),
        ),
        max_leaves=12,
    )
)
def test_anything_equals_its_copy_and_differs_symmetrically(value: Any) -> None:
    a = {"flight": value}
    assert compare(a, copy.deepcopy(a)) == ()
    b = {"flight": "something else"}
    assert len(compare(a, b)) == len(compare(b, a)) == int(value != "something else")


def test_a_number_that_is_not_one_never_agrees() -> None:
    other = flight()
    other["payload"]["margin_kg"] = float("nan")
    assert len(compare(flight(), other)) == 1


def written(folder: Path, value: Any) -> str:
    folder.mkdir()
    (folder / "flight.json").write_text(json.dumps(value))
    return str(folder)


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = flight()
    other["payload"]["margin_kg"] = 812.9
    a, b = written(tmp_path / "a", flight()), written(tmp_path / "b", other)
    assert main(["diff", a, a]) == 0
    assert "the two flights agree" in capsys.readouterr().out
    assert main(["diff", a, f"{b}/flight.json"]) == 1
    out = capsys.readouterr().out
    assert "payload.margin_kg: 812.5 | 812.9  differ by 0.4 kg of payload, tolerance 0.05" in out
    assert "1 figures differ" in out
    assert main(["diff", a, b, "--tolerance", "kg of payload=0.5"]) == 0
    capsys.readouterr()
    assert main(["diff", a, b, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["equal"] is False
    assert told["differences"][0]["path"] == "payload.margin_kg"
    assert told["tolerances"] == TOLERANCES


@pytest.mark.parametrize(
    ("a", "options", "message"),
    [
        ("nowhere", [], "nowhere: no such file; give a run directory"),
        ("list", [], "is JSON, but not a flown flight"),
        ("short", [], "it has no 'legs'; its verdict is infeasible: 312 m/s short"),
        ("words", [], "cannot be read as a flight"),
        ("a", ["--tolerance", "kg"], "write UNIT=VALUE"),
        ("a", ["--tolerance", "furlong=1"], "a unit out of m, m/s, m/s^2, kg"),
        ("a", ["--tolerance", "kg=-1"], "with a value >= 0"),
    ],
)
def test_bad_input(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    a: str,
    options: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "a", flight())
    written(tmp_path / "list", [1, 2])
    written(tmp_path / "short", {"verdict": "infeasible", "reason": "312 m/s short"})
    (tmp_path / "words").write_text("no json")
    assert main(["diff", a, "a", *options]) == 2
    assert message in capsys.readouterr().err
