"""Burns written wrong in the file too: listed where they lead too low, flown, and seen there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import mission
from cosmodrome.campaign.score.orbits import ORBITS
from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.plans.flown import fly_carried
from cosmodrome.campaign.verify.plans.written import is_written, written, written_faults
from cosmodrome.errors import InputError
from cosmodrome.flight import fly
from cosmodrome.flight.again import carried
from cosmodrome.formats.yaml_text import as_yaml
from cosmodrome.mission.steps import Manoeuvre

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

KIND = "low over the Moon"


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    tree = ORBITS[KIND].make(np.random.default_rng([7, 0]))
    text = as_yaml({"schema": "cosmodrome/1", "name": KIND, **tree})
    return fly(mission.loads(text, KIND), world=shipped_world)


def test_those_alone_are_listed_that_lead_too_low(flight: Flight) -> None:
    """The burn lowers 100 km to 22.6 km, some 3.9 km for a metre a second: a tenth more leaves
    15 km, a fifth more 7.5 km; the wrong way it goes up."""
    assert not [f for f in flight.findings if f.verdict == "fails"]
    faults = written_faults(flight)
    assert [f.value for f in faults] == pytest.approx([1.2, 127.0 / 84.0, 2.0])
    assert all(is_written(f) and f.family == "burns" for f in faults)


def test_the_file_says_what_is_carried(flight: Flight) -> None:
    fault = written_faults(flight)[0]
    carries = carried(flight)
    intended, wrong = written(flight, carries, fault)
    (told,) = (s for s in intended.mission.plan if isinstance(s, Manoeuvre))
    assert told in wrong.stretches[1].steps
    (own,) = (s for s in flight.mission.plan if isinstance(s, Manoeuvre))
    assert told.delta_v_m_s == pytest.approx(1.2 * own.delta_v_m_s)  # type: ignore[operator]
    with pytest.raises(InputError, match="no burn of this file"):
        written(flight, carries, replace(fault, path="written.0.delta_v_m_s"))


def test_only_the_floor_of_perilunes_sees_it(flight: Flight, shipped_world: World) -> None:
    fault = written_faults(flight)[0]
    judge = Judge(flight, shipped_world)
    again, outcome = fly_carried(judge, carried(flight), fault)
    assert again.flight is not None
    assert not again.ended
    assert {f.check for f in outcome.findings if f.verdict == "fails"} == {"burn-floor"}
