"""What the optimiser is told: phases of a vehicle, conditions of an insertion, a heading."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import catalog
from cosmodrome.ascent.climb import launch_heading
from cosmodrome.ascent.sequence import sequence
from cosmodrome.ascent.shape import (
    FREE_FLIGHT_S,
    PITCH_OVER_S,
    RELEASE_S,
    Burn,
    Shape,
    vertical_rise_s,
)
from cosmodrome.ascent.target import argument_of_latitude, node_angle, reaches
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import InputError
from cosmodrome.maths import SCALAR
from cosmodrome.targets.insertion import Insertion
from cosmodrome.vehicle import liftoff_mass

if TYPE_CHECKING:
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.catalog.nouns import Vehicle

MU, RE, J2 = 3.986004415e14, 6378136.3, 1.08262617e-3
CIRCLE = Insertion(MU, RE, J2, 7_198_137.0, 0.0, math.radians(98.71), 2e-7)
ELLIPSE = Insertion(
    MU, RE, J2, 24_396_000.0, 0.7283, math.radians(51.6), 2e-7, elliptic=True, argp_rad=math.pi
)


def burns_of(vehicle: Vehicle) -> tuple[Burn, ...]:
    if vehicle.id == "soyuz-2.1b-fregat":
        return Burn("fregat", 60.0, 300.0), Burn("fregat", 2_800.0, 60.0, 4_000.0)
    return (Burn("third", 0.0, 230.0),)


def phases_of(
    vehicle: Vehicle, fairing_s: float = 210.0, burns: tuple[Burn, ...] | None = None
) -> Sequence:
    limits = Limits(45e3, 1135.0, None)
    return sequence(vehicle, limits, Shape(fairing_s, burns or burns_of(vehicle)))


def test_phases_of_a_vehicle_with_an_upper_stage() -> None:
    seq = phases_of(catalog.vehicle("soyuz-2.1b-fregat"))
    steering = [p.steering for p in seq.phases]
    rise = sum(p.duration_s for p in seq.phases if p.steering == "held")
    turn = sum(p.duration_s for p in seq.phases if p.steering == "pitch-over")
    assert turn == pytest.approx(PITCH_OVER_S)
    assert rise == pytest.approx(vertical_rise_s(catalog.vehicle("soyuz-2.1b-fregat")))
    assert 8.0 < rise <= 10.0
    assert steering[-1] == "none"
    assert seq.phases[-1].duration_s == RELEASE_S
    first, second = seq.burns
    assert seq.phases[first - 1].lower_s == FREE_FLIGHT_S
    assert seq.phases[second - 1].settling == ("fregat",)
    assert [seq.phases[i].name for i in seq.low] == ["third-stage cut-off"]


def test_a_stage_may_state_its_least_free_flight() -> None:
    fregat = catalog.vehicle("soyuz-2.1b-fregat")
    *below, last = fregat.stages
    quick = replace(last, ignition=replace(last.ignition, delay_s=20.0))
    shape = Shape(210.0, burns_of(fregat))
    seq = sequence(replace(fregat, stages=(*below, quick)), Limits(45e3, 1135.0), shape)
    assert seq.phases[seq.burns[0] - 1].lower_s == 20.0


def test_the_fairing_shares_its_section() -> None:
    seq = phases_of(catalog.vehicle("soyuz-2.1b-fregat"))
    assert seq.fairing is not None
    before, after = seq.phases[seq.fairing], seq.phases[seq.fairing + 1]
    assert before.drops == ("fairing",)
    assert before.drop_kg == 1_700.0
    (span,) = seq.spans
    assert (span.first, span.last) == (seq.fairing, seq.fairing + 1)
    assert before.duration_s + after.duration_s == pytest.approx(span.total_s)
    assert before.path.heat_flux_w_m2 is None
    assert after.path.heat_flux_w_m2 == pytest.approx(1135.0 * 0.999)


def test_a_fairing_by_time_leaves_at_that_time() -> None:
    vehicle = catalog.vehicle("soyuz-2.1b-fregat")
    assert vehicle.fairing is not None
    timed = replace(vehicle, fairing=replace(vehicle.fairing, heat_flux_w_m2=None, time_s=200.0))
    seq = phases_of(timed, fairing_s=150.0)
    assert seq.fairing is not None
    gone = seq.phases[seq.fairing]
    assert gone.lower_s == gone.upper_s
    assert sum(p.duration_s for p in seq.phases[: seq.fairing + 1]) == pytest.approx(200.0)


def test_a_fairing_without_a_rule_is_refused() -> None:
    vehicle = catalog.vehicle("soyuz-2.1b-fregat")
    assert vehicle.fairing is not None
    bare = replace(vehicle, fairing=replace(vehicle.fairing, heat_flux_w_m2=None))
    with pytest.raises(InputError, match="neither a heat-flux limit nor a time"):
        sequence(bare, Limits(), Shape(210.0, burns_of(bare)))
    late = replace(vehicle, fairing=replace(vehicle.fairing, heat_flux_w_m2=None, time_s=4e3))
    with pytest.raises(InputError, match=r"would leave at T\+4000"):
        phases_of(late)


@pytest.mark.parametrize("name", ["soyuz-2.1a", "soyuz-2.1b", "soyuz-2.1b-fregat"])
def test_masses_of_the_phases_close(name: str) -> None:
    vehicle = catalog.vehicle(name)
    seq = phases_of(vehicle)
    payload = 3_000.0
    mass = seq.liftoff_dry_kg + payload
    assert mass == pytest.approx(liftoff_mass(vehicle, payload))
    for p in seq.phases:
        mass -= p.spent_kg(1.0, p.duration_s) + p.drop_kg
    last = vehicle.stages[-1]
    used = sum(dict(p.draws).get(last.id, 0.0) * p.duration_s for p in seq.phases)
    assert seq.last is not None
    left = seq.last.usable_kg - used
    kept = last.dry_mass_kg - sum(j.mass_kg for j in last.jettisons) + last.residual_kg
    kept += sum(c.mass_kg for c in last.consumables) + vehicle.adapter_kg
    assert mass == pytest.approx(payload + kept + left, abs=1e-6)


@given(st.floats(0.0, 2.0 * math.pi), st.floats(-math.pi, math.pi))
def test_circular_ending_holds_on_the_wanted_orbit(u: float, node: float) -> None:
    r, v = CIRCLE.state_at(u, node)
    length = 6_378_137.0
    speed = math.sqrt(MU / length)
    got = reaches(CIRCLE, length, MU).formula(
        SCALAR, tuple(float(x) / length for x in r), tuple(float(x) / speed for x in v), 0.0
    )
    assert np.allclose([float(x) for x in got], 0.0, atol=1e-12)
    cos_u, sin_u = argument_of_latitude(SCALAR, tuple(map(float, r)), tuple(map(float, v)))
    # u of the osculating plane; the inclination's own oscillation moves it by far less than this
    assert (float(cos_u), float(sin_u)) == (
        pytest.approx(math.cos(u), abs=1e-9),
        pytest.approx(math.sin(u), abs=1e-9),
    )
    shift = CIRCLE.point(math.cos(u), math.sin(u)).raan_shift_rad
    turn = (node_angle(r, v) - shift - node + math.pi) % (2.0 * math.pi) - math.pi
    assert abs(turn) < 1e-9


@given(st.floats(0.0, 2.0 * math.pi), st.floats(-math.pi, math.pi))
def test_elliptic_ending_holds_on_the_wanted_orbit(u: float, node: float) -> None:
    r, v = ELLIPSE.state_at(u, node)
    length = 6_378_137.0
    speed = math.sqrt(MU / length)
    state = tuple(float(x) / length for x in r), tuple(float(x) / speed for x in v)
    wanted = reaches(ELLIPSE, length, MU)
    got = [float(x) for x in wanted.formula(SCALAR, *state, 0.0)]
    # the last output says on which side the perigee lies: as long as e, and not against it
    assert np.allclose(got[:-1], 0.0, atol=1e-9)
    assert got[-1] == pytest.approx(0.7283)
    assert wanted.lower[-1] == 0.0
    faster = tuple(1.001 * x for x in state[1])
    assert max(abs(float(x)) for x in wanted.formula(SCALAR, state[0], faster, 0.0)[:-1]) > 1e-4


@given(
    st.floats(0.0, 2.0 * math.pi),
    st.floats(-math.pi, math.pi),
    st.floats(1e-3, 0.8),
    st.floats(0, 6),
)
def test_an_ellipse_with_a_free_perigee_is_met_at_any_anomaly(
    u: float, node: float, e: float, argp: float
) -> None:
    there = replace(ELLIPSE, e_mean=e, argp_rad=argp)
    r, v = there.state_at(u, node)
    length = 6_378_137.0
    speed = math.sqrt(MU / length)
    state = tuple(float(x) / length for x in r), tuple(float(x) / speed for x in v)
    wanted = reaches(replace(there, argp_rad=None), length, MU)
    assert wanted.own is not None
    (anomaly,) = wanted.own(*state)
    # the orbit's own argument of latitude and of perigee say where it is met
    assert math.cos(anomaly - (u - argp)) == pytest.approx(1.0, abs=1e-9)
    got = [float(x) for x in wanted.formula(SCALAR, *state, 0.0, anomaly)]
    assert np.allclose(got, 0.0, atol=1e-9)
    faster = tuple(1.001 * x for x in state[1])
    own = wanted.own(state[0], faster)
    assert max(abs(float(x)) for x in wanted.formula(SCALAR, state[0], faster, 0.0, *own)) > 1e-4


@given(st.floats(-70.0, 70.0), st.floats(1.0, 179.0), st.booleans())
def test_launch_heading_lies_in_the_target_plane(
    latitude: float, inclination: float, north: bool
) -> None:
    phi, i = math.radians(latitude), math.radians(inclination)
    up = np.array([math.cos(phi), 0.0, math.sin(phi)])
    r0 = 6_370e3 * up
    east = np.array([0.0, 1.0, 0.0])
    axes = np.vstack([up, east, np.cross(up, east)])
    normal, relative, azimuth = launch_heading(r0, axes, 7.292115e-5, i, north, 7_700.0)
    assert np.linalg.norm(normal) == pytest.approx(1.0)
    assert abs(relative @ up) < 1e-12
    if abs(math.cos(i)) < math.cos(phi) - 1e-6:
        assert normal[2] == pytest.approx(math.cos(i), abs=1e-9)
        assert abs(normal @ up) < 1e-9
        # spherical trigonometry: cos i = cos(latitude) sin(azimuth)
        assert math.cos(phi) * math.sin(azimuth) == pytest.approx(math.cos(i), abs=1e-9)
        assert (math.cos(azimuth) > 0.0) == north
