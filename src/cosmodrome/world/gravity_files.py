"""Gravity fields from files: ICGEM .gfc, PDS SHA .tab/.sha, GMAT .cof, STK .grv.

Coefficients come out fully normalised (4 pi; unnormalised files are converted), in SI, with the
body-fixed axes they belong to. What the file does not say and cannot be told from it is asked
for by an error or said in the field's `notes`; every error names the file and the line.

Formats: ICGEM 1.0 (Barthelmes & Foerste 2011, "The ICGEM-format"); PDS SHADR (the labels of the
Planetary Data System's gravity products); GMAT COF (GEODYN's POTFIELD and RECOEF cards); STK
gravity file (stk.v.*).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError
from cosmodrome.world.bodies import body as _body
from cosmodrome.world.gravity import GravityField

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SUFFIXES", "TIDE_SYSTEMS", "read"]

TIDE_SYSTEMS = ("tide-free", "zero-tide", "mean-tide", "unknown")
# no published field goes beyond; a matrix of this size is 230 MB
_HIGHEST = 3660
# fields kept in memory by their content
_KEEP = 8
_kept: OrderedDict[tuple[object, ...], GravityField] = OrderedDict()

# published fields whose axes are known: a piece of their file or model name -> axes
_KNOWN_AXES = {
    "moon": {
        "grgm1200": "moon-pa-de430", "gggrx_1200": "moon-pa-de430",
        "grgm900c": "moon-pa-de421", "gggrx_0900c": "moon-pa-de421",
    },
    "mars": {"gmm2b": "iau-mars-1991", "gmm-2b": "iau-mars-1991", "ggm2b": "iau-mars-1991"},
}  # fmt: skip


@dataclass(slots=True)
class _Sheet:
    """What one file says, as it is gathered."""

    file: str
    name: str = ""
    mu: float = math.nan
    radius: float = math.nan
    degree: int = -1
    order: int = -1
    normalised: bool = True
    tides: str = "unknown"
    of: str = ""
    seal: str = ""
    rows: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cut: int = _HIGHEST
    highest_row: tuple[int, int] = (0, 0)

    def fault(self, line: int, read: str, why: str, write: str) -> DataError:
        return DataError(f"{self.file}:{line}: read {read.strip()[:70]!r}; {why}. {write}")

    def number(self, line: int, word: str, what: str) -> float:
        try:
            value = float(word.replace("D", "E").replace("d", "e"))
        except ValueError:
            raise self.fault(
                line, word, f"{what} is not a number", "Write it like -4.84165e-04"
            ) from None
        if not math.isfinite(value):
            raise self.fault(line, word, f"{what} is not finite", "Write it like -4.84165e-04")
        return value

    def whole(self, line: int, word: str, what: str) -> int:
        try:
            return int(word)
        except ValueError:
            raise self.fault(
                line, word, f"{what} is not a whole number", "Write it like 70"
            ) from None

    def size(self, line: int, read: str) -> None:
        if not 0 <= self.order <= self.degree <= _HIGHEST:
            raise self.fault(
                line,
                read,
                f"degree {self.degree} and order {self.order} cannot be",
                f"Write 0 <= order <= degree <= {_HIGHEST}",
            )

    def row(self, line: int, text: str, n: str, m: str, c: str, s: str) -> None:
        if self.degree < 0:
            raise self.fault(
                line,
                text,
                "a coefficient before the header gives the degree",
                "Complete the header",
            )
        i, j = self.whole(line, n, "the degree"), self.whole(line, m, "the order")
        if not 0 <= j <= i:
            raise self.fault(line, text, f"order {j} of degree {i}", "Write 0 <= order <= degree")
        if i > self.degree:
            raise self.fault(
                line,
                text,
                f"degree {i} lies beyond the header's {self.degree}",
                "Correct the header's degree or take the row out",
            )
        if i > self.cut:
            self.highest_row = max(self.highest_row, (i, j))
            return
        if (i, j) in self.rows:
            raise self.fault(
                line, text, f"degree {i} order {j} is given twice", "Keep one of the two rows"
            )
        self.rows[i, j] = self.number(line, c, "C"), self.number(line, s, "S")
        self.highest_row = max(self.highest_row, (i, j))


def _bare(line: str, sheet: _Sheet, at: int, least: int, form: str) -> list[str]:
    words = line.replace(",", " ").split()
    if len(words) < least:
        raise sheet.fault(at, line, f"{len(words)} values where {least} are needed", form)
    return words


# the four formats ----------------------------------------------------------------------
_TIME_KEYS = ("trnd", "dot", "asin", "acos")
_ICGEM_TIDES = {
    "tide_free": "tide-free",
    "non_tidal": "tide-free",
    "zero_tide": "zero-tide",
    "mean_tide": "mean-tide",
    "unknown": "unknown",
}


def _icgem(sheet: _Sheet, lines: list[str]) -> None:
    end = next((i for i, x in enumerate(lines) if x.strip().startswith("end_of_head")), None)
    if end is None:
        raise sheet.fault(
            len(lines), lines[-1] if lines else "", "there is no line end_of_head",
            "Give an ICGEM .gfc file as published",
        )  # fmt: skip
    for i, line in enumerate(lines[:end], 1):
        words = line.split()
        if len(words) < 2:
            continue
        key, word = words[0].lower(), words[1]
        if key == "product_type" and word != "gravity_field":
            raise sheet.fault(i, line, f"a {word}", "Give a file of product_type gravity_field")
        if key == "modelname":
            sheet.name = word
        elif key in ("earth_gravity_constant", "gravity_constant"):
            sheet.mu = sheet.number(i, word, key)
        elif key == "radius":
            sheet.radius = sheet.number(i, word, key)
        elif key == "max_degree":
            sheet.degree = sheet.order = sheet.whole(i, word, key)
            sheet.size(i, line)
        elif key == "norm":
            if word not in ("fully_normalized", "unnormalized"):
                raise sheet.fault(
                    i, line, "this norm is not known", "Write fully_normalized or unnormalized"
                )
            sheet.normalised = word == "fully_normalized"
        elif key == "tide_system":
            if word not in _ICGEM_TIDES:
                raise sheet.fault(
                    i, line, "this tide system is not known", "Write tide_free, zero_tide,"
                    " mean_tide or unknown",
                )  # fmt: skip
            sheet.tides = _ICGEM_TIDES[word]
    varying, epochs = 0, set()
    for i, line in enumerate(lines[end + 1 :], end + 2):
        key, *words = line.split() or [""]
        if key in ("gfc", "gfct"):
            if len(words) < 4:
                raise sheet.fault(i, line, "values are missing", "Write gfc n m C S")
            sheet.row(i, line, *words[:4])
            if key == "gfct":
                varying += 1
                epochs.add(words[-1])
        elif key in _TIME_KEYS:
            varying += 1
        elif key and not key.startswith("#"):
            raise sheet.fault(
                i, line, f"the key {key!r} is not known", "Write gfc n m C S, or a # before it"
            )
    if varying:
        when = f" of {', '.join(sorted(epochs))}" if epochs else ""
        sheet.notes.append(
            f"{sheet.file} varies with time: taken at its reference epoch{when}, {varying} rows of"
            " drift, period and reference counted; its drift and periodic parts are left out"
        )


def _shadr(sheet: _Sheet, lines: list[str]) -> None:
    form = "Give radius, GM, sigma, degree, order, normalisation, longitude, latitude"
    at = next((i for i, x in enumerate(lines) if x.strip()), None)
    if at is None:
        raise sheet.fault(1, "", "the file is empty", form)
    head = _bare(lines[at], sheet, at + 1, 8, form)
    sheet.radius = sheet.number(at + 1, head[0], "the radius")
    sheet.mu = sheet.number(at + 1, head[1], "GM")
    sheet.degree = sheet.whole(at + 1, head[3], "the degree")
    sheet.order = sheet.whole(at + 1, head[4], "the order")
    sheet.size(at + 1, lines[at])
    state = sheet.whole(at + 1, head[5], "the normalisation")
    if state not in (0, 1):
        raise sheet.fault(at + 1, head[5], "this normalisation is not known", "Write 0 or 1")
    sheet.normalised = state == 1
    if any(sheet.number(at + 1, w, "the reference place") != 0.0 for w in head[6:8]):
        raise sheet.fault(
            at + 1, " ".join(head[6:8]), "the expansion is about another pole or meridian",
            "Give coefficients referred to longitude 0 and latitude 0",
        )  # fmt: skip
    for i, line in enumerate(lines[at + 1 :], at + 2):
        if line.strip():
            words = _bare(line, sheet, i, 4, "Write n, m, C, S")
            sheet.row(i, line, *words[:4])


_FLOAT = re.compile(r"[-+]?\d*\.?\d+(?:[EeDd][-+]?\d+)?")


def _cof(sheet: _Sheet, lines: list[str]) -> None:
    for i, line in enumerate(lines, 1):
        card = line[:8].strip()
        if card == "POTFIELD":
            n, m = line[8:11], line[11:14]
            numbers = _FLOAT.findall(line[17:])
            if len(numbers) < 2:
                raise sheet.fault(
                    i, line, "GM and radius are missing", "Write POTFIELD n m k GM radius 1.0"
                )
            sheet.degree = sheet.whole(i, n, "the degree")
            sheet.order = sheet.whole(i, m, "the order")
            sheet.size(i, line)
            sheet.mu = sheet.number(i, numbers[0], "GM")
            sheet.radius = sheet.number(i, numbers[1], "the radius")
            if len(numbers) > 2 and float(numbers[2]) != 1.0:
                raise sheet.fault(
                    i, line, "the coefficients are not normalised", "Give a normalised field"
                )
        elif card == "RECOEF":
            numbers = _FLOAT.findall(line[14:])
            if not numbers:
                raise sheet.fault(i, line, "no coefficient follows", "Write RECOEF n m C S")
            sheet.row(i, line, line[8:11], line[11:14], numbers[0], (*numbers[1:], "0")[0])
        elif card == "END":
            break


def _grv(sheet: _Sheet, lines: list[str]) -> None:
    inside = ended = False
    for i, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        key, word = words[0].lower(), words[1] if len(words) > 1 else ""
        if inside:
            if key == "end":
                ended = True
                break
            if len(words) < 3:
                raise sheet.fault(i, line, "values are missing", "Write n m C S")
            sheet.row(i, line, words[0], words[1], words[2], (*words[3:], "0")[0])
        elif key == "begin" and word.lower() == "coefficients":
            inside = True
            sheet.order = sheet.degree if sheet.order < 0 else sheet.order
            sheet.size(i, line)
        elif key == "model":
            sheet.name = word
        elif key in ("degree", "order"):
            setattr(sheet, key, sheet.whole(i, word, f"the {key}"))
        elif key == "gm":
            sheet.mu = sheet.number(i, word, "Gm")
        elif key == "refdistance":
            sheet.radius = sheet.number(i, word, "RefDistance")
        elif key == "normalized":
            sheet.normalised = word.lower() == "yes"
        elif key == "includespermtides":
            sheet.tides = "zero-tide" if word.lower() == "yes" else "tide-free"
        elif key == "centralbody":
            sheet.of = word.lower()
        elif key.endswith("dot"):
            sheet.notes.append(f"{sheet.file} gives {words[0]}: the drift is left out")
    if not ended:
        raise sheet.fault(
            len(lines), lines[-1] if lines else "", "there is no END Coefficients",
            "Give the whole file, from stk.v to END Coefficients",
        )  # fmt: skip


_READERS: dict[str, Callable[[_Sheet, list[str]], None]] = {
    ".gfc": _icgem,
    ".tab": _shadr,
    ".sha": _shadr,
    ".cof": _cof,
    ".grv": _grv,
}
SUFFIXES = tuple(_READERS)


# the door ------------------------------------------------------------------------------
def read(
    path: str | Path,
    body: str,
    degree: int | None = None,
    *,
    axes: str | None = None,
    tide_system: str | None = None,
) -> GravityField:
    """A gravity field from a file of one of the four formats, told by its ending.

    body         whose field it is meant to be; a GM of another body is refused
    degree       highest degree wanted (default: all the file holds)
    axes         body-fixed axes of the coefficients, where the file or its .lbl does not tell
    tide_system  "tide-free", "zero-tide", "mean-tide", where the file does not say it

    The same content read again gives the same object. Raises DataError (file, line, what was
    read, why it is refused, what to write), InputError for a degree the file does not hold.
    """
    where = Path(path)
    wanted = _body(body)
    if where.suffix.lower() not in _READERS:
        raise DataError(
            f"{where.name}: a gravity file ends in {', '.join(SUFFIXES)}, this one in"
            f" {where.suffix!r}; name it by its format (ICGEM, PDS SHA, GMAT, STK)"
        )
    if tide_system is not None and tide_system not in TIDE_SYSTEMS:
        raise InputError(f"tide system {tide_system!r}: write one of {', '.join(TIDE_SYSTEMS)}")
    try:
        raw = where.read_bytes()
    except OSError as fault:
        raise DataError(
            f"no gravity file {str(path)!r} can be read ({fault.strerror}); give the path of a"
            f" file ending in {', '.join(SUFFIXES)}"
        ) from None
    label = where.with_suffix(".lbl")
    told = label.read_text(encoding="latin-1") if label.is_file() else ""
    seal = hashlib.sha256(raw + told.encode()).hexdigest()
    key = (seal, where.name, wanted.name, degree, axes, tide_system)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    sheet = _Sheet(where.name, cut=_HIGHEST if degree is None else degree)
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as fault:
        at = raw[: fault.start].count(b"\n") + 1
        raise sheet.fault(
            at, repr(raw[fault.start : fault.end]), "this is not ASCII text", "Unpack it first"
        ) from None
    _READERS[where.suffix.lower()](sheet, text.splitlines())
    _whole(sheet, wanted.name, wanted.mu_m3_s2, degree)
    sheet.seal = hashlib.sha256(raw).hexdigest()
    made = _field(sheet, wanted.name, degree, axes or _axes(sheet, wanted.name, told), tide_system)
    _kept[key] = made
    while len(_kept) > _KEEP:
        _kept.popitem(last=False)
    return made


def _whole(sheet: _Sheet, body: str, mu: float, degree: int | None) -> None:
    """Header complete, GM that of the body, last coefficient there."""
    for value, what in ((sheet.mu, "GM"), (sheet.radius, "the reference radius")):
        if not value > 0.0:
            raise DataError(f"{sheet.file}: the header does not give {what}, or not above zero")
    if sheet.degree < 0:
        raise DataError(f"{sheet.file}: the header does not give the degree")
    if sheet.of and sheet.of != body:
        raise DataError(f"{sheet.file}: a field of {sheet.of!r}, asked for as one of {body!r}")
    # some files are in km and km^3/s^2
    if abs(sheet.mu * 1e9 / mu - 1.0) < 0.1:
        sheet.mu, sheet.radius = sheet.mu * 1e9, sheet.radius * 1e3
    elif not abs(sheet.mu / mu - 1.0) < 0.1:
        raise DataError(
            f"{sheet.file}: GM {sheet.mu:.9g} is not that of {body!r}, {mu:.6g} m^3/s^2 (nor in"
            " km^3/s^2): is this the file of another body?"
        )
    last = (sheet.degree, min(sheet.degree, sheet.order))
    if sheet.degree >= 2 and sheet.highest_row != last:
        raise DataError(
            f"{sheet.file}: the header promises degree {last[0]} order {last[1]}, the last"
            f" coefficient found is {sheet.highest_row[0]}, {sheet.highest_row[1]}: the file is"
            " cut short; get it again"
        )
    if degree is not None and not 0 <= degree <= sheet.degree:
        raise InputError(
            f"degree {degree} was asked; {sheet.file} holds up to {sheet.degree}x{sheet.order}"
        )


def _axes(sheet: _Sheet, body: str, label: str) -> str:
    """Body-fixed axes by the label beside the file, or by the field's name."""
    if body == "earth":
        return "itrf"
    if body == "moon":
        said = re.search(r"ephemeris\s+used\s+is\s+de(\d{3})", label, re.IGNORECASE)
        if said and said.group(1) in ("421", "430", "440"):
            return f"moon-pa-de{said.group(1)}" if said.group(1) != "440" else "moon-pa"
    names = f"{sheet.file} {sheet.name}".lower()
    for piece, axes in _KNOWN_AXES.get(body, {}).items():
        if piece in names:
            return axes
    if body == "moon":
        raise DataError(
            f"{sheet.file}: it does not tell which axes of the Moon its coefficients belong to;"
            " keep the product's .lbl beside it, or give axes='moon-pa-de430' (fields made with"
            " DE430 and later GRAIL fields), 'moon-pa-de421' (with DE421), or another name that"
            " fixed_from_gcrf_many knows"
        )
    return f"iau-{body}"


def _field(
    sheet: _Sheet, body: str, degree: int | None, axes: str, tide_system: str | None
) -> GravityField:
    top = sheet.degree if degree is None else degree
    C, S = np.zeros((2, top + 1, top + 1))
    index = np.array(list(sheet.rows), dtype=np.int64).reshape(-1, 2)
    value = np.array(list(sheet.rows.values()), dtype=np.float64).reshape(-1, 2)
    C[index[:, 0], index[:, 1]] = value[:, 0]
    S[index[:, 0], index[:, 1]] = value[:, 1]
    S[:, 0] = 0.0
    if not sheet.normalised:
        scale = _normalisation(top)
        C, S = C / scale, S / scale
    if sheet.rows.get((0, 0), (1.0, 0.0))[0] not in (0.0, 1.0):
        sheet.notes.append(f"{sheet.file} gives C00 = {C[0, 0]!r}; GM carries the central term")
    C[0, 0] = 1.0
    tides = tide_system or sheet.tides
    if tides == "unknown":
        sheet.notes.append(f"{sheet.file} does not say its tide system")
    return GravityField(
        sheet.mu, sheet.radius, top, C, S, tides, sheet.name or Path(sheet.file).stem,
        f"file {sheet.file}, sha256 {sheet.seal}", body, axes, tuple(sheet.notes),
    )  # fmt: skip


def _normalisation(degree: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Unnormalised over normalised: sqrt((2 - d0m) (2n + 1) (n - m)! / (n + m)!)."""
    out = np.ones((degree + 1, degree + 1))
    for n in range(degree + 1):
        ratio = 1.0
        out[n, 0] = math.sqrt(2.0 * n + 1.0)
        for m in range(1, n + 1):
            ratio /= float(n - m + 1) * float(n + m)
            out[n, m] = math.sqrt(2.0 * (2.0 * n + 1.0) * ratio)
    return out
