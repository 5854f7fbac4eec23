"""What the upper stage must hit at release so that the mean orbit meets the target.

Near-circular orbits, first order in J2. With k = J2 (R/a)^2, s = sin i and u the argument of
latitude, the periodic solution of the J2 problem whose mean eccentricity vector is zero is

    r     = a [1 - 3/2 k (1 - 3/2 s^2) + 1/4 k s^2 cos 2u]
    r v_t = sqrt(mu a) [1 + 3/4 k s^2 cos 2u]
    v_r   = -1/2 k s^2 sqrt(mu/a) sin 2u
    i     = i_mean + 3/8 k sin 2i cos 2u
    raan  = raan_mean + 3/4 k cos i sin 2u

(Kozai 1959, AJ 64, 367; Brouwer 1959, AJ 64, 378; Eckstein & Hechler 1970, ESRO SR-13, each in
its own variables; here from the equations of r, r v_t, i and raan with the disturbing potential
-mu J2 R^2/r^3 (3/2 s^2 sin^2 u - 1/2), linear in k.) A small mean eccentricity vector (ex, ey)
along the node and 90 deg ahead of it adds the Kepler terms of first order in e.

Mean here means: the osculating elements averaged over a revolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.physics.mean_orbits import node_rate, sun_synchronous_inclination
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.sun import mean_sun_right_ascension_rad, node_of_local_time_rad

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import Target
    from cosmodrome.targets.rendezvous import Meeting
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.world import World

__all__ = ["Bias", "Insertion", "OrbitPoint", "insertion"]

# below the first, J2 displaces a circle more than the e^2 a these relations leave out; an ellipse
# whose perigee is free to lie anywhere is aimed at as such as soon as e is worth the name
_NEARLY_CIRCULAR = 0.01
_HARDLY_AN_ELLIPSE = 0.001
# parking height from which departures are usually rated
_DEPARTURE_PERIGEE_M = EARTH_EQUATORIAL_RADIUS_M + 200e3


@dataclass(frozen=True, slots=True)
class Bias:
    """Shift of the mean elements aimed at: a in m; e vector along the node and 90 deg ahead."""

    da_m: float = 0.0
    dex: float = 0.0
    dey: float = 0.0
    di_rad: float = 0.0
    draan_rad: float = 0.0

    def __add__(self, other: Bias) -> Bias:
        return Bias(
            self.da_m + other.da_m,
            self.dex + other.dex,
            self.dey + other.dey,
            self.di_rad + other.di_rad,
            self.draan_rad + other.draan_rad,
        )


@dataclass(frozen=True, slots=True)
class OrbitPoint:
    """The osculating orbit at one argument of latitude: numbers, arrays or symbols alike.

    radius_m, radial_m_s, transverse_m_s   place and velocity in the osculating plane
    inclination_rad                        of that plane
    raan_shift_rad                         osculating minus mean right ascension of the node
    """

    radius_m: Any
    radial_m_s: Any
    transverse_m_s: Any
    inclination_rad: Any
    raan_shift_rad: Any


@dataclass(frozen=True, eq=False)
class Insertion:
    """The orbit to release into. Equator and equinox of date; SI and rad.

    mu, re, j2              of the gravity field the relations belong to
    a_mean_m, e_mean, i_mean_rad, argp_rad   the wanted mean orbit (argp None: free)
    elliptic                True: aim at osculating a, e, i (h and e vector), no J2 relations
    inclination_free        True: any inclination not below `i_mean_rad` serves
    perigee_at_either_node  True: `argp_rad` and its opposite serve alike
    c3_m2_s2                the departure's v^2 - 2 mu / r, where that alone gives its size:
                            a_mean_m is then -mu / C3 (infinite for a parabola), and e_mean that
                            of a perigee at 200 km, for guesses alone: the perigee is free
    declination_rad         of the outgoing asymptote (of the apogee where C3 <= 0), or None
    right_ascension_rad     of the same, or None: with a solved departure it gives the node
    asymptote_ahead_rad     how far the asymptote stands east of the node of a solved departure
    going                   of the two places of a plane with its declination, the one passed
                            "northbound" or "southbound"; None: either
    asymptote_u_rad         its argument of latitude, where that is asked instead of the declination
    ltan_s, raan_rad or meeting   what fixes the node; all None: the node is free
    node_rate_rad_s         secular rate of the node at the wanted mean orbit
    bias                    shift of the aim, found by flying the orbit in full dynamics
    """

    mu: float
    re: float
    j2: float
    a_mean_m: float
    e_mean: float
    i_mean_rad: float
    node_rate_rad_s: float
    elliptic: bool = False
    argp_rad: float | None = None
    ltan_s: float | None = None
    raan_rad: float | None = None
    bias: Bias = field(default_factory=Bias)
    inclination_free: bool = False
    perigee_at_either_node: bool = False
    c3_m2_s2: float | None = None
    declination_rad: float | None = None
    right_ascension_rad: float | None = None
    asymptote_ahead_rad: float | None = None
    going: Literal["northbound", "southbound"] | None = None
    asymptote_u_rad: float | None = None
    meeting: Meeting | None = None

    # what is aimed at ------------------------------------------------------------------
    @property
    def a_aim_m(self) -> float:
        """Semi-major axis aimed at: wanted plus bias."""
        return self.a_mean_m + self.bias.da_m

    @property
    def energy_aim_m2_s2(self) -> float:
        """v^2 / 2 - mu / r aimed at: -mu / 2a, or half the departure's C3."""
        return -0.5 * self.mu / self.a_aim_m if self.c3_m2_s2 is None else 0.5 * self.c3_m2_s2

    @property
    def perigee_aim_m(self) -> float:
        """Radius of the perigee aimed at; of a departure, the one that stands for a free one."""
        if self.c3_m2_s2 is not None:
            return _DEPARTURE_PERIGEE_M
        return self.a_aim_m * (1.0 - self.e_aim)

    @property
    def i_aim_rad(self) -> float:
        """Inclination aimed at: wanted plus bias."""
        return self.i_mean_rad + self.bias.di_rad

    @property
    def eccentricity_wanted(self) -> tuple[float, float]:
        """Wanted mean e vector along the node and 90 deg ahead (free argp: 90 deg)."""
        argp = 0.5 * math.pi if self.argp_rad is None else self.argp_rad
        return self.e_mean * math.cos(argp), self.e_mean * math.sin(argp)

    @property
    def eccentricity_aim(self) -> tuple[float, float]:
        """The e vector aimed at: wanted plus bias."""
        ex, ey = self.eccentricity_wanted
        return ex + self.bias.dex, ey + self.bias.dey

    @property
    def e_aim(self) -> float:
        """Magnitude of the e vector aimed at."""
        return math.hypot(*self.eccentricity_aim)

    @property
    def node_fixed(self) -> bool:
        """Does the target say where the node is?"""
        return any(x is not None for x in (self.ltan_s, self.raan_rad, self.meeting))

    def raan_wanted(self, epoch: Epoch) -> float | None:
        """Wanted mean right ascension of the ascending node for a release at `epoch`, rad.

        In [0, 2 pi), true equator and equinox of date; from the LTAN and the fictitious mean
        Sun, from the object to be met, or as given; None when the node is free.
        """
        if self.meeting is not None:
            return self.meeting.raan_wanted(epoch)
        if self.ltan_s is not None:
            return node_of_local_time_rad(self.ltan_s / 3600.0, epoch)
        if self.right_ascension_rad is not None and self.asymptote_ahead_rad is not None:
            return (self.right_ascension_rad - self.asymptote_ahead_rad) % (2.0 * math.pi)
        return None if self.raan_rad is None else self.raan_rad % (2.0 * math.pi)

    def raan_of(self, epoch: Epoch) -> float | None:
        """The node aimed at: wanted plus bias, [0, 2 pi) rad, or None when it is free."""
        wanted = self.raan_wanted(epoch)
        return None if wanted is None else (wanted + self.bias.draan_rad) % (2.0 * math.pi)

    def with_bias(self, bias: Bias) -> Insertion:
        """The same target with the aim shifted by `bias`, which replaces the present one."""
        return replace(self, bias=bias)

    def breathing(self) -> Insertion:
        """An elliptic target with a first bias: its perigee is as far off as a circle's radius is.

        The mean radius of a mean circle differs from its semi-major axis by km; an ellipse that
        touches it at its perigee, to first order in J2 and e, by the same.
        """
        if not self.elliptic or self.c3_m2_s2 is not None:
            return self
        circle = replace(self, a_mean_m=self.perigee_aim_m, e_mean=0.0, elliptic=False, bias=Bias())
        da_m = (circle.radius[0] - circle.a_mean_m) / (1.0 - self.e_mean)
        return self.with_bias(Bias(da_m=da_m))

    def to_meet(self, meeting: Meeting) -> Insertion:
        """The same orbit, in the plane that leads to a meeting."""
        return replace(self, meeting=meeting)

    def with_c3(self, c3_m2_s2: float) -> Insertion:
        """The same departure with another energy, to any direction."""
        a, e = _departure(c3_m2_s2, self.mu)
        return replace(
            self, a_mean_m=a, e_mean=e, c3_m2_s2=c3_m2_s2, declination_rad=None, going=None
        )

    # the relations ---------------------------------------------------------------------
    @cached_property
    def _k(self) -> float:
        return self.j2 * (self.re / self.a_aim_m) ** 2

    @cached_property
    def _speed(self) -> float:
        return math.sqrt(self.mu / self.a_aim_m)

    def _refuse_elliptic(self) -> None:
        if self.elliptic:
            raise InputError(
                f"the near-circular relations do not hold at e = {self.e_mean:.4f}; aim at the"
                " osculating a, e and i of this insertion instead"
            )

    @cached_property
    def radius(self) -> tuple[float, float]:
        """(c0, c2) in m: r = c0 + c2 cos 2u (plus the e terms of `point`)."""
        self._refuse_elliptic()
        a, k, s2 = self.a_aim_m, self._k, math.sin(self.i_aim_rad) ** 2
        return a * (1.0 - 1.5 * k * (1.0 - 1.5 * s2)), 0.25 * a * k * s2

    @cached_property
    def radial_velocity(self) -> float:
        """s2 in m/s: v_r = s2 sin 2u (plus the e terms of `point`)."""
        self._refuse_elliptic()
        return -0.5 * self._k * math.sin(self.i_aim_rad) ** 2 * self._speed

    @cached_property
    def transverse_velocity(self) -> tuple[float, float]:
        """(t0, t2) in m/s: v_t = t0 + t2 cos 2u (plus the e terms of `point`).

        t0 carries the second-order constant that makes the osculating semi-major axis of these
        polynomials average to the aim exactly.
        """
        c0, c2 = self.radius
        a, s2 = self.a_aim_m, self.radial_velocity
        t2 = self._speed * self._k * math.sin(self.i_aim_rad) ** 2 * 0.5
        u = np.arange(16) * (math.pi / 16.0)
        r = c0 + c2 * np.cos(2.0 * u)
        vr = s2 * np.sin(2.0 * u)
        t0 = self._speed * (2.0 - c0 / a)
        for _ in range(4):  # Newton on the mean of a; da/dv = 2 a^2 v / mu
            v2 = vr**2 + (t0 + t2 * np.cos(2.0 * u)) ** 2
            a_now = float(np.mean(1.0 / (2.0 / r - v2 / self.mu)))
            t0 -= (a_now - a) * self.mu / (2.0 * a * a * t0)
        return t0, t2

    @cached_property
    def inclination(self) -> tuple[float, float]:
        """(i0, i2) in rad: i = i0 + i2 cos 2u."""
        self._refuse_elliptic()
        return self.i_aim_rad, 0.375 * self._k * math.sin(2.0 * self.i_aim_rad)

    @cached_property
    def raan_s2(self) -> float:
        """Amplitude in rad: raan = raan_mean + raan_s2 sin 2u."""
        self._refuse_elliptic()
        return 0.75 * self._k * math.cos(self.i_aim_rad)

    def point(self, cos_u: Any, sin_u: Any) -> OrbitPoint:
        """The osculating orbit at argument of latitude u; plain arithmetic, so symbols work.

        cos_u, sin_u: numbers, arrays or symbolic scalars. Holds for the near-circular case
        (`elliptic` False); raises InputError otherwise.
        """
        c0, c2 = self.radius
        t0, t2 = self.transverse_velocity
        i0, i2 = self.inclination
        ex, ey = self.eccentricity_aim
        cos_2u = cos_u * cos_u - sin_u * sin_u
        sin_2u = 2.0 * sin_u * cos_u
        e_radial = ex * cos_u + ey * sin_u
        e_across = ex * sin_u - ey * cos_u
        return OrbitPoint(
            radius_m=c0 + c2 * cos_2u - self.a_aim_m * e_radial,
            radial_m_s=self.radial_velocity * sin_2u + self._speed * e_across,
            transverse_m_s=t0 + t2 * cos_2u + self._speed * e_radial,
            inclination_rad=i0 + i2 * cos_2u,
            raan_shift_rad=self.raan_s2 * sin_2u,
        )

    def state_at(
        self, u_rad: float, raan_rad: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Osculating place and velocity, (3,) m and (3,) m/s, at argument of latitude `u_rad`.

        raan_rad: the mean right ascension of the node, measured from the x axis of whatever
        equatorial frame the answer is wanted in. For an elliptic target with free argument of
        perigee the perigee is put at u = 0.
        """
        if self.elliptic:
            argp = 0.0 if self.argp_rad is None else self.argp_rad
            f = u_rad - argp
            e = self.e_aim
            p = self.perigee_aim_m * (1.0 + e)
            speed = math.sqrt(self.mu / p)
            at = OrbitPoint(
                p / (1.0 + e * math.cos(f)),
                speed * e * math.sin(f),
                speed * (1.0 + e * math.cos(f)),
                self.i_aim_rad,
                0.0,
            )
        else:
            at = self.point(math.cos(u_rad), math.sin(u_rad))
        node, i = raan_rad + at.raan_shift_rad, at.inclination_rad
        along = np.array([math.cos(node), math.sin(node), 0.0])
        ahead = np.array([-math.cos(i) * math.sin(node), math.cos(i) * math.cos(node), math.sin(i)])
        r_hat = math.cos(u_rad) * along + math.sin(u_rad) * ahead
        t_hat = -math.sin(u_rad) * along + math.cos(u_rad) * ahead
        return at.radius_m * r_hat, at.radial_m_s * r_hat + at.transverse_m_s * t_hat


def insertion(
    target: Target, epoch: Epoch, world: World, cheapest_inclination_rad: float | None = None
) -> Insertion:
    """The insertion that makes the mean orbit meet `target`.

    target  any kind a mission file knows
    epoch   about when the release happens; only LTAN uses time, and it does so in `raan_of`,
            so `epoch` decides nothing to first order: it is checked to lie in the Sun's span
    cheapest_inclination_rad   the lowest the pad and its corridor allow
            (`site.cheapest_inclination`): where a transfer orbit or a departure leaves its
            inclination free, none below it is flown
    Raises InfeasibleError when no orbit of the kind exists, InputError when the target lacks
    what its kind needs.
    """
    gravity = world.gravity()
    c3 = None if target.c3_m2_s2 is None else target.c3_m2_s2.value
    a, e = _departure(c3, gravity.mu_m3_s2) if c3 is not None else _ellipse(target, gravity)
    if target.ltan_s is not None:
        mean_sun_right_ascension_rad(epoch)
    free = target.inclination_rad is None and target.kind in (
        "gto",
        "c3",
        "lunar-orbit",
        "libration",
    )
    if target.plane_of is not None:
        plane = insertion(target.plane_of, epoch, world, cheapest_inclination_rad)
        i, free = plane.i_mean_rad, plane.inclination_free
    elif target.inclination_rad is not None:
        i = target.inclination_rad.value
    elif target.turns_with_sun:
        i = sun_synchronous_inclination(a, e, gravity)
    elif free and cheapest_inclination_rad is not None:
        i = cheapest_inclination_rad
    else:
        raise InputError(
            f"a {target.kind} target needs an inclination; write `inclination: 51.6 deg`"
        )
    argp = target.argument_of_perigee_rad
    return Insertion(
        mu=gravity.mu_m3_s2,
        re=gravity.radius_m,
        j2=gravity.zonal_j(2),
        a_mean_m=a,
        e_mean=e,
        i_mean_rad=i,
        node_rate_rad_s=node_rate(a, e, i, gravity) if e < 1.0 else 0.0,
        elliptic=e >= _NEARLY_CIRCULAR
        or (target.kind == "elliptic" and argp is None and e >= _HARDLY_AN_ELLIPSE),
        argp_rad=None if argp is None else argp.value,
        ltan_s=None if target.ltan_s is None else target.ltan_s.value,
        raan_rad=None if target.raan_rad is None else target.raan_rad.value,
        inclination_free=free,
        perigee_at_either_node=target.perigee_at_either_node,
        c3_m2_s2=c3,
        declination_rad=None if target.declination_rad is None else target.declination_rad.value,
        right_ascension_rad=None
        if target.right_ascension_rad is None
        else target.right_ascension_rad.value,
        going=target.going,
    )


def _departure(c3_m2_s2: float, mu: float) -> tuple[float, float]:
    """Semi-major axis (negative, or infinite) and eccentricity of a departure from 200 km."""
    e = 1.0 + _DEPARTURE_PERIGEE_M * c3_m2_s2 / mu
    if e < _NEARLY_CIRCULAR:
        raise InputError(
            f"C3 = {c3_m2_s2 / 1e6:g} km^2/s^2 is the energy of a low circle, not of a departure;"
            " ask for the orbit by its heights, like 200 km 51.6 deg"
        )
    return (math.inf if c3_m2_s2 == 0.0 else -mu / c3_m2_s2), e


def _ellipse(target: Target, gravity: GravityField) -> tuple[float, float]:
    """Semi-major axis and eccentricity of a target that states them."""
    if target.semi_major_axis_m is None or target.eccentricity is None:
        raise InputError(f"a {target.kind} target needs a semi-major axis and an eccentricity")
    a, e = target.semi_major_axis_m.value, target.eccentricity.value
    perigee = a * (1.0 - e)
    if not (0.0 <= e < 1.0 and perigee > gravity.radius_m):
        raise InputError(
            f"target a = {a / 1e3:.3f} km with e = {e:.6f} has its perigee at"
            f" {(perigee - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.1f} km: inside the Earth; raise the"
            " altitude or the perigee"
        )
    return a, e
