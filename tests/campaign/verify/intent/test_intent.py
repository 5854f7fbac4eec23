"""Mistakes of a mission's own intent: none leaves a trace in the file, each has its reason."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.score.errands import ERRANDS
from cosmodrome.campaign.verify.intent.faults import intent_faults
from cosmodrome.campaign.verify.intent.flown import fly_intent
from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.errors import InputError
from cosmodrome.flight import fly
from cosmodrome.flight.again import carried
from cosmodrome.formats.yaml_text import as_yaml
from cosmodrome.mission import AzimuthClaim, load, loads, shipped_path
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import G0
from tests.campaign.verify import doubles

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.record.faults import Outcome
    from cosmodrome.world.world import World

HIGHER = """\
schema: cosmodrome/1
name: To a higher circle
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 600 km, inclination: 51.6 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft: {mass: 500 kg, engine: {thrust: 250 N, isp: 300 s}, propellant: 100 kg}
plan:
  - transfer: {name: up, to: {perigee: 695 km, apogee: 705 km, inclination: 51.6 deg}}
  - coast: {for: 2 h}
physics: {gravity: 4x4, drag: none}
"""


@pytest.fixture(scope="module")
def burn(shipped_world: World) -> Flight:
    return fly(loads(doubles.MISSION), world=shipped_world)


@pytest.fixture(scope="module")
def launched(shipped_world: World) -> Flight:
    return fly(load(shipped_path("vostochny-sso")), world=shipped_world)


def of(flight: Flight, world: World, path: str, value: float) -> tuple[float, Outcome]:
    """What is left in the tank, and the outcome, of one fault of a flight."""
    (fault,) = (
        f for f in intent_faults(flight)
        if f.path == f"intent.{path}" and f.value == pytest.approx(value)
    )  # fmt: skip
    ended, outcome = fly_intent(Judge(flight, world), carried(flight), fault)
    return math.nan if ended is None else ended.left_kg, outcome


def test_each_says_why_nothing_reveals_it(burn: Flight, launched: Flight) -> None:
    for flight in (burn, launched):
        faults = intent_faults(flight)
        assert len({f.id for f in faults}) == len(faults)
        assert all(f.family == "intent" and f.unobservable for f in faults)
        assert all(f.path.startswith("intent.") for f in faults)
        assert {f.into for f in faults if f.path.startswith("intent.target")} <= {"plan"}
        assert {f.into for f in faults if f.path.startswith("intent.spacecraft")} <= {"truth"}
    paths = {f.path for f in intent_faults(launched)}
    assert {"intent.target.altitude", "intent.target.local-time", "intent.launch.day"} <= paths
    # its inclination follows from the height, and it burns nothing of its own
    assert not paths & {"intent.target.inclination", "intent.spacecraft.isp", "intent.start.epoch"}


def test_what_the_file_tells_twice_is_not_listed(launched: Flight, burn: Flight) -> None:
    own = launched.mission
    claim = AzimuthClaim(math.radians(343.7), "relative", math.radians(0.5))
    claimed = replace(launched, mission=replace(own, launch=replace(own.launch, azimuth=claim)))
    assert "intent.target.altitude" not in {f.path for f in intent_faults(claimed)}
    # of a start in orbit a target is no aim: the burns by hand speak of it
    target = loads(doubles.MISSION.replace("stations:", (
        "target: {kind: circular, altitude: 480 km, inclination: 51.6 deg, raan: 10 deg}\nstations:"
    ))).target  # fmt: skip
    tied = replace(burn, mission=replace(burn.mission, target=target))
    paths = {f.path for f in intent_faults(tied)}
    assert not [p for p in paths if p.startswith("intent.target")]
    assert "intent.start.node" not in paths
    assert "intent.start.node" in {f.path for f in intent_faults(burn)}


def test_a_height_and_the_plane_that_goes_with_it(launched: Flight, shipped_world: World) -> None:
    """100 km at 820 km: 0.42 deg of a Sun-synchronous plane (98.60 deg at 800 km, 99.03 at 900)."""
    _, little = of(launched, shipped_world, "target.altitude", 10e3)
    assert (little.consequence, little.figures["off"]) == ("degraded", pytest.approx(2.0))
    _, much = of(launched, shipped_world, "target.altitude", 100e3)
    assert (much.consequence, much.figures["off"]) == ("missed", pytest.approx(20.0))
    v = 7_441.0
    cost = 0.5 * v * 100e3 / 7_198e3 + v * math.radians(0.42)
    assert much.figures["correction_m_s"] == pytest.approx(cost, rel=0.02)
    _, hour = of(launched, shipped_world, "target.local-time", 3600.0)
    assert hour.consequence == "missed"
    assert hour.why.startswith("node 15 deg off, 30 tolerances")
    assert of(launched, shipped_world, "launch.day", 86_400.0)[1].consequence == "met"


def test_guidance_makes_up_for_a_payload_that_weighs_more(
    launched: Flight, shipped_world: World
) -> None:
    """Executed open-loop it would end 100 km off."""
    _, outcome = of(launched, shipped_world, "spacecraft.mass", 1.05)
    assert outcome.consequence == "met"


def test_a_lander_that_weighs_more_is_guided_down(shipped_world: World) -> None:
    kind = next(k for k in ERRANDS if k.name == "a landing")
    tree = kind.make(np.random.default_rng([99, 0]))
    text = as_yaml({"schema": "cosmodrome/1", "name": kind.name, **tree})
    flight = fly(loads(text), world=shipped_world)
    assert not any(f.path.startswith("intent.start") for f in intent_faults(flight))
    left, outcome = of(flight, shipped_world, "spacecraft.mass", 1.05)
    assert outcome.consequence == "met"
    assert outcome.figures["off_m"] < 10.0
    assert outcome.figures["speed_m_s"] < 2.0
    down = next(g for g in flight.legs if g.chapter == "landing")
    assert down.handover_out is not None
    assert left < down.handover_out.propellant_kg["lander"]
    _, site = of(flight, shipped_world, "plan.0.site", math.radians(0.5))
    assert (site.consequence, site.why) == ("missed", "15162 m from the site that was meant")


@pytest.mark.parametrize("more_km", [0, 10])
def test_an_aim_told_wrong_is_served_without_a_word(more_km: int, shipped_world: World) -> None:
    text = HIGHER.replace("695", str(695 + more_km)).replace("705", str(705 + more_km))
    flight = fly(loads(text), world=shipped_world)
    assert not [f for f in flight.findings if f.verdict == "fails"]
    if not more_km:
        return
    _, outcome = of(flight, shipped_world, "plan.0.height", 10e3)
    assert outcome.consequence == "met"  # 10 km of 7,078 are within what is asked
    assert outcome.why.startswith("semi-major axis 10 km off")
    _, far = of(flight, shipped_world, "plan.0.height", 100e3)
    assert far.consequence == "degraded"  # by hand: half of 7,505 m/s times 100/7,088 corrects it
    assert far.figures["correction_m_s"] == pytest.approx(0.5 * 7_499.0 * 100 / 7_088, rel=0.01)


def test_figures_are_flown_in_the_truth(burn: Flight, shipped_world: World) -> None:
    """Burnt by the rocket equation: 40 m/s of 500 kg at 300 s."""

    def left(mass: float, isp: float, held: float) -> float:
        return held - mass * (1.0 - math.exp(-40.0 / (G0 * isp)))

    for path, value, kg in (
        ("spacecraft.isp", 0.95, left(500.0, 285.0, 60.0)),
        ("spacecraft.mass", 1.05, left(525.0, 300.0, 60.0)),
        ("spacecraft.mass", 0.95, left(475.0, 300.0, 60.0)),
        ("spacecraft.propellant", 0.9, left(494.0, 300.0, 54.0)),
        ("spacecraft.thrust", 0.9, left(500.0, 300.0, 60.0)),
    ):
        assert of(burn, shipped_world, path, value)[0] == pytest.approx(kg, abs=1e-6)
    _, turned = of(burn, shipped_world, "start.node", math.radians(5.0))
    assert (turned.consequence, turned.why[:14]) == ("missed", "node 5 deg off")


def test_a_sweep_tells_them_apart(burn: Flight, shipped_world: World) -> None:
    swept = Swept(burn, shipped_world, WAYS)
    listed = WAYS["plan"].faults(burn, "coarse")
    mine = tuple(f for f in listed if f.family == "intent")
    assert mine == intent_faults(burn)
    outcomes = swept.outcomes(Batch("plan", mine), SILENT)
    assert not any(o.missed for o in outcomes)
    assert not any(o.findings for o in outcomes)
    # before flight nothing tells; in flight a station measures another orbit
    (far,) = (o for o in outcomes if o.consequence == "missed")
    assert [(s.by, s.t_s is not None) for s in far.seen] == [("contact: wallops", True)]


def test_a_path_that_leads_nowhere(burn: Flight, shipped_world: World) -> None:
    fault = replace(intent_faults(burn)[0], path="intent.spacecraft.colour")
    with pytest.raises(InputError, match="generate the list from the flight itself"):
        fly_intent(Judge(burn, shipped_world), carried(burn), fault)
