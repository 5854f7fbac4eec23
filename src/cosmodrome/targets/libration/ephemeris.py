"""A corrected libration orbit as a CCSDS Orbit Ephemeris Message."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.formats import oem
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from cosmodrome.targets.libration.shooting import Corrected
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["ephemeris"]

_DEGREE = 7
# a step is so much of the angle the fastest passage of the body turns through
_STEP_RAD, _LONGEST_S = 0.15, 21_600.0


def ephemeris(made: Corrected, name: str, created: Epoch, world: World) -> oem.Oem:
    """The path about the Earth in GCRF axes, as every reader of OEM here takes it.

    One step for the whole, short enough for Lagrange interpolation of degree 7 to hold the nearest
    passage of the smaller body to decimetres.
    """
    centre = body(made.path.frame.centre)
    span = made.span_s
    probe = np.linspace(0.0, span, max(2000, round(200.0 * span / made.design.period_s)))
    near = float(np.linalg.norm(made.path.columns_at(probe)[:, :3], axis=1).min())
    step = min(_LONGEST_S, _STEP_RAD / math.sqrt(2.0 * centre.mu_m3_s2 / near**3))
    # whole seconds, and the end as it comes
    t = np.append(np.arange(0.0, span - 1.0, max(1.0, math.floor(step))), span)
    y = made.path.columns_at(t)[:, :6]
    epoch = made.path.epoch
    if centre.name != "earth":
        y[:, :3] += world.ephemeris.positions_m(centre.name, epoch, t)
        y[:, 3:] += world.ephemeris.velocities_m_s(centre.name, epoch, t)
    points = tuple(
        oem.Point(
            epoch + float(at),
            (float(row[0]), float(row[1]), float(row[2])),
            (float(row[3]), float(row[4]), float(row[5])),
        )
        for at, row in zip(t, y, strict=True)
    )
    segment = oem.Segment(
        object_name=name,
        object_id=name,
        center="EARTH",
        ref_frame="GCRF",
        time_system="UTC",
        start=points[0].epoch,
        stop=points[-1].epoch,
        points=points,
        interpolation="LAGRANGE",
        interpolation_degree=_DEGREE,
    )
    return oem.Oem(
        originator="COSMODROME",
        creation=created.utc(3)[:-1],
        segments=(segment,),
        comments=(f"Orbit: {made.design.wanted.text or made.design.wanted.kind}",),
    )
