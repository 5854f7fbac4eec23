"""The payload tables: the document says what is stored, and the shipped model is the fitted one."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from bench import ratings
from cosmodrome.campaign.losses import cross_validated, fit
from cosmodrome.vehicle.losses import GLOBAL


def test_the_document_shows_what_is_stored() -> None:
    text = ratings.DOCUMENT.read_text(encoding="utf-8")
    inside = text.partition(ratings.BEGIN)[2].partition(ratings.END)[0]
    assert inside.strip() == ratings.tables(ratings.stored()).strip()


def test_the_shipped_model_is_the_fitted_one() -> None:
    known = ratings.samples(ratings.stored())
    fitted = fit(known, ratings.CHOSEN)
    # shipped with three digits
    assert astuple(GLOBAL)[:3] == pytest.approx(astuple(fitted)[:3], abs=5e-5)
    assert GLOBAL.vehicles == fitted.vehicles
    assert GLOBAL.scatter == pytest.approx(cross_validated(known, ratings.CHOSEN).scatter, abs=5e-4)


def test_at_most_three_parameters_and_one_chosen() -> None:
    assert ratings.CHOSEN in ratings.FORMS
    assert len(ratings.CHOSEN) <= 3
