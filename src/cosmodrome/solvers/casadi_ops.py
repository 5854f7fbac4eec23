"""`Ops` on CasADi symbols. Importing this module loads CasADi."""

from __future__ import annotations

import casadi as ca

from cosmodrome.maths import Ops

__all__ = ["CASADI"]

CASADI = Ops(
    "casadi",
    ca.sqrt,
    ca.exp,
    ca.log,
    ca.log1p,
    ca.sin,
    ca.cos,
    ca.tanh,
    ca.atan2,
    ca.fabs,
    ca.fmin,
    ca.fmax,
)
