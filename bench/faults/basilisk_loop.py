"""Faulted orbits as Basilisk flies them: one simulation a fault, stepped by its own RK4.

Run by the Python of an environment that holds `bsk`; reads the case as JSON from standard input,
prints CPU seconds a fault. The field is ours, written in the format it reads; the Earth does not
turn, which costs it nothing.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np


def flown(case: dict, factor: float) -> list[float]:
    """One burn with a thrust times `factor`, then the coast; the place where it ends."""
    from Basilisk.simulation import extForceTorque, spacecraft
    from Basilisk.utilities import SimulationBaseClass, macros, simIncludeGravBody

    sim = SimulationBaseClass.SimBaseClass()
    process = sim.CreateNewProcess("dynamics")
    process.addTask(sim.CreateNewTask("fly", macros.sec2nano(case["step_s"])))
    craft = spacecraft.Spacecraft()
    craft.hub.mHub = case["mass_kg"]
    craft.hub.r_CN_NInit = case["r_m"]
    craft.hub.v_CN_NInit = case["v_m_s"]
    craft.hub.IHubPntBc_B = (100.0 * np.eye(3)).tolist()
    bodies = simIncludeGravBody.gravBodyFactory()
    earth = bodies.createEarth()
    earth.isCentralBody = True
    earth.useSphericalHarmonicsGravityModel(case["field"], case["degree"])
    bodies.addBodiesTo(craft)
    push = extForceTorque.ExtForceTorque()
    force = factor * case["thrust_n"] * np.array(case["direction"])
    push.extForce_N = [[x] for x in force]
    craft.addDynamicEffector(push)
    for model in (craft, push):
        sim.AddModelToTask("fly", model)
    sim.InitializeSimulation()
    sim.ConfigureStopTime(macros.sec2nano(case["burn_s"]))
    sim.ExecuteSimulation()
    push.extForce_N = [[0.0], [0.0], [0.0]]
    sim.ConfigureStopTime(macros.sec2nano(case["burn_s"] + case["coast_s"]))
    sim.ExecuteSimulation()
    return list(craft.scStateOutMsg.read().r_BN_N)


def main() -> None:
    case = json.load(sys.stdin)
    flown(case, 1.0)
    begin = time.process_time()
    for k in range(case["runs"]):
        flown(case, 0.9 + 0.01 * k)
    print(json.dumps({"cpu_s": (time.process_time() - begin) / case["runs"]}))


if __name__ == "__main__":
    main()
