"""Burns that are written wrong before anything is planned: in the file, and so in what is carried.

The plan agrees with its file, and nobody can read the wish behind it; what speaks against such a
burn is where it leads. Listed are those alone that leave an orbit which does not last: Luna-25,
whose burn went on for 127 s in place of 84, came down so (Roscosmos, October 2023).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.orbits.periapsis import periapsis
from cosmodrome.campaign.verify.plans.corrupted import corrupted
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.errors import InputError
from cosmodrome.flight.again import flown_stretches
from cosmodrome.mission.steps import Manoeuvre
from cosmodrome.record.faults import Fault
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import CENTRES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.flight.again import Carried
    from cosmodrome.record.nouns import Flight, Leg

__all__ = ["is_written", "written", "written_faults"]

_HEAD = "written"
#: what lasts no longer than hours, m: a perigee in the air, a perilune below the highest ground of
#: the Moon (LOLA; Smith et al. 2010)
_LASTS_M = {"earth": 150e3, "moon": 10_786.0}
#: sizes that were meant to be another; 127 s for 84
_SIZES = (1.05, 1.1, 1.2, 127.0 / 84.0, 2.0)


def written_faults(flight: Flight) -> tuple[Fault, ...]:
    """The burns of the file's plan, each the wrong way and larger, where that does not last."""
    return tuple(_all(flight))


def _all(flight: Flight) -> Iterator[Fault]:
    for k, (stretch, legs) in enumerate(flown_stretches(flight)):
        step = stretch.steps[0] if stretch.steps else None
        if not isinstance(step, Manoeuvre) or step not in flight.mission.plan:
            continue
        if _low_m(legs[-1], -1.0) < _LASTS_M[legs[-1].end.frame.centre]:
            text = f"{step.name} written the wrong way, in the file too"
            yield Fault("plan", "burns", f"{_HEAD}.{k}.direction", "sign", 0.0, "", text)
        for by in _SIZES:
            if _low_m(legs[-1], by) < _LASTS_M[legs[-1].end.frame.centre]:
                text = f"{step.name} x{by:.3g}, in the file too"
                yield Fault("plan", "burns", f"{_HEAD}.{k}.{_field(step)}", "factor", by, "", text)


def _field(step: Manoeuvre) -> str:
    fields = ("delta_v_m_s", "duration_s", "propellant_kg")
    return next(name for name in fields if getattr(step, name) is not None)


def _low_m(leg: Leg, by: float) -> float:
    """Height of the periapsis after a burn that was `by` times what it was, m: what it changed
    beside a conic, so many times."""
    start, end = leg.start, leg.end
    mu = body(start.frame.centre).mu_m3_s2
    r, v = kepler_propagate(start.r_m, start.v_m_s, end.epoch - start.epoch, mu)
    told = replace(end, r_m=r + by * (end.r_m - r), v_m_s=v + by * (end.v_m_s - v))
    return periapsis(told)[0] - CENTRES[end.frame.centre].radius_m


def is_written(fault: Fault) -> bool:
    """Is it one of these?"""
    return fault.path.startswith(f"{_HEAD}.")


def written(flight: Flight, carries: Carried, fault: Fault) -> tuple[Flight, Carried]:
    """The flight as the wrong file intends it, without being flown, and what it carries then.

    Raises InputError for a burn that the file has not.
    """
    _, number, field = fault.path.split(".")
    k = int(number)
    own = carries.stretches[k].steps if k < len(carries.stretches) else ()
    step = own[0] if own else None
    if not isinstance(step, Manoeuvre) or step not in flight.mission.plan:
        raise InputError(
            f"the fault {fault.path!r} is of no burn of this file; generate the list from the"
            " flight itself with written_faults"
        )
    changed = corrupted(carries, replace(fault, path=f"stretches.{k}.steps.0.{field}"))
    at = flight.mission.plan.index(step)
    plan = (
        *flight.mission.plan[:at],
        changed.stretches[k].steps[0],
        *flight.mission.plan[at + 1 :],
    )
    return replace(flight, mission=replace(flight.mission, plan=plan)), changed
