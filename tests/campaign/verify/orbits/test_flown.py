"""Faults flown side by side beside the same faults flown one by one, by other roads."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import orbit, transfer
from cosmodrome.campaign.replays import luna_25
from cosmodrome.campaign.verify.nouns import Released
from cosmodrome.campaign.verify.orbits.flown import fly_on, fly_orbits
from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.coasting import coast, coast_through
from cosmodrome.errors import InputError
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.mission import Coast, Manoeuvre, OrbitMission, StartState, load, loads
from cosmodrome.mission.nouns import CraftEngine
from cosmodrome.record import Fault, Handover
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import body
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centre import recentred
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.campaign.verify.nouns import Ended
    from cosmodrome.mission import AnyMission
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

TEXT = """\
schema: cosmodrome/1
name: Two burns
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, perigee: 500 km, apogee: 530 km,
             inclination: 98 deg, raan: 10 deg, argument_of_perigee: 90 deg, true_anomaly: 0 deg}
spacecraft:
  id: sat
  mass: 1000 kg
  drag_area: 4 m^2
  engine: {thrust: 200 N, isp: 300 s}
  propellant: 60 kg
plan:
  - coast: {for: 40 min}
  - burn: {delta_v: 40 m/s, direction: prograde, name: up}
  - coast: {until: apogee}
  - burn: {duration: 120 s, direction: [1, 0.2, 0], frame: rtn, name: round}
  - coast: {for: 1 day}
physics: {gravity: 20x20, drag: none, radiation_pressure: false}
"""
WITHOUT = ", drag: none, radiation_pressure: false"


def flown(mission: AnyMission, world: World) -> Flight:
    """Flown, without its checks."""
    assert isinstance(mission, OrbitMission)
    return from_orbit(mission, Run(world, SILENT))


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    return flown(loads(TEXT), shipped_world)


def told(path: str, kind: str, value: float, unit: str = "") -> Fault:
    return Fault("truth", "burns", path, kind, value, unit, "a fault")


AT, NEXT = "burns.sat.1", "burns.sat.2"
_TEN, _FIVE = math.radians(10.0), math.radians(-5.0)
FAULTS = {
    "missed": told(f"{NEXT}.ignition", "omit", 0.0),
    "late": told(f"{AT}.ignition", "offset", 71.0, "s"),
    "early": told(f"{AT}.ignition", "offset", -300.0, "s"),
    "weak, by velocity": told(f"{AT}.thrust", "factor", 0.9),
    "weak, by timer": told(f"{NEXT}.thrust", "factor", 0.9),
    "isp, by velocity": told(f"{AT}.isp", "factor", 1.1),
    "isp, by timer": told(f"{NEXT}.isp", "factor", 1.1),
    "cut off late": told(f"{AT}.cut-off", "offset", 20.0, "s"),
    "stuck": told(f"{NEXT}.cut-off", "factor", 1.25),
    "to depletion": told(f"{AT}.cut-off", "omit", 0.0),
    "backward": told(f"{AT}.direction", "sign", -1.0),
    "turned": told(f"{AT}.direction.in-plane", "turn", _TEN, "rad"),
    "turned across": told(f"{NEXT}.direction.across", "turn", _FIVE, "rad"),
    "heavy": told("spacecraft.sat.dry_mass", "factor", 1.05),
    "short": told("spacecraft.sat.propellant", "factor", 0.9),
    "air": told("environment.sat.density", "factor", 1.3),
    "light": told("environment.sat.radiation", "factor", 0.7),
}
# by the chapter itself to the end; the others by its propagator, which keeps no path
CHAPTER = ("missed", "stuck")
ALOFT = ("air", "light")


@pytest.fixture(scope="module")
def aloft(shipped_world: World) -> Flight:
    """The same in air and light."""
    return flown(loads(TEXT.replace(WITHOUT, "")), shipped_world)


@pytest.fixture(scope="module")
def ended(flight: Flight, aloft: Flight, shipped_world: World) -> dict[str, Ended]:
    out = {}
    for where, inside in ((flight, False), (aloft, True)):
        names = [name for name in FAULTS if (name in ALOFT) is inside]
        out.update(
            zip(names, fly_orbits(where, [FAULTS[n] for n in names], shipped_world), strict=True)
        )
    return out


class ByHand:
    """The plan flown step by step by the chapters, with something changed."""

    def __init__(self, flight: Flight, world: World) -> None:
        mission = flight.mission
        assert isinstance(mission, OrbitMission)
        self.mission: OrbitMission = mission
        self.world = world
        given = flight.legs[0].handover_in
        assert given is not None
        self.given: Handover = given

    def surfaces(self, air: float, light: float) -> None:
        craft = self.mission.spacecraft
        craft = replace(
            craft, drag_area_m2=air * craft.drag_area_m2, srp_area_m2=light * craft.srp_area_m2
        )
        self.mission = replace(self.mission, spacecraft=craft)

    def coast(self, step: Coast, *, chapter: bool = False) -> None:
        mission = self.mission
        if chapter:
            leg, _ = orbit.execute(self.given, mission, self.world, coasts=[step])
            assert leg is not None
            end = leg.end
        else:
            forces = Dynamics.of(mission.physics, mission.spacecraft, mission.space_weather)
            end = coast(self.given.state, step, forces, self.world, dense=False).end
        self.given = replace(self.given, state=end)

    def burn(self, step: Manoeuvre, thrust: float = 1.0, isp: float = 1.0) -> None:
        craft = self.mission.spacecraft
        assert craft.engine is not None
        engine = CraftEngine(craft.engine.thrust_n * thrust, craft.engine.isp_s * isp)
        mission = replace(self.mission, spacecraft=replace(craft, engine=engine))
        leg = transfer.burn.execute(self.given, step, mission, self.world)
        assert leg.handover_out is not None
        self.given = leg.handover_out

    def loaded(self, dry: float = 0.0, fuel: float = 0.0) -> None:
        state = self.given.state
        held = self.given.propellant_kg["sat"]
        self.given = replace(
            self.given,
            state=replace(state, mass_kg=state.mass_kg + dry + fuel),
            propellant_kg={"sat": held + fuel},
        )

    @property
    def held_kg(self) -> float:
        return self.given.propellant_kg["sat"]


def changed(name: str, up: Manoeuvre, round_: Manoeuvre) -> tuple[Manoeuvre, Manoeuvre]:
    """The fault written into a burn of the plan."""
    engine = CraftEngine(200.0, 300.0)
    if name == "cut off late":
        more = engine.burnt_kg(1000.0, 40.0) + 20.0 * engine.flow_kg_s
        up = replace(up, delta_v_m_s=None, propellant_kg=more)
    elif name == "stuck":
        round_ = replace(round_, duration_s=150.0)
    elif name == "to depletion":
        up = replace(up, delta_v_m_s=None, propellant_kg=60.0)
    elif name == "backward":
        up = replace(up, direction=(-1.0, 0.0, 0.0))
    elif name == "turned":
        # about r x v, the second of the axes vnc
        up = replace(up, direction=(math.cos(_TEN), 0.0, -math.sin(_TEN)))
    elif name == "turned across":
        u = np.array([1.0, 0.2, 0.0]) / math.hypot(1.0, 0.2)
        axis = np.cross(u, [0.0, 0.0, 1.0])
        x, y, z = math.cos(_FIVE) * u + math.sin(_FIVE) * np.cross(axis, u)
        round_ = replace(round_, direction=(float(x), float(y), float(z)))
    return up, round_


def by_hand(name: str, flight: Flight, world: World) -> tuple[State, float]:
    """The same fault written into the plan or the spacecraft; the end, and what is left."""
    one = ByHand(flight, world)
    up, round_ = (s for s in one.mission.plan if isinstance(s, Manoeuvre))
    wait, apogee, day = (s for s in one.mission.plan if isinstance(s, Coast))
    up, round_ = changed(name, up, round_)
    waits = {"late": 71.0, "early": -300.0}.get(name, 0.0)
    first = {"weak, by velocity": (0.9, 1.0), "isp, by velocity": (1.0, 1.1)}.get(name, (1.0, 1.0))
    last = {"weak, by timer": (0.9, 1.0), "isp, by timer": (1.0, 1.1)}.get(name, (1.0, 1.0))
    one.loaded(dry=0.05 * 940.0 if name == "heavy" else 0.0, fuel=-6.0 if name == "short" else 0.0)
    one.surfaces(1.3 if name == "air" else 1.0, 0.7 if name == "light" else 1.0)
    one.coast(replace(wait, duration_s=2_400.0 + waits))
    one.burn(up, *first)
    one.coast(apogee)
    if name == "missed":
        one.coast(Coast(120.0))
    elif one.held_kg > 1e-6:
        one.burn(round_, *last)
    one.coast(day, chapter=name in CHAPTER)
    return one.given.state, one.held_kg


@pytest.mark.parametrize("name", FAULTS)
def test_the_same_as_flown_one_by_one(
    name: str, flight: Flight, aloft: Flight, ended: dict[str, Ended], shipped_world: World
) -> None:
    """Over a day at 500 km: micrometres, tens of them in air."""
    state, left = by_hand(name, aloft if name in ALOFT else flight, shipped_world)
    one = ended[name]
    assert one.end is not None
    assert one.way == ("exhausted" if name == "to depletion" else "flown")
    late = one.end.epoch - state.epoch
    assert late == pytest.approx(0.0, abs=1e-3)
    off = np.linalg.norm(one.end.r_m - state.r_m - late * state.v_m_s)
    assert off < 1e-3
    assert one.left_kg == pytest.approx(left, abs=1e-6)
    assert one.end.mass_kg == pytest.approx(state.mass_kg, abs=1e-6)


def test_more_air_and_less_light_are_felt(aloft: Flight, ended: dict[str, Ended]) -> None:
    for name, least in (("air", 50.0), ("light", 0.5)):
        end = ended[name].end
        assert end is not None
        assert np.linalg.norm(end.r_m - aloft.legs[-1].end.r_m) > least


def test_when_it_shows_and_what_the_last_burn_left(flight: Flight, ended: dict[str, Ended]) -> None:
    first, second = (g for g in flight.legs if g.chapter == "transfer")
    at, then = first.start.epoch - flight.zero, second.start.epoch - flight.zero
    lasts = first.end.epoch - first.start.epoch
    effects = {name: ended[name].effect_s for name in FAULTS}
    assert effects["late"] == pytest.approx(at)
    assert effects["early"] == pytest.approx(at - 300.0)
    assert effects["cut off late"] == pytest.approx(at + lasts)
    assert effects["missed"] == pytest.approx(then)
    assert effects["stuck"] == pytest.approx(then + 120.0)
    assert effects["air"] == 0.0
    stuck = ended["stuck"].reached
    assert stuck is not None
    assert stuck.epoch - flight.zero == pytest.approx(then + 150.0)
    assert ended["air"].release is None


def test_on_from_the_start_as_planned_it_is_the_flight_as_planned(
    flight: Flight, shipped_world: World
) -> None:
    start = flight.legs[0].start
    gone = told("ascent.thrust", "factor", 0.97)
    on, lost = fly_on(
        flight,
        [
            Released(gone, "flown", state=start, effect_s=12.0, figures={"max_q_pa": 1.0}),
            Released(gone, "lost", "guidance gave up", end_s=300.0, effect_s=12.0),
        ],
        shipped_world,
    )
    assert on.end is not None
    assert np.linalg.norm(on.end.r_m - flight.legs[-1].end.r_m) < 0.01
    assert on.release is start
    assert on.effect_s == 12.0
    assert on.figures["max_q_pa"] == 1.0
    assert on.figures["a_m"] > 6.8e6
    assert (lost.way, lost.why, lost.end) == ("lost", "guidance gave up", None)
    assert lost.end_at is not None
    assert lost.end_at - flight.zero == pytest.approx(300.0)


def test_an_impact_is_where_a_coast_falls(flight: Flight, shipped_world: World) -> None:
    """Burnt backward until the tank is empty it comes down; so it does leg by leg."""
    backward = loads(
        TEXT.replace("direction: prograde, name: up", "direction: retrograde, name: up")
    )
    down = flown(backward, shipped_world)
    (one,) = fly_orbits(down, [told(f"{AT}.cut-off", "omit", 0.0)], shipped_world)
    assert one.way == "impact"
    assert one.end_at is not None
    by = ByHand(down, shipped_world)
    wait, apogee, _ = (s for s in by.mission.plan if isinstance(s, Coast))
    up = next(s for s in by.mission.plan if isinstance(s, Manoeuvre))
    by.coast(wait)
    by.burn(replace(up, delta_v_m_s=None, propellant_kg=60.0))
    forces = Dynamics.of(by.mission.physics, by.mission.spacecraft)
    fallen = propagate(
        by.given.state, forces, 43_200.0, world=shipped_world, floor_m=121_920.0, dense=False
    )
    assert one.end_at - fallen.end.epoch == pytest.approx(0.0, abs=0.05)
    assert apogee.until is not None


def test_a_fault_of_another_flight_is_refused(flight: Flight, shipped_world: World) -> None:
    for path in ("burns.sat.7.thrust", "burns.other.1.thrust", "ascent.core.thrust", "burns.sat"):
        with pytest.raises(InputError):
            fly_orbits(flight, [told(path, "factor", 0.9)], shipped_world)


# Luna-25 ----------------------------------------------------------------------------------------
LUNA = """\
schema: cosmodrome/1
name: The burn of 19 August 2023
start:
  elements: {epoch: "2023-08-19T11:10:00Z", frame: moon-equator, perilune: 91 km, apolune: 113 km,
             inclination: 90 deg, raan: 0 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}
spacecraft:
  id: luna-25
  mass: 1250 kg
  engine: {thrust: 300 N, isp: 300 s}
  propellant: 500 kg
plan:
  - burn: {duration: 84 s, direction: retrograde, name: to the landing orbit}
  - coast: {for: 2 h}
"""


def test_luna_25_comes_down_when_and_where_it_did(shipped_world: World) -> None:
    """The burn of 84 s that a timer ended after 127 s. Published: lit at 11:10 UTC, impact 11:58
    (Keldysh Institute by TASS, 21 August 2023), crater 57.865 S 61.360 E (NASA/LRO). The orbit is
    fitted to the crater on a sphere by the replay; here the terrain itself is met, grazed at 1.5
    degrees."""
    fitted = luna_25.fitted(luna_25.Setting(), shipped_world)
    start = luna_25.start_state(fitted.setting, fitted.node_rad, fitted.height_m, shipped_world)
    up = start.r_m / np.linalg.norm(start.r_m)
    normal = np.cross(start.r_m, start.v_m_s)
    along = np.cross(normal / np.linalg.norm(normal), up)
    x, y, z = (-math.cos(fitted.up_rad) * along + math.sin(fitted.up_rad) * up).tolist()
    mission = loads(LUNA)
    assert isinstance(mission, OrbitMission)
    burn, after = mission.plan
    assert isinstance(burn, Manoeuvre)
    r, v = (tuple(float(c) for c in row) for row in (start.r_m, start.v_m_s))
    craft = replace(mission.spacecraft, engine=CraftEngine(fitted.thrust_n, 300.0))
    mission = replace(
        mission,
        start=replace(mission.start, elements=None, state=StartState("moon/gcrf", r, v)),
        spacecraft=craft,
        plan=(replace(burn, direction=(x, y, z), axes="gcrf"), after),
    )
    planned = flown(mission, shipped_world)
    (one,) = fly_orbits(
        planned, [told("burns.luna-25.1.cut-off", "factor", 127.0 / 84.0)], shipped_world
    )
    assert one.way == "impact"
    assert one.end is not None
    assert one.end_at is not None
    assert 47.0 < (one.end_at - start.epoch) / 60.0 < 49.0
    turn = fixed_from_gcrf(shipped_world, "moon", "moon-me", one.end.epoch)
    place = turn.vector(one.end.r_m)
    crater = np.array(
        [
            math.cos(math.radians(-57.865)) * math.cos(math.radians(61.36)),
            math.cos(math.radians(-57.865)) * math.sin(math.radians(61.36)),
            math.sin(math.radians(-57.865)),
        ]
    )
    apart = body("moon").figure_m * math.acos(float(place @ crater) / float(np.linalg.norm(place)))
    assert apart < 1e3
    assert one.effect_s == pytest.approx(84.0)


MOONWARD = """\
schema: cosmodrome/1
name: Past the Moon
start:
  elements: {epoch: "2023-08-19T11:10:00Z", frame: moon-equator, perilune: 91 km, apolune: 113 km,
             inclination: 90 deg, raan: 0 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}
spacecraft: {id: sat, mass: 1000 kg, engine: {thrust: 400 N, isp: 320 s}, propellant: 500 kg}
plan:
  - coast: {for: 6 h}
  - burn: {delta_v: 3 m/s, direction: prograde, name: trim}
  - coast: {until: perilune}
  - burn: {delta_v: 250 m/s, direction: retrograde, name: brake}
  - coast: {for: 2 days}
physics: {gravity: 4x4, moon_gravity: 8x8, drag: none, radiation_pressure: false}
"""


def test_over_the_edge_of_the_moon_s_sphere(shipped_world: World) -> None:
    """From outside of it to the perilune and out again, as the chapters fly it leg by leg; a
    brake that does not ignite passes the Moon by."""
    mission = loads(MOONWARD)
    assert isinstance(mission, OrbitMission)
    epoch = mission.start.epoch
    r, v = np.array([-90e6, 30e6, 0.0]), np.array([880.0, -220.0, 60.0])
    there = recentred(State(epoch, gcrf("moon"), r, v, 1000.0), "earth", shipped_world)
    place, speed = (tuple(float(c) for c in row) for row in (there.r_m, there.v_m_s))
    start = replace(mission.start, elements=None, state=StartState("gcrf", place, speed))
    planned = flown(replace(mission, start=start), shipped_world)
    assert {leg.start.frame.centre for leg in planned.legs} == {"earth", "moon"}
    begun, last = planned.legs[0].start, planned.legs[-1].end
    (one,) = fly_on(
        planned, [Released(told("x", "omit", 0.0), "flown", state=begun)], shipped_world
    )
    assert one.end is not None
    assert one.end.frame == last.frame
    late = one.end.epoch - last.epoch
    assert np.linalg.norm(one.end.r_m - last.r_m - late * last.v_m_s) < 1.0
    early = told(f"{NEXT}.ignition", "offset", -600.0, "s")
    missed, sooner = fly_orbits(
        planned, [told(f"{NEXT}.ignition", "omit", 0.0), early], shipped_world
    )
    assert sooner.way == "flown"
    assert sooner.end is not None
    assert sooner.end.frame.centre == "moon"
    brake = next(g for g in planned.legs if g.steps[0] == planned.mission.plan[3])
    lasts = brake.end.epoch - brake.start.epoch
    by = coast_through(
        brake.start,
        Coast(2 * 86_400.0 + lasts),
        lambda centre: Dynamics.of(mission.physics, mission.spacecraft, centre=centre),
        shipped_world,
    )
    assert missed.end is not None
    assert missed.end.frame == by.frame
    assert np.linalg.norm(missed.end.r_m - by.r_m) < 1e-2


@pytest.mark.nightly
def test_a_landing_after_a_fault_is_guided(shipped_world: World) -> None:
    """Guidance lands a weak engine on the site; a descent orbit burnt half as long again meets the
    ground before braking, as its perilune under the ground says."""
    mission = load(Path(__file__).parents[4] / "missions" / "lunar-lander.yaml")
    planned = flown(mission, shipped_world)
    release = Released(told("x", "omit", 0.0), "flown", state=planned.legs[0].start)
    (one,) = fly_on(planned, [release], shipped_world)
    left = planned.legs[-1].ledger.propellant_kg["lander"]
    assert one.way == "flown"
    assert one.end is planned.legs[-1].end
    # what guidance keeps of the thrust costs gravity losses
    assert left - 3.0 < one.left_kg < left + 0.5
    weak, far, missed, long = fly_orbits(
        planned,
        [
            told("landings.lander.1.thrust", "factor", 0.9),
            told("burns.lander.1.ignition", "offset", 600.0, "s"),
            told("landings.lander.1.ignition", "omit", 0.0),
            told("burns.lander.1.cut-off", "factor", 1.5),
        ],
        shipped_world,
    )
    assert weak.way == "flown"
    assert weak.figures["place_m"] < 10.0
    assert weak.left_kg < one.left_kg
    assert far.way == "lost"
    assert "from where it was planned" in far.why
    assert missed.way == "flown"
    assert missed.end is not None
    assert missed.lowest_m == pytest.approx(18e3, abs=500.0)
    assert long.way == "impact"
    assert long.figures["perigee_m"] < -15e3
