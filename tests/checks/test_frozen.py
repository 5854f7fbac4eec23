"""What the checks measure, frozen once it was validated elsewhere in this folder.

Two flights: the clean one, and one in which everything is off at once, so that what is noise in
the first is a figure in the second. Frozen far below any limit: a figure may move by a
ten-thousandth of itself or a thousandth of its limit. When one moves on purpose,
`python -m tests.checks.test_frozen` writes the file again, and the changelog says why.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cosmodrome.checks import run
from tests.checks import synthetic

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

FROZEN = Path(__file__).with_name("frozen.json")
EVERYTHING_OFF = synthetic.Truth(
    azimuth_off_rad=math.radians(1.5),
    thrust=1.013,
    isp=0.991,
    fairing_s=171.0,
    kick_rad=0.069,
    apogee_m=synthetic.RE + 790e3,
)


def spoilt(flown: Any, world: World) -> Flight:
    """Everything off at once, and a vehicle that claims a lift-off mass."""
    truth = synthetic.fly(world, synthetic.LIFT_OFF, synthetic.AZIMUTH, EVERYTHING_OFF)
    flight = synthetic.assemble(truth, flown)
    vehicle = replace(flight.mission.vehicle, liftoff_mass_kg=300_000.0)
    return replace(flight, mission=replace(flight.mission, vehicle=vehicle))


def table(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """What can be frozen of each finding that measured something."""
    return [
        {
            "check": f.check,
            # at a seam or an event the worst object is one of rounding, which differs between
            # machines
            "object": "" if f.check.startswith(("seam-", "event-states")) else f.object,
            "verdict": f.verdict,
            "unit": f.unit,
            "measured": f.measured,
            "limit": f.limit,
            "margin": f.margin,
        }
        for f in findings
        if f.measured is not None
    ]


@pytest.mark.parametrize("which", ["clean", "spoilt"])
def test_what_is_measured_stays(
    which: str, flown: Any, clean: Flight, shipped_world: World
) -> None:
    flight = clean if which == "clean" else spoilt(flown, shipped_world)
    frozen = json.loads(FROZEN.read_text())[which]
    found = table(run(flight, shipped_world))
    same = ("check", "object", "unit", "verdict")
    assert [[f[k] for k in same] for f in found] == [[f[k] for k in same] for f in frozen]
    moved = []
    for now, then in zip(found, frozen, strict=True):
        room = 1e-3 * abs(then["limit"] or 0.0)
        for key in ("measured", "limit", "margin"):
            a, b = now[key], then[key]
            if a is None or b is None:
                if a is not b:
                    moved.append(f"{then['check']} {key}: {b} became {a}")
            elif abs(a - b) > max(1e-4 * abs(b), room, 1e-9):
                moved.append(f"{then['check']} {key}: {b} became {a} {then['unit']}")
    assert moved == []


def _freeze() -> None:
    from cosmodrome.world.world import World

    world = World.shipped()
    flown = synthetic.fly(world, synthetic.LIFT_OFF, synthetic.AZIMUTH)
    flights = {"clean": synthetic.assemble(flown), "spoilt": spoilt(flown, world)}
    value = {name: table(run(flight, world)) for name, flight in flights.items()}
    FROZEN.write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    _freeze()
