"""Tides of the Earth's gravity: corrections to the normalised coefficients of its field.

Petit & Luzum (2010), IERS Conventions, Technical Note 36, chapter 6: solid Earth tides (6.2),
solid Earth pole tide (6.4), ocean pole tide (6.5, its degree 2 order 1 part, which is nine tenths
of it), with the secular pole of the 2018 update of chapter 7. Ocean tides (6.3) are in
`ocean_tides`.

Every function gives (dC, dS), fully normalised, (n, N + 1, N + 1) at n instants, row = degree,
column = order, to be added to the coefficients of a field whose reference radius is `radius_m`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import erfa
import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.physics.ocean_tides import OceanTides
from cosmodrome.physics.tide_tables import DIURNAL, LONG_PERIOD, SEMIDIURNAL
from cosmodrome.world.bodies import MOON, SUN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Pair = tuple[Array, Array]

__all__ = [
    "corrections",
    "delaunay_rad",
    "frequency_dependent",
    "nominal",
    "ocean_pole",
    "permanent_c20",
    "solid",
    "solid_pole",
    "wobble_rad",
]

# table 6.3, anelastic Earth: k_nm and k_2m(+)
_K = {
    (2, 0): 0.30190,
    (2, 1): 0.29830 - 0.00144j,
    (2, 2): 0.30102 - 0.00130j,
    (3, 0): 0.093,
    (3, 1): 0.093,
    (3, 2): 0.093,
    (3, 3): 0.094,
}
_K_PLUS = (-0.00089, -0.00080, -0.00057)

# eq. 6.14: A0 (1/m times Re) and H0 (m) of the permanent tide
_A0_H0 = 4.4228e-8 * -0.31460

_ARCSEC = np.pi / 648000.0
_YEAR_S = 365.25 * 86400.0


def nominal(
    moon_itrf_m: Array,
    sun_itrf_m: Array,
    mu_moon: float,
    mu_sun: float,
    mu_earth: float,
    radius_m: float,
) -> Pair:
    """Step 1: degrees 2 and 3 and the part of degree 2 in degree 4 (eqs 6.6, 6.7), (n, 5, 5).

    moon_itrf_m, sun_itrf_m  geocentric places in Earth-fixed axes, (n, 3)
    """
    n = moon_itrf_m.shape[0]
    z = np.zeros((n, 5, 5), dtype=np.complex128)  # dC - i dS
    for r_j, mu_j in ((moon_itrf_m, mu_moon), (sun_itrf_m, mu_sun)):
        r = np.linalg.norm(r_j, axis=1)
        x, y, u = (r_j / r[:, None]).T
        e = x - 1j * y  # cos(phi) exp(-i lambda)
        ratio = mu_j / mu_earth * (radius_m / r) ** 3
        # P_nm(sin phi) exp(-i m lambda), fully normalised
        p2 = (
            np.sqrt(5.0) * 0.5 * (3.0 * u * u - 1.0),
            np.sqrt(5.0 / 3.0) * 3.0 * u * e,
            np.sqrt(5.0 / 12.0) * 3.0 * e * e,
        )
        p3 = (
            np.sqrt(7.0) * 0.5 * (5.0 * u * u - 3.0) * u,
            np.sqrt(7.0 / 6.0) * 1.5 * (5.0 * u * u - 1.0) * e,
            np.sqrt(7.0 / 60.0) * 15.0 * u * e * e,
            np.sqrt(7.0 / 360.0) * 15.0 * e * e * e,
        )
        for m in range(3):
            z[:, 2, m] += _K[2, m] / 5.0 * ratio * p2[m]
            z[:, 4, m] += _K_PLUS[m] / 5.0 * ratio * p2[m]
        for m in range(4):
            z[:, 3, m] += _K[3, m] / 7.0 * ratio * (radius_m / r) * p3[m]
    return z.real.copy(), -z.imag


def frequency_dependent(gmst_rad: Array, delaunay: Array) -> Pair:
    """Step 2: what k2m's dependence on frequency adds to degree 2 (eqs 6.8), (n, 5, 5).

    gmst_rad  Greenwich mean sidereal time, (n,)
    delaunay  l, l', F, D, Omega in rad, (n, 5)

    theta_f = m (gmst + pi) - sum N_j F_j.
    """
    n = gmst_rad.shape[0]
    dC, dS = np.zeros((n, 5, 5)), np.zeros((n, 5, 5))
    for m, table in enumerate((LONG_PERIOD, DIURNAL, SEMIDIURNAL)):
        theta = m * (gmst_rad[:, None] + np.pi) - delaunay @ table[:, 1:6].T
        c, s = np.cos(theta), np.sin(theta)
        ip, op = table[:, 6] * 1e-12, table[:, 7] * 1e-12
        even, odd = c @ ip - s @ op, s @ ip + c @ op
        if m == 0:
            dC[:, 2, 0] = even
        elif m == 1:  # eta_1 = -i
            dC[:, 2, 1], dS[:, 2, 1] = odd, even
        else:
            dC[:, 2, 2], dS[:, 2, 2] = even, -odd
    return dC, dS


def permanent_c20(tide_system: str) -> float:
    """What the coefficients of a tide system already hold of step 1's constant part of C20.

    "tide-free" holds nothing, "zero-tide" the permanent deformation A0 H0 k20 (eqs 6.13, 6.14;
    k20 as in step 1), "mean-tide" the permanent potential A0 H0 of Moon and Sun besides. It is
    subtracted from the correction.

    Raises InputError for another name.
    """
    k20 = float(np.real(_K[2, 0]))
    held = {"tide-free": 0.0, "zero-tide": _A0_H0 * k20, "mean-tide": _A0_H0 * (1.0 + k20)}
    if tide_system not in held:
        raise InputError(
            f"tide system {tide_system!r} is not known; write 'tide-free', 'zero-tide' or"
            " 'mean-tide', as the file of the field says"
        )
    return held[tide_system]


def solid(
    moon_itrf_m: Array,
    sun_itrf_m: Array,
    mu_moon: float,
    mu_sun: float,
    mu_earth: float,
    radius_m: float,
    gmst_rad: Array,
    delaunay: Array,
    tide_system: str = "tide-free",
) -> Pair:
    """Solid Earth tides, both steps, for a field of the given tide system, (n, 5, 5).

    Arguments as `nominal` and `frequency_dependent`. Good to about 1e-12 in the coefficients
    (the printed digits of step 2). Raises InputError for an unknown tide system.
    """
    held = permanent_c20(tide_system)
    dC, dS = nominal(moon_itrf_m, sun_itrf_m, mu_moon, mu_sun, mu_earth, radius_m)
    more_C, more_S = frequency_dependent(gmst_rad, delaunay)
    dC += more_C
    dS += more_S
    dC[:, 2, 0] -= held
    return dC, dS


def wobble_rad(years: Array, pole_rad: Array) -> Array:
    """Wobble m1, m2 in rad, (n, 2): the pole's place from the secular pole (eq. 7.24).

    years     since 2000.0 (TT), (n,)
    pole_rad  xp, yp, (n, 2)

    Secular pole of 2018-02-01 (eq. 7.21): 55.0 + 1.677 t and 320.5 + 3.460 t mas.
    """
    xs = (55.0 + 1.677 * years) * 1e-3 * _ARCSEC
    ys = (320.5 + 3.460 * years) * 1e-3 * _ARCSEC
    return np.stack([pole_rad[:, 0] - xs, -(pole_rad[:, 1] - ys)], axis=-1)


def solid_pole(wobble: Array) -> Pair:
    """Solid Earth pole tide, (n, 3, 3) (section 6.4); wobble m1, m2 in rad, (n, 2)."""
    m1, m2 = wobble.T / _ARCSEC
    return _order_one(-1.333e-9 * (m1 + 0.0115 * m2), -1.333e-9 * (m2 - 0.0115 * m1))


def ocean_pole(wobble: Array) -> Pair:
    """Ocean pole tide, its C21 and S21, (n, 3, 3) (eq. 6.24, Desai 2002); wobble in rad."""
    m1, m2 = wobble.T / _ARCSEC
    return _order_one(-2.1778e-10 * (m1 - 0.01724 * m2), -1.7232e-10 * (m2 - 0.03365 * m1))


def _order_one(c21: Array, s21: Array) -> Pair:
    dC, dS = np.zeros((c21.size, 3, 3)), np.zeros((c21.size, 3, 3))
    dC[:, 2, 1], dS[:, 2, 1] = c21, s21
    return dC, dS


def delaunay_rad(centuries: Array) -> Array:
    """l, l', F, D, Omega in rad, (n, 5), at Julian centuries of TDB (TT serves) since J2000.

    IERS Conventions 2003/2010, eq. 5.43, by ERFA.
    """
    t = np.asarray(centuries, dtype=np.float64)
    return np.stack(
        [erfa.fal03(t), erfa.falp03(t), erfa.faf03(t), erfa.fad03(t), erfa.faom03(t)], axis=-1
    )


def corrections(
    world: World,
    epoch: Epoch,
    t_s: Array,
    *,
    solid: bool = True,
    pole: bool = True,
    ocean: OceanTides | int | None = None,
    tide_system: str | None = None,
    mu_earth: float | None = None,
    radius_m: float | None = None,
) -> Pair:
    """Sum of the tides at seconds of TT after `epoch`: (dC, dS), (n, N + 1, N + 1).

    solid        solid Earth tides of Moon and Sun
    pole         solid Earth and ocean pole tide
    ocean        degree and order of the ocean tides FES2004, 2 to 30; or coefficients of one's
                 own; or None to leave them out
    tide_system, mu_earth, radius_m
                 of the field that is corrected; those of `world.gravity()` when None

    N is 4, or the degree of `ocean` where that is higher. Smooth in time but for the kinks of
    daily polar motion at 0h UTC. Raises InputError for an unknown tide system or a degree of
    ocean tides that is not held, DataSpanError
    where the world has no Earth orientation or ephemeris.
    """
    if isinstance(ocean, bool):
        raise InputError(f"ocean tides were asked as {ocean!r}; give their degree, say ocean=20")
    waves = OceanTides.shipped(ocean) if isinstance(ocean, int) else ocean
    field = world.gravity()
    system = field.tide_system if tide_system is None else tide_system
    mu = field.mu_m3_s2 if mu_earth is None else mu_earth
    radius = field.radius_m if radius_m is None else radius_m
    permanent_c20(system)
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    degree = max(4, 0 if waves is None else waves.degree)
    dC, dS = (np.zeros((t.size, degree + 1, degree + 1)) for _ in range(2))
    if t.size == 0:
        return dC, dS
    day, fraction = epoch.jd_tt
    tt = (day - 2451545.0) * 86400.0 + fraction * 86400.0 + t
    parameters = world.orientation.parameters.at(tt)
    ut1 = fraction + (t + (parameters.ut1_minus_tai_s - 32.184)) / 86400.0
    gmst = np.asarray(erfa.gmst06(day, ut1, day, fraction + t / 86400.0))
    delaunay = delaunay_rad(tt / (100.0 * _YEAR_S))
    if solid:
        to_itrf = world.orientation.itrf_from_gcrf_many(epoch, t)
        moon, sun = (
            to_itrf.vector(world.ephemeris.positions_m(name, epoch, t)) for name in ("moon", "sun")
        )
        _add(
            dC,
            dS,
            _solid(moon, sun, MOON.mu_m3_s2, SUN.mu_m3_s2, mu, radius, gmst, delaunay, system),
        )
    if pole:
        wobble = wobble_rad(tt / _YEAR_S, parameters.pole[:, :2])
        _add(dC, dS, solid_pole(wobble))
        _add(dC, dS, ocean_pole(wobble))
    if waves is not None:
        _add(dC, dS, waves.corrections(gmst, delaunay))
    return dC, dS


# `corrections` takes a switch of the same name
_solid = solid


def _add(dC: Array, dS: Array, more: Pair) -> None:
    k = more[0].shape[1]
    dC[:, :k, :k] += more[0]
    dS[:, :k, :k] += more[1]
