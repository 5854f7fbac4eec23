"""Whatever is done to a file, it is read or refused with faults: never another exception."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome import catalog, mission
from cosmodrome.errors import MissionFileError

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION, SITE, VEHICLE

FREGAT = (
    Path(str(catalog.__file__)).parent / "data" / "vehicles" / "soyuz-2.1b-fregat.yaml"
).read_text("utf-8")

ODD = st.sampled_from(
    [
        "",
        "x",
        "0",
        "-1",
        "1e400 kg",
        "nan",
        "[]",
        "{}",
        "[x]",
        "{a: b}",
        "~",
        "no",
        "5 kg",
        "1 / 2",
        "'",
        '"',
        "&a",
        "*a",
        "!!x",
        "- y",
        "? z",
        "none",
        "#",
        "10 km +- 5",
        "٣ km",
        "\u2028",
    ]
)


def judge(text: str, folder: Path | None = None) -> None:
    """Load, and look closely at what a refusal holds."""
    try:
        m = mission.loads(text, "trial.yaml", folder)
    except MissionFileError as error:
        assert error.faults  # noqa: PT017
        for fault in error.faults:
            assert fault.line >= 1
            assert fault.why
            assert fault.write.endswith((".", "?"))
    else:
        again = mission.loads(m.resolved, "resolved.yaml", folder)
        assert again.target == m.target
        assert again.vehicle == m.vehicle


@settings(max_examples=300)
@given(st.integers(0, len(MISSION) - 1), st.integers(0, 12), st.text(max_size=6) | ODD)
def test_any_splice_of_a_mission(at: int, gone: int, put: str) -> None:
    judge(MISSION[:at] + put + MISSION[at + gone :])


def leaves(tree: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Paths of everything in a tree, branches too."""
    found = [path] if path else []
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, value in items:
        found += leaves(value, (*path, key))
    return found


def replaced(tree: object, path: tuple[object, ...], new: object) -> object:
    if not path:
        return new
    copy = dict(tree) if isinstance(tree, dict) else list(tree)  # type: ignore[call-overload]
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


TREE = yaml.load(MISSION, yaml.BaseLoader)
TREE["site"] = yaml.load(SITE, yaml.BaseLoader)
TREES = {
    "small": {**TREE, "vehicle": yaml.load(VEHICLE, yaml.BaseLoader)},
    "shipped": {**TREE, "vehicle": yaml.load(FREGAT, yaml.BaseLoader)},
    "several": {
        **TREE,
        "spacecraft": yaml.load(
            "[{id: a, mass: 2 t, adapter: {mass: 90 kg, jettison: 30 s}}, {id: b, mass: 1 t,"
            " after: 40 s}, {id: c, mass: maximum, target: {kind: circular, altitude: 600 km,"
            " inclination: same}}]",
            yaml.BaseLoader,
        ),
    },
}
VALUES = st.one_of(
    ODD,
    st.just([]),
    st.just({}),
    st.just(["a", ["b"]]),
    st.just({"value": "5 kg", "source": ["x"], "status": {"y": "z"}}),
    st.just({"value": {"value": "5 kg"}}),
)


@pytest.mark.parametrize("name", list(TREES))
def test_every_value_replaced_by_something_odd(name: str) -> None:
    paths = leaves(TREES[name])

    @settings(max_examples=250 if name == "small" else 60)
    @given(st.sampled_from(paths), VALUES)
    def run(path: tuple[object, ...], new: object) -> None:
        judge(yaml.safe_dump(replaced(TREES[name], path, new), sort_keys=False))

    run()


@pytest.mark.parametrize("word", ["[]", "{}", "x", "5 kg", "''", "{value: 5 kg}", "[{}]"])
def test_every_value_of_a_small_file_in_turn(word: str) -> None:
    new = yaml.load(word, yaml.BaseLoader)
    for path in leaves(TREES["small"]):
        judge(yaml.safe_dump(replaced(TREES["small"], path, new), sort_keys=False))
