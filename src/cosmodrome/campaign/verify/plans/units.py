"""What units that are taken for SI ones are in it (NIST SP 811, 2008, appendix B.9)."""

from __future__ import annotations

__all__ = ["FOOT_M", "POUND_FORCE_N", "POUND_KG"]

FOOT_M = 0.3048
POUND_KG = 0.45359237
# to eight figures, as slips carry it
POUND_FORCE_N = 4.4482216
