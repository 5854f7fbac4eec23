from typing import Any

from numpy import float64
from numpy.typing import NDArray

Array = NDArray[float64]

def simd_level() -> str: ...
def sunlit(r: Array, sun: Array, sun_radius: float, body_radius: float) -> Array: ...
def propagate(
    model: Model,
    y0: Array,
    t0: float,
    t1: float,
    nodes: bool,
    apsides: bool,
    umbra: bool,
    penumbra: bool,
    altitudes: list[float],
    floor: float,
    collocation: int,
    tolerance: float,
    longest: float,
) -> dict[str, Any]: ...

class GravityField:
    def __init__(
        self, mu: float, radius: float, c: Array, s: Array, degree: int, order: int
    ) -> None: ...
    @property
    def degree(self) -> int: ...
    @property
    def order(self) -> int: ...
    def acceleration(self, r_m: Array, level: str = "") -> Array: ...

class DensityTable:
    def __init__(
        self,
        start: list[float],
        step: list[float],
        solar0: float,
        solar_rate: float,
        c: Array,
    ) -> None: ...
    def density(
        self, t: float, latitude: float, longitude: float, height: float
    ) -> tuple[float, bool]: ...

class Model:
    def __init__(
        self,
        field: GravityField,
        low: GravityField,
        angle0: float,
        rate: float,
        start: float,
        block: float,
        slow: Array,
        pole: Array,
        spin: float,
    ) -> None: ...
    def add_body(
        self, name: str, mu: float, start: float, block: float, place: Array, attracts: bool
    ) -> None: ...
    def set_shadow(self, sun_radius: float, body_radius: float) -> None: ...
    def set_drag(self, density: DensityTable, area: float) -> None: ...
    def set_radiation(self, pressure_area: float) -> None: ...
    def add_burn(
        self,
        start: float,
        end: float,
        thrust: float,
        flow: float,
        direction: list[float],
        axes: int,
    ) -> None: ...
    def forces(self, t: Array, r: Array, v: Array, mass: Array) -> tuple[Array, bool]: ...
