"""What a check says before it gets its name: a number against a limit, or why it is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.record.nouns import Finding

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Verdict

__all__ = ["Judged", "NotJudged", "at_least", "at_most", "not_judged"]


class NotJudged(Exception):  # noqa: N818 - not an error: the honest way out of a check
    """Raised inside a check when what it needs was not flown or not given."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding without the name and the roads of its check."""

    verdict: Verdict
    measured: float | None
    limit: float | None
    unit: str
    margin: float | None
    where: str
    why: str
    object: str = ""

    def finding(self, check: str, roads: tuple[str, str], object: str = "") -> Finding:
        """Of a check by its name; `object` where none is named here."""
        return Finding(
            check,
            self.verdict,
            self.measured,
            self.limit,
            self.unit,
            self.margin,
            self.where,
            self.why,
            roads,
            self.object or object,
        )


def at_most(
    measured: float,
    limit: float,
    unit: str,
    where: str,
    why: str,
    *,
    object: str = "",
    otherwise: Verdict = "fails",
) -> Judged:
    """Holds when `measured` <= `limit`; not a number never holds."""
    return _judged(measured, limit, limit - measured, unit, where, why, object, otherwise)


def at_least(
    measured: float,
    limit: float,
    unit: str,
    where: str,
    why: str,
    *,
    object: str = "",
    otherwise: Verdict = "fails",
) -> Judged:
    """Holds when `measured` >= `limit`; not a number never holds."""
    return _judged(measured, limit, measured - limit, unit, where, why, object, otherwise)


def _judged(
    measured: float,
    limit: float,
    margin: float,
    unit: str,
    where: str,
    why: str,
    object: str,
    otherwise: Verdict,
) -> Judged:
    measured, limit, margin = float(measured), float(limit), float(margin)
    if not np.isfinite(margin):
        finite = measured if np.isfinite(measured) else None
        return Judged("fails", finite, limit, unit, None, where, f"{why}; not a number", object)
    verdict: Verdict = "holds" if margin >= 0.0 else otherwise
    return Judged(verdict, measured, limit, unit, margin, where, why, object)


def not_judged(why: str, *, where: str = "", object: str = "") -> Judged:
    """Nothing could be measured, and why."""
    return Judged("not-judged", None, None, "", None, where, why, object)
