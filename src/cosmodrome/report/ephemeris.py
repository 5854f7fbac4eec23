"""orbit.oem: the spacecraft's flown orbit as a CCSDS Orbit Ephemeris Message."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.formats import oem

if TYPE_CHECKING:
    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.epoch import Epoch

__all__ = ["oem_name", "orbit_oem"]

_STEP_S = 60.0
_DEGREE = 7


def oem_name(flight: Flight, craft: str) -> str:
    """Name of the ephemeris of one of a flight's spacecraft; the primary's is orbit.oem."""
    return "orbit.oem" if craft == flight.mission.spacecraft.id else f"orbit-{craft}.oem"


def orbit_oem(flight: Flight, created: Epoch, craft: str | None = None) -> oem.Oem | None:
    """A spacecraft's legs in GCRF axes at a step of at most 60 s, one segment a leg, each about
    the body it is counted from.

    craft  its id; the primary by default (an ephemeris message is of one object)
    None when the spacecraft was never flown on its own. Lagrange interpolation of degree 7 at
    60 s holds a low orbit to well below a millimetre.
    """
    craft = craft or flight.mission.spacecraft.id
    legs = [leg for leg in flight.legs if leg.object == craft]
    segments = tuple(_segment(flight, leg) for leg in legs if leg.path.frame.axes == "gcrf")
    if not segments:
        return None
    return oem.Oem(
        originator="COSMODROME",
        creation=created.utc(3)[:-1],
        segments=segments,
        comments=(
            f"Mission: {flight.mission.name}",
            f"{'Lift-off' if flight.launch else 'Start'}: {flight.zero.utc()}",
        ),
    )


def _segment(flight: Flight, leg: Leg) -> oem.Segment:
    path = leg.path
    first, last = float(path.breaks_s[0]), float(path.breaks_s[-1])
    n = max(math.ceil((last - first) / _STEP_S), 1)
    # whole nanoseconds, because an Epoch carries no less
    t = np.round(np.linspace(first, last, n + 1) * 1e9) / 1e9
    t[0], t[-1] = first, last
    y = path.columns_at(t)
    points = tuple(
        oem.Point(
            path.epoch + float(at),
            (float(row[0]), float(row[1]), float(row[2])),
            (float(row[3]), float(row[4]), float(row[5])),
        )
        for at, row in zip(t, y, strict=True)
    )
    return oem.Segment(
        object_name=leg.object,
        object_id=leg.object,
        center=path.frame.centre.upper(),
        ref_frame="GCRF",
        time_system="UTC",
        start=points[0].epoch,
        stop=points[-1].epoch,
        points=points,
        interpolation="LAGRANGE",
        interpolation_degree=_DEGREE if n >= _DEGREE else max(n, 1),
        comments=(f"MASS={leg.start.mass_kg!r} kg",),
    )
