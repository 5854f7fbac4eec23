"""A sweep whose outcomes are known, so that what shows it can be held against them."""

from __future__ import annotations

from cosmodrome.record import Fault, Finding, Outcome, Sighting
from cosmodrome.record.sweep import PARTS, Sweep
from cosmodrome.world.epoch import Epoch

ZERO = Epoch.from_utc("2027-03-01T05:37:18Z")


def thrust(part: float, consequence: str, *seen: Sighting) -> Outcome:
    """The third stage's thrust off by a part."""
    low = "low" if part < 0 else "high"
    fault = Fault(
        "truth", "thrust", "ascent.stages.third.thrust", "factor", 1.0 + part, "",
        f"thrust of third {abs(100 * part):g} % {low}",
    )  # fmt: skip
    return Outcome(
        fault, consequence, "perigee at -312 km, floor 120 km", 287.6,
        figures={"perigee_m": -312e3, "e": 0.1}, seen=seen,
    )  # fmt: skip


def finding(check: str, verdict: str = "fails") -> Finding:
    """A finding of a check."""
    return Finding(check, verdict, 1.0, 0.5, "deg", -0.5, "leg", "because", ("a", "b"))


def plan(
    path: str, kind: str, value: float, unit: str, text: str, consequence: str,
    *seen: Sighting, family: str = "frames", unobservable: str = "", effect: float | None = 60.0,
) -> Outcome:  # fmt: skip
    """A fault of what is carried."""
    return Outcome(
        Fault("plan", family, path, kind, value, unit, text, unobservable), consequence,
        "no target met", effect, seen=seen, findings=tuple(finding(s.by) for s in seen),
    )  # fmt: skip


def sweep() -> Sweep:
    """Thirteen faults of five kinds, of all sorts."""
    late = Sighting("contact", 5400.0, "the orbit is measured")
    early = Sighting("propellant gauge", 280.0, "gone before it should")
    before = Sighting("planned-azimuth", None, "19 deg off")
    outcomes = (
        thrust(-0.1, "impact", early),
        thrust(-0.06, "low", late),
        thrust(-0.02, "degraded"),
        thrust(-0.01, "met"),
        thrust(0.01, "met"),
        thrust(0.06, "missed", late),
        plan("plan.2.axes", "frame", 0.0, "", "burn 2 in rtn for vnc", "missed"),
        plan("launch_axes", "turn", 0.02, "rad", "axes turned by 1.1459 deg", "missed", before),
        plan("launch_axes", "turn", 0.35, "rad", "axes turned by 20 deg", "low", before),
        plan("launch_axes", "turn", -0.35, "rad", "axes turned by -20 deg", "lost", before),
        plan("epoch", "offset", 37.0, "s", "lift-off 37 s late", "missed", family="tables"),
        plan("target.i", "offset", 0.1, "rad", "inclination asked for is 5.7 deg off", "missed",
             family="angles", unobservable="the target is what the user says it is"),
        plan("plan.3.duration_s", "factor", 4.448, "", "duration x4.448", "exhausted", before,
             family="units"),
    )  # fmt: skip
    return Sweep(
        "Meteor <M> to 820 km", ZERO, "go", (finding("inclination", "holds"),), "normal", PARTS,
        outcomes, ("svalbard",), {"cosmodrome": "0"}, {"flying_s": 1.0},
        {"perigee_m": 818e3, "apogee_m": 822e3, "e": 0.0003},
    )  # fmt: skip
