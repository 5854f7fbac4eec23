"""The loss model: what is held back weighs what Tsiolkovsky says, and misses from the payload."""

from __future__ import annotations

import math

import pytest

from cosmodrome import catalog
from cosmodrome.record.nouns import Burn, Ledger
from cosmodrome.vehicle.losses import LossModel, Spent, spent

SPENT = Spent(
    ideal_kg=6_000.0,
    cutoff_kg=8_500.0,
    exhaust_m_s=4_400.0,
    delta_v_m_s=12_000.0,
    solid_m_s=2_000.0,
    hydrogen_kg=20_000.0,
)


def test_nothing_lost_is_the_ideal() -> None:
    assert LossModel(0.0, 0.0, 0.0, scatter=0.1).payload(SPENT) == (6_000.0, 600.0)


def test_a_reserve_still_gives_its_delta_v() -> None:
    model = LossModel(reserve=0.01, solid=0.02, hydrogen=0.0)
    held = model.loss_kg(SPENT)
    # burning what was held back, from the same mass at release
    gained = SPENT.exhaust_m_s * math.log(SPENT.cutoff_kg / (SPENT.cutoff_kg - held))
    assert gained == pytest.approx(0.01 * 12_000.0 + 0.02 * 2_000.0, rel=1e-12)
    assert model.payload(SPENT)[0] == 6_000.0 - held


def test_hydrogen_gives_up_a_part_of_the_load() -> None:
    assert LossModel(0.0, 0.0, 0.03).loss_kg(SPENT) == pytest.approx(600.0)


def test_no_payload_is_less_than_nothing() -> None:
    assert LossModel(0.0, 0.0, 0.5, scatter=0.1).payload(SPENT) == (0.0, 0.0)


def test_what_an_ascent_spent() -> None:
    atlas = catalog.vehicle("atlas-v-551")
    ledger = Ledger(
        burns=(
            Burn("centaur", 283.0, 900.0, 1e4, 0.0, 0.0, 5_000.0),
            Burn("srb", 0.0, 94.0, 2e5, 0.0, 0.0, 1_500.0),
            Burn("ccb", 0.0, 267.0, 2.8e5, 0.0, 0.0, 3_000.0),
        )
    )
    assert spent(atlas, ledger, 6_000.0, 8_455.0) == Spent(
        6_000.0, 8_455.0, 9.80665 * 449.7, 9_500.0, 1_500.0, 20_830.0
    )


def test_kerosene_is_not_hydrogen() -> None:
    falcon = catalog.vehicle("falcon-9-b5")
    ledger = Ledger(burns=(Burn("stage-2", 160.0, 500.0, 1e5, 0.0, 0.0, 6_000.0),))
    assert spent(falcon, ledger, 8_000.0, 13_000.0).hydrogen_kg == 0.0
