"""The global loss model fitted to published payloads, and judged on vehicles it has not seen."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import least_squares

from cosmodrome.vehicle.losses import LossModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.vehicle.losses import Spent

__all__ = [
    "FORMS",
    "PARAMETERS",
    "Sample",
    "Verdict",
    "cross_validated",
    "fit",
    "in_sample",
    "judged",
]

PARAMETERS = ("reserve", "solid", "hydrogen")
#: every choice of parameters that may be left free; the rest are nothing
FORMS: tuple[tuple[str, ...], ...] = tuple(
    tuple(p for p, on in zip(PARAMETERS, chosen, strict=True) if on)
    for chosen in product((False, True), repeat=len(PARAMETERS))
)
# errors beyond this count by their size, no longer by their square
_ROBUST = 0.03


@dataclass(frozen=True, slots=True)
class Sample:
    """A published payload beside what an ideal ascent carries there."""

    vehicle: str
    published_kg: float
    spent: Spent


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far expected payloads lie from published ones, relative to the published.

    errors          of each sample, in the order given
    by_vehicle      the median of |error| over each vehicle's samples
    scatter         root mean square over vehicles of published / expected - 1
    """

    errors: tuple[float, ...]
    by_vehicle: Mapping[str, float]
    scatter: float

    @property
    def median(self) -> float:
        """Median over vehicles of |error|."""
        return float(np.median(list(self.by_vehicle.values())))

    @property
    def worst(self) -> float:
        """The largest |error| of a sample."""
        return max(abs(e) for e in self.errors)


def _grouped(samples: Sequence[Sample]) -> dict[str, list[int]]:
    out: dict[str, list[int]] = defaultdict(list)
    for k, sample in enumerate(samples):
        out[sample.vehicle].append(k)
    return out


def fit(samples: Sequence[Sample], free: Iterable[str] = PARAMETERS) -> LossModel:
    """The parameters named in `free` by least squares of relative errors, robust (soft L1).

    A vehicle has one vote, however many figures are published for it. No loss may be negative.
    Raises ValueError without a sample.
    """
    if not samples:
        raise ValueError("no published payload to fit a loss model to")
    names = tuple(free)
    groups = _grouped(samples)
    if not names:
        return LossModel(0.0, 0.0, 0.0, vehicles=len(groups))
    weights = np.array([1.0 / math.sqrt(len(groups[s.vehicle])) for s in samples])

    def model(x: NDArray[np.float64]) -> LossModel:
        values = dict(zip(names, map(float, x), strict=True))
        reserve, solid, hydrogen = (values.get(p, 0.0) for p in PARAMETERS)
        return LossModel(reserve, solid, hydrogen, vehicles=len(groups))

    def misfit(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return weights * _errors(model(x), samples)

    start = np.full(len(names), 0.01)
    found = least_squares(
        misfit, start, bounds=(0.0, 1.0), loss="soft_l1", f_scale=_ROBUST, xtol=1e-12, ftol=1e-12
    )
    return model(found.x)


def _errors(model: LossModel, samples: Sequence[Sample]) -> NDArray[np.float64]:
    return np.array([model.payload(s.spent)[0] / s.published_kg - 1.0 for s in samples])


def judged(samples: Sequence[Sample], errors: Sequence[float]) -> Verdict:
    """What to say of errors, expected over published less one, one for each sample."""
    groups = _grouped(samples)
    each = {v: float(np.median([abs(errors[k]) for k in ks])) for v, ks in groups.items()}
    squares = [
        np.mean([(1.0 / (1.0 + errors[k]) - 1.0) ** 2 for k in ks]) for ks in groups.values()
    ]
    return Verdict(tuple(map(float, errors)), each, float(np.sqrt(np.mean(squares))))


def in_sample(samples: Sequence[Sample], model: LossModel) -> Verdict:
    """The errors of a model on these samples."""
    return judged(samples, list(_errors(model, samples)))


def cross_validated(samples: Sequence[Sample], free: Iterable[str] = PARAMETERS) -> Verdict:
    """The errors of each vehicle by a model fitted to all the others (leave one vehicle out)."""
    names = tuple(free)
    errors = [0.0] * len(samples)
    for vehicle, own in _grouped(samples).items():
        model = fit([s for s in samples if s.vehicle != vehicle], names)
        for k, error in zip(own, _errors(model, [samples[k] for k in own]), strict=True):
            errors[k] = float(error)
    return judged(samples, errors)
