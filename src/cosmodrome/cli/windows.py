"""`cosmodrome windows MISSION`: when to launch, and which way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    import argparse

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.cli.voice import Voice
    from cosmodrome.mission import Mission
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


def _cost_kg(text: str | None, *, quick: bool) -> float | None:
    """The mass of --cost. Raises InputError."""
    from cosmodrome.formats.quantity import TextFault, parse_measure

    if text is None:
        return None
    if quick:
        raise InputError("--cost asks for solved ascents; leave out --quick")
    try:
        cost_kg = parse_measure(text, "mass", "20 kg").value
    except TextFault as fault:
        raise InputError(f"--cost {text!r}: {fault.why}. {fault.write}") from None
    if cost_kg <= 0.0:
        raise InputError(f"--cost {text!r}: it buys no wait. Write one above zero, like 20 kg.")
    return cost_kg


def _hold(
    mission: Mission,
    aims: tuple[Insertion, ...],
    best: AscentSolution,
    instant: Epoch,
    cost_kg: float,
    world: World,
) -> dict[str, Any]:
    """The window that `cost_kg` buys about `instant`, the first one of the solved ascent."""
    from cosmodrome import ascent, campaign, site
    from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

    aim, *onward = aims
    wanted = aim.raan_wanted
    miss = site.node_miss(
        mission.site, best.node_minus_pad_rad, best.travel_s, wanted, instant, world
    )
    instant = instant + -miss / OMEGA_EARTH_RAD_S
    first, last = campaign.window_for(
        mission, aim, best, instant, cost_kg, world, onward=tuple(onward)
    )
    return {
        "cost_kg": cost_kg,
        "best": instant.utc(0),
        "of": "payload" if ascent.priced(mission).mass_kg is None else "margin",
        **{
            name: {"utc": w.epoch.utc(0), "minutes": w.minutes, "lost_kg": w.lost_kg}
            for name, w in (("opens", first), ("closes", last))
        },
    }


def _look(
    mission: Mission, world: World, *, quick: bool, cost_kg: float | None = None
) -> dict[str, Any]:
    """Every instant of both branches; those of the flown branch from the solved ascent."""
    from cosmodrome import ascent, site

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
    rows = []
    travel = {}
    solved = ""
    if not quick:
        solution = ascent.solve(mission, aim, world, SILENT, onward=tuple(onward))
        turned = ascent.plane_change(solution, mission.vehicle)
        aim = ascent.towards(aim, solution)
        launch = site.launch(mission, aim, solution, world, turned)
        heading = ascent.planned_heading_rad(solution, mission.vehicle)
        travel = {"travel_s": solution.travel_s}
        solved = launch.branch
        told["insertion"] |= {
            "travel_s": solution.travel_s,
            "node_minus_pad_deg": math.degrees(solution.node_minus_pad_rad),
        }
        told["note"] = launch.note
        if cost_kg is not None:
            aims = (aim, *onward)
            told["hold"] = _hold(mission, aims, solution, launch.epoch, cost_kg, world)
        epochs = [launch.epoch, *(a[0] for a in launch.alternatives if a[2] == solved)]
        rows = [
            _row(
                epoch.utc(0),
                solved,
                launch.azimuth_inertial_rad,
                heading,
                site.heading_within(mission.site, heading),
                "solved ascent",
            )
            for epoch in epochs
        ]
    # a plane that never passes over the pad has no other branch
    over_the_pad = quick or launch.plane_change is None
    rows += [
        _row(
            o.epoch.utc(0),
            o.branch,
            o.azimuth_inertial_rad,
            o.azimuth_relative_rad,
            o.within_corridor,
            "pad geometry",
        )
        for o in (site.windows(mission, aim, world, **travel) if over_the_pad else ())
        if o.branch != solved
    ]
    told["windows"] = sorted(rows, key=lambda r: (r["utc"], r["branch"]))
    return told


def windows(args: argparse.Namespace, voice: Voice) -> int:
    """List launch instants in the mission's window, both ways into the plane."""
    from cosmodrome.mission import load, on_a_pad
    from cosmodrome.world.world import World

    mission = on_a_pad(load(args.mission), "a launch window")
    cost = _cost_kg(args.cost, quick=args.quick)
    if not args.quick:
        voice.note("solving the ascent for its travel; --quick leaves that out")
    told = _look(mission, World.shipped(), quick=args.quick, cost_kg=cost)
    if voice.json:
        voice.answer(told)
        return 0
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("lift-off, UTC", "branch", "inertial", "relative", "corridor", "by"):
        table.add_column(heading, no_wrap=True)
    words = {True: "inside", False: "outside", None: "none stated"}
    for r in told["windows"]:
        table.add_row(
            r["utc"],
            r["branch"],
            f"{r['azimuth_inertial_deg']:.2f} deg",
            f"{r['azimuth_relative_deg']:.2f} deg",
            words[r["within_corridor"]],
            r["basis"],
        )
    aim = told["insertion"]
    console = voice.console()
    console.print(
        f"{told['name']} from {told['site']}: mean altitude"
        f" {aim['mean_a_m'] / 1e3 - 6378.137:.1f} km, inclination {aim['mean_i_deg']:.3f} deg"
    )
    console.print(table)
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
    return 0
