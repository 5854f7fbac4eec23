"""GTO to GEO in three burns: the constants both programs are given, and a plain first guess.

250 x 35,786 km at 6 degrees, 4,000 kg, 400 N, 320 s; a point mass. Start anywhere on the first
orbit; end on the circle of 42,164.137 km in the equator; least propellant. Read by the peers'
interpreter too: nothing of the package is imported here.
"""

from __future__ import annotations

import math

MU = 3.986004415e14
RADIUS_M = 6_378_137.0
PERIGEE_M, APOGEE_M = RADIUS_M + 250e3, RADIUS_M + 35_786e3
INCLINATION = math.radians(6.0)
MASS_KG, THRUST_N, ISP_S, G0 = 4000.0, 400.0, 320.0, 9.80665
BURNS = 3

# canonical units: the radius of the wanted circle, its circular speed
UNIT_M = APOGEE_M
TIME_S = math.sqrt(UNIT_M**3 / MU)
PUSH = THRUST_N / MASS_KG / (UNIT_M / TIME_S**2)
FLOW = THRUST_N / (G0 * ISP_S) / MASS_KG * TIME_S

A, E = 0.5 * (PERIGEE_M + APOGEE_M), (APOGEE_M - PERIGEE_M) / (APOGEE_M + PERIGEE_M)
# p, f, g, h, k of the first orbit, perigee and node on the x axis
START = (A * (1.0 - E * E) / UNIT_M, E, 0.0, math.tan(0.5 * INCLINATION), 0.0)
