"""From declared forces to the core's model: tables of the world, and who needs which."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cosmodrome.dynamics import tables
from cosmodrome.dynamics.forces import Gravity, PointMass
from cosmodrome.dynamics.surfaces import AIR_MODELS, Plates, Radiation
from cosmodrome.errors import InputError
from cosmodrome.physics.thermosphere import HIGHEST_M, DensityTable, direct
from cosmodrome.solvers import core
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S, SUN, body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.forces import Tides
    from cosmodrome.dynamics.surfaces import Drag
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.world import World

__all__ = ["Assembly", "Setting"]

F = TypeVar("F")
_HEIGHT_MARGIN_M = 40_000.0
# the field a path is first iterated on, and the one it is corrected with at loose tolerances:
# higher where the field is rougher (measured: bench/propagation)
_LOW_DEGREE = {"earth": 8, "moon": 12, "mars": 12}
_TINY_DEGREE = {"earth": 4, "moon": 8, "mars": 8}
_NO_FIELD = (np.ones((1, 1)), np.zeros((1, 1)))


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Tables and core model of one leg; the specification reads the same tables.

    field     of the centre, cut to what is used
    rotation  of its axes; tides: corrections of the field as a table, or None
    said      by each of the dynamics' forces while it was put in: its note, or None
    """

    model: core.Model
    field: GravityField | None
    mu_m3_s2: float
    rotation: tables.RotationTables
    bodies: Mapping[str, core.ChebyshevTable]
    density: DensityTable | None
    tides: core.ChebyshevTable | None
    tide_degree: int
    notes: tuple[str, ...]
    said: tuple[str | None, ...]


class Assembly:
    """The model of one leg in the making.

    epoch       instant of t = 0; the tables span lo_s .. hi_s after it
    heights_m   lowest and highest geodetic height expected, for the density table
    also        bodies whose places are needed beside the forces'
    airless     the air of the home centre does not reach here
    air_hi_s    after that the path is above the air; None: not known to be
    """

    def __init__(
        self,
        world: World,
        dynamics: Dynamics,
        epoch: Epoch,
        lo_s: float,
        hi_s: float,
        heights_m: tuple[float, float],
        *,
        also: tuple[str, ...] = (),
        airless: bool = False,
        air_hi_s: float | None = None,
    ) -> None:
        self.world = world
        self.dynamics = dynamics
        self.epoch = epoch
        self.lo_s, self.hi_s = lo_s, hi_s
        self.air_hi_s = hi_s if air_hi_s is None else min(air_hi_s, hi_s)
        self.centre = dynamics.centre
        self.heights_m = heights_m
        self.also, self.airless = also, airless
        self.plates = dynamics.first(Plates)
        self.notes: list[str] = []
        self.density: DensityTable | None = None
        self._tides: core.ChebyshevTable | None = None
        self._tide_degree = 0
        self._central()
        self._sky()
        self.said: list[str | None] = []
        for force in dynamics.forces:
            before = len(self.notes)
            force.install(self)
            self.said.append(next(iter(self.notes[before:]), None))

    def note(self, text: str) -> None:
        """Something the reader of the result should know."""
        self.notes.append(text)

    def declared(self, kind: type[F]) -> F | None:
        """The force of a kind, or None."""
        return self.dynamics.first(kind)

    # ------------------------------------------------------------------------ the centre
    def _central(self) -> None:
        gravity, world = self.dynamics.gravity, self.world
        degree, order = gravity.degree, gravity.top
        figure = body(self.centre)
        self.field: GravityField | None
        if gravity in self.dynamics.forces:
            self.field = world.gravity(gravity.body, gravity.field)
            if degree > self.field.degree:
                raise InputError(
                    f"gravity {degree}x{order} was asked; {self.field.name} holds up to"
                    f" {self.field.degree}x{self.field.degree} and the order cannot exceed the"
                    " degree"
                )
            self.notes += [f"{self.field.name}: {n}" for n in self.field.notes]
            mu, radius = self.field.mu_m3_s2, self.field.radius_m
            C, S, axes = self.field.C, self.field.S, self.field.axes
        else:
            self.field = None
            mu, radius = figure.mu_m3_s2, figure.radius_m
            (C, S), axes = _NO_FIELD, None
        self.mu_m3_s2 = mu
        low = _LOW_DEGREE.get(self.centre, 8)
        if self.centre == "moon" and degree > 70:
            low = 20
        fields = [
            core.Field(mu, radius, C, S, min(degree, n), min(order, n)) for n in (degree, low)
        ]
        self.rotation = tables.rotation_tables(
            world, self.centre, axes, self.epoch, self.lo_s, self.hi_s
        )
        spin = OMEGA_EARTH_RAD_S if self.centre == "earth" else self.rotation.spin_rad_s
        self.model = core.Model(
            fields[0],
            fields[1],
            self.rotation.angle0_rad,
            self.rotation.rate_rad_s,
            self.rotation.slow,
            self.rotation.pole,
            spin,
            figure.figure_m,
            figure.flattening,
            _TINY_DEGREE.get(self.centre, 4),
        )

    # --------------------------------------------------------------------------- the sky
    def _sky(self) -> None:
        wanted: dict[str, str] = {}
        attracting = [
            f
            for f in self.dynamics.forces
            if isinstance(f, Gravity | PointMass) and f.body != self.centre
        ]
        for force in (*attracting, *self.dynamics.forces):
            for name, how in force.needs(self.centre).items():
                if wanted.get(name) != "velocity":
                    wanted[name] = how
        for name in (*(n for n, _ in self.dynamics.spheres), *self.also):
            if name != self.centre:
                wanted.setdefault(name, "place")
        # the Sun is always there: eclipses need it
        if self.centre != "sun":
            wanted.setdefault("sun", "place")
        self.bodies: dict[str, core.ChebyshevTable] = {}
        pulls = {f.body: f for f in attracting}
        for name, how in wanted.items():
            self.bodies[name] = tables.body_table(
                self.world,
                name,
                self.epoch,
                self.lo_s,
                self.hi_s,
                centre=self.centre,
                velocity=how == "velocity",
            )
            mu = body(name).mu_m3_s2
            pull = pulls.get(name)
            if isinstance(pull, Gravity):
                mu = self.world.gravity(name, pull.field).mu_m3_s2
            self.model.add_body(name, mu, self.bodies[name], attracts=pull is not None)
        self.model.set_sun(SUN.radius_m)
        light = self.declared(Radiation)
        shadows = light.bodies(self.centre) if light else (self.centre,)
        if self.centre != "sun":
            for name in shadows:
                # the figure the heights are counted from casts the shadow
                self.model.add_occulter("" if name == self.centre else name, body(name).figure_m)

    def figure(self, gravity: Gravity) -> None:
        """Harmonics of a body that is not the centre."""
        field = self.world.gravity(gravity.body, gravity.field)
        if gravity.degree > field.degree:
            raise InputError(
                f"gravity {gravity.degree}x{gravity.top} of {gravity.body} was asked;"
                f" {field.name} holds up to {field.degree}x{field.degree}"
            )
        C = np.array(field.C[: gravity.degree + 1, : gravity.degree + 1])
        C[0, 0] = 0.0
        S = field.S[: gravity.degree + 1, : gravity.degree + 1]
        rotation = tables.rotation_tables(
            self.world, gravity.body, field.axes, self.epoch, self.lo_s, self.hi_s
        )
        self.model.set_body_field(
            gravity.body,
            core.Field(field.mu_m3_s2, field.radius_m, C, S, gravity.degree, gravity.top),
            rotation.angle0_rad,
            rotation.rate_rad_s,
            rotation.slow,
        )

    def tides(self, tides: Tides) -> None:
        """Corrections of the Earth's field."""
        if self.field is None:
            self.note("tides were asked for and have no effect: the Earth is a point mass here")
            return
        table, degree = tables.tide_table(
            self.world, self.field, tides, self.epoch, self.lo_s, self.hi_s
        )
        self._tides, self._tide_degree = table, degree
        self.model.set_tides(
            core.VaryingField(self.field.mu_m3_s2, self.field.radius_m, degree, table)
        )

    # --------------------------------------------------------------------------- the air
    def air_table(self, drag: Drag) -> bool:
        """A density table over the heights expected; False where there is no air."""
        assert isinstance(drag.air, str)
        if self.air_hi_s > self.lo_s:
            self.density = tables.density_table(
                self.world,
                drag.space_weather,
                self.epoch,
                self.lo_s,
                self.air_hi_s,
                self.heights_m,
                drag.air,
            )
        if self.density is None:
            name = AIR_MODELS[drag.air].split(" (")[0]
            low = HIGHEST_M if self.air_hi_s <= self.lo_s else self.heights_m[0]
            self.note(
                "drag was asked for and has no effect: the path stays above"
                f" {low / 1e3:.0f} km, where {name} ends"
            )
            return False
        self.model.set_air_table(
            core.Density(
                self.density.start,
                self.density.step,
                self.density.solar0_rad,
                self.density.SOLAR_RATE_RAD_S,
                self.density.coefficients,
            )
        )
        return True

    def direct_air(self, drag: Drag) -> None:
        """The model itself at every node, with breaks where its indices step."""
        assert isinstance(drag.air, str)
        name, epoch = drag.air, self.epoch
        indices = tables.indices_of(self.world, drag.space_weather)

        def density(t: np.ndarray, lat: np.ndarray, lon: np.ndarray, h: np.ndarray) -> np.ndarray:
            return direct(epoch, t, lat, lon, h, indices, name)

        self.model.set_air_function(density)
        if drag.space_weather is None:
            _, fraction = epoch.jd_utc
            into = fraction * 86_400.0 % 10_800.0
            first = math.floor((self.lo_s + into) / 10_800.0)
            last = math.ceil((self.hi_s + into) / 10_800.0)
            self.model.add_breaks([10_800.0 * k - into for k in range(first, last + 1)])

    def setting(self) -> Setting:
        """The finished model and its tables."""
        return Setting(
            self.model,
            self.field,
            self.mu_m3_s2,
            self.rotation,
            self.bodies,
            self.density,
            self._tides,
            self._tide_degree,
            tuple(self.notes),
            tuple(self.said),
        )


def heights(
    r_m: np.ndarray, v_m_s: np.ndarray, mu: float, *, open_ended: bool
) -> tuple[float, float]:
    """Geodetic heights above the Earth that the osculating orbit spans, with room to spare."""
    r = float(np.linalg.norm(r_m))
    h = float(np.linalg.norm(np.cross(r_m, v_m_s)))
    energy = 0.5 * float(v_m_s @ v_m_s) - mu / r
    p = h * h / mu
    e = math.sqrt(max(0.0, 1.0 + 2.0 * energy * p / mu))
    perigee = min(r, p / (1.0 + e))
    apogee = max(r, p / (1.0 - e)) if e < 1.0 and not open_ended else math.inf
    return (
        perigee - 6_378_137.0 - _HEIGHT_MARGIN_M,
        apogee - 6_356_752.0 + _HEIGHT_MARGIN_M,
    )


def heights_of_all(y: np.ndarray, mu: float) -> tuple[float, float]:
    """What the orbits of states (n, 7) span together."""
    spans = [heights(row[:3], row[3:6], mu, open_ended=False) for row in y]
    return min(s[0] for s in spans), max(s[1] for s in spans)
