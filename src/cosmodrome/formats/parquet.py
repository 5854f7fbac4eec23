"""Parquet tables: named columns with their units in the name, NaN written as null.

The file carries a description of every column in its schema metadata, so that it explains
itself without this package.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["read", "write"]


def write(
    path: str | Path,
    columns: Mapping[str, NDArray[np.float64] | Sequence[str]],
    about: Mapping[str, str] | None = None,
) -> None:
    """Write columns of equal length; float arrays (NaN becomes null) or sequences of text.

    `about` maps a column to what it means; it is kept in the schema. Raises InputError when
    the columns differ in length.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"columns of one table must have one length, read {lengths}")
    fields, arrays = [], []
    for name, values in columns.items():
        meta = {"about": about[name]} if about and name in about else None
        if isinstance(values, np.ndarray):
            array = pa.array(np.asarray(values, dtype=np.float64), from_pandas=True)
            fields.append(pa.field(name, pa.float64(), metadata=meta))
        else:
            array = pa.array(list(values), type=pa.string()).dictionary_encode()
            fields.append(pa.field(name, array.type, metadata=meta))
        arrays.append(array)
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    pq.write_table(table, str(path), compression="zstd")


def read(path: str | Path) -> dict[str, NDArray[np.float64] | list[str]]:
    """Read a table back: numbers as float arrays (null is NaN), text as lists.

    Raises DataError when the file is missing or no Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path}: there is no such file; fly the mission, or name its folder")
    try:
        table = pq.read_table(str(path))
    except pa.ArrowInvalid as e:
        raise DataError(f"{path} is no Parquet file ({e}); write it again with `fly`") from None
    out: dict[str, NDArray[np.float64] | list[str]] = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            out[name] = np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)
        else:
            out[name] = [str(v) for v in column.to_pylist()]
    return out
