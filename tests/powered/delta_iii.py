"""The Delta III ascent of Betts and Benson as a statement of powered flight.

Benson, "A Gauss Pseudospectral Transcription for Optimal Control", MIT, 2005; Betts, Practical
Methods for Optimal Control, 2010. Constants and the optimum, 7529.712287 kg, as distributed with
yapss 0.2.3 (which finds 7529.7122687 kg at 924.139204 s).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cosmodrome.maths import HingeTable, Ops
from cosmodrome.physics.powered import Body, Planet
from cosmodrome.powered.phases import Phase, uniform
from cosmodrome.powered.statement import Arc, Budget, Powered, Statement, Waypoint

MU, RE, OMEGA = 3.986012e14, 6378145.0, 7.29211585e-5
RHO0, H_M = 1.225, 7200.0
G0 = 9.80665
A, E = 24361140.0, 0.7308
INCLINATION, RAAN, ARGP = (math.radians(x) for x in (28.5, 269.8, 130.5))
PAYLOAD = 4164.0
OPTIMUM_KG, OPTIMUM_S = 7529.712287, 924.139204
SRB = (628500.0, 628500.0 / (G0 * 283.3336350218602))
FIRST = (1083100.0, 1083100.0 / (G0 * 301.6877640001453))
SECOND = (110094.0, 110094.0 / (G0 * 467.2131137105495))


def air(ops: Ops, h: Any) -> tuple[Any, Any, Any]:
    """Exponential air, clamped below the ground; no back-pressure in this benchmark."""
    return RHO0 * ops.exp(ops.fmin(-h / H_M, 0.5)), 0.0 * h, 340.0 + 0.0 * h


PLANET = Planet(MU, RE, 0.0, 0.0, 0.0, OMEGA, RE, 0.0, air)
BODY = Body(4.0 * math.pi, HingeTable((), (), (), 0.5))


def target() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """h (canonical), directions to perigee and 90 deg ahead, and e."""
    ci, si = math.cos(INCLINATION), math.sin(INCLINATION)
    node = np.array([math.cos(RAAN), math.sin(RAAN), 0.0])
    up = np.array([-ci * math.sin(RAAN), ci * math.cos(RAAN), si])
    p = math.cos(ARGP) * node + math.sin(ARGP) * up
    q = -math.sin(ARGP) * node + math.cos(ARGP) * up
    return math.sqrt(A / RE * (1.0 - E * E)) * np.cross(p, q), p, q, E


def ending() -> Waypoint:
    h_t, p, q, e = target()

    def formula(ops: Ops, r: Any, v: Any, t: Any) -> list[Any]:
        h = ops.cross(r, v)
        k = ops.cross(v, h)
        d = ops.norm(r)
        e_vec = tuple(k[c] - r[c] / d for c in range(3))
        return [
            h[0] - h_t[0],
            h[1] - h_t[1],
            h[2] - h_t[2],
            sum(e_vec[c] * p[c] for c in range(3)) - e,
            sum(e_vec[c] * q[c] for c in range(3)),
        ]

    return Waypoint("target", -1, formula, (0.0,) * 5, (0.0,) * 5)


def statement(intervals: tuple[int, int, int, int] = (6, 5, 5, 8)) -> Statement:
    def phase(
        name: str, t: float, engines: list[tuple[float, float]], drop: float, n: int
    ) -> Phase:
        last = name == "second stage"
        return Phase(
            name,
            t,
            100.0 if last else t,
            700.0 if last else t,
            thrust_vacuum_n=sum(f for f, _ in engines),
            flow_kg_s=sum(m for _, m in engines),
            drop_kg=drop,
            burning=(name,),
            draws=((name, SECOND[1]),) if last else (),
            steering="free",
            joined=False,
            mesh=uniform(n),
        )

    srb_dry = 2280.0
    phases = (
        phase("six boosters", 75.2, [SRB] * 6 + [FIRST], 6 * srb_dry, intervals[0]),
        phase("three boosters", 75.2, [SRB] * 3 + [FIRST], 3 * srb_dry, intervals[1]),
        phase("first stage", 110.6, [FIRST], 8830.0, intervals[2]),
        phase("second stage", 690.0, [SECOND], 0.0, intervals[3]),
    )
    lat = math.radians(28.5)
    r0 = RE * np.array([math.cos(lat), 0.0, math.sin(lat)])
    v0 = OMEGA * np.array([-r0[1], r0[0], 0.0])
    up = r0 / RE
    east = np.array([0.0, 1.0, 0.0])
    # propellant spent before each drop is what the catalogue loads: drops are dry masses plus
    # what the fixed burn times leave behind
    phases = tuple(_exact(p, i) for i, p in enumerate(phases))
    return Statement(
        PLANET,
        BODY,
        phases,
        r0,
        v0,
        np.vstack([up, east, np.cross(up, east)]),
        9 * 19290.0 + 104380.0 + 19300.0,
        (ending(),),
        Budget("second stage", 16820.0),
    )


def _exact(p: Phase, i: int) -> Phase:
    from dataclasses import replace

    if i == 0:
        return replace(p, drop_kg=6 * (19290.0 - SRB[1] * 75.2))
    if i == 1:
        return replace(p, drop_kg=3 * (19290.0 - SRB[1] * 75.2))
    if i == 2:
        return replace(p, drop_kg=104380.0 - FIRST[1] * 261.0)
    return p


def rough_guess(st: Statement) -> Powered:
    """No flight at all: every node of the first phases on the pad, of the last at the perigee."""
    _, p, q, e = target()
    rp = A * (1.0 - e)
    vp = math.sqrt(MU * (1.0 + e) / rp)
    arcs = []
    t, m = 0.0, st.liftoff_dry_kg + PAYLOAD
    for i, phase in enumerate(st.phases):
        n = phase.node_fractions.size
        r = np.repeat(st.r0_m[None] if i < 3 else rp * p[None], n, axis=0)
        v = np.repeat(st.v0_m_s[None] if i < 3 else vp * q[None], n, axis=0)
        u = np.repeat(np.array([[1.0, 0.0, 0.0] if i < 2 else [0.0, 1.0, 0.0]]), n, axis=0)
        arcs.append(Arc(phase, t, phase.duration_s, m, r, v, u))
        m -= phase.flow_kg_s * phase.duration_s + phase.drop_kg
        t += phase.duration_s
    return Powered(tuple(arcs), PAYLOAD, 500.0, np.zeros(2))
