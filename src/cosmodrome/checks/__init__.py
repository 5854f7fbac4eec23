"""Findings by independent roads: what was flown, judged without what planned it."""

from cosmodrome.checks.table import CHECKS, Check, run

__all__ = ["CHECKS", "Check", "run"]
