"""The other side of the apogee: a second place for the burn that lifts a perigee.

A burn that may be no shorter than its engine lights gives more than the perigee lacks, and moves
away from the apogee, either way. Each side has an optimum of its own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.sketch import sketched
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import mean_from_true

if TYPE_CHECKING:
    from cosmodrome.ascent.programme import Optimum, Programme
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.powered.statement import Powered

__all__ = ["mirrored"]

# a burn this near the apogee lies where it likes
_AT_THE_APOGEE_RAD = math.radians(15.0)


def mirrored(problem: Programme, best: Optimum) -> tuple[Sequence, Powered] | None:
    """The last burn as far on the other side of its arc's apogee, as a start to solve from.

    None: there is no such burn onto an ellipse of any perigee, it lies at the apogee or nearer the
    perigee, or the coast before it would be longer or shorter than it may be.
    """
    seq, arcs = best.sequence, list(best.flight.arcs)
    insertion = problem.insertion
    if len(seq.burns) < 2 or not insertion.elliptic or insertion.argp_rad is not None:
        return None
    k = seq.burns[-1]
    # thrusters that settle propellant take the last part of a coast
    c = k - 1 if not arcs[k - 1].phase.fixed else k - 2
    coast, burn = arcs[c], arcs[k]
    if coast.phase.fixed or coast.phase.burning:
        return None
    mu = problem.planet.mu
    r, v = burn.r_m[0], burn.v_m_s[0]
    arc = elements_from_state(r, v, mu)
    nu = math.remainder(arc.true_anomaly_rad, 2.0 * math.pi)
    if not 0.5 * math.pi < abs(nu) < math.pi - _AT_THE_APOGEE_RAD:
        return None
    turned = math.copysign(2.0 * math.pi, nu) - 2.0 * mean_from_true(nu, arc.e)
    length = coast.duration_s + turned * math.sqrt(arc.a_m**3 / mu)
    if not coast.phase.lower_s <= length <= coast.phase.upper_s:
        return None
    phases = [replace(x.phase, duration_s=x.duration_s) for x in arcs]
    phases[c] = replace(phases[c], duration_s=length)
    assert burn.u is not None
    u = burn.u[len(burn.u) // 2]
    # mirrored in time: what pushes towards the perigee pushes away from it
    perigee = np.cross(v, np.cross(r, v)) / mu - r / np.linalg.norm(r)
    perigee /= np.linalg.norm(perigee)
    u = u - 2.0 * float(u @ perigee) * perigee
    more = replace(seq, phases=tuple(phases))
    kept = [replace(x, phase=p) for x, p in zip(arcs[:c], phases, strict=False)]
    return more, sketched(problem, more, kept, best.flight, {k: u})
