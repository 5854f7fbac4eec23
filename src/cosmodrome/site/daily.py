"""Daily launch windows over a span: instants, lighting, beta angle, shadow and phase.

The orbit is taken as released: its mean size and plane, turning neither node nor perigee during
the few revolutions that are looked at (a low orbit's node turns by 0.5 deg in one of them at
most). Shadows of Earth and Moon are cones (`physics.radiation`, Montenbruck & Gill 2000, 3.4.2)
about spheres, the Earth's of its equatorial radius; the beta angle is the Sun's above the orbit
plane (Vallado 2013, section 5.3.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.physics.radiation import visible_fraction_of_all
from cosmodrome.record.windows import LaunchWindow, WindowCalendar
from cosmodrome.site.azimuths import launch_azimuths, within_corridors
from cosmodrome.site.instants import launch_instants, pad_right_ascension
from cosmodrome.world.bodies import BODIES, EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.geodesy import enu_axes, itrf_from_geodetic
from cosmodrome.world.sun import local_time_of_node_h

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission.nouns import Launch, WindowConditions
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = [
    "ReleaseOrbit",
    "SolvedAscent",
    "Way",
    "calendar",
    "judged",
    "way_of_ascent",
    "ways_by_geometry",
]

# from lift-off to release, and how far along the orbit that leads, where no ascent is solved
_DIRECT_TRAVEL_S = 600.0
_DIRECT_ARC_RAD = 0.35
# orbits looked at where nothing is asked, and points on each
_ORBITS, _POINTS = 1.0, 720


@dataclass(frozen=True, slots=True)
class Way:
    """One way into the plane, and where on the orbit it leads.

    node_minus_pad_rad   node of the orbit minus the pad's right ascension at lift-off
    travel_s             lift-off to release
    u_release_rad        argument of latitude at release
    """

    branch: str
    azimuth_inertial_rad: float
    azimuth_relative_rad: float
    within_corridor: bool | None
    node_minus_pad_rad: float
    travel_s: float
    u_release_rad: float
    basis: str = "pad geometry"


class ReleaseOrbit(Protocol):
    """What a calendar must know of the orbit."""

    @property
    def a_mean_m(self) -> float:
        """Mean semi-major axis, m."""

    @property
    def e_mean(self) -> float:
        """Mean eccentricity."""

    @property
    def i_mean_rad(self) -> float:
        """Mean inclination, rad."""

    @property
    def argp_rad(self) -> float | None:
        """Argument of perigee, rad; None: free, or a circle."""

    @property
    def mu(self) -> float:
        """Gravitational parameter, m^3/s^2."""

    def raan_of(self, epoch: Epoch) -> float | None:
        """Node wanted for a release at `epoch`, TOD, rad."""


def ways_by_geometry(
    site: Site, inclination_rad: float, travel_s: float = _DIRECT_TRAVEL_S
) -> tuple[Way, ...]:
    """Both ways of a plane that passes over the pad at lift-off; instants good to five minutes.

    Raises InfeasibleError where no such plane exists.
    """
    pad = itrf_from_geodetic(site.latitude_rad, 0.0, site.height_m)
    out = []
    for way in launch_azimuths(site.latitude_rad, inclination_rad, height_m=site.height_m):
        # the pad on the orbit: its height over the equator, and its distance from the node
        across = math.cos(way.node_minus_pad_rad) * math.hypot(float(pad[0]), float(pad[1]))
        u = math.atan2(float(pad[2]) / max(math.sin(inclination_rad), 1e-12), across)
        out.append(
            Way(
                way.branch,
                way.inertial_rad,
                way.relative_rad,
                within_corridors(way, site.corridors),
                way.node_minus_pad_rad,
                travel_s,
                (u + _DIRECT_ARC_RAD) % math.tau,
            )
        )
    return tuple(out)


def way_of_ascent(
    branch: str,
    azimuths_rad: tuple[float, float],
    within_corridor: bool | None,
    ascent: SolvedAscent,
) -> Way:
    """The way of a solved ascent.

    azimuths_rad   inertial and relative, of its launch
    """
    r, v = np.asarray(ascent.r_m), np.asarray(ascent.v_m_s)
    h = np.cross(r, v)
    node = np.array([-h[1], h[0], 0.0])
    ahead = np.cross(h, node)
    u = math.atan2(
        float(r @ ahead) / float(np.linalg.norm(ahead)), float(r @ node) / float(np.hypot(*h[:2]))
    )
    return Way(
        branch,
        *azimuths_rad,
        within_corridor,
        ascent.node_minus_pad_rad,
        ascent.travel_s,
        u % math.tau,
        "solved ascent",
    )


class SolvedAscent(Protocol):
    """What a way must know of a solved ascent: its shape, and its state at release."""

    @property
    def node_minus_pad_rad(self) -> float:
        """Node of the insertion orbit minus the pad's right ascension at lift-off, rad."""

    @property
    def travel_s(self) -> float:
        """From lift-off to release, s."""

    @property
    def r_m(self) -> NDArray[np.float64]:
        """Place at release in the launch frame (z spin axis, x pad meridian), (3,) m."""

    @property
    def v_m_s(self) -> NDArray[np.float64]:
        """Inertial velocity at release in the launch frame, (3,) m/s."""


def calendar(
    site: Site,
    ways: Iterable[Way],
    orbit: ReleaseOrbit,
    launch: Launch,
    world: World,
    phase_of: Callable[[Epoch, float], float] | None = None,
) -> WindowCalendar:
    """Every window of the launch's span, each judged by the launch's conditions.

    launch     its window and conditions
    phase_of   (release, argument of latitude there) -> how far an object is ahead, rad

    Raises InputError where launch or target leave nothing to list: no span, or no wanted node;
    InfeasibleError where no way has an instant in it.
    """
    if launch.window is None:
        raise InputError("a calendar needs a span; write launch: {window: ... / ...}")
    opens, closes = launch.window
    if orbit.raan_of(opens) is None:
        raise InputError(
            "the target names no node, so every instant serves alike; give it raan or ltan"
        )
    rows: list[LaunchWindow] = []
    refusals: list[str] = []
    ways = tuple(ways)
    for way in ways:
        try:
            instants = launch_instants(
                site, way.node_minus_pad_rad, way.travel_s, orbit.raan_of, launch, world
            )
        except InfeasibleError as e:
            refusals.append(f"{way.branch} branch: {e}")
            continue
        rows += [
            judged(site, way, orbit, at, launch.conditions, world, phase_of) for at in instants
        ]
    if not rows:
        raise InfeasibleError("\n".join(refusals))
    rows.sort(key=lambda w: (w.epoch, w.branch))
    return WindowCalendar(
        site.name, opens, closes, tuple(rows), tuple((w.branch, w.basis) for w in ways)
    )


def judged(
    site: Site,
    way: Way,
    orbit: ReleaseOrbit,
    lift_off: Epoch,
    conditions: WindowConditions,
    world: World,
    phase_of: Callable[[Epoch, float], float] | None = None,
) -> LaunchWindow:
    """One lift-off: what the Sun and the orbit look like, and which conditions exclude it."""
    raan = (pad_right_ascension(site, lift_off, world) + way.node_minus_pad_rad) % math.tau
    release = lift_off + way.travel_s
    lit = _light(orbit, raan, way.u_release_rad, release, conditions.eclipse_free_orbits, world)
    found = LaunchWindow(
        epoch=lift_off,
        branch=way.branch,
        azimuth_inertial_rad=way.azimuth_inertial_rad,
        azimuth_relative_rad=way.azimuth_relative_rad,
        within_corridor=way.within_corridor,
        raan_rad=raan,
        ltan_s=3600.0 * local_time_of_node_h(raan, release, world.orientation),
        sun_elevation_rad=_sun_elevation(site, lift_off, world),
        sunlit=lit[0],
        beta_rad=lit[1],
        first_shadow_s=lit[2],
        shadow_part=lit[3],
        phase_rad=None if phase_of is None else phase_of(release, way.u_release_rad),
    )
    return _judged(found, conditions)


def _sun_elevation(site: Site, epoch: Epoch, world: World) -> float:
    """Of the Sun's centre over the pad's horizon, without refraction, rad."""
    up = enu_axes(site.latitude_rad, site.longitude_rad)[2]
    sun = world.ephemeris.position_m("sun", epoch)
    to_itrf = world.orientation.itrf_from_gcrf(epoch)
    return math.asin(float(up @ to_itrf.vector(sun / np.linalg.norm(sun))))


def _light(
    orbit: ReleaseOrbit,
    raan: float,
    u_release: float,
    release: Epoch,
    orbits: float | None,
    world: World,
) -> tuple[float, float, float | None, float]:
    """Sun seen at release, beta, time to the first shadow, and part of a revolution in one."""
    turn = world.orientation.tod_from_gcrf(release)
    sun, moon = (turn.vector(world.ephemeris.position_m(b, release)) for b in ("sun", "moon"))
    i = orbit.i_mean_rad
    along = np.array([math.cos(raan), math.sin(raan), 0.0])
    ahead = np.array([-math.cos(i) * math.sin(raan), math.cos(i) * math.cos(raan), math.sin(i)])
    normal = np.cross(along, ahead)
    beta = math.asin(float(normal @ sun) / float(np.linalg.norm(sun)))

    e = orbit.e_mean if orbit.argp_rad is not None else 0.0
    argp = orbit.argp_rad or 0.0
    looked = max(orbits or 0.0, _ORBITS)
    # equal steps of eccentric anomaly, with the time at each by Kepler's equation
    start = _eccentric(u_release - argp, e)
    anomaly = start + np.linspace(0.0, math.tau * looked, 1 + math.ceil(_POINTS * looked))
    n = math.sqrt(orbit.mu / orbit.a_mean_m**3)
    t = (anomaly - e * np.sin(anomaly) - start + e * math.sin(start)) / n
    x = orbit.a_mean_m * (np.cos(anomaly) - e)
    y = orbit.a_mean_m * math.sqrt(1.0 - e * e) * np.sin(anomaly)
    c, s = math.cos(argp), math.sin(argp)
    r = (x * c - y * s)[:, None] * along + (x * s + y * c)[:, None] * ahead
    seen = visible_fraction_of_all(
        r,
        sun,
        BODIES["sun"].radius_m,
        ((np.zeros(3), EARTH_EQUATORIAL_RADIUS_M), (moon, BODIES["moon"].radius_m)),
    )
    dark = np.flatnonzero(seen < 1.0)
    once = t <= math.tau / n * (1.0 + 1e-12)
    part = float(np.trapezoid((seen[once] < 1.0).astype(float), t[once]) * n / math.tau)
    return float(seen[0]), beta, float(t[dark[0]]) if len(dark) else None, part


def _eccentric(true_rad: float, e: float) -> float:
    """Eccentric from true anomaly, rad."""
    half = 0.5 * true_rad
    up, along = math.sqrt(1.0 - e) * math.sin(half), math.sqrt(1.0 + e) * math.cos(half)
    return 2.0 * math.atan2(up, along)


def _between(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _judged(found: LaunchWindow, asked: WindowConditions) -> LaunchWindow:
    """The row with every condition it does not meet, and by how much."""
    why: list[str] = []

    def angle(name: str, value: float, limits: tuple[float, float] | None) -> None:
        if limits is not None and not _between(value, limits):
            low, high = (math.degrees(x) for x in limits)
            why.append(f"{name} {math.degrees(value):.1f} deg, asked {low:g} to {high:g} deg")

    if asked.branch is not None and found.branch != asked.branch:
        why.append(f"{found.branch} branch, asked {asked.branch}")
    if asked.inside_corridor and found.within_corridor is False:
        why.append(
            f"heading {math.degrees(found.azimuth_relative_rad):.1f} deg lies outside the corridor"
        )
    angle("Sun at the pad", found.sun_elevation_rad, asked.sun_elevation_rad)
    angle("beta", found.beta_rad, asked.beta_rad)
    if asked.release == "sunlit" and found.sunlit < 1.0:
        why.append(f"released in shadow ({100.0 * found.sunlit:.0f} % of the Sun seen)")
    if asked.release == "shadow" and found.sunlit > 0.0:
        why.append(f"released in light ({100.0 * found.sunlit:.0f} % of the Sun seen)")
    if asked.eclipse_free_orbits is not None and found.first_shadow_s is not None:
        why.append(
            f"shadow {found.first_shadow_s / 60.0:.0f} min after release, asked"
            f" {asked.eclipse_free_orbits:g} orbits without"
        )
    if asked.phase_rad is not None and found.phase_rad is not None:
        low, high = asked.phase_rad
        if (found.phase_rad - low) % math.tau > (high - low) % math.tau:
            angle("phase", found.phase_rad, (low, high))
    return replace(found, excluded=tuple(why))
