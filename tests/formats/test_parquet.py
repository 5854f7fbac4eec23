"""Parquet tables read back equal; NaN is null and null is NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from cosmodrome.errors import DataError, InputError
from cosmodrome.formats import parquet

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_reads_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    x = np.array([1.0, -0.1, np.nan, 1e300])
    parquet.write(path, {"x_m": x, "object": ["a", "b", "a", "ü"]}, {"x_m": "a place"})
    back = parquet.read(path)
    assert np.array_equal(back["x_m"], x, equal_nan=True)
    assert back["object"] == ["a", "b", "a", "ü"]
    table = pq.read_table(path)
    assert table.column("x_m").null_count == 1
    assert table.schema.field("x_m").metadata == {b"about": b"a place"}


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        parquet.write(tmp_path / name, {"t_s": np.arange(1000.0), "o": ["x"] * 1000})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one length"):
        parquet.write(tmp_path / "a", {"x": np.zeros(2), "y": ["a"]})
    with pytest.raises(DataError, match="no such file"):
        parquet.read(tmp_path / "none")
    (tmp_path / "bad").write_text("hello")
    with pytest.raises(DataError, match="is no Parquet file"):
        parquet.read(tmp_path / "bad")
