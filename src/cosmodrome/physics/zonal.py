"""Gravity of an oblate body: the central term and the zonal harmonics J2 to J4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.maths import Ops, Vector

__all__ = ["acceleration"]


def acceleration(
    ops: Ops,
    r: Vector,
    axis: Vector,
    mu: float,
    re: float,
    j2: float,
    j3: float = 0.0,
    j4: float = 0.0,
) -> Vector:
    """Acceleration in m/s^2 of a zonal field.

    r     place, m, any inertial axes            axis  unit vector of the spin axis, same axes
    mu    m^3/s^2, re the field's own radius in m, j2..j4 unnormalised (J2 = +1.08e-3)

    With s = (r . axis)/r the potential is mu/r [1 - sum J_n (re/r)^n P_n(s)] (Kaula 1966,
    eq. 1.31); the gradient is split into a radial and an axial part, free of singularities.
    """
    rr = ops.dot(r, r)
    d = ops.sqrt(rr)
    s = ops.dot(r, axis) / d
    q = re / d
    q2 = q * q
    s2 = s * s
    # P_n' and n-fold radial factors: a = -mu/r^2 { [1 - sum J_n q^n ((n+1) P_n + s P_n')] r_hat
    #                                                + sum J_n q^n P_n' axis }
    axial: Any = q2 * (j2 * 3.0 * s)
    radial: Any = q2 * (j2 * (7.5 * s2 - 1.5))
    if j3 != 0.0:
        q3 = q2 * q
        axial = axial + q3 * (j3 * (7.5 * s2 - 1.5))
        radial = radial + q3 * (j3 * (17.5 * s2 - 7.5) * s)
    if j4 != 0.0:
        q4 = q2 * q2
        axial = axial + q4 * (j4 * (17.5 * s2 - 7.5) * s)
        radial = radial + q4 * (j4 * ((39.375 * s2 - 26.25) * s2 + 1.875))
    g = -mu / rr
    along = g * (1.0 - radial) / d
    across = g * axial
    return (
        along * r[0] + across * axis[0],
        along * r[1] + across * axis[1],
        along * r[2] + across * axis[2],
    )
