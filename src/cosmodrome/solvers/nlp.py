"""A structured nonlinear programme: many copies of small functions, tied by constant matrices.

    minimise c . w   subject to   lower <= L w + sum_b A_b vec(F_b(w[index_b])) <= upper

Each block is one small function evaluated at many points. Its Jacobian and Hessian are found
once, symbolically, and mapped over the points; the large Jacobian and Hessian are assembled
from them with constant sparse matrices. That makes set-up short and evaluation cheap. Solved by
IPOPT (Waechter & Biegler 2006, Math. Programming 106, 25) with MUMPS, exact Hessian.
Importing this module loads CasADi.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import casadi as ca
import numpy as np
import scipy.sparse as sp

from cosmodrome.solvers.casadi_ops import CASADI

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops

__all__ = ["Block", "Problem", "Result", "Solver"]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Copies of one small function.

    formula     (ops, variables, parameters) -> outputs, smooth
    index       (n_points, n_in) places in w of each copy's variables
    parameters  (n_points, n_par) constants of each copy
    scatter     sparse (m, n_points * n_out): how outputs enter the constraints; the output
                `o` of copy `p` is column p * n_out + o
    """

    formula: Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]
    index: NDArray[np.int64]
    parameters: NDArray[np.float64]
    scatter: Any


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Blocks and the linear part (sparse (m, n)) of the constraints."""

    n: int
    m: int
    linear: Any
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A point and its multipliers; `solved` only when IPOPT reached the wanted tolerance."""

    w: NDArray[np.float64]
    g: NDArray[np.float64]
    lam_g: NDArray[np.float64]
    lam_w: NDArray[np.float64]
    objective: float
    status: str
    solved: bool
    iterations: int


def _pattern(
    rows: NDArray[np.int64], cols: NDArray[np.int64], shape: tuple[int, int]
) -> tuple[Any, NDArray[np.int64]]:
    """CasADi sparsity of the distinct (row, col) pairs, and each pair's place in it."""
    key = cols * shape[0] + rows
    distinct, place = np.unique(key, return_inverse=True)
    sparsity = ca.Sparsity.triplet(
        shape[0], shape[1], (distinct % shape[0]).tolist(), (distinct // shape[0]).tolist()
    )
    return sparsity, place


def _dm(matrix: Any) -> Any:
    """A SciPy sparse matrix as a sparse DM."""
    coo = matrix.tocoo()
    sparsity, place = _pattern(
        coo.row.astype(np.int64), coo.col.astype(np.int64), (int(coo.shape[0]), int(coo.shape[1]))
    )
    values = np.bincount(place, weights=coo.data, minlength=sparsity.nnz())
    return ca.DM(sparsity, values.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    """One block's mapped functions and where their nonzeros belong."""

    block: Block
    n_out: int
    value: Any
    jacobian: Any
    hessian: Any
    jac_entries: list[tuple[int, int]]
    hess_entries: list[tuple[int, int]]


def _compile(block: Block) -> _Compiled:
    n_points, n_in = block.index.shape
    n_par = block.parameters.shape[1]
    z = ca.SX.sym("z", n_in)
    par = ca.SX.sym("p", n_par)
    outputs = block.formula(CASADI, [z[i] for i in range(n_in)], [par[i] for i in range(n_par)])
    y = ca.vertcat(*outputs)
    n_out = y.shape[0]
    mu = ca.SX.sym("mu", n_out)
    jac = ca.jacobian(y, z)
    hess = ca.triu(ca.hessian(ca.dot(mu, y), z)[0])
    entries = []
    for matrix in (jac, hess):
        rows, cols = matrix.sparsity().get_triplet()
        entries.append(list(zip(rows, cols, strict=True)))

    def flat(matrix: Any) -> Any:
        return ca.vertcat(*matrix.nonzeros()) if matrix.nnz() else ca.SX(0, 1)

    options = {"cse": True}
    value = ca.Function("value", [z, par], [y], options).map(n_points)
    jacobian = ca.Function("slopes", [z, par], [flat(jac)], options).map(n_points)
    hessian = ca.Function("curvatures", [z, par, mu], [flat(hess)], options).map(n_points)
    return _Compiled(block, n_out, value, jacobian, hessian, entries[0], entries[1])


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Entries of a large sparse matrix: weight_k * expression[source_k] at (row_k, col_k)."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    weights: NDArray[np.float64]
    source: NDArray[np.int64]
    expression: Any
    size: int


def _jacobian_part(compiled: _Compiled, expression: Any) -> _Part:
    """Each nonzero (o, i) of each copy, spread over the rows its output is scattered to."""
    index = compiled.block.index
    n_points = index.shape[0]
    scatter = compiled.block.scatter.tocsc()
    count = len(compiled.jac_entries)
    rows, cols, weights, source = [], [], [], []
    for k, (o, i) in enumerate(compiled.jac_entries):
        spread = scatter[:, np.arange(n_points) * compiled.n_out + o].tocoo()
        rows.append(spread.row)
        cols.append(index[spread.col, i])
        weights.append(spread.data)
        source.append(spread.col * count + k)
    return _Part(
        np.concatenate(rows).astype(np.int64),
        np.concatenate(cols).astype(np.int64),
        np.concatenate(weights),
        np.concatenate(source).astype(np.int64),
        expression,
        count * n_points,
    )


def _hessian_part(compiled: _Compiled, expression: Any) -> _Part:
    """Each nonzero of each copy's upper triangle, in the upper triangle of the whole."""
    index = compiled.block.index
    i = np.array([e[0] for e in compiled.hess_entries])
    j = np.array([e[1] for e in compiled.hess_entries])
    first, second = index[:, i].ravel(), index[:, j].ravel()
    size = first.size
    return _Part(
        np.minimum(first, second),
        np.maximum(first, second),
        np.ones(size),
        np.arange(size),
        expression,
        size,
    )


def _assemble(parts: list[_Part], constant: Any, shape: tuple[int, int]) -> Any:
    """The sparse MX whose nonzeros are the parts' sums plus a constant SciPy matrix."""
    coo = constant.tocoo()
    rows = np.concatenate([coo.row.astype(np.int64), *(p.rows for p in parts)])
    cols = np.concatenate([coo.col.astype(np.int64), *(p.cols for p in parts)])
    sparsity, place = _pattern(rows, cols, shape)
    size = sparsity.nnz()
    start = coo.nnz
    values = ca.MX(ca.DM(np.bincount(place[:start], weights=coo.data, minlength=size)))
    for part in parts:
        stop = start + part.rows.size
        spread = sp.coo_matrix(
            (part.weights, (place[start:stop], part.source)), shape=(size, part.size)
        )
        values = values + ca.mtimes(_dm(spread), part.expression)
        start = stop
    return ca.MX(sparsity, values)


class Solver:
    """IPOPT on one `Problem`; solve it again and again with other bounds, guesses, objectives."""

    def __init__(
        self, problem: Problem, tolerance: float = 1e-9, options: dict[str, Any] | None = None
    ) -> None:
        self.problem = problem
        n, m = problem.n, problem.m
        w = ca.MX.sym("w", n)
        c = ca.MX.sym("c", n)
        lam_f = ca.MX.sym("lam_f")
        lam_g = ca.MX.sym("lam_g", m)
        g = ca.mtimes(_dm(problem.linear), w)
        slopes: list[_Part] = []
        curvatures: list[_Part] = []
        for block in problem.blocks:
            compiled = _compile(block)
            n_points, n_in = block.index.shape
            z = ca.reshape(w[block.index.ravel().tolist()], n_in, n_points)
            par = ca.DM(block.parameters.T)
            g = g + ca.mtimes(_dm(block.scatter), ca.vec(compiled.value(z, par)))
            if compiled.jac_entries:
                slopes.append(_jacobian_part(compiled, ca.vec(compiled.jacobian(z, par))))
            if compiled.hess_entries:
                weights = ca.mtimes(_dm(block.scatter.T), lam_g)
                mu = ca.reshape(weights, compiled.n_out, n_points)
                curvatures.append(_hessian_part(compiled, ca.vec(compiled.hessian(z, par, mu))))
        jacobian = _assemble(slopes, problem.linear, (m, n))
        hessian = _assemble(curvatures, sp.coo_matrix((n, n)), (n, n))
        f = ca.dot(c, w)
        self._nlp = {"x": w, "p": c, "f": f, "g": g}
        self._settings = {
            "jac_g": ca.Function("nlp_jac_g", [w, c], [g, jacobian], ["x", "p"], ["g", "jac_g_x"]),
            "hess_lag": ca.Function(
                "nlp_hess_l",
                [w, c, lam_f, lam_g],
                [hessian],
                ["x", "p", "lam_f", "lam_g"],
                ["triu_hess_gamma_x_x"],
            ),
            "grad_f": ca.Function("nlp_grad_f", [w, c], [f, c], ["x", "p"], ["f", "grad_f_x"]),
            "print_time": False,
            "calc_lam_p": False,
            "no_nlp_grad": True,
            "error_on_fail": False,
            "record_time": False,
        }
        self._ipopt = {
            "print_level": 0,
            "sb": "yes",
            "tol": tolerance,
            "constr_viol_tol": tolerance,
            "acceptable_tol": tolerance,
            "acceptable_iter": 0,
            "linear_solver": "mumps",
            "mu_strategy": "adaptive",
            "nlp_scaling_method": "none",
            "max_iter": 500,
            "fixed_variable_treatment": "make_parameter",
            **(options or {}),
        }
        self._solvers: dict[tuple[tuple[str, Any], ...], Any] = {}

    def solve(
        self,
        objective: NDArray[np.float64],
        w0: NDArray[np.float64],
        w_bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
        g_bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
        lam: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
        **options: Any,
    ) -> Result:
        """Minimise objective . w from `w0`; `lam` = (lam_w, lam_g) starts warm.

        `options` are IPOPT's, for this call only. Budgets are iterations (`max_iter`).
        """
        if lam is not None:
            options = {"warm_start_init_point": "yes", **options}
        key = tuple(sorted(options.items()))
        if key not in self._solvers:
            settings = {**self._settings, "ipopt": {**self._ipopt, **options}}
            self._solvers[key] = ca.nlpsol("powered", "ipopt", self._nlp, settings)
        solver = self._solvers[key]
        arguments = {
            "x0": w0,
            "p": objective,
            "lbx": w_bounds[0],
            "ubx": w_bounds[1],
            "lbg": g_bounds[0],
            "ubg": g_bounds[1],
        }
        if lam is not None:
            arguments["lam_x0"], arguments["lam_g0"] = lam
        out = solver(**arguments)
        stats = solver.stats()
        return Result(
            w=np.array(out["x"]).ravel(),
            g=np.array(out["g"]).ravel(),
            lam_g=np.array(out["lam_g"]).ravel(),
            lam_w=np.array(out["lam_x"]).ravel(),
            objective=float(out["f"]),
            status=str(stats["return_status"]),
            solved=bool(stats["success"]),
            iterations=int(stats["iter_count"]),
        )
