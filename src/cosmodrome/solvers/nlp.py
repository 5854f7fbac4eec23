"""A structured nonlinear programme: many copies of small functions, tied by constant matrices.

    minimise c . w   subject to   lower <= L w + sum_b A_b vec(F_b(w[index_b])) <= upper

Each block is one small function evaluated at many points. Its Jacobian and Hessian are found
once, symbolically, and mapped over the points; the large Jacobian and Hessian are assembled
from them with constant sparse matrices. That makes set-up short and evaluation cheap. Solved by
IPOPT (Waechter & Biegler 2006, Math. Programming 106, 25) with MUMPS, exact Hessian.
Importing this module loads CasADi.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import casadi as ca
import numpy as np
import scipy.sparse as sp

from cosmodrome.solvers.casadi_ops import Lifting

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


def _compressed(matrix: Any) -> Any:
    """A SciPy sparse matrix as a sparse DM."""
    csc = matrix.tocsc()
    csc.sum_duplicates()
    pattern = ca.Sparsity(*csc.shape, csc.indptr.tolist(), csc.indices.tolist())
    return ca.DM(pattern, csc.data.tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Small:
    """One small function and its derivatives.

    value      (variables, parameters) -> outputs
    jacobian   (variables, parameters) -> sparse; its nonzeros are d output `jac_output[k]` /
               d variable `jac_variable[k]`
    hessian    (variables, parameters, weights) -> upper triangle of the second derivatives of the
               weighted sum of the outputs, sparse; nonzeros at (hess_first[k], hess_second[k])
    """

    n_out: int
    value: Any
    jacobian: Any
    hessian: Any
    jac_output: NDArray[np.int64]
    jac_variable: NDArray[np.int64]
    hess_first: NDArray[np.int64]
    hess_second: NDArray[np.int64]


# the differentiated functions by what they compute: a rebuilt mesh writes down the same formulas
# again, and differentiating is dearer than writing
_KNOWN: OrderedDict[tuple[Any, ...], _Small] = OrderedDict()
_MOST_KNOWN = 64


def _entering(block: Block) -> tuple[list[int], Any]:
    """The outputs that enter a constraint, and the scatter of these alone.

    The others are not computed: they cost time, and one that is not finite would spoil the rest.
    """
    n_points = block.index.shape[0]
    n_out = block.scatter.shape[1] // n_points
    scatter = block.scatter.tocsc()
    entering = np.unique(scatter.tocoo().col % n_out)
    columns = (np.arange(n_points)[:, None] * n_out + entering).ravel()
    return entering.tolist(), scatter[:, columns]


def _small(block: Block, outputs: list[int]) -> _Small:
    """The block's formula on symbols, differentiated unless that was done before."""
    z = ca.SX.sym("z", block.index.shape[1])
    par = ca.SX.sym("p", block.parameters.shape[1])
    ops = Lifting.fresh()
    y = ca.vertcat(*block.formula(ops, ca.vertsplit(z), ca.vertsplit(par)))[outputs]
    met = [x for c in ops.lifted for x in (c.place, c.jet)]
    text = ca.Function("y", [z, par, *met], [y, *(c.x for c in ops.lifted)]).serialize()
    key = (text, *(c.f for c in ops.lifted))
    if key not in _KNOWN:
        _KNOWN[key] = _differentiated(ops, z, par, y)
        if len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
    _KNOWN.move_to_end(key)
    return _KNOWN[key]


def _differentiated(ops: Lifting, z: Any, par: Any, y: Any) -> _Small:
    # common subexpressions go before differentiation: afterwards the search costs more than all
    # the rest and finds two per cent
    y = ca.cse(y)
    mu = ca.SX.sym("mu", y.shape[0])
    jacobian = ops.settled(ca.jacobian(y, z), 1)
    hessian = ops.settled(ca.triu(ca.hessian(ca.dot(mu, y), z)[0]), 2)
    places = [np.array(m.sparsity().get_triplet(), dtype=np.int64) for m in (jacobian, hessian)]
    return _Small(
        y.shape[0],
        ca.Function("value", [z, par], [ops.settled(y, 0)]),
        ca.Function("slopes", [z, par], [jacobian]),
        ca.Function("curvatures", [z, par, mu], [hessian]),
        *places[0],
        *places[1],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Entries of a large sparse matrix: weight_k * expression[source_k] at (row_k, col_k)."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    weights: NDArray[np.float64]
    source: NDArray[np.int64]
    expression: Any


def _jacobian_part(index: NDArray[np.int64], spread: Any, small: _Small, expression: Any) -> _Part:
    """Each nonzero of each copy, spread over the rows its output is scattered to."""
    scatter = spread.tocoo()
    copy, output = np.divmod(scatter.col.astype(np.int64), small.n_out)
    order = np.argsort(small.jac_output, kind="stable")
    first = np.searchsorted(small.jac_output[order], np.arange(small.n_out + 1))
    # every scattered output meets all nonzeros of its own row
    count = np.diff(first)[output]
    which = np.repeat(np.arange(output.size), count)
    within = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
    k = order[first[output][which] + within]
    return _Part(
        scatter.row[which].astype(np.int64),
        index[copy[which], small.jac_variable[k]],
        scatter.data[which],
        copy[which] * order.size + k,
        expression,
    )


def _hessian_part(index: NDArray[np.int64], small: _Small, expression: Any) -> _Part:
    """Each nonzero of each copy's upper triangle, in the upper triangle of the whole."""
    first = index[:, small.hess_first].ravel()
    second = index[:, small.hess_second].ravel()
    return _Part(
        np.minimum(first, second),
        np.maximum(first, second),
        np.ones(first.size),
        np.arange(first.size),
        expression,
    )


def _assemble(parts: list[_Part], constant: Any, shape: tuple[int, int]) -> Any:
    """The sparse MX whose nonzeros are the parts' sums plus a constant SciPy matrix."""
    coo = constant.tocoo()
    rows = np.concatenate([coo.row.astype(np.int64), *(p.rows for p in parts)])
    cols = np.concatenate([coo.col.astype(np.int64), *(p.cols for p in parts)])
    distinct, place = np.unique(cols * shape[0] + rows, return_inverse=True)
    starts = np.searchsorted(distinct, shape[0] * np.arange(shape[1] + 1))
    pattern = ca.Sparsity(*shape, starts.tolist(), (distinct % shape[0]).tolist())
    start = coo.nnz
    values = ca.MX(ca.DM(np.bincount(place[:start], weights=coo.data, minlength=distinct.size)))
    for part in parts:
        stop = start + part.rows.size
        spread = sp.coo_matrix(
            (part.weights, (place[start:stop], part.source)),
            shape=(distinct.size, part.expression.numel()),
        )
        values = values + ca.mtimes(_compressed(spread), part.expression)
        start = stop
    return ca.MX(pattern, values)


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
        g = ca.mtimes(_compressed(problem.linear), w)
        slopes: list[_Part] = []
        curvatures: list[_Part] = []
        for block in problem.blocks:
            outputs, spread = _entering(block)
            small = _small(block, outputs)
            n_points, n_in = block.index.shape
            z = ca.reshape(w[block.index.ravel().tolist()], n_in, n_points)
            par = ca.DM(block.parameters.T)
            scatter = _compressed(spread)
            g = g + ca.mtimes(scatter, ca.vec(small.value.map(n_points)(z, par)))
            if small.jac_output.size:
                entries = ca.vec(small.jacobian.map(n_points)(z, par)).nz[:]
                slopes.append(_jacobian_part(block.index, spread, small, entries))
            if small.hess_first.size:
                mu = ca.reshape(ca.mtimes(scatter.T, lam_g), small.n_out, n_points)
                entries = ca.vec(small.hessian.map(n_points)(z, par, mu)).nz[:]
                curvatures.append(_hessian_part(block.index, small, entries))
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
            # a trial point outside a formula's domain is stepped back from, not news
            "show_eval_warnings": False,
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
