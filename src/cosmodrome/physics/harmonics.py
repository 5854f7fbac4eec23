"""Gravity of a body by fully normalised spherical harmonics: the specification.

Singularity-free in Cartesian direction cosines, after Pines (1973), "Uniform representation of
the gravitational potential and its derivatives", AIAA Journal 11, 1508-1511, with the fully
normalised recursion of Lundberg & Schutz (1988), JGCD 11, 32-38 (fixed order, rising degree).
The compiled core uses another road (gradient as harmonics, Cunningham 1970); the two agree to
rounding.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["acceleration", "gradient", "potential"]


@functools.lru_cache(maxsize=16)
def _recursion(degree: int) -> tuple[Array, Array, Array, Array]:
    """alpha, beta of H_nm = alpha u H_n-1,m - beta H_n-2,m; sectoral H_nn; d/du factor."""
    n = np.arange(degree + 2, dtype=np.float64)[:, None]
    m = np.arange(degree + 2, dtype=np.float64)[None, :]
    below = n > m
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = np.where(below, np.sqrt((2 * n - 1) * (2 * n + 1) / ((n - m) * (n + m))), 0.0)
        beta = np.where(
            n > m + 1,
            np.sqrt((2 * n + 1) * (n + m - 1) * (n - m - 1) / ((2 * n - 3) * (n + m) * (n - m))),
            0.0,
        )
    half = np.where(m == 0, 0.5, 1.0)
    slope = np.sqrt(np.where(below, half * (n - m) * (n + m + 1), 0.0))
    k = np.arange(1, degree + 2, dtype=np.float64)
    factors = np.sqrt(np.where(k == 1, 3.0, (2 * k + 1) / (2 * k)))
    sectoral = np.concatenate([[1.0], np.cumprod(factors)])
    return alpha, beta, sectoral, slope


def _sums(r_m: Array, mu: float, radius_m: float, C: Array, S: Array) -> tuple[Array, Array, Array]:
    """(potential, acceleration, r) over (k, 3) body-fixed places."""
    degree = C.shape[-1] - 1
    alpha, beta, sectoral, slope = _recursion(degree)
    r = np.linalg.norm(r_m, axis=1)
    s, t, u = (r_m / r[:, None]).T
    points = r.shape[0]
    m = np.arange(degree + 1)
    # (s + i t)^m
    powers = np.empty((points, degree + 1), dtype=np.complex128)
    powers[:, 0] = 1.0
    powers[:, 1:] = np.cumprod(np.repeat((s + 1j * t)[:, None], degree, axis=1), axis=1)
    re, im = powers.real, powers.imag
    re1 = np.concatenate([np.zeros((points, 1)), re[:, :-1]], axis=1)
    im1 = np.concatenate([np.zeros((points, 1)), im[:, :-1]], axis=1)
    U = np.zeros(points)
    dr, ds, dt, du = (np.zeros(points) for _ in range(4))
    one_back = np.zeros((points, degree + 2))
    two_back = np.zeros((points, degree + 2))
    rho = radius_m / r
    power = np.ones(points)
    for n in range(degree + 1):
        H = alpha[n] * u[:, None] * one_back - beta[n] * two_back
        H[:, n] = sectoral[n]
        h = H[:, : degree + 1]
        c, sn = C[..., n, :], S[..., n, :]
        D = c * re + sn * im
        hd = np.einsum("ij,ij->i", h, D)
        U += power * hd
        dr -= (n + 1) * power * hd
        ds += power * np.einsum("ij,ij->i", h, m * (c * re1 + sn * im1))
        dt += power * np.einsum("ij,ij->i", h, m * (sn * re1 - c * im1))
        du += power * np.einsum("ij,ij->i", slope[n, : degree + 1] * H[:, 1:], D)
        two_back, one_back = one_back, H
        power = power * rho
    k = mu / r**2
    radial = dr - s * ds - t * dt - u * du
    a = k[:, None] * np.stack([radial * s + ds, radial * t + dt, radial * u + du], axis=1)
    return mu / r * U, a, r


def acceleration(
    r_m: Array,
    mu_m3_s2: float,
    radius_m: float,
    C: Array,
    S: Array,
    order: int | None = None,
) -> Array:
    """Gravitational acceleration, central term included (Pines 1973).

    r_m       (3,) or (k, 3), body-fixed frame of the field, m; anywhere outside the body
    C, S      (n + 1, n + 1) fully normalised, row = degree, column = order; or (k, n + 1, n + 1),
              a field of its own for each place
    order     highest order used; all when None
    Returns the shape of `r_m`, m/s^2, body-fixed components.
    """
    _, a, _ = _sums(np.atleast_2d(r_m), mu_m3_s2, radius_m, *_cut(C, S, order))
    return a.reshape(np.shape(r_m))


def potential(
    r_m: Array,
    mu_m3_s2: float,
    radius_m: float,
    C: Array,
    S: Array,
    order: int | None = None,
) -> Array:
    """Gravitational potential (positive, mu/r + ...), m^2/s^2; arguments as `acceleration`."""
    U, _, _ = _sums(np.atleast_2d(r_m), mu_m3_s2, radius_m, *_cut(C, S, order))
    return U.reshape(np.shape(r_m)[:-1])


def gradient(
    r_m: Array,
    mu_m3_s2: float,
    radius_m: float,
    C: Array,
    S: Array,
    order: int | None = None,
) -> Array:
    """Gravity gradient: second derivatives of the potential, central term included, 1/s^2.

    Arguments as `acceleration`; returns (3, 3) or (k, 3, 3), body-fixed, symmetric, without trace
    outside the body (Laplace). The sums are Pines' with one more derivative: with F(r, n) the
    potential, n = r / |r|, P = 1 - n n^T and F_n its derivatives to s, t, u,

        F_rr n n^T + (n F_rn^T P + P F_rn n^T) / r + F_r P / r
          + (P F_nn P - (n . F_n) P - P F_n n^T - n F_n^T P) / r^2
    """
    r, direction, F_r, F_n, F_rr, F_rn, F_nn = _second(
        np.atleast_2d(r_m), mu_m3_s2, radius_m, *_cut(C, S, order)
    )
    n = direction
    P = np.eye(3) - n[:, :, None] * n[:, None, :]
    across = np.einsum("kij,kj->ki", P, F_rn / r[:, None] - F_n / r[:, None] ** 2)
    mixed = n[:, :, None] * across[:, None, :]
    along = F_r / r - np.einsum("ki,ki->k", n, F_n) / r**2
    T: Array = (
        F_rr[:, None, None] * n[:, :, None] * n[:, None, :]
        + mixed
        + np.swapaxes(mixed, 1, 2)
        + along[:, None, None] * P
        + P @ (F_nn / r[:, None, None] ** 2) @ P
    )
    out: Array = T.reshape((*np.shape(r_m), 3))
    return out


def _second(
    r_m: Array, mu: float, radius_m: float, C: Array, S: Array
) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    """r, n and the first and second derivatives of F(r, n) over (k, 3) places."""
    degree = C.shape[-1] - 1
    alpha, beta, sectoral, slope = _recursion(degree)
    # one order more than the acceleration needs; it is zero where the slope would need it
    slope2 = np.zeros_like(slope)
    slope2[:, :-1] = slope[:, :-1] * slope[:, 1:]
    r = np.linalg.norm(r_m, axis=1)
    direction = r_m / r[:, None]
    s, t, u = direction.T
    points = r.shape[0]
    m = np.arange(degree + 1)
    z = np.ones((points, degree + 3), dtype=np.complex128)
    z[:, 3:] = np.cumprod(np.repeat((s + 1j * t)[:, None], degree, axis=1), axis=1)
    z[:, :2] = 0.0  # powers -2, -1: their factors m, m - 1 vanish
    z0, z1, z2 = z[:, 2:], z[:, 1:-1], z[:, :-2]
    F_r, F_rr = np.zeros(points), np.zeros(points)
    F_n, F_rn, F_nn = np.zeros((points, 3)), np.zeros((points, 3)), np.zeros((points, 3, 3))
    one_back = np.zeros((points, degree + 3))
    two_back = np.zeros((points, degree + 3))
    power = mu / r
    for n in range(degree + 1):
        H = np.zeros((points, degree + 3))
        H[:, :-1] = alpha[n] * u[:, None] * one_back[:, :-1] - beta[n] * two_back[:, :-1]
        H[:, n] = sectoral[n]
        h = H[:, :-2]
        dh = slope[n, : degree + 1] * H[:, 1:-1]
        ddh = slope2[n, : degree + 1] * H[:, 2:]
        # D + i E = (C - i S) (s + i t)^m: d/ds gives m (.)^(m-1), d/dt i times that
        k = C[..., n, :] - 1j * S[..., n, :]
        d0, d1, d2 = k * z0, m * k * z1, m * (m - 1) * k * z2
        Y = np.sum(h * d0.real, axis=1)
        g1, g2 = np.sum(h * d1, axis=1), np.sum(h * d2, axis=1)
        gu, gus, guu = (
            np.sum(dh * d0.real, axis=1),
            np.sum(dh * d1, axis=1),
            np.sum(ddh * d0.real, axis=1),
        )
        first = np.stack([g1.real, -g1.imag, gu], axis=-1)
        second = np.stack(
            [
                np.stack([g2.real, -g2.imag, gus.real], axis=-1),
                np.stack([-g2.imag, -g2.real, -gus.imag], axis=-1),
                np.stack([gus.real, -gus.imag, guu], axis=-1),
            ],
            axis=-2,
        )
        F_r -= (n + 1) / r * power * Y
        F_rr += (n + 1) * (n + 2) / r**2 * power * Y
        F_n += power[:, None] * first
        F_rn -= ((n + 1) / r * power)[:, None] * first
        F_nn += power[:, None, None] * second
        two_back, one_back = one_back, H
        power = power * (radius_m / r)
    return r, direction, F_r, F_n, F_rr, F_rn, F_nn


def _cut(C: Array, S: Array, order: int | None) -> tuple[Array, Array]:
    if order is None or order >= C.shape[-1] - 1:
        return C, S
    keep = np.arange(C.shape[-1]) <= order
    return np.where(keep, C, 0.0), np.where(keep, S, 0.0)
