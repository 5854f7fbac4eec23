"""What orbit was reached, and how far the aim of the insertion must move to reach it better."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.mean import THEORY_ANALYTIC, average, mean_from_osculating
from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.record.nouns import OrbitRecord
from cosmodrome.targets import Bias
from cosmodrome.world.centres import CENTRES
from cosmodrome.world.frame import GCRF
from cosmodrome.world.sun import local_time_of_node_h

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.record.nouns import Elements
    from cosmodrome.targets import Insertion
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["bias_from", "orbit_record"]

_TREND_S = 0.9 * 86400.0
# one revolution of an ellipse holds one short perigee: a trend cannot be told from it there
_ELLIPSE = 0.1


def orbit_record(state: State, path: Trajectory | None, world: World) -> OrbitRecord:
    """The orbit of `state` (GCRF's axes), mean elements averaged over `path` where it is long
    enough.

    path  the coast flown from `state`; None or less than a revolution (of an ellipse, e of 0.1
          and more: less than two): first-order J2 theory, about the Moon the osculating elements.
          The rate of the node is told from nine tenths of a day on
    Perigee and apogee altitudes are those of the mean ellipse, a (1 -+ e) - 6378.137 km; the
    local time is that of the mean node at the epoch of `state`. About the Moon: heights above
    1737.4 km, angles in its equator of date, no local time.
    """
    if state.frame.axes != "gcrf" or state.frame.centre not in CENTRES:
        raise FrameMismatchError(
            f"the orbit of a state in {state.frame} was asked; rotate it to {GCRF} or"
            f" {CENTRES['moon'].frame} first"
        )
    about = CENTRES[state.frame.centre]
    gravity = world.gravity() if about.name == "earth" else world.gravity(about.name)
    mu = gravity.mu_m3_s2
    gcrf = elements_from_state(state.r_m, state.v_m_s, mu)
    # an inertial velocity in the axes of date: the turn of those axes is no motion of the body
    axes = about.equator_from_gcrf(world, state.epoch)
    r, v = axes.vector(state.r_m), axes.vector(state.v_m_s)
    osculating = elements_from_state(r, v, mu)
    rate: float | None = None
    needed = 1.02 if osculating.e < _ELLIPSE else 2.02
    if path is not None and _revolutions(path, osculating.a_m, mu) >= needed:
        fixed = None if about.name == "earth" else axes.matrix
        fit = average(path, world.orientation, mu, axes=fixed)
        mean, theory = fit.elements, fit.theory
        # below a day the daily terms of the turning field are no smaller than the trend
        rate = fit.node_rate_rad_s if fit.span_s >= _TREND_S else None
    elif osculating.a_m <= 0.0:
        mean, theory = osculating, "osculating: an open orbit has no mean elements"
    elif about.name == "moon":
        mean, theory = osculating, "osculating: the Moon's J2 is no larger than its other terms"
    else:
        mean, theory = _by_theory(r, v, gravity, osculating)
    ltan_s = None
    if about.name == "earth":
        ltan_s = 3600.0 * local_time_of_node_h(mean.raan_rad, state.epoch, world.orientation)
    return OrbitRecord(
        epoch=state.epoch,
        osculating=osculating,
        mean=mean,
        mean_theory=theory,
        osculating_gcrf=gcrf,
        perigee_altitude_m=mean.a_m * (1.0 - mean.e) - about.radius_m,
        apogee_altitude_m=mean.a_m * (1.0 + mean.e) - about.radius_m
        if mean.a_m > 0.0
        else math.inf,
        ltan_s=ltan_s,
        node_rate_rad_s=rate,
        body=about.name,
    )


def _by_theory(
    r: NDArray[np.float64], v: NDArray[np.float64], gravity: GravityField, osculating: Elements
) -> tuple[Elements, str]:
    """Mean elements by theory; the osculating ones where it fails, of an ellipse deep in the
    Earth."""
    mu = gravity.mu_m3_s2
    try:
        with np.errstate(all="ignore"):
            mean = mean_from_osculating(r, v, mu, gravity.radius_m, gravity.zonal_j(2))
            state = np.stack(mean)
    except InputError:
        state = np.full((2, 3), np.nan)
    if not np.all(np.isfinite(state)):
        return osculating, "osculating: no theory of J2 holds for an ellipse this deep in the Earth"
    return elements_from_state(state[0], state[1], mu), THEORY_ANALYTIC


def _revolutions(path: Trajectory, a_m: float, mu: float) -> float:
    if a_m <= 0.0:
        return 0.0
    span = float(path.breaks_s[-1] - path.breaks_s[0])
    return span / (2.0 * math.pi * math.sqrt(a_m**3 / mu))


def bias_from(record: OrbitRecord, insertion: Insertion) -> Bias:
    """By how much to shift the aim so that the flown mean orbit meets the target.

    Wanted minus flown mean elements, to be added to the bias the insertion already has:
    `insertion.with_bias(insertion.bias + bias_from(record, insertion))`. The e vector is
    corrected as a vector where the target says where the perigee is or is near-circular, else in
    length only. A free node is not corrected, a free inclination neither, nor a departure, whose
    energy is an osculating one.
    """
    if insertion.c3_m2_s2 is not None:
        return Bias()
    mean = record.mean
    if insertion.elliptic and insertion.argp_rad is None:
        dex, dey = 0.0, insertion.e_mean - mean.e
    else:
        wanted_x, wanted_y = insertion.eccentricity_wanted
        flown_x, flown_y = mean.e * math.cos(mean.argp_rad), mean.e * math.sin(mean.argp_rad)
        if insertion.perigee_at_either_node and wanted_x * flown_x + wanted_y * flown_y < 0.0:
            flown_x, flown_y = -flown_x, -flown_y
        dex, dey = wanted_x - flown_x, wanted_y - flown_y
    raan = insertion.raan_wanted(record.epoch)
    return Bias(
        da_m=insertion.a_mean_m - mean.a_m,
        dex=dex,
        dey=dey,
        di_rad=0.0 if insertion.inclination_free else insertion.i_mean_rad - mean.i_rad,
        draan_rad=0.0 if raan is None else math.remainder(raan - mean.raan_rad, 2.0 * math.pi),
    )
