"""A mission in orbit that flies in a moment, and faults whose outcomes need no flight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.swept import Way
from cosmodrome.record import Fault, Outcome, Sighting
from cosmodrome.watch import Silent, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cosmodrome.campaign.verify.swept import Swept
    from cosmodrome.record import Flight
    from cosmodrome.watch import Watch

MISSION = """
schema: cosmodrome/1
name: One burn
start:
  elements:
    epoch: "2027-03-01T00:00:00Z"
    frame: tod
    semi_major_axis: 6878 km
    eccentricity: 0.001
    inclination: 51.6 deg
    raan: 10 deg
    argument_of_perigee: 0 deg
    true_anomaly: 0 deg
spacecraft:
  mass: 500 kg
  engine: {thrust: 400 N, isp: 300 s}
  propellant: 60 kg
plan:
  - coast: {for: 20 min}
  - burn: {delta_v: 40 m/s, direction: retrograde, name: lower}
  - coast: {for: 2 h}
stations:
  - {id: wallops, lat: 37.9 deg, lon: -75.5 deg, height: 0 m, mask: 5 deg}
  - {id: madrid, lat: 40.4 deg, lon: -4.2 deg, height: 800 m, mask: 5 deg}
physics: {gravity: 2x0, third_bodies: [], drag: none, radiation_pressure: false}
"""


def mission_file(folder: Path, text: str = MISSION) -> Path:
    """The mission as a file."""
    path = folder / "one-burn.yaml"
    path.write_text(text)
    return path


def listed(flight: Flight, fineness: str) -> tuple[Fault, ...]:
    """Thrust of the burn in steps of 2 %."""
    assert flight.legs
    steps = {"coarse": 2, "normal": 5, "fine": 10}[fineness]
    sizes = [0.02 * k for k in range(-steps, steps + 1) if k]
    return tuple(
        Fault("truth", "thrust", "plan.1.thrust", "factor", 1.0 + s, "", f"thrust {100 * s:+g} %")
        for s in sizes
    )


def flown(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """Lost from 5 % on; seen by the gauge where it is high."""
    out = []
    for f in faults:
        stop_if_cancelled(watch)
        off = f.value - 1.0
        seen = (Sighting("propellant gauge", 1300.0, "empty"),) if off > 0.0 else ()
        loses = abs(off) > 0.05
        why = f"{off:.3f}"
        out.append(
            Outcome(f, "missed" if loses else "met", why, 1200.0, seen=seen if loses else ())
        )
    return out


def broken(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    """One of them cannot be flown."""
    if any(f.value == 1.02 for f in faults):
        raise ZeroDivisionError("float division by zero")
    return flown(swept, faults, watch)


WAYS = {"orbit": Way(listed, flown, 3)}


class Told(Silent):
    """Remembers what it is told, and cancels after so many tellings."""

    def __init__(self, most: int = 10**9) -> None:
        self.most, self.texts = most, []

    def tell(self, stage: str, fraction: float | None, text: str) -> None:
        if stage == "faults":
            self.texts.append(text)

    def cancelled(self) -> bool:
        return len(self.texts) >= self.most
