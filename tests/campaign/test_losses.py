"""The fit of the loss model: it finds what was put in, and leaves out what it says it leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.campaign.losses import (
    FORMS,
    Sample,
    cross_validated,
    fit,
    in_sample,
    judged,
)
from cosmodrome.vehicle.losses import LossModel, Spent

TRUE = LossModel(reserve=0.006, solid=0.011, hydrogen=0.023)


def _samples(count: int = 9) -> list[Sample]:
    """Two payloads for each of some vehicles that lose what `TRUE` says, without noise."""
    rng = np.random.default_rng(7)
    out = []
    for k in range(count):
        for _ in range(2):
            ideal = rng.uniform(1_500.0, 9_000.0)
            spent = Spent(
                ideal_kg=ideal,
                cutoff_kg=ideal + rng.uniform(500.0, 4_000.0),
                exhaust_m_s=rng.uniform(3_000.0, 4_500.0),
                delta_v_m_s=rng.uniform(9_000.0, 13_000.0),
                solid_m_s=rng.uniform(0.0, 6_000.0) if k % 2 else 0.0,
                hydrogen_kg=rng.uniform(10e3, 30e3) if k % 3 == 0 else 0.0,
            )
            out.append(Sample(f"v{k}", TRUE.payload(spent)[0], spent))
    return out


def test_the_fit_recovers_what_was_put_in() -> None:
    found = fit(_samples())
    # found to 7e-11
    assert (found.reserve, found.solid, found.hydrogen) == pytest.approx(
        (TRUE.reserve, TRUE.solid, TRUE.hydrogen), abs=1e-9
    )
    assert found.vehicles == 9


def test_one_wild_figure_moves_it_little() -> None:
    samples = _samples()
    wild = [replace(samples[0], published_kg=0.6 * samples[0].published_kg), *samples[1:]]
    # plain least squares moves the reserve from 0.006 to 0.0088, this to 0.0062
    assert fit(wild).reserve == pytest.approx(TRUE.reserve, abs=6e-4)


def test_a_parameter_that_is_not_free_is_nothing() -> None:
    for form in FORMS:
        found = fit(_samples(), form)
        assert all((getattr(found, p) > 0.0) == (p in form) for p in ("reserve", "hydrogen"))


def test_leaving_out_is_a_fit_without_the_vehicle() -> None:
    samples = _samples()
    moved = [replace(s, published_kg=0.9 * s.published_kg) for s in samples[:2]] + samples[2:]
    verdict = cross_validated(moved)
    alone = fit(moved[2:])
    for k in (0, 1):
        expected = alone.payload(moved[k].spent)[0]
        assert verdict.errors[k] == pytest.approx(expected / moved[k].published_kg - 1.0)
        # the others do not know of it: they say what was put in
        assert verdict.errors[k] == pytest.approx(1.0 / 0.9 - 1.0, abs=1e-6)
    # seen by the fit, it is missed by less
    assert abs(in_sample(moved, fit(moved)).errors[0]) < abs(verdict.errors[0])


def test_a_vehicle_has_one_vote() -> None:
    a, b = _samples(2)[0], _samples(2)[2]
    many = fit([a] * 7 + [replace(b, published_kg=0.95 * b.published_kg)], ("reserve",))
    once = fit([a, replace(b, published_kg=0.95 * b.published_kg)], ("reserve",))
    assert many.reserve == pytest.approx(once.reserve, rel=1e-3)


def test_a_verdict_counts_vehicles_not_points() -> None:
    samples = [replace(_samples(1)[0], vehicle=v) for v in ("a", "a", "a", "b", "c")]
    verdict = judged(samples, [0.01, -0.03, 0.02, -0.25, 0.0])
    assert verdict.by_vehicle == {"a": 0.02, "b": 0.25, "c": 0.0}
    assert (verdict.median, verdict.worst) == (0.02, 0.25)
    a = np.mean([(1 / 1.01 - 1) ** 2, (1 / 0.97 - 1) ** 2, (1 / 1.02 - 1) ** 2])
    assert verdict.scatter == pytest.approx(np.sqrt((a + (1 / 0.75 - 1) ** 2) / 3))


def test_nothing_to_fit_to_is_said() -> None:
    with pytest.raises(ValueError, match="no published payload"):
        fit([])
