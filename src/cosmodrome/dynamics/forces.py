"""Gravity in all its parts, relativity and thrust, as small declarations.

Each says what it is, on which frame it acts, where it is valid and how good (`about`), and puts
itself into the compiled core's model (`install`). Forces on the spacecraft's surface are in
`surfaces`; `Dynamics` holds them together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.solvers import core
from cosmodrome.world.bodies import G0, body

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cosmodrome.dynamics.assembly import Assembly
    from cosmodrome.world.epoch import Epoch

__all__ = ["About", "Force", "Gravity", "PointMass", "Relativity", "Thrust", "Tides"]


@dataclass(frozen=True, slots=True)
class About:
    """What a force says of itself.

    source    author, year, equation
    frame     axes in which it is written
    valid     where it may be used
    accuracy  how good it is there
    """

    source: str
    frame: str
    valid: str
    accuracy: str


class Force(Protocol):
    """What every force declares."""

    @property
    def about(self) -> About:
        """Source, frame, validity, accuracy."""
        ...

    def needs(self, centre: str) -> dict[str, str]:
        """Bodies of the sky it asks for, with "place" or "velocity"."""
        ...

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        """Rows of the force audit: (name printed, key of the core)."""
        ...

    def install(self, assembly: Assembly) -> None:
        """Put it into the core's model."""
        ...


@dataclass(frozen=True, slots=True)
class Gravity:
    """Attraction of a body with its spherical harmonics: the centre, or another body near by.

    body    "earth", "moon", "mars": shipped fields; any body with a file
    degree  highest degree; 0 is a point of the field's own mass
    order   highest order; None: the degree
    field   name of a shipped field or path of a file (`World.gravity`); None: the body's own

    Raises InputError for an order above the degree.
    """

    body: str = "earth"
    degree: int = 70
    order: int | None = None
    field: str | Path | None = None

    def __post_init__(self) -> None:
        body(self.body)
        if not 0 <= self.top <= self.degree:
            raise InputError(
                f"gravity {self.degree}x{self.top} was asked: the order must lie between 0 and the"
                " degree"
            )

    @property
    def top(self) -> int:
        """Highest order used."""
        return self.degree if self.order is None else self.order

    @property
    def about(self) -> About:
        return About(
            "fully normalised harmonics, gradient as harmonics (Cunningham 1970; specification:"
            " Pines 1973)",
            f"body-fixed axes of the field of {self.body}",
            "outside the body; pads and craters below the reference radius included",
            "that of the field; equal to the specification to 3e-15",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {} if self.body == centre else {self.body: "place"}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        if self.body != centre:
            return ((f"{self.body}, {self.degree}x{self.top}", self.body),)
        return (
            (f"{self.body}, central term", "central"),
            (f"{self.body}, harmonics to {self.degree}x{self.top}", "harmonics"),
        )

    def install(self, assembly: Assembly) -> None:
        if self.body != assembly.centre and self.degree > 0:
            assembly.figure(self)


@dataclass(frozen=True, slots=True)
class PointMass:
    """Attraction of a body as a point; places from DE440."""

    body: str

    def __post_init__(self) -> None:
        body(self.body)

    @property
    def about(self) -> About:
        return About(
            "point mass, Battin 1987 eq. 8.60; places from DE440 (Park et al. 2021)",
            "gcrf",
            "1962-2060, many radii from the body",
            "places to 1 mm; mu of DE440",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {} if self.body == centre else {self.body: "place"}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        if self.body == centre:
            return ((f"{self.body}, central term", "central"),)
        return ((self.body, self.body),)

    def install(self, assembly: Assembly) -> None:
        """Nothing to add: the body itself attracts."""


@dataclass(frozen=True, slots=True)
class Tides:
    """Tides of the Earth as corrections of its field.

    solid  of Moon and Sun on the solid Earth, both steps
    pole   solid Earth and ocean pole tide
    ocean  degree of the ocean tides FES2004, 2 to 30; 0 leaves them out
    """

    solid: bool = True
    pole: bool = True
    ocean: int = 0

    def __post_init__(self) -> None:
        if self.ocean and not 2 <= self.ocean <= 30:
            raise InputError(f"ocean tides to degree {self.ocean}: write 2 to 30, or 0 for none")
        if not (self.solid or self.pole or self.ocean):
            raise InputError("tides without solid, pole or ocean tide: leave the force out")

    @property
    def about(self) -> About:
        return About(
            "IERS Conventions 2010, ch. 6 (Petit & Luzum 2010); FES2004 (Lyard et al. 2006)",
            "itrf",
            "Earth; smooth between 0 h UTC and 0 h UTC",
            "solid 1e-10, ocean 7e-10 of Orekit's; FES2004 itself some per cent",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        parts = [n for n, on in (("solid", self.solid), ("pole", self.pole)) if on]
        if self.ocean:
            parts.append(f"ocean {self.ocean}x{self.ocean}")
        return ((f"tides ({', '.join(parts)})", "tides"),)

    def install(self, assembly: Assembly) -> None:
        if assembly.centre != "earth":
            assembly.note(f"tides of the Earth have no effect about the {assembly.centre}")
            return
        assembly.tides(self)


@dataclass(frozen=True, slots=True)
class Relativity:
    """Post-Newtonian terms of the central body and of the Sun.

    schwarzschild, lense_thirring, de_sitter   which of the three
    """

    schwarzschild: bool = True
    lense_thirring: bool = False
    de_sitter: bool = False

    @property
    def about(self) -> About:
        return About(
            "IERS Conventions 2010, eq. 10.12",
            "gcrf (kinematically non-rotating)",
            "weak field; Lense-Thirring about the Earth only",
            "1e-9 of itself",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {"sun": "velocity"} if self.de_sitter and centre != "sun" else {}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        return (("relativity", "relativity"),)

    def install(self, assembly: Assembly) -> None:
        from cosmodrome.physics.relativity import EARTH_SPIN_M2_S

        spins = assembly.centre == "earth"
        if self.lense_thirring and not spins:
            assembly.note(
                f"relativity: no spin momentum of the {assembly.centre} is held; its"
                " Lense-Thirring term is left out"
            )
        assembly.model.set_relativity(
            schwarzschild=self.schwarzschild,
            lense_thirring=self.lense_thirring and spins,
            de_sitter=self.de_sitter and assembly.centre != "sun",
            spin_momentum_m2_s=EARTH_SPIN_M2_S if spins else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Thrust:
    """Thrust between two instants, constant or as a table, fixed or steered.

    thrust_n   newtons: a number, or one for each knot, linear between them
    direction  (3,) any length, or one for each knot, turned linearly between them
    axes       "gcrf"; "rtn": radial outward, transverse in the plane along the motion, normal
               along r x v; "vnc": along the inertial velocity, along r x v, and their product
    knots_s    seconds after `start`, rising from 0; none: the two ends
    propellant_kg  what can be burnt: the engine stops when it is gone, at `end` at the latest
    """

    start: Epoch
    end: Epoch
    thrust_n: float | Sequence[float]
    isp_s: float
    direction: Sequence[float] | Sequence[Sequence[float]]
    axes: Literal["gcrf", "rtn", "vnc"] = "gcrf"
    propellant_kg: float | None = None
    knots_s: Sequence[float] = ()

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise InputError(f"a burn from {self.start} to {self.end} has no length; swap the two")
        thrust, directions, knots = self._arrays()
        finite = np.all(np.isfinite(thrust)) and math.isfinite(self.isp_s)
        if not (finite and np.all(thrust >= 0.0) and np.any(thrust > 0.0) and self.isp_s > 0.0):
            raise InputError(
                f"a burn of {self.thrust_n} N at {self.isp_s} s needs positive thrust and"
                " specific impulse"
            )
        if self.axes not in core.AXES:
            raise InputError(
                f"thrust axes {self.axes!r} are not known; write 'gcrf', 'rtn' or 'vnc'"
            )
        if not np.all(np.linalg.norm(directions, axis=1) > 0.0):
            raise InputError("a thrust direction of zero length points nowhere")
        if self.propellant_kg is not None and not 0.0 < self.propellant_kg < math.inf:
            raise InputError(f"a burn with {self.propellant_kg} kg of propellant never lights")
        length = self.end - self.start
        if knots[0] != 0.0 or not np.all(np.diff(knots) > 0.0) or abs(knots[-1] - length) > 1e-6:
            raise InputError(
                f"knots of a burn must rise from 0 to its length of {length:g} s; they are"
                f" {[float(k) for k in knots]}"
            )

    def _arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        knots = np.asarray(self.knots_s or (0.0, self.end - self.start), dtype=np.float64)
        thrust = np.asarray(self.thrust_n, dtype=np.float64)
        directions = np.atleast_2d(np.asarray(self.direction, dtype=np.float64))
        n = knots.size
        if thrust.ndim and thrust.shape != (n,):
            raise InputError(f"{thrust.size} thrusts were given for {n} knots; give one for each")
        if directions.shape not in ((1, 3), (n, 3)):
            raise InputError(
                f"directions of shape {directions.shape} were given for {n} knots; give (3,) or"
                f" ({n}, 3)"
            )
        return np.broadcast_to(thrust, (n,)), np.broadcast_to(directions, (n, 3)), knots

    @property
    def flow_kg_s(self) -> float:
        """Mass flow F / (g0 Isp) at the start."""
        return float(self._arrays()[0][0]) / (G0 * self.isp_s)

    @property
    def burn_out(self) -> Epoch:
        """When the engine stops: commanded, or out of propellant."""
        if self.propellant_kg is None:
            return self.end
        thrust, _, knots = self._arrays()
        flow = thrust / (G0 * self.isp_s)
        burnt = np.concatenate([[0.0], np.cumsum(0.5 * (flow[1:] + flow[:-1]) * np.diff(knots))])
        if burnt[-1] <= self.propellant_kg:
            return self.end
        k = int(np.searchsorted(burnt, self.propellant_kg, side="right")) - 1
        left = self.propellant_kg - burnt[k]
        slope = (flow[k + 1] - flow[k]) / (knots[k + 1] - knots[k])
        # left = flow dt + slope dt^2 / 2, without cancellation
        dt = 2.0 * left / (flow[k] + np.sqrt(flow[k] ** 2 + 2.0 * slope * left))
        return self.start + float(knots[k] + dt)

    @property
    def unit(self) -> tuple[float, float, float]:
        """The first direction as a unit vector."""
        u = self._arrays()[1][0]
        u = u / np.linalg.norm(u)
        return float(u[0]), float(u[1]), float(u[2])

    @property
    def about(self) -> About:
        return About(
            "thrust linear between knots, direction along the chord, mass flow F / (g0 Isp)"
            " (Sutton & Biblarz 2017, 2-5)",
            self.axes,
            "three degrees of freedom: the engine points where it is told at once",
            "exact",
        )

    def needs(self, centre: str) -> dict[str, str]:
        return {}

    def rows(self, centre: str) -> tuple[tuple[str, str], ...]:
        return (("thrust", "thrust"),)

    def install(self, assembly: Assembly) -> None:
        burn = self.on(assembly.epoch)
        if burn is None:
            assembly.note("thrust has no effect: its propellant is gone within a nanosecond")
            return
        assembly.model.add_burn(burn)

    def on(self, epoch: Epoch) -> core.Burn | None:
        """The burn as the core takes it, in seconds after an epoch; None where it never lights."""
        thrust, directions, knots = self._arrays()
        stop = self.burn_out - self.start
        start = self.start - epoch
        if stop <= 0.0:
            return None
        if stop < knots[-1]:
            k = int(np.searchsorted(knots, stop))
            share = (stop - knots[k - 1]) / (knots[k] - knots[k - 1])
            units = directions / np.linalg.norm(directions, axis=1)[:, None]
            last = (1.0 - share) * units[k - 1] + share * units[k]
            force = (1.0 - share) * thrust[k - 1] + share * thrust[k]
            knots = np.append(knots[:k], stop)
            thrust = np.append(thrust[:k], force)
            directions = np.vstack([units[:k], last])
        else:
            # the instants of an epoch are whole nanoseconds
            knots = np.append(knots[:-1], stop)
        return core.Burn(start + knots, thrust, thrust / (G0 * self.isp_s), directions, self.axes)
