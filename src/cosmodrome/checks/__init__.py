"""Findings by independent roads: what was flown, judged without what planned it."""

from cosmodrome.checks.table import (
    CHECKS,
    IN_ORBIT,
    OF_BURNS,
    OF_IMAGING,
    OF_LIBRATION,
    OF_LIGHT,
    OF_LOW_THRUST,
    OF_MEETING,
    OF_OBJECTS,
    OF_PHASES,
    OF_PLANS,
    OF_RELEASES,
    OF_SEVERAL,
    OF_STEPS,
    Check,
    run,
)

__all__ = [
    "CHECKS",
    "IN_ORBIT",
    "OF_BURNS",
    "OF_LIBRATION",
    "OF_LIGHT",
    "OF_IMAGING",
    "OF_LOW_THRUST",
    "OF_MEETING",
    "OF_OBJECTS",
    "OF_PHASES",
    "OF_PLANS",
    "OF_RELEASES",
    "OF_SEVERAL",
    "OF_STEPS",
    "Check",
    "run",
]
