from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

def simd_level() -> str: ...

class GravityField:
    degree: int
    order: int
    def __init__(
        self, mu: float, radius: float, c: Array, s: Array, degree: int, order: int
    ) -> None: ...

class VaryingField:
    def __init__(
        self, mu: float, radius: float, degree: int, start: float, block: float, c: Array
    ) -> None: ...

class DensityTable:
    def __init__(
        self, start: list[float], step: list[float], solar0: float, solar_rate: float, c: Array
    ) -> None: ...
    def density(self, t: float, lat: float, lon: float, height: float) -> tuple[float, bool]: ...

class Model:
    def __init__(
        self,
        field: GravityField,
        low: GravityField,
        tiny: int,
        angle0: float,
        rate: float,
        start: float,
        block: float,
        slow: Array,
        pole: Array,
        spin: float,
        a: float,
        f: float,
    ) -> None: ...
    def add_body(
        self, name: str, mu: float, start: float, block: float, place: Array, attracts: bool
    ) -> None: ...
    def set_body_field(
        self,
        name: str,
        field: GravityField,
        angle0: float,
        rate: float,
        start: float,
        block: float,
        slow: Array,
    ) -> None: ...
    def set_tides(self, field: VaryingField) -> None: ...
    def set_sun(self, radius: float) -> None: ...
    def add_occulter(self, name: str, radius: float) -> None: ...
    def set_air_table(self, density: DensityTable) -> None: ...
    def set_air_layers(self, rows: Array) -> None: ...
    def set_air_function(self, function: Callable[[Array, Array, Array, Array], Array]) -> None: ...
    def set_drag(self, cd_area: float) -> None: ...
    def set_radiation(self, pressure_area: float) -> None: ...
    def set_panels(
        self, rows: Array, attitude: int, axes: Array, pressure: float, drag_coefficient: float
    ) -> None: ...
    def set_relativity(
        self, schwarzschild: bool, lense_thirring: bool, de_sitter: bool, spin_momentum: float
    ) -> None: ...
    def add_breaks(self, t: Sequence[float]) -> None: ...
    def add_burn(
        self, t: Array, thrust: Array, flow: Array, direction: Array, axes: int
    ) -> None: ...

class Climb:
    def __init__(
        self,
        mu: float,
        gravity_radius: float,
        j2: float,
        j3: float,
        j4: float,
        omega: float,
        radius: float,
        flattening: float,
    ) -> None: ...
    def set_air(self, start: float, step: float, rows: Array) -> None: ...
    def set_drag(self, area: float, start: float, step: float, rows: Array) -> None: ...
    # place, velocity, up, heading, normal of the plane, then the mass
    def set_pad(self, *three: Array | float) -> None: ...
    def set_law(
        self, rise_end: float, pitch_over: float, turn: float, aim: float, over: float
    ) -> None: ...
    def set_goal(self, apogee: bool, enter: float, a: float) -> None: ...
    def set_fairing(
        self, mass: float, time: float, heat: float, after: float, speed: float
    ) -> None: ...
    def set_steps(self, burn: float, high: float, least_mass: float) -> None: ...
    def add_section(
        self,
        length: float,
        steps: int,
        burning: bool,
        thrust: float,
        thrust_slope: float,
        exit_area: float,
        flow: float,
        flow_slope: float,
        dropped: float,
    ) -> None: ...
    def add_stage(
        self,
        left_behind: float,
        coast: float,
        coast_steps: int,
        thrust: float,
        flow: float,
        longest: float,
        solid: bool,
    ) -> None: ...
    def fly(self, steering: Array, level: str, recorded: bool) -> dict[str, Any]: ...

# model, states, span, events wanted (Search.arguments), then the settings
def propagate(model: Model, y0: Array, t0: float, t1: float, *more: Any) -> dict[str, Any]: ...
def ensemble(
    model: Model, y0: Array, scales: Array, t0: float, t1: float, *more: Any
) -> dict[str, Any]: ...
def forces(
    model: Model,
    t: Array,
    r: Array,
    v: Array,
    mass: Array,
    parts: int,
    drag: float,
    light: float,
) -> tuple[Array, Array, bool]: ...
def field(field: GravityField, r: Array, level: str, tensor: bool) -> Array: ...
def kepler(mu: float, r0: Array, v0: Array, dt: Array, level: str) -> Array: ...
def sunlit(r: Array, sun: Array, sun_radius: float, body_radius: float) -> Array: ...
def fly_guided(
    level: str,
    numbers: list[float],
    tables: list[tuple[float, float, Array]],
    start: Array,
    sections: Array,
    aims: Array,
    *lanes: Array,
) -> tuple[Array, Array]: ...
def cover(
    block: float,
    cuts: int,
    spin: float,
    power: Array,
    kind: str,
    numbers: Array,
    places: Array,
    normals: Array,
    folds: int,
    kept: bool,
    threads: int,
    level: str,
) -> dict[str, Any]: ...
def lambert_one(
    v1: Array,
    v2: Array,
    r1: object,
    r2: object,
    tof: float,
    mu: float,
    turns: int,
    path: int,
    side: float,
    normal: object,
    /,
) -> int: ...
def lambert_every(
    v1: Array,
    v2: Array,
    faults: NDArray[np.uint8],
    r1: object,
    r2: object,
    tof: object,
    mu: float,
    every: int,
    path: int,
    normal: object,
    /,
) -> None: ...

# mu, path, then columns with one row a problem or one row for all
def lambert(
    n: int,
    mu: float,
    path: int,
    r1: Array,
    r2: Array,
    tof: Array,
    turns: Array,
    side: Array,
    normal: Array,
    every: int,
    level: str,
) -> tuple[Array, NDArray[np.uint8]]: ...
def lambert_least(
    n: int, mu: float, path: int, r1: Array, r2: Array, turns: Array, normal: Array, level: str
) -> Array: ...
