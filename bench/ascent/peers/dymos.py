"""dymos (OpenMDAO): Gauss-Lobatto collocation of order five, SciPy's SLSQP.

IPOPT reaches dymos through pyoptsparse, which is on no package index for this Python. Derivatives
of the rates are by complex step, coloured.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.ascent.flown import OPS
from bench.ascent.peers import Unavailable, installed

if TYPE_CHECKING:
    from bench.ascent.problems import Case, Phase

ORDER = 5


def available() -> str:
    return installed("dymos")


def settings(case: Case) -> list[str]:
    if case.name not in ("goddard", "moon-landing"):
        raise Unavailable("SLSQP had not converged after 50 s")
    return ["common"]


def _component(phase: Phase, n: int) -> Any:
    import openmdao.api as om

    names = [f"x{c}" for c in range(n)] + [f"u{c}" for c in range(len(phase.control))]
    paths = [f"p{c}" for c in range(len(phase.path_limits))]

    class Rates(om.ExplicitComponent):  # type: ignore[misc]
        def initialize(self) -> None:
            self.options.declare("num_nodes", types=int)

        def setup(self) -> None:
            nodes = self.options["num_nodes"]
            for name in names:
                self.add_input(name, np.ones(nodes))
            for name in [*(f"rate{c}" for c in range(n)), *paths]:
                self.add_output(name, np.ones(nodes))
            self.declare_partials("*", "*", method="cs")
            self.declare_coloring(wrt="*", method="cs", show_summary=False)

        def compute(self, inputs: Any, outputs: Any) -> None:
            x, u = [inputs[k] for k in names[:n]], [inputs[k] for k in names[n:]]
            for c, rate in enumerate(phase.rates(OPS, x, u)):
                outputs[f"rate{c}"] = rate
            for name, value in zip(paths, phase.path(OPS, x, u), strict=True):
                outputs[name] = value

    return Rates


def _end(case: Case, n: int) -> Any:
    import openmdao.api as om

    class End(om.ExplicitComponent):  # type: ignore[misc]
        def setup(self) -> None:
            for c in range(n):
                self.add_input(f"x{c}", 1.0)
            self.add_output("end", np.ones(case.end_count))
            self.declare_partials("*", "*", method="cs")

        def compute(self, inputs: Any, outputs: Any) -> None:
            outputs["end"] = np.array(
                [v[0] for v in case.end(OPS, [inputs[f"x{c}"] for c in range(n)])]
            )

    return End()


def _phase(dm: Any, case: Case, i: int) -> Any:
    p, n = case.phases[i], len(case.start)
    phase = dm.Phase(
        ode_class=_component(p, n),
        transcription=dm.GaussLobatto(num_segments=p.intervals, order=ORDER, compressed=True),
    )
    low, high = p.duration
    phase.set_time_options(
        fix_initial=i == 0, fix_duration=low == high,
        duration_bounds=(None, None) if low == high else p.duration,
    )  # fmt: skip
    for c, (lower, upper) in enumerate(case.state):
        known = i == 0 or bool(case.phases[i - 1].jump and case.phases[i - 1].jump[c])
        phase.add_state(f"x{c}", rate_source=f"rate{c}", targets=[f"x{c}"], fix_initial=known,
                        lower=lower, upper=upper)  # fmt: skip
    for c, (lower, upper) in enumerate(p.control):
        free = lower < upper
        phase.add_control(f"u{c}", targets=[f"u{c}"], opt=free,
                          **({"lower": lower, "upper": upper} if free else {}))  # fmt: skip
    for c, (lower, upper) in enumerate(p.path_limits):
        limits = {"equals": lower} if lower == upper else {"lower": lower}
        phase.add_path_constraint(f"p{c}", **limits)
    return phase


def _stated(case: Case) -> Any:
    import dymos as dm
    import openmdao.api as om

    n, count = len(case.start), len(case.phases)
    problem = om.Problem(model=om.Group(), reports=False)
    problem.driver = om.ScipyOptimizeDriver(optimizer="SLSQP", tol=1e-9, maxiter=60, disp=False)
    problem.driver.declare_coloring(show_summary=False)
    trajectory = problem.model.add_subsystem("traj", dm.Trajectory())
    phases = []
    for i in range(count):
        phases.append(_phase(dm, case, i))
        trajectory.add_phase(f"phase{i}", phases[-1])
    for i in range(count - 1):
        jump = case.phases[i].jump or (0.0,) * n
        linked = ["time", *(f"x{c}" for c in range(n) if jump[c] == 0.0)]
        trajectory.link_phases([f"phase{i}", f"phase{i + 1}"], vars=linked)
    last = f"traj.phase{count - 1}"
    problem.model.add_subsystem("end", _end(case, n))
    for c in range(n):
        problem.model.connect(f"{last}.timeseries.x{c}", f"end.x{c}", src_indices=[-1])
    problem.model.add_constraint("end.end", equals=0.0)
    if case.best is None:
        phases[-1].add_objective("time", loc="final")
    else:
        phases[-1].add_objective(f"x{case.best}", loc="final", scaler=-1.0)
    problem.model.linear_solver = om.DirectSolver()
    problem.setup(force_alloc_complex=True)
    start = 0.0
    for phase, p in zip(phases, case.phases, strict=True):
        phase.set_time_val(initial=start, duration=p.guessed)
        for c in range(n):
            phase.set_state_val(f"x{c}", [p.x0[c], p.x1[c]])
        for c in range(len(p.control)):
            phase.set_control_val(f"u{c}", [p.u0[c], p.u1[c]])
        start += p.guessed
    return problem


def solve(case: Case, setting: str) -> dict[str, Any]:
    import dymos as dm

    here = os.getcwd()  # noqa: PTH109 - it writes its files where it runs
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        os.chdir(folder)
        try:
            problem = _stated(case)
            result = dm.run_problem(problem, run_driver=True, simulate=False, make_plots=False)
        finally:
            os.chdir(here)
    last = f"traj.phase{len(case.phases) - 1}.timeseries"
    name = "time" if case.best is None else f"x{case.best}"
    driver = problem.driver
    return {
        "solved": bool(getattr(result, "success", driver.result.success is not False)),
        "status": str(getattr(result, "exit_status", "")),
        "iterations": int(getattr(driver.result, "iter_count", -1)),
        "sought": float(problem.get_val(f"{last}.{name}")[-1, 0]) * case.unit,
        "answer": problem,
    }


def told(case: Case, answer: Any) -> dict[str, Any]:
    out, n = [], len(case.start)
    for i, p in enumerate(case.phases):
        series = f"traj.phase{i}.timeseries"
        t = answer.get_val(f"{series}.time").ravel()
        t = t - t[0]
        u = np.hstack([answer.get_val(f"{series}.u{c}") for c in range(len(p.control))])
        pieces = []
        for lo, hi in pairwise(np.linspace(0.0, t[-1], p.intervals + 1)):
            here = np.flatnonzero((t > lo - 1e-9) & (t < hi + 1e-9))
            keep = [k for a, k in enumerate(here) if a == 0 or t[k] - t[here[a - 1]] > 1e-9]
            pieces.append({"lo": lo, "hi": hi, "t": t[keep].tolist(), "u": u[keep].tolist()})
        out.append(pieces)
    last = f"traj.phase{len(case.phases) - 1}.timeseries"
    return {"end": [float(answer.get_val(f"{last}.x{c}")[-1, 0]) for c in range(n)], "pieces": out}
