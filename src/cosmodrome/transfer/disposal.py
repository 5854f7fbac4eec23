"""Leaving an orbit for good: the perigee lowered until the air does the rest, or a graveyard.

The lowering is by burns against the motion at the mean apogee, as many as the thrust needs; how
low the perigee must come is found by `targets.lifetime`. No place of an entry is aimed at. Above
the geostationary orbit two burns raise and round the orbit.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.coasting import coast as fly_on
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import mean_from_true
from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission.geostationary import GEOSTATIONARY_RADIUS_M
from cosmodrome.mission.nouns import Coast, Condition, Manoeuvre, Solve
from cosmodrome.record.upkeep import UpkeepRecord
from cosmodrome.targets.lifetime import FLOOR_M, Surroundings, decay, mean_orbit
from cosmodrome.transfer import targeting
from cosmodrome.transfer.burn import engine_of, flown_burn, propellant_of
from cosmodrome.transfer.conditions import Frame, measured
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission, Deorbit, Step
    from cosmodrome.physics.orbit_averages import MeanOrbit
    from cosmodrome.record.nouns import Handover
    from cosmodrome.targets.lifetime import Decay
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["DisposalPlanner", "graveyard_rise_m"]

_RE = EARTH_EQUATORIAL_RADIUS_M
_DAY, _YEAR = 86_400.0, 365.25 * 86_400.0
#: of the time that is asked, what the planner aims at: another road may find it a little longer
_AIM = 0.95
_NEAR = 0.02
#: of a revolution, what one burn may last: 22 deg to either side of the apogee
_ARC = 0.125
_MOST_BURNS = 12
#: the graveyard is aimed at above what the rule asks, so that Sun and Moon have room
_ROOM_M = 8e3
_ROUND = 1e-4
_NEAR_GEO_M = 500e3


def graveyard_rise_m(reflectivity: float, area_over_mass_m2_kg: float) -> float:
    """How far above the geostationary orbit the perigee of a disposed spacecraft must lie, m.

    235 km + 1000 C_R A/m: 200 km of the protected region, 35 km that Sun and Moon move it, and
    light (IADC-02-01, Space Debris Mitigation Guidelines, 5.3.1; ISO 26872).
    """
    return 235e3 + 1e6 * reflectivity * area_over_mass_m2_kg


class DisposalPlanner:
    """Chooses coasts and burns, a few at a time, from what was really reached."""

    def __init__(
        self,
        step: Deorbit,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        self.step, self.mission, self.world, self.watch = step, mission, world, watch
        self.craft = mission.spacecraft
        self.begun = given.state
        self.mu = world.gravity().mu_m3_s2
        self.notes: list[str] = []
        self.burns = 0
        self.delta_v = 0.0
        self.untouched: Decay | None = None
        self.left: Decay | None = None
        self._aim_m: float | None = None
        self._many: int | None = None
        self._over = False

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """What to fly from the state that is handed over (GCRF); () when the step is done.

        Raises InfeasibleError with what is short in kg and m/s, or the years it would live.
        """
        stop_if_cancelled(self.watch)
        if self._over:
            return ()
        if self.step.graveyard:
            self._over = True
            return self._marked(self._raised(given))
        orbit = mean_orbit(given.state, self.world)
        if self._many is None:
            self._decide(given, orbit)
            if self._many == 0:
                self._over = True
                period = 2.0 * math.pi * math.sqrt(orbit.a_m**3 / self.mu)
                return self._marked((Coast(duration_s=1.05 * period),))
        if self.burns == self._many:
            self._over = True
            self._look_back(given, orbit)
            return ()
        return self._marked(self._lowered(given, orbit))

    def told(self, given: Handover) -> UpkeepRecord:
        """What it came to."""
        left, untouched = self.left, self.untouched
        return UpkeepRecord(
            self.step.name,
            "deorbit",
            self.begun.epoch,
            given.state.epoch,
            self.burns,
            self.delta_v,
            self.begun.mass_kg - given.state.mass_kg,
            self.step.within_s,
            None if left is None else left.lifetime_s,
            None if untouched is None else untouched.lifetime_s,
            tuple(self.notes),
        )

    # the perigee lowered ----------------------------------------------------------------
    def _decay(self, orbit: MeanOrbit, state: State, mass_kg: float, at_most_s: float) -> Decay:
        around = Surroundings(
            state.epoch,
            mass_kg,
            self.craft,
            self.mission.physics,
            self.mission.space_weather,
            self.world,
        )
        return decay(orbit, around, at_most_s, self.watch)

    def _decide(self, given: Handover, orbit: MeanOrbit) -> None:
        """How low the perigee is to come, and by how many burns."""
        state, step = given.state, self.step
        low = orbit.perigee_m - _RE
        if step.within_s is None:
            assert step.perigee is not None
            wanted = step.perigee[0]
            here = measured(
                Condition("perigee", *step.perigee), state, Frame(state.epoch, self.world)
            )
            if here <= wanted + step.perigee[1]:
                self._many = 0
                self.notes.append(
                    f"the perigee already lies at {here / 1e3:.1f} km: no burn is needed"
                )
                return
        else:
            self.watch.tell("transfer", None, f"looking at {step.within_s / _YEAR:g} years ahead")
            self.untouched = self._decay(orbit, state, state.mass_kg, step.within_s)
            weather = self.untouched.weather
            if self.untouched.lifetime_s <= step.within_s:
                self._many, self.left = 0, self.untouched
                self.notes.append(
                    f"decays of itself in {_span(self.untouched.lifetime_s)}, within the"
                    f" {_span(step.within_s)} asked: no burn is needed ({weather})"
                )
                return
            wanted = self._height(orbit, state, low)
        need = self._need_m_s(orbit, wanted)
        self._affords(given, orbit, wanted, need)
        self._aim_m = wanted
        period = 2.0 * math.pi * math.sqrt(orbit.a_m**3 / self.mu)
        engine = engine_of(self.craft)
        lasts = engine.burnt_kg(state.mass_kg, need) / engine.flow_kg_s
        # a lower orbit has a shorter revolution, and finite burns lose a little
        many = self.step.burns or math.ceil(1.1 * lasts / (_ARC * period))
        if many > _MOST_BURNS:
            raise InfeasibleError(
                f"{step.name!r} takes {need:.1f} m/s, {lasts / 3600:.1f} h of burning at"
                f" {engine.thrust_n:g} N: {many} burns of an eighth of a revolution, and"
                f" {_MOST_BURNS} are planned at most. Write a transfer with low_thrust: true to"
                " a lower orbit before it, or a stronger engine"
            )
        self._many = many

    def _need_m_s(self, orbit: MeanOrbit, perigee_m: float) -> float:
        """At the apogee, against the motion, to bring the perigee to a height (vis-viva)."""
        high, low = orbit.a_m * (1.0 + orbit.eccentricity), _RE + perigee_m
        if low >= high:
            return 0.0
        return math.sqrt(self.mu * (2.0 / high - 1.0 / orbit.a_m)) - math.sqrt(
            2.0 * self.mu * low / (high * (high + low))
        )

    def _height(self, orbit: MeanOrbit, state: State, low: float) -> float:
        """The mean perigee, m above the equator, whose orbit lives for the time aimed at.

        In the logarithm of the lifetime over the height, which is nearly a line: from below,
        where a decay is short and soon computed.
        """
        assert self.step.within_s is not None
        goal = _AIM * self.step.within_s
        bottom, top = FLOOR_M + 5e3, low
        # what is known below and above: (height, log of lifetime over goal)
        known: tuple[float, float] | None = None
        above: tuple[float, float] | None = None
        height = min(
            200e3 + 60e3 * math.log10(max(goal / (30.0 * _DAY), 1.0)), 0.5 * (low + bottom)
        )
        for _ in range(14):
            mass = self._mass_after(orbit, state, height)
            changed = self._with_perigee(orbit, height)
            life = self._decay(changed, state, mass, self.step.within_s).lifetime_s
            ratio = math.log(max(min(life, 1.2 * self.step.within_s), 60.0) / goal)
            if abs(ratio) < _NEAR and life <= self.step.within_s:
                return height
            if ratio > 0.0:
                top, above = height, (height, ratio) if math.isfinite(life) else None
            else:
                bottom, known = height, (height, ratio)
            if top - bottom < 50.0:
                break
            height = _between(bottom, top, known, above)
        return bottom

    def _with_perigee(self, orbit: MeanOrbit, perigee_m: float) -> MeanOrbit:
        high, low = orbit.a_m * (1.0 + orbit.eccentricity), _RE + perigee_m
        e = (high - low) / (high + low)
        size = orbit.eccentricity
        along = orbit.e / size if size > 1e-9 else orbit.node[0]
        return replace(orbit, a_m=0.5 * (high + low), e=e * along)

    def _mass_after(self, orbit: MeanOrbit, state: State, perigee_m: float) -> float:
        engine = self.craft.engine
        if engine is None:
            return state.mass_kg
        burnt = engine.burnt_kg(state.mass_kg, self._need_m_s(orbit, perigee_m))
        return state.mass_kg - burnt

    def _affords(self, given: Handover, orbit: MeanOrbit, wanted: float, need: float) -> None:
        step, engine = self.step, self.craft.engine
        why = f"a perigee of {wanted / 1e3:.0f} km takes {need:.1f} m/s"
        if step.within_s is not None:
            why = (
                f"the orbit lives longer than the {_span(step.within_s)} asked"
                f" ({self.untouched.weather if self.untouched else ''}), and {why}"
            )
        if engine is None:
            raise InfeasibleError(
                f"{step.name!r}: {why}, which {self.craft.id} without an engine cannot give; write"
                " engine: {thrust: 22 N, isp: 220 s} and propellant under spacecraft, a lower"
                " orbit, or a longer time"
            )
        held = given.propellant_kg.get(self.craft.id, 0.0)
        burnt = engine.burnt_kg(given.state.mass_kg, need)
        if burnt > held:
            able = engine.delta_v_m_s(given.state.mass_kg, held)
            raise InfeasibleError(
                f"{step.name!r}: {why}, {burnt:.1f} kg; {held:.1f} kg are left, good for"
                f" {able:.1f} m/s: {need - able:.1f} m/s or {burnt - held:.1f} kg are short. Load"
                " more, or begin lower"
            )

    def _lowered(self, given: Handover, orbit: MeanOrbit) -> tuple[Coast | Manoeuvre, ...]:
        """A coast to the apogee and a burn about it: the last one aimed in full dynamics."""
        assert self._aim_m is not None
        assert self._many is not None
        state, engine = given.state, engine_of(self.craft)
        last = self.burns + 1 == self._many
        need = self._need_m_s(orbit, self._aim_m)
        size = need / (self._many - self.burns)
        lasts = engine.burnt_kg(state.mass_kg, size) / engine.flow_kg_s
        wait = self._to_apogee(state, orbit, 0.5 * lasts)
        coast = Coast(duration_s=wait)
        start = fly_on(
            state,
            coast,
            Dynamics.of(self.mission.physics, self.craft, self.mission.space_weather),
            self.world,
            dense=False,
        ).end
        burn = Manoeuvre(
            (-1.0, 0.0, 0.0),
            delta_v_m_s=size,
            name=f"{self.step.name} burn {self.burns + 1}",
        )
        if last:
            burn = self._aimed(start, burn)
        held = given.propellant_kg.get(self.craft.id, 0.0)
        burnt = propellant_of(burn, engine, state.mass_kg)
        if burnt > held:
            able = engine.delta_v_m_s(state.mass_kg, held)
            raise InfeasibleError(
                f"{burn.name!r} takes {burnt:.2f} kg ({burn.delta_v_m_s:.2f} m/s) and {held:.2f} kg"
                f" are left, good for {able:.2f} m/s: {burnt - held:.2f} kg are short"
            )
        self.burns += 1
        self.delta_v += burn.delta_v_m_s or 0.0
        return coast, burn

    def _to_apogee(self, state: State, orbit: MeanOrbit, ahead_s: float) -> float:
        """Seconds until so long before the next mean apogee; a second at least."""
        field = self.world.gravity()
        axes = self.world.orientation.tod_from_gcrf(state.epoch)
        r, v = mean_from_osculating(
            axes.vector(state.r_m),
            axes.vector(state.v_m_s),
            self.mu,
            field.radius_m,
            field.zonal_j(2),
        )
        x = elements_from_state(r, v, self.mu)
        mean = mean_from_true(x.true_anomaly_rad, x.e)
        n = math.sqrt(self.mu / orbit.a_m**3)
        wait = (math.pi - mean) % (2.0 * math.pi) / n - ahead_s
        if wait < 1.0:
            wait += 2.0 * math.pi / n
        return wait

    def _aimed(self, start: State, burn: Manoeuvre) -> Manoeuvre:
        """The burn whose end has the perigee that is wanted, by secants in full dynamics."""
        assert self._aim_m is not None
        assert burn.delta_v_m_s is not None
        close = (
            20.0 if self.step.within_s is not None else 0.02 * (self.step.perigee or (0, 1e3))[1]
        )
        trials: list[tuple[float, float]] = []
        size = burn.delta_v_m_s
        for _ in range(12):
            end = flown_burn(
                start, replace(burn, delta_v_m_s=size), self.mission, self.world, dense=False
            ).end
            off = self._perigee_m(end) - self._aim_m
            trials.append((size, off))
            if abs(off) < close:
                return replace(burn, delta_v_m_s=size)
            if len(trials) == 1:
                size *= 1.002
                continue
            (x0, f0), (x1, f1) = trials[-2:]
            if f1 == f0:
                break
            size = max(x1 - f1 * (x1 - x0) / (f1 - f0), 1e-3)
        raise SolverError(
            f"{burn.name!r}: no size was found that brings the perigee to"
            f" {self._aim_m / 1e3:.2f} km; the nearest of {len(trials)} tries is"
            f" {min(abs(f) for _, f in trials) / 1e3:.3f} km off. Nothing is proven"
        )

    def _perigee_m(self, state: State) -> float:
        """The perigee by the rule asked: of the mean orbit for a decay, else osculating."""
        if self.step.within_s is not None:
            return mean_orbit(state, self.world).perigee_m - _RE
        assert self.step.perigee is not None
        frame = Frame(state.epoch, self.world)
        return measured(Condition("perigee", *self.step.perigee), state, frame)

    def _look_back(self, given: Handover, orbit: MeanOrbit) -> None:
        """How long what was reached lives."""
        within = self.step.within_s
        state = given.state
        self.left = self._decay(orbit, state, state.mass_kg, within or 25.0 * _YEAR)
        low, high = ((orbit.a_m * (1.0 + s * orbit.eccentricity) - _RE) / 1e3 for s in (-1.0, 1.0))
        text = f"left in a mean orbit of {low:.0f} x {high:.0f} km, where it"
        if math.isfinite(self.left.lifetime_s):
            text += f" lives for {_span(self.left.lifetime_s)}"
        else:
            text += f" lives for more than {_span(self.left.looked_s)}"
        self.notes.append(f"{text} ({self.left.weather})")
        if within is not None and self.untouched is not None:
            self.notes.append(f"without the burns it would have lived longer than {_span(within)}")

    # above the geostationary orbit -------------------------------------------------------
    def _raised(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """Two burns to a circle above the geostationary one, found in full dynamics."""
        state = given.state
        orbit = mean_orbit(state, self.world)
        rise = graveyard_rise_m(self.craft.reflectivity, self.craft.srp_area_m2 / state.mass_kg)
        off = orbit.a_m - GEOSTATIONARY_RADIUS_M
        if not abs(off) < _NEAR_GEO_M or orbit.eccentricity > 0.02:
            raise InfeasibleError(
                f"{self.step.name!r}: a graveyard above the geostationary orbit was asked, and the"
                f" orbit has a = {orbit.a_m / 1e3:.0f} km, e = {orbit.eccentricity:.4f}, not"
                f" {GEOSTATIONARY_RADIUS_M / 1e3:.0f} km and less than 0.02; write within: 25 years"
                " or perigee: 200 km for an orbit that passes through the air"
            )
        wanted = GEOSTATIONARY_RADIUS_M + rise + _ROOM_M
        if orbit.perigee_m > GEOSTATIONARY_RADIUS_M + rise and orbit.eccentricity < 0.003:
            here = (orbit.perigee_m - GEOSTATIONARY_RADIUS_M) / 1e3
            self.notes.append(
                f"the perigee already lies {here:.0f} km above the geostationary orbit,"
                f" {rise / 1e3:.0f} km are asked: no burn is needed"
            )
            return (Coast(duration_s=1.05 * _DAY),)
        names = tuple(f"{self.step.name} burn {k}" for k in (1, 2))
        free = [Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=None, name=n, free_size=True) for n in names]
        found = targeting.solve(
            given,
            Solve(
                (Coast(free=True), free[0], Coast(free=True), free[1]),
                (
                    Condition("semi_major_axis", wanted, 0.25 * _ROOM_M),
                    Condition("eccentricity", 0.0, _ROUND),
                ),
                self.step.name,
            ),
            self.mission,
            self.world,
            self.watch,
        )
        self.burns, self.delta_v = 2, found.delta_v_m_s
        self.notes.append(
            f"the perigee must lie 235 km + 1000 C_R A/m = {rise / 1e3:.1f} km above the"
            f" geostationary orbit with e below 0.003 (IADC); aimed {_ROOM_M / 1e3:.0f} km higher"
        )
        return found.steps

    def _marked(self, steps: tuple[Step, ...]) -> tuple[Coast | Manoeuvre, ...]:
        return tuple(
            replace(s, part_of=self.step.name) for s in steps if isinstance(s, Coast | Manoeuvre)
        )


def _between(
    bottom: float,
    top: float,
    below: tuple[float, float] | None,
    above: tuple[float, float] | None,
) -> float:
    """The next height to try: on the line through what is known, kept inside the bracket."""
    guess = 0.5 * (bottom + top)
    if below is not None and above is not None:
        (x0, f0), (x1, f1) = below, above
        guess = x0 - f0 * (x1 - x0) / (f1 - f0)
    elif below is not None:
        # e-fold of the lifetime in 25 km, in the thermosphere's middle
        guess = below[0] - 25e3 * below[1]
    edge = 0.05 * (top - bottom)
    return min(max(guess, bottom + edge), top - edge)


def _span(seconds: float) -> str:
    """`"4.75 years"`, `"212 days"`."""
    if not math.isfinite(seconds):
        return "more than was looked at"
    if seconds < 2.0 * _YEAR:
        return f"{seconds / _DAY:.0f} days"
    return f"{seconds / _YEAR:.2f}".rstrip("0").rstrip(".") + " years"
