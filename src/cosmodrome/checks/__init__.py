"""Findings by independent roads: what was flown, judged without what planned it."""

from cosmodrome.checks.table import CHECKS, OF_SEVERAL, Check, run

__all__ = ["CHECKS", "OF_SEVERAL", "Check", "run"]
