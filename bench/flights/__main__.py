"""Fit the flights of record, fly them, and write the tables and the picture of docs/flights.md."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.flights.picture import Ascent, picture
from bench.flights.records import records, webcasts
from bench.flights.run import beside, fitted, flown_again, state_of
from bench.flights.table import angles, event_table, place, times_table, webcast_table
from cosmodrome.world.world import World

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "flights.md"
IMAGE = ROOT / "docs" / "images" / "falcon-webcasts.svg"
# the same flight with another shape of its solids' thrust
_OTHER_THRUST = ("-falling", "-even")
_BEGIN, _END = (
    "<!-- flights: begin; written by python -m bench.flights -->",
    "<!-- flights: end -->",
)


def _optimum(best: object) -> str:
    from bench.flights.run import Beside

    assert isinstance(best, Beside)
    if best.trouble:
        return f"Optimum: none found ({best.trouble})."
    return (
        f"Optimum with the same payload: {best.margin_kg:,.0f} kg of usable propellant left in the"
        f" last stage; it could carry {best.capability_kg:,.0f} kg."
    )


def flights(world: World, only: set[str]) -> list[str]:
    out: list[str] = []
    for one in records():
        if only and one.id not in only:
            continue
        told = one.told
        out += [f"### {told['name']}", "", f"{told['source']}. {told.get('notes', '')}".strip(), ""]
        best = None if one.id.endswith(_OTHER_THRUST) else beside(one, world)
        if one.id == "atlasv-juno":
            out += ["No states are printed, so there is nothing to fit: no steering parameter.", ""]
            out += [*times_table(one), "", _optimum(best), ""]
            continue
        flown = flown_again(one, fitted(one, world), world)
        miss = flown.stack.solve.residuals
        out += [angles(flown), "", *event_table(flown, best), "", *place(flown)]
        out.append(
            f"Left in the last stage {flown.replay.left_kg:,.0f} kg."
            f" Re-flown by DOP853 within {miss['position_m']:.0f} m and"
            f" {1e3 * miss['velocity_m_s']:.0f} mm/s of the fit."
        )
        out += [_optimum(best), ""] if best else [""]
    return out


def falcons(world: World, only: set[str]) -> tuple[list[str], list[Ascent]]:
    out: list[str] = []
    drawn: list[Ascent] = []
    lower = {r.id: r for r in webcasts(0.95)}
    for one in webcasts():
        if only and one.id not in only:
            continue
        flown = flown_again(one, fitted(one, world), world)
        less = fitted(lower[one.id], world)
        names = [n for n in flown.replay.track.places if n.startswith("T+")]
        ours = {n: state_of(flown.replay, n) for n in names}
        told = {n: state_of(less, n) for n in less.track.places if n.startswith("T+")}
        meco = flown.event("stage-1 cut-off").t_s
        out += [f"### {one.told['name']}", "", f"{one.told['source']}.", "", angles(flown), ""]
        out += [
            f"Main engine cut-off: T+{one.told['events']['meco']} s seen, T+{meco:.1f} s ours,"
            f" T+{less.timetable.at('stage-1 cut-off'):.1f} s at 95 %.",
            "",
            *webcast_table(one, ours, told),
            "",
            _optimum(beside(one, world)),
            "",
        ]
        times = sorted((float(n[2:]), n) for n in names)
        drawn.append(
            Ascent(
                one.told["name"],
                tuple((t, ours[n]["altitude_m"] / 1e3) for t, n in times),
                tuple((t, ours[n]["speed_relative_m_s"]) for t, n in times),
                tuple((float(t), float(h)) for t, _, h in one.told["points"]),
                tuple((float(t), float(v)) for t, v, _ in one.told["points"]),
            )
        )
    return out, drawn


def main() -> None:
    only = set(sys.argv[1:])
    world = World.shipped()
    told = flights(world, only)
    seen, drawn = falcons(world, only)
    text = "\n".join([*told, *seen])
    print(text)
    if only:
        return
    IMAGE.write_text(picture("Falcon 9: webcast telemetry over ours", drawn), encoding="utf-8")
    page = DOCS.read_text("utf-8")
    before, rest = page.split(_BEGIN)
    after = rest.split(_END)[1]
    DOCS.write_text(f"{before}{_BEGIN}\n\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
