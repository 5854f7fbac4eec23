"""Plain sense: above the ground, on the pad at first, events where the path says they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.forces import SHADOWS_M, discs, shadowing
from cosmodrome.checks.mean import crossings
from cosmodrome.checks.places import fixed_point
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.nouns import Mission
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn, Leg

    Array = NDArray[np.float64]

__all__ = ["above_ground", "eclipses", "event_states", "on_the_pad", "orbit_nodes"]

# a burn that turns the plane by more is there for that
PLANE_TURN_DEG = 5.0
NODE_S = 0.05
# how finely shadows are looked for, and at how many instants where none is told
_SHADOW_S, _MOST = 20.0, 200_000
# how far polar motion tilts the Earth-fixed equator (0.6 arcsec at most), and below which
# inclination no crossing of either means anything
POLE_RAD = 3e-6
LEAST_INCLINATION_DEG = 0.05


def on_the_pad(view: View) -> Iterator[Judged]:
    """First motion starts at the site's pad, at rest relative to it."""
    site = view.mission.site
    path = view.inertial(view.stack.path)
    t = path.breaks_s[:1]
    r, v = view.earth_fixed(path, t, path.columns_at(t))
    pad = fixed_point(site.latitude_rad, site.longitude_rad, site.height_m)
    # the launch frame treats the spin axis as fixed and the pad as on it: metres, not more
    yield at_most(
        float(np.linalg.norm(r[0] - pad)),
        50.0,
        "m",
        "T+0",
        f"distance of the path's first place from {site.name}, {site.pad}",
        object=view.stack.object,
    )
    yield at_most(
        float(np.linalg.norm(v[0])),
        1.0,
        "m/s",
        "T+0",
        "Earth-relative speed at first motion",
        object=view.stack.object,
    )


def above_ground(view: View) -> Iterator[Judged]:
    """No flown point below the ground; and on its way up a stack never sinks towards it."""
    yield from _nobody_below(view)
    if isinstance(view.flight.mission, Mission):
        yield from _climbs(view)


def _nobody_below(view: View) -> Iterator[Judged]:
    lowest: dict[str, tuple[float, str]] = {}
    for leg in view.flight.legs:
        path = view.inertial(leg.path)
        t = _dense(path.breaks_s, 4)
        lat, lon, h = view.place(path, view.earth_fixed(path, t, path.columns_at(t))[0])
        if path.frame.centre == "moon":
            h = h - terrain("moon").height_m(lat, lon)
        k = int(np.argmin(h))
        if h[k] < lowest.get(path.frame.centre, (np.inf, ""))[0]:
            where = f"{leg.object} at T+{view.since_lift_off(path, t[k : k + 1])[0]:.1f} s"
            lowest[path.frame.centre] = float(h[k]), where
    if not view.flight.legs:
        yield not_judged("nothing was flown")
        return
    # fallen bodies end on the ellipsoid: a root found to a metre is on the ground
    for centre, (low, where) in lowest.items():
        if centre == "earth":
            what, limit = "the ellipsoid", -50.0
        else:
            # the grid is that far off the true ground (1 sigma)
            what, limit = "the Moon's ground (LOLA)", -3.0 * terrain("moon").error_rms_m
        yield at_least(low, limit, "m", where, f"lowest height of any body above {what}")


def _dense(breaks: Array, each: int) -> Array:
    fraction = np.arange(each) / each
    inner = (breaks[:-1, None] + np.diff(breaks)[:, None] * fraction).ravel()
    return np.append(inner, breaks[-1])


def _climbs(view: View) -> Iterator[Judged]:
    """Height rises to the end of the first stage; speed gained in every burn of the ascent."""
    t, h = view.stack_t_s, view.air.h_m
    end = view.first_stage_end_s
    rising = h[t <= end]
    yield at_least(
        float(np.diff(rising).min()) if rising.size > 1 else float("nan"),
        -0.5,
        "m",
        f"T+0 .. T+{end:.0f} s",
        "smallest step in height between samples of the first stage",
        object=view.stack.object,
    )
    speed = np.linalg.norm(view.stack_samples.values[:, 3:6], axis=1)
    for burn in sorted(view.stack.ledger.burns, key=lambda b: b.start_s):
        if burn.start_s > view.release_s:
            continue  # on to another orbit, which may lie lower
        a, b = np.interp([max(burn.start_s, t[0]), burn.end_s], t, speed)
        where = f"{burn.stage}, T+{burn.start_s:.0f} .. T+{burn.end_s:.0f} s"
        if b < a:
            yield from _slower(view, burn, where)
            continue
        yield at_least(
            float(b - a),
            0.0,
            "m/s",
            where,
            "inertial speed gained by the burn",
            object=burn.stage,
        )


def _slower(view: View, burn: Burn, where: str) -> Iterator[Judged]:
    """A burn that ends slower than it began: it climbs, or turns the plane of the orbit."""
    path = view.inertial(view.stack.path)
    first = max(burn.start_s, float(view.stack_t_s[0]))
    ends = path.columns_at(view.all_in_path(path, np.array([first, burn.end_s])))
    r, v = ends[:, 0:3], ends[:, 3:6]
    mu = float(view.world.gravity().mu_m3_s2)
    energy = 0.5 * np.sum(v * v, axis=1) - mu / np.linalg.norm(r, axis=1)
    h = np.cross(r, v)
    cosine = float(h[0] @ h[1]) / float(np.linalg.norm(h[0]) * np.linalg.norm(h[1]))
    turned = float(np.degrees(np.arccos(min(1.0, cosine))))
    gained = float(energy[1] - energy[0])
    if gained <= 0.0 and turned > PLANE_TURN_DEG:
        yield not_judged(
            f"the burn turns the plane by {turned:.2f} deg, which need not gain speed",
            where=where,
            object=burn.stage,
        )
        return
    yield at_least(
        gained / 1e6,
        0.0,
        "km^2/s^2",
        where,
        "orbital energy gained by a burn that ends slower than it began",
        object=burn.stage,
    )


def event_states(view: View) -> Iterator[Judged]:
    """Height, speeds and mass in every event against the path at that instant."""
    worst: dict[str, Judged] = {}
    count = 0
    for leg in view.flight.legs:
        path = view.inertial(leg.path)
        events = [e for e in leg.events if path.start <= e.epoch <= path.end]
        for nameless in (e for e in leg.events if not e.name.strip()):
            yield Judged(
                "fails", None, None, "", None, f"{leg.object}, T+{nameless.t_s:.1f} s",
                "an event without a name: nobody can read it", leg.object,
            )  # fmt: skip
        if not events:
            continue
        count += len(events)
        t = np.array([e.epoch - path.epoch for e in events])
        y = path.columns_at(t)
        r, v = view.earth_fixed(path, t, y)
        latitude, _, h = view.place(path, r)
        for stray in (e for e in events if e.body != path.frame.centre):
            yield Judged(
                "fails", None, None, "", None, f"{stray.name} of {leg.object}",
                f"an event told about the {stray.body} on a path about the {path.frame.centre}",
                leg.object,
            )  # fmt: skip
        rows = (
            ("m", 1.0, h, [e.altitude_m for e in events], "altitude"),
            (
                "m/s",
                1e-3,
                np.linalg.norm(y[:, 3:6], axis=1),
                [e.speed_inertial_m_s for e in events],
                "inertial speed",
            ),
            (
                "m/s relative",
                1e-3,
                np.linalg.norm(v, axis=1),
                [e.speed_relative_m_s for e in events],
                "Earth-relative speed",
            ),
            (
                "deg",
                1e-4,
                np.degrees(latitude),
                [float(np.degrees(e.latitude_rad)) for e in events],
                "latitude",
            ),
            (
                "s",
                1e-6,
                np.array([e.epoch - view.lift_off for e in events]),
                [e.t_s for e in events],
                "time since lift-off",
            ),
        )
        for unit, limit, own, told, what in rows:
            off = np.abs(own - np.array(told))
            k = int(np.argmax(off))
            if unit in worst and (worst[unit].measured or 0.0) >= off[k]:
                continue
            worst[unit] = at_most(
                float(off[k]),
                limit,
                unit.split()[0],
                f"{events[k].name} of {leg.object}",
                f"largest difference in {what} between an event and the path",
                object=leg.object,
            )
    if not count:
        yield not_judged("no event was recorded")
    yield from worst.values()


def _grid(leg: Leg, step_s: float) -> Array:
    first, last = float(leg.path.breaks_s[0]), float(leg.path.breaks_s[-1])
    return np.linspace(first, last, max(3, int((last - first) / step_s) + 1))


def orbit_nodes(view: View) -> Iterator[Judged]:
    """Equator crossings counted again by brute force on the path, and each at its instant."""
    leg = view.orbit
    path = view.inertial(leg.path)
    names = ("ascending node", "descending node")
    if not leg.events:
        yield not_judged("the orbit leg records no event at all")
        return
    # the equator the chapter counted on is the true one of date or the Earth-fixed one: the two
    # planes differ by polar motion only, a few metres of height
    axis = view.equator[2]
    if path.frame.centre == "moon":
        yield from _lunar_nodes(view, leg)
        return
    inclination = float(np.degrees(view.mean.i_rad))
    if min(inclination, 180.0 - inclination) < LEAST_INCLINATION_DEG:
        yield not_judged(
            f"the orbit lies in the equator ({inclination:.4f} deg): it crosses it nowhere in"
            " particular"
        )
        return
    up, down = crossings(lambda t: path.columns_at(t)[:, 0:3] @ axis, _grid(leg, 60.0))
    for name, own in zip(names, (up, down), strict=True):
        told = np.array(sorted(e.epoch - path.epoch for e in leg.events if e.name == name))
        limit = NODE_S
        if own.size:
            y = path.columns_at(own)
            height = POLE_RAD * np.linalg.norm(y[:, 0:3], axis=1)
            limit = max(limit, float(np.max(height / np.abs(y[:, 3:6] @ axis))))
        yield from _match(name, own, told, path.breaks_s, limit, leg.object)


def _lunar_nodes(view: View, leg: Leg) -> Iterator[Judged]:
    """The same about the Moon: its equator is that of the field's principal axes, which librate."""
    path = view.inertial(leg.path)
    axes = view.field("moon").axes

    def height(t: Array) -> Array:
        pole = fixed_from_gcrf_many(view.world, "moon", axes, path.epoch, t).matrix[:, 2]
        out: Array = np.einsum("nc,nc->n", path.columns_at(t)[:, 0:3], pole)
        return out

    up, down = crossings(height, _grid(leg, 60.0))
    for name, own in (("ascending node", up), ("descending node", down)):
        told = np.array(sorted(e.epoch - path.epoch for e in leg.events if e.name == name))
        yield from _match(name, own, told, path.breaks_s, NODE_S, leg.object)


def eclipses(view: View) -> Iterator[Judged]:
    """Entries into and exits from shadow found again by sampling the Sun's visible disc."""
    leg = view.orbit
    path = view.inertial(leg.path)
    if not leg.events:
        yield not_judged("the orbit leg records no event at all")
        return
    found = [e for e in leg.events if "umbra" in e.name or "eclipse" in e.name]

    def depth(t: Array, sign: float, body: str) -> Array:
        """Separation of the discs less the sum (or difference) of their radii; < 0 in shadow."""
        centre, eph = path.frame.centre, view.world.ephemeris
        sun = eph.positions_m("sun", path.epoch, t, centre)
        r = path.columns_at(t)[:, 0:3]
        if body != centre:
            other = eph.positions_m(body, path.epoch, t, centre)
            sun, r = sun - other, r - other
        apart, sun_radius, earth_radius = discs(r, sun, SHADOWS_M[body])
        return apart - (earth_radius + sign * sun_radius)

    # of years without a shadow told it is asked whether there is one, not when
    step_s = _SHADOW_S if found else max(_SHADOW_S, (path.breaks_s[-1] - path.breaks_s[0]) / _MOST)
    grid = _grid(leg, float(step_s))
    for part, sign, body in (
        (*p, b) for b in shadowing(view, path) for p in (("penumbra", 1.0), ("umbra", -1.0))
    ):
        leave, enter = crossings(lambda t, s=sign, b=body: depth(t, s, b), grid)  # type: ignore[misc]
        for way, own in (("entry", enter), ("exit", leave)):
            whose = "" if body == path.frame.centre else f" of the {body.capitalize()}'s shadow"
            name = f"{part} {way}{whose}"
            told = np.array(sorted(e.epoch - path.epoch for e in found if e.name == name))
            # the same round Earth of equatorial radius, found by another search
            yield from _match(name, own, told, path.breaks_s, 0.05, leg.object)


def _match(
    name: str, own: Array, told: Array, breaks: Array, limit_s: float, object: str
) -> Iterator[Judged]:
    """Same number of instants, and each within a limit; those at the path's ends are free."""
    edge = 2.0 * limit_s

    def inside(t: Array) -> Array:
        kept: Array = t[(t > breaks[0] + edge) & (t < breaks[-1] - edge)]
        return kept

    a, b = inside(own), inside(told)
    yield at_most(
        float(abs(len(a) - len(b))),
        0.0,
        "events",
        f"{name}, orbit leg",
        f"{len(b)} recorded, {len(a)} found by sampling",
        object=object,
    )
    if len(a) == len(b) and len(a):
        k = int(np.argmax(np.abs(a - b)))
        yield at_most(
            float(abs(a[k] - b[k])),
            limit_s,
            "s",
            f"{name} number {k + 1}",
            f"largest difference of {len(a)} instants",
            object=object,
        )
