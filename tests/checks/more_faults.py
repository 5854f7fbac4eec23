"""More faults to plant: name -> (check that must see it, verdict, plant)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.catalog.nouns import Station
from cosmodrome.mission.avoiding import Avoid
from cosmodrome.mission.nouns import Start, StartState
from cosmodrome.record.nouns import ForceAudit
from cosmodrome.world.frame import ITRF
from cosmodrome.world.trajectory import Trajectory
from tests.checks import synthetic

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight, Leg

DEG = np.pi / 180.0
KNOWN = np.diag([1e4, 1e4, 1e4, 1e-2, 1e-2, 1e-2])


def leg(g: Any, object: str) -> Leg:
    found: Leg = next(x for x in g.flight.legs if x.object == object)
    return found


def scaled(path: Trajectory, columns: slice, factor: float) -> Trajectory:
    """A path some of whose columns are in another unit."""
    c = path.coefficients.copy()
    c[:, :, columns] *= factor
    return Trajectory(path.epoch, path.frame, path.breaks_s.copy(), c, path.columns)


def turning(g: Any) -> Flight:
    """The orbit told in axes that turn with the Earth, and called GCRF."""
    p = leg(g, "spacecraft").path
    short = Trajectory.fit(
        p.epoch, p.frame, p.breaks_s[:20],
        lambda t, k: np.column_stack([
            *_turned(g, p, t), p.columns_at(t)[:, 6:]]),
        nodes=20, columns=p.columns,
    )  # fmt: skip
    return g.orbit(path=short, start=short.at(short.start), end=short.at(short.end))


def _turned(g: Any, path: Trajectory, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y = path.columns_at(t)
    turn = g.world.orientation.itrf_from_gcrf_many(path.epoch, t)
    return turn.velocity(y[:, 0:3], y[:, 3:6])


def replanned(g: Any, **changes: Any) -> Flight:
    """The plan told otherwise."""
    changed: Flight = g.stack(plan=replace(leg(g, "stack").plan, **changes))
    return changed


def about_by(axis: np.ndarray, angle: float) -> np.ndarray:
    """(3, 3) turn about an axis (Rodrigues)."""
    k = np.cross(np.eye(3), axis)
    turn: np.ndarray = np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * k @ k
    return turn


def axes_turned(g: Any, deg: float, about: np.ndarray | None = None) -> Flight:
    """The plan's axes turned about the pad's vertical, or another direction."""
    plan = leg(g, "stack").plan
    n = np.array([1.0, 0.0, 0.0]) if about is None else about
    return replanned(g, launch_axes=about_by(n, deg * DEG) @ plan.launch_axes)


def leaning_elsewhere(g: Any, deg: float) -> Flight:
    """The thrust programme of another azimuth in axes that are right."""
    attitude = leg(g, "stack").plan.attitude
    # the synthetic pad's vertical, in axes of its own meridian
    latitude = g.flight.mission.site.latitude_rad
    n = np.array([np.cos(latitude), 0.0, np.sin(latitude)])
    turned = attitude.coefficients @ about_by(n, deg * DEG).T
    return replanned(g, attitude=replace(attitude, coefficients=turned))


def relabelled(g: Any) -> Flight:
    start = replace(leg(g, "spacecraft").start, frame=ITRF)
    return g.orbit(start=start)


def handed(g: Any, given: dict[str, Any], taken: dict[str, Any]) -> Flight:
    """The hand-over to the orbit and the orbit's start with other things carried."""
    o = leg(g, "spacecraft")
    hand = replace(o.handover_in, state=replace(o.handover_in.state, **given))
    return g.orbit(handover_in=hand, start=replace(o.start, **taken))


def misnamed(g: Any) -> Flight:
    """The fairing's jettison and the event after it have changed names."""
    told = list(leg(g, "stack").events)
    k = next(k for k, e in enumerate(told) if e.name == "fairing jettison")
    names = told[k].name, told[k + 1].name
    told[k], told[k + 1] = replace(told[k], name=names[1]), replace(told[k + 1], name=names[0])
    flight: Flight = g.stack(events=tuple(told))
    return flight


def late(g: Any, seconds: float) -> Flight:
    """The orbit was handed an epoch on another scale."""
    o = leg(g, "spacecraft")
    state = replace(o.handover_in.state, epoch=o.handover_in.state.epoch + seconds)
    return g.orbit(handover_in=replace(o.handover_in, state=state))


def come_back(g: Any) -> Flight:
    """The core, pushed by what still burns in it, meets the stack a minute after it left."""
    core, stack = leg(g, "core"), leg(g, "stack")
    p, begun = core.path, core.start.epoch
    lag = p.epoch - stack.path.epoch

    def columns(t: np.ndarray, k: int) -> np.ndarray:
        y = p.columns_at(t).copy()
        near = np.exp(-(((t + (p.epoch - begun) - 60.0) / 10.0) ** 2))[:, None]
        there = stack.path.columns_at(np.minimum(t + lag, stack.path.breaks_s[-1]))
        y[:, 0:3] += near * (there[:, 0:3] - y[:, 0:3])
        return y

    path = Trajectory.fit(
        p.epoch, p.frame, np.linspace(p.breaks_s[0], p.breaks_s[0] + 200.0, 41), columns,
        nodes=14, columns=p.columns,
    )  # fmt: skip
    return g.legs("ascent", "core", path=path)


def kept(g: Any) -> Flight:
    """The fairing stayed on."""
    ledger = leg(g, "stack").ledger
    separated = {k: v for k, v in ledger.separated_kg.items() if k != "fairing"}
    flight = g.ledger(separated_kg=separated)
    return replace(flight, legs=tuple(x for x in flight.legs if x.object != "fairing"))


def stations(g: Any, mask_rad: float) -> Flight:
    there = Station("vostochny", 51.88 * DEG, 128.33 * DEG, 250.0, mask_rad)
    flight: Flight = g.mission(stations=(there,))
    return flight


def beside(g: Any, ahead_s: float) -> Flight:
    """A station on the spacecraft's orbit, so far ahead of it."""
    path = leg(g, "spacecraft").path
    y = path.columns_at(7200.0 + ahead_s)
    r, v = (tuple(float(x) for x in c) for c in (y[0:3], y[3:6]))
    start = Start(path.epoch + 7200.0, state=StartState("gcrf", r, v))
    flight: Flight = g.mission(avoid=(Avoid("station", start, 200e3, 6.0 * 3600.0),))
    return flight


def audited(g: Any, factor: float, *more: str, field: bool = True) -> Flight:
    """The orbit with an audit: zonal terms by another hand, times a factor, and more forces."""
    path = leg(g, "spacecraft").path
    planet = synthetic._Planet(g.world, g.flight.launch.epoch)
    r = path.columns_at(np.linspace(0.0, 86_400.0, 500))[:, 0:3]
    size = np.mean(
        [np.linalg.norm(planet.gravity(x) + planet.mu * x / np.linalg.norm(x) ** 3) for x in r]
    )
    rows = [ForceAudit("earth, central term", 7.7, 7.7, "test")]
    if field:
        rows.append(ForceAudit("earth, harmonics to 4x0", 0.02, factor * float(size), "test"))
    rows += [ForceAudit(name, 1e-6, 1e-6, "test") for name in more]
    flight: Flight = g.orbit(audit=tuple(rows))
    return flight


def in_the_light_of_nothing(g: Any) -> Flight:
    """Sunlight asked for, on a spacecraft that has no area for it."""
    flight = audited(g, 1.0, "radiation pressure")
    mission = flight.mission
    craft = replace(mission.spacecraft, srp_area_m2=0.0)
    physics = replace(mission.physics, radiation_pressure=True)
    return replace(flight, mission=replace(mission, spacecraft=craft, physics=physics))


def shaded(g: Any, seconds: float) -> Flight:
    flight: Flight = g.mission(spacecraft=replace(g.flight.mission.spacecraft, shadow_s=seconds))
    return flight


def airy(g: Any, area_m2: float) -> Flight:
    """Flown with air, everything left behind as large as that."""
    mission = g.flight.mission
    vehicle = mission.vehicle
    upper = replace(vehicle.stages[-1], ballistic_cd_area_m2=area_m2)
    flight: Flight = g.mission(
        physics=replace(mission.physics, drag="nrlmsise00"),
        spacecraft=replace(mission.spacecraft, drag_area_m2=area_m2),
        vehicle=replace(vehicle, stages=(*vehicle.stages[:-1], upper)),
    )
    return flight


def turned_by(angle: float) -> np.ndarray:
    """The quaternion of a turn."""
    return np.array([np.cos(0.5 * angle), 0.0, 0.0, np.sin(0.5 * angle)])


UPRIGHT = turned_by(0.0)


def lopsided() -> np.ndarray:
    p = KNOWN.copy()
    p[0, 3] = 1.0
    return p


def impossible() -> np.ndarray:
    p = KNOWN.copy()
    p[0, 3] = p[3, 0] = 20.0
    return p


MORE: dict[str, tuple[str, str, Any]] = {
    "a plan of half the payload": ("plan-masses", "fails", lambda g: (
        replanned(g, targets={"payload_kg": 1450.0}), g.world)),
    "a plan made in pounds": ("plan-masses", "fails", lambda g: (
        replanned(g, initial_mass_kg=leg(g, "stack").start.mass_kg / 0.45359237), g.world)),
    "no node is told": ("orbit-nodes", "fails", lambda g: (
        g.orbit(events=tuple(
            e for e in leg(g, "spacecraft").events if "node" not in e.name) or (
            replace(leg(g, "spacecraft").events[0], name="end of coast"),)), g.world)),
    "5 kg more left than there are": ("tanks", "fails", lambda g: (
        g.ledger(propellant_kg={
            "upper": leg(g, "stack").ledger.propellant_kg["upper"] + 5.0}), g.world)),
    "axes of another flight": ("alignment", "fails", lambda g: (axes_turned(g, 20.0), g.world)),
    "axes a tenth of a degree aside": ("alignment", "fails", lambda g: (
        axes_turned(g, 0.1, np.array([0.0, 0.6, 0.8])), g.world)),
    "axes half a turn off": ("alignment", "fails", lambda g: (axes_turned(g, 180.0), g.world)),
    "axes that are none": ("alignment", "fails", lambda g: (
        replanned(g, launch_axes=np.diag([1.0, 1.0, -1.0])), g.world)),
    "thrust of another azimuth": ("alignment", "fails", lambda g: (
        leaning_elsewhere(g, 20.0), g.world)),
    "an orbit in axes that turn": ("seam-frames", "fails", lambda g: (turning(g), g.world)),
    "a start said to be in the ITRF": ("seam-frames", "fails", lambda g: (
        relabelled(g), g.world)),
    "a place handed over in km": ("seam-units", "fails", lambda g: (
        handed(g, {"r_m": 1e-3 * leg(g, "spacecraft").start.r_m}, {}), g.world)),
    "velocities of the orbit in ft/s": ("seam-units", "fails", lambda g: (
        g.orbit(path=scaled(leg(g, "spacecraft").path, slice(3, 6), 1.0 / 0.3048)), g.world)),
    "an epoch of GPS time taken for TAI": ("seam-scales", "fails", lambda g: (
        late(g, 19.0), g.world)),
    "an impact a leap second off": ("seam-scales", "fails", lambda g: (
        g.legs("ascent", "core", impact=replace(
            leg(g, "core").impact, epoch=leg(g, "core").impact.epoch + 1.0)), g.world)),
    "a turn at the hand-over": ("seam-attitudes", "fails", lambda g: (
        handed(g, {"attitude": UPRIGHT}, {"attitude": turned_by(2.0 * DEG)}), g.world)),
    "a quaternion of another length": ("seam-attitudes", "fails", lambda g: (
        handed(g, {"attitude": 1.1 * UPRIGHT}, {"attitude": 1.1 * UPRIGHT}), g.world)),
    "an attitude dropped": ("seam-attitudes", "warns", lambda g: (
        handed(g, {"attitude": UPRIGHT}, {}), g.world)),
    "a covariance that is not symmetric": ("seam-covariances", "fails", lambda g: (
        handed(g, {"covariance": lopsided()}, {"covariance": lopsided()}), g.world)),
    "a correlation above one": ("seam-covariances", "fails", lambda g: (
        handed(g, {"covariance": impossible()}, {"covariance": impossible()}), g.world)),
    "a covariance in km^2": ("seam-covariances", "fails", lambda g: (
        handed(g, {"covariance": KNOWN}, {"covariance": 1e-6 * KNOWN}), g.world)),
    "a covariance dropped": ("seam-covariances", "warns", lambda g: (
        handed(g, {"covariance": KNOWN}, {}), g.world)),
    "a margin that dispersions eat up": ("reserve", "warns", lambda g: (
        g.stage("upper", residual_kg=5_400.0), g.world)),
    "too little for the second burn": ("restart-gate", "fails", lambda g: (
        g.stage("upper", residual_kg=5_600.0), g.world)),
    "settling that took nothing": ("restart-gate", "fails", lambda g: (
        g.stage("upper", settling_s=40.0, settling_flow_kg_s=0.001), g.world)),
    "settling longer than the coast": ("restart-gate", "fails", lambda g: (
        g.stage("upper", settling_s=4_000.0), g.world)),
    "a core that comes back": ("recontact", "fails", lambda g: (come_back(g), g.world)),
    "a fairing that stays on": ("fairing-off", "fails", lambda g: (kept(g), g.world)),
    "half a fairing": ("fairing-off", "fails", lambda g: (
        g.vehicle(fairing=replace(g.flight.mission.vehicle.fairing, mass_kg=3_400.0)), g.world)),
    "a fairing off under another event's name": ("fairing-off", "fails", lambda g: (
        misnamed(g), g.world)),
    "a fairing off in the air": ("fairing-off", "fails", lambda g: (
        g.flown_again(synthetic.Truth(fairing_s=151.0, kick_rad=0.085)), g.world)),
    "a battery for 20 minutes": ("shadow", "fails", lambda g: (shaded(g, 1200.0), g.world)),
    "the second burn out of sight": ("critical-events", "warns", lambda g: (
        stations(g, 5.0 * DEG), g.world)),
    "a station ten seconds ahead": ("conjunctions", "fails", lambda g: (
        beside(g, 10.0), g.world)),
    "a field left out": ("force-audit", "fails", lambda g: (
        audited(g, 1.0, field=False), g.world)),
    "a Moon that nobody asked for": ("force-audit", "fails", lambda g: (
        audited(g, 1.0, "moon"), g.world)),
    "half a field": ("force-audit", "fails", lambda g: (audited(g, 0.5), g.world)),
    "light on no area": ("force-audit", "warns", lambda g: (
        in_the_light_of_nothing(g), g.world)),
    "left in orbit for a century": ("lifetime", "warns", lambda g: (airy(g, 12.0), g.world)),
}  # fmt: skip

# where the clean flight is not judged: what must hold
SOUND: dict[str, tuple[str, Any]] = {
    "an attitude carried over": ("seam-attitudes", lambda g: (
        handed(g, {"attitude": UPRIGHT}, {"attitude": -UPRIGHT}), g.world)),
    "a covariance carried over": ("seam-covariances", lambda g: (
        handed(g, {"covariance": KNOWN}, {"covariance": KNOWN}), g.world)),
    "settling by what is weighed nowhere": ("restart-gate", lambda g: (
        g.stage("upper", settling_s=40.0), g.world)),
    "a battery for 40 minutes": ("shadow", lambda g: (shaded(g, 2400.0), g.world)),
    "stations everywhere": ("critical-events", lambda g: (stations(g, -90.0 * DEG), g.world)),
    "a station half a revolution ahead": ("conjunctions", lambda g: (beside(g, 3000.0), g.world)),
    "an audit by another hand": ("force-audit", lambda g: (audited(g, 1.0), g.world)),
    "sails that bring all down": ("lifetime", lambda g: (airy(g, 5_000.0), g.world)),
}  # fmt: skip
