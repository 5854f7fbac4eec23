"""How the faults of each part of a mission are listed, flown, judged and noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.noticed import in_flight
from cosmodrome.campaign.verify.orbit_faults import orbit_faults
from cosmodrome.campaign.verify.orbit_flown import fly_orbits
from cosmodrome.campaign.verify.swept import Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cosmodrome.campaign.verify.nouns import Ended
    from cosmodrome.campaign.verify.swept import Fineness, Swept
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.record.nouns import Flight
    from cosmodrome.record.sweep import Part
    from cosmodrome.watch import Watch

__all__ = ["WAYS"]

# of the usual number of sizes of a fault
_GRADED: dict[Fineness, float] = {"coarse": 0.5, "normal": 1.0, "fine": 2.0}


def _in_orbit(flight: Flight, fineness: Fineness) -> tuple[Fault, ...]:
    return orbit_faults(flight, _GRADED[fineness])


def _noticed(swept: Swept, ended: Iterable[Ended]) -> list[Outcome]:
    """Judged, and who sees it in flight."""
    out = []
    for e in ended:
        outcome = swept.judge.judge(e)
        seen = in_flight(swept.flight, swept.planned, e, outcome)
        out.append(replace(outcome, seen=seen))
    return out


def _orbited(swept: Swept, faults: Sequence[Fault], watch: Watch) -> list[Outcome]:
    return _noticed(swept, fly_orbits(swept.flight, faults, swept.world, watch))


#: by part
WAYS: Mapping[Part, Way] = {
    "orbit": Way(_in_orbit, _orbited, 48),
}
