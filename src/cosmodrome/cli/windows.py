"""`cosmodrome windows MISSION`: when to launch, and which way."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from rich.table import Table

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.campaign import CostCurve
    from cosmodrome.cli.voice import Voice
    from cosmodrome.mission import Mission
    from cosmodrome.record.windows import WindowCalendar
    from cosmodrome.site import Way
    from cosmodrome.targets import Insertion
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["windows"]


def _row(
    utc: str, branch: str, inertial: float, relative: float, allowed: bool | None, basis: str
) -> dict[str, Any]:
    return {
        "utc": utc,
        "branch": branch,
        "azimuth_inertial_deg": math.degrees(inertial),
        "azimuth_relative_deg": math.degrees(relative),
        "within_corridor": allowed,
        "basis": basis,
    }


def _cost_kg(text: str | None, *, quick: bool) -> float | str | None:
    """The mass of --cost, or "margin". Raises InputError."""
    from cosmodrome.formats.quantity import TextFault, parse_measure

    if text is None:
        return None
    if quick:
        raise InputError("--cost asks for solved ascents; leave out --quick")
    if text == "margin":
        return text
    try:
        cost_kg = parse_measure(text, "mass", "20 kg").value
    except TextFault as fault:
        raise InputError(
            f"--cost {text!r}: {fault.why}. {fault.write}, or margin for all of it"
        ) from None
    if cost_kg <= 0.0:
        raise InputError(f"--cost {text!r}: it buys no wait. Write one above zero, like 20 kg.")
    return cost_kg


def _curve(
    mission: Mission,
    aims: tuple[Insertion, ...],
    best: AscentSolution,
    instant: Epoch,
    cost_kg: float | str,
    world: World,
) -> tuple[CostCurve, Epoch]:
    """What lift-offs about the solved ascent's instant cost, and that instant."""
    from cosmodrome import campaign, site
    from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

    aim, *onward = aims
    wanted = aim.raan_wanted
    miss = site.node_miss(
        mission.site, best.node_minus_pad_rad, best.travel_s, wanted, instant, world
    )
    instant = instant + -miss / OMEGA_EARTH_RAD_S
    allowed = None if isinstance(cost_kg, str) else cost_kg
    curve = campaign.cost_curve(mission, aim, best, instant, allowed, world, onward=tuple(onward))
    return curve, instant


def _hold(curve: CostCurve, instant: Epoch) -> dict[str, Any]:
    """The window about one instant."""
    edges = zip(("opens", "closes"), curve.around(instant), strict=True)
    return {
        "cost_kg": curve.allowed_kg,
        "best": instant.utc(0),
        "of": curve.of,
        **{
            name: {"utc": e.epoch.utc(0), "minutes": e.minutes, "lost_kg": e.lost_kg}
            for name, e in edges
        },
    }


def _calendar(
    mission: Mission,
    aim: Insertion,
    world: World,
    own: Way | None,
    curve: CostCurve | None,
) -> WindowCalendar:
    """The windows of the mission's span; the other branch than `own` by the pad's geometry."""
    from cosmodrome import campaign, site

    travel = {} if own is None else {"travel_s": own.travel_s}
    ways = [] if own is None else [own]
    if site.access(mission.site, aim.i_mean_rad).how != "plane-change":
        others = site.ways_by_geometry(mission.site, aim.i_mean_rad, **travel)
        ways += [w for w in others if own is None or w.branch != own.branch]
    phase_of = None if aim.meeting is None else aim.meeting.phase_rad
    found = site.calendar(mission.site, ways, aim, mission.launch, world, phase_of)
    if own is not None and curve is not None:
        found = campaign.with_costs(found, own.branch, curve)
    return found


def _look(
    mission: Mission, world: World, *, quick: bool, cost_kg: float | str | None = None
) -> tuple[dict[str, Any], WindowCalendar | None]:
    """Every instant of both branches; those of the flown branch from the solved ascent.

    The calendar is None for a given instant, or a free node: there is nothing to choose.
    """
    from cosmodrome import ascent, site
    from cosmodrome.mission import WindowConditions
    from cosmodrome.report.windows_record import calendar_json

    about = mission.launch.time or (mission.launch.window or (None,))[0]
    if about is None:
        raise InputError(
            "the mission says no launch time and no window; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
        )
    aim, *onward = ascent.aims(mission, about, world, site.cheapest_inclination(mission.site))
    told: dict[str, Any] = {
        "name": mission.name,
        "site": mission.site.id,
        "insertion": {
            "mean_a_m": aim.a_mean_m,
            "mean_e": aim.e_mean,
            "mean_i_deg": math.degrees(aim.i_mean_rad),
        },
    }
    if quick and site.access(mission.site, aim.i_mean_rad).how == "plane-change":
        raise InfeasibleError(
            f"no plane of {math.degrees(aim.i_mean_rad):.2f} deg passes over {mission.site.name}:"
            " the pad's geometry gives no instant; leave out --quick, and the ascent is solved and"
            " turns its plane on the way"
        )
    choice = mission.launch.window is not None and aim.node_fixed
    own = curve = None
    rows: list[dict[str, Any]] = []
    if not quick:
        solution = ascent.solve(mission, aim, world, SILENT, onward=tuple(onward))
        turned = ascent.plane_change(solution, mission.vehicle)
        aim = ascent.towards(aim, solution)
        # every instant is listed, whatever the conditions leave of them
        plain = replace(mission, launch=replace(mission.launch, conditions=WindowConditions()))
        launch = site.launch(plain, aim, solution, world, turned)
        heading = ascent.planned_heading_rad(solution, mission.vehicle)
        inside = site.heading_within(mission.site, heading)
        own = site.way_of_ascent(
            launch.branch, (launch.azimuth_inertial_rad, heading), inside, solution
        )
        told["insertion"] |= {
            "travel_s": solution.travel_s,
            "node_minus_pad_deg": math.degrees(solution.node_minus_pad_rad),
        }
        if plain.launch == mission.launch:
            told["note"] = launch.note
        if cost_kg is not None:
            curve, instant = _curve(mission, (aim, *onward), solution, launch.epoch, cost_kg, world)
            told["hold"] = _hold(curve, instant)
        rows = [
            _row(
                launch.epoch.utc(0),
                launch.branch,
                launch.azimuth_inertial_rad,
                heading,
                inside,
                "solved ascent",
            )
        ]
    if choice:
        found = _calendar(mission, aim, world, own, curve)
        told["windows"] = calendar_json(found)
        if aim.meeting is not None:
            for row, window in zip(told["windows"], found.windows, strict=True):
                soonest = aim.meeting.soonest_s(window.phase_rad or 0.0)
                row["soonest_meeting_h"] = soonest / 3600.0 if math.isfinite(soonest) else None
        return told, found
    # a plane that never passes over the pad has no other branch
    if quick or launch.plane_change is None:
        travel = {} if own is None else {"travel_s": own.travel_s}
        rows += [
            _row(
                o.epoch.utc(0),
                o.branch,
                o.azimuth_inertial_rad,
                o.azimuth_relative_rad,
                o.within_corridor,
                "pad geometry",
            )
            for o in site.windows(mission, aim, world, **travel)
            if own is None or o.branch != own.branch
        ]
    told["windows"] = sorted(rows, key=lambda r: (r["utc"], r["branch"]))
    return told, None


_CORRIDOR = {True: "inside", False: "outside", None: "none stated"}


def _plain_table(told: dict[str, Any]) -> Table:
    """Instants without a choice among them."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("lift-off, UTC", "branch", "inertial", "relative", "corridor", "by"):
        table.add_column(heading, no_wrap=True)
    for r in told["windows"]:
        table.add_row(
            r["utc"],
            r["branch"],
            f"{r['azimuth_inertial_deg']:.2f} deg",
            f"{r['azimuth_relative_deg']:.2f} deg",
            _CORRIDOR[r["within_corridor"]],
            r["basis"],
        )
    return table


def _phase(row: dict[str, Any]) -> tuple[str, str]:
    """How far ahead the object is, and how long it takes at least to gain that."""
    hours = row["soonest_meeting_h"]
    return f"{row['phase_deg']:.0f}°", "never" if hours is None else f"{hours:.1f} h"


def _calendar_table(told: dict[str, Any]) -> Table:
    """The calendar: what the Sun does, and why a lift-off does not serve."""
    from rich.table import Table

    costs = any(r["opens"] for r in told["windows"])
    table = Table(box=None, pad_edge=False, header_style="bold")
    edges = ("opens", "closes") if costs else ()
    phased = any(r["phase_deg"] is not None for r in told["windows"])
    more = ("phase", "soonest") if phased else ()
    for heading in ("lift-off, UTC", "branch", "heading", *edges, *more, "Sun", "beta", "shadow"):
        table.add_column(heading, no_wrap=True)
    table.add_column("serves")
    for r in told["windows"]:
        clocks = [r[k]["utc"][11:19] if r[k] else "" for k in edges]
        table.add_row(
            r["utc"],
            r["branch"],
            f"{r['azimuth_relative_deg']:.1f}°",
            *clocks,
            *(_phase(r) if phased else ()),
            f"{r['sun_elevation_deg']:+.0f}°",
            f"{r['beta_deg']:+.1f}°",
            f"{100.0 * r['shadow_part']:.0f} %",
            "yes" if r["serves"] else "no: " + "; ".join(r["excluded"]),
        )
    return table


def _written(told: dict[str, Any], found: WindowCalendar, out: str) -> Path:
    """windows.json and windows.svg."""
    import datetime as dt

    from cosmodrome.cli.fly import run_directory
    from cosmodrome.formats.placing import place
    from cosmodrome.report.plain import dumps
    from cosmodrome.report.windows_picture import windows_svg

    folder = run_directory("windows", out, dt.datetime.now(dt.UTC))
    place(folder / "windows.json", dumps(told) + "\n")
    place(folder / "windows.svg", windows_svg(found, f"{told['name']}: launch windows, UTC"))
    return folder


def windows(args: argparse.Namespace, voice: Voice) -> int:
    """List launch instants in the mission's window, both ways into the plane."""
    from cosmodrome.mission import load, on_a_pad
    from cosmodrome.world.world import World

    mission = on_a_pad(load(args.mission), "a launch window")
    cost = _cost_kg(args.cost, quick=args.quick)
    if not args.quick:
        voice.note("solving the ascent for its travel; --quick leaves that out")
    told, found = _look(mission, World.shipped(), quick=args.quick, cost_kg=cost)
    folder = None
    if args.out is not None:
        if found is None:
            raise InputError(
                "--out writes a calendar, and this mission has nothing to choose from: give it a"
                " window, and a target with raan or ltan"
            )
        folder = _written(told, found, args.out)
    if voice.json:
        voice.answer(told)
        return 0
    aim = told["insertion"]
    console = voice.console()
    console.print(
        f"{told['name']} from {told['site']}: mean altitude"
        f" {aim['mean_a_m'] / 1e3 - 6378.137:.1f} km, inclination {aim['mean_i_deg']:.3f} deg"
    )
    console.print(_plain_table(told) if found is None else _calendar_table(told))
    if found is not None:
        basis = ", ".join(f"{branch} by {by}" for branch, by in found.basis)
        console.print(f"{len(found.serving)} of {len(found.windows)} serve; {basis}")
    if "hold" in told:
        hold = told["hold"]
        opens, closes = hold["opens"], hold["closes"]
        console.print(
            f"{hold['cost_kg']:g} kg of {hold['of']} hold the node from {opens['utc']}"
            f" ({opens['minutes']:+.1f} min, {opens['lost_kg']:.1f} kg) to {closes['utc']}"
            f" ({closes['minutes']:+.1f} min, {closes['lost_kg']:.1f} kg) about {hold['best']}"
        )
    if told.get("note"):
        console.print(told["note"], markup=False)
    if folder is not None:
        voice.say(f"\nWritten to {folder}; open {folder / 'windows.svg'} in a browser.")
    return 0
