"""Faulted flights as RocketPy flies them: one Flight a fault, from the rail to apogee.

Run by the Python of an environment that holds `rocketpy`. A sounding rocket of 20 kg with a solid
motor, of the size of that project's first example; the fault is its thrust. Prints CPU seconds a
flight as JSON.
"""

from __future__ import annotations

import json
import time
from importlib.metadata import version

FAULTS = (0.9, 0.95, 1.05, 1.1)


def flown(factor: float) -> float:
    """Seconds to apogee with a thrust times `factor`."""
    from rocketpy import Environment, Flight, Rocket, SolidMotor

    motor = SolidMotor(
        thrust_source=[(0.0, 0.0), (0.1, 2_000.0 * factor), (3.5, 1_500.0 * factor), (3.9, 0.0)],
        dry_mass=1.8,
        dry_inertia=(0.125, 0.125, 0.002),
        nozzle_radius=0.033,
        grain_number=5,
        grain_density=1_815.0,
        grain_outer_radius=0.033,
        grain_initial_inner_radius=0.015,
        grain_initial_height=0.12,
        grain_separation=0.005,
        grains_center_of_mass_position=0.397,
        center_of_dry_mass_position=0.317,
        burn_time=3.9,
        throat_radius=0.011,
    )
    rocket = Rocket(
        radius=0.0635,
        mass=14.4,
        inertia=(6.3, 6.3, 0.034),
        power_off_drag=0.45,
        power_on_drag=0.45,
        center_of_mass_without_motor=0.0,
        coordinate_system_orientation="tail_to_nose",
    )
    rocket.add_motor(motor, position=-1.255)
    rocket.add_nose(length=0.558, kind="vonKarman", position=1.28)
    rocket.add_trapezoidal_fins(n=4, root_chord=0.12, tip_chord=0.06, span=0.11, position=-1.05)
    place = Environment(latitude=33.0, longitude=-107.0, elevation=1_400.0)
    flight = Flight(
        rocket=rocket,
        environment=place,
        rail_length=5.2,
        inclination=85.0,
        heading=0.0,
        terminate_on_apogee=True,
    )
    return float(flight.t_final)


def main() -> None:
    flown(1.0)
    begun = time.process_time()
    lasted = [flown(x) for x in FAULTS]
    spent = (time.process_time() - begun) / len(FAULTS)
    told = {"version": version("rocketpy"), "cpu_s": spent, "flown_s": sum(lasted) / len(lasted)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
