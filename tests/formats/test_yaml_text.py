"""YAML as text: nothing is guessed, everything has its place, and writing is undone by reading."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.formats.yaml_text import Mapping, Sequence, Text, as_yaml, place, read


def test_scalars_stay_what_was_written() -> None:
    text = "a: no\nb: 10:30\nc: 1e3\nd: 0o17\ne: 2027-03-01\nf: ~\ng: .inf\nh: 007\n"
    node, faults = read(text, "f.yaml")
    assert faults == []
    assert isinstance(node, Mapping)
    assert list(node.values()) == ["no", "10:30", "1e3", "0o17", "2027-03-01", "~", ".inf", "007"]
    assert all(isinstance(v, Text) for v in node.values())


def test_every_node_has_its_line_column_and_path() -> None:
    node, _ = read("a:\n  - b: {c: [x, y]}\n  - z\n", "f.yaml")
    assert isinstance(node, Mapping)
    items = node["a"]
    assert isinstance(items, Sequence)
    at = place(items[0]["b"]["c"][1])
    assert at is not None
    assert (at.file, at.line, at.column, at.path) == ("f.yaml", 2, 16, "a[0].b.c[1]")
    assert node.keys_at["a"].line == 1
    assert items[0]["b"].keys_at["c"].column == 9
    assert place("elsewhere") is None


def test_faults_do_not_stop_the_reading() -> None:
    _, faults = read("a: &x 1\nb: *x\nb: !!int 2\n", "f.yaml")
    assert [(f.line, f.read) for f in faults] == [(1, "&x"), (2, "*x"), (3, "!!int"), (3, "b")]


trees = st.recursive(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12).map(
        str.strip
    ),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), trees, min_size=1, max_size=4))
def test_what_is_written_reads_back(tree: dict[str, object]) -> None:
    node, faults = read(as_yaml(tree), "f.yaml")
    assert faults == []
    assert node == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    node, faults = read(text, "f.yaml")
    assert node is not None or faults
    for fault in faults:
        assert fault.line >= 1
        assert fault.write.endswith((".", "?"))
