"""The small namespace that lets one formula run on floats, on NumPy and on symbols."""

from cosmodrome.maths.chebyshev import chebyshev, fit_matrix, gauss_fit, gauss_lobatto_points
from cosmodrome.maths.cubics import Cubics
from cosmodrome.maths.hinges import HingeTable, softplus
from cosmodrome.maths.lobatto import LobattoScheme, lobatto, lobatto_basis, lobatto_to_bernstein
from cosmodrome.maths.ops import NUMPY, SCALAR, Ops, Vector
from cosmodrome.maths.remembered import remembered, remembered_each

__all__ = [
    "NUMPY",
    "SCALAR",
    "Cubics",
    "HingeTable",
    "LobattoScheme",
    "Ops",
    "Vector",
    "chebyshev",
    "fit_matrix",
    "gauss_fit",
    "gauss_lobatto_points",
    "lobatto",
    "lobatto_basis",
    "lobatto_to_bernstein",
    "remembered",
    "remembered_each",
    "softplus",
]
