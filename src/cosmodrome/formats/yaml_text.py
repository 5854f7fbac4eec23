"""YAML read as text: every scalar a string with its line and column, nothing guessed.

PyYAML is used for its events alone, so `10:30`, `no` and `1e3` stay what was written; the
schema alone gives types. Duplicate keys, anchors, aliases, tags, several documents and keys
that are not text are refused, each with its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Mapping", "Node", "Place", "Sequence", "Text", "as_yaml", "place", "read", "read_file"]

_DEEPEST = 24
_LARGEST = 2_000_000  # characters: a mission is a page or two


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file name, line and column from 1, dotted path."""

    file: str
    line: int
    column: int
    path: str


class Text(str):
    """A scalar as written, with its place."""

    place: Place

    def __new__(cls, text: str, place: Place) -> Text:
        self = super().__new__(cls, text)
        self.place = place
        return self


class Mapping(dict[str, Any]):
    """A mapping of nodes; `keys_at` holds the place of each key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}

    def without(self, keys: set[str]) -> Mapping:
        """A copy that lacks `keys`."""
        other = Mapping(self.place)
        other.keys_at = self.keys_at
        other.update({k: v for k, v in self.items() if k not in keys})
        return other


class Sequence(list[Any]):
    """A list of nodes with its place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


Node = Text | Mapping | Sequence


def place(node: object) -> Place | None:
    """The place of a node, or None for what did not come from a file."""
    return getattr(node, "place", None)


class _Refused(Exception):  # noqa: N818
    """Reading cannot go on; the fault is already recorded."""


class _Composer:
    """Builds nodes from parser events and records every fault it can go on from."""

    def __init__(self, events: Iterator[Any], file: str, faults: list[Fault]) -> None:
        self.events = events
        self.file = file
        self.faults = faults

    def fault(self, mark: Any, path: str, read: str, why: str, write: str) -> None:
        self.faults.append(Fault(self.file, mark.line + 1, mark.column + 1, path, read, why, write))

    def document(self) -> Node | None:
        import yaml

        node: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault(
                        event.start_mark,
                        "",
                        "---",
                        "a second document begins here",
                        "Keep one document in a file.",
                    )
                    return node
                node = self.node(next(self.events), "", 0)
        return node

    def node(self, event: Any, path: str, depth: int) -> Node:
        import yaml

        at = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1, path)
        if depth > _DEEPEST:
            self.fault(
                event.start_mark,
                path,
                "",
                f"the file is nested deeper than {_DEEPEST} levels",
                "Write it flatter.",
            )
            raise _Refused
        if isinstance(event, yaml.AliasEvent):
            self.fault(
                event.start_mark,
                path,
                f"*{event.anchor}",
                "aliases are not read",
                "Write the value out where it is used.",
            )
            return Text("", at)
        if event.anchor is not None:
            self.fault(
                event.start_mark,
                path,
                f"&{event.anchor}",
                "anchors are not read",
                "Remove the anchor and write the value out where it is used.",
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.fault(
                event.start_mark,
                path,
                tag,
                "tags are not read: the schema alone gives types",
                "Remove the tag.",
            )
        if isinstance(event, yaml.ScalarEvent):
            return Text(event.value, at)
        if isinstance(event, yaml.SequenceStartEvent):
            items = Sequence(at)
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(event, f"{path}[{len(items)}]", depth + 1))
            return items
        return self.mapping(at, path, depth)

    def mapping(self, at: Place, path: str, depth: int) -> Mapping:
        import yaml

        found = Mapping(at)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, path, depth + 1)
            inner = f"{path}.{key}" if path else str(key)
            if not isinstance(key, Text):
                self.fault(
                    event.start_mark, path, "", "a key must be plain text", "Write `key: value`."
                )
                self.node(next(self.events), path, depth + 1)
                continue
            value = self.node(next(self.events), inner, depth + 1)
            if key in found:
                first = found.keys_at[key].line
                self.fault(
                    event.start_mark,
                    inner,
                    key,
                    f"this key is written twice (first on line {first})",
                    "Keep one of the two.",
                )
                continue
            found.keys_at[str(key)] = Place(self.file, key.place.line, key.place.column, inner)
            found[str(key)] = value
        return found


def _syntax_fault(error: Any, file: str, text: str) -> Fault:
    """A syntax error of the YAML parser in plain words."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = str(getattr(error, "context", "") or "")
    if (
        any(w in context for w in ("flow", "simple key", "quoted scalar"))
        and error.context_mark is not None
    ):
        mark = error.context_mark  # where the bracket or the key stands, not where patience ends
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    read = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    problem = str(getattr(error, "problem", "") or "")

    def here(why: str, write: str) -> Fault:
        return Fault(file, line, column, "", read, why, write)

    if "'\\t'" in problem or (lines and line <= len(lines) and "\t" in lines[line - 1]):
        return here("a tab is used here", "Indent with spaces in YAML.")
    for number, written in enumerate(lines, 1):
        if written.count('"') % 2:
            return Fault(
                file,
                number,
                written.index('"') + 1,
                "",
                written.strip(),
                "a quotation mark is not closed",
                'Close it with ".',
            )
    if "mapping values are not allowed" in problem:
        return here(
            "a second colon makes this line unreadable",
            'Put text that holds ": " in quotes, and check the indentation.',
        )
    if "quoted scalar" in context or "end of stream" in problem:
        return here("a quotation mark is not closed", "Close it with '.")
    if "flow" in context:
        return here(
            "a bracket is not closed, or a comma is missing",
            "Write lists like [a, b] and inline mappings like {key: value}.",
        )
    if "could not find expected ':'" in problem:
        return here("a colon is missing after a key", "Write `key: value`.")
    if "expected <block end>" in problem:
        return here(
            "the indentation does not fit the lines above",
            "Indent keys of one level by the same number of spaces.",
        )
    return here(
        f"this is not YAML ({problem or 'unreadable'})",
        "Write `key: value` lines, indented with spaces.",
    )


def read(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """Nodes of a YAML text and the faults found in it; the node is None when unreadable."""
    import yaml

    faults: list[Fault] = []
    if len(text) > _LARGEST:
        why = f"the file holds {len(text)} characters, more than {_LARGEST}"
        return None, [Fault(file, 1, 1, "", "", why, "Give a mission, vehicle or site file.")]
    for at, character in enumerate(text):
        if (ord(character) < 32 and character not in "\t\n\r") or ord(character) == 127:
            line = text.count("\n", 0, at) + 1
            column = at - text.rfind("\n", 0, at)
            why = "this character cannot stand in a text file"
            return None, [
                Fault(file, line, column, "", f"\\x{ord(character):02x}", why, "Remove it.")
            ]
    try:
        node = _Composer(yaml.parse(text, Loader=yaml.SafeLoader), file, faults).document()
    except yaml.YAMLError as error:
        faults.append(_syntax_fault(error, file, text))
        return None, faults
    except _Refused:
        return None, faults
    if node is None:
        faults.append(
            Fault(file, 1, 1, "", "", "the file is empty", "Start from `cosmodrome new`.")
        )
    return node, faults


def read_file(path: Path, name: str) -> tuple[Node | None, list[Fault]]:
    """Like `read`, from a file; `name` is how faults call it."""
    if path.is_dir():
        why = "this is a folder"
        return None, [Fault(name, 1, 1, "", "", why, "Give the path of a YAML file.")]
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        why = "there is no such file"
        return None, [Fault(name, 1, 1, "", "", why, "Check the path, or write one.")]
    except UnicodeDecodeError as error:
        why = f"the file is not UTF-8 text (byte {error.start})"
        return None, [Fault(name, 1, 1, "", "", why, "Save it as UTF-8.")]
    except OSError as error:
        why = f"the file cannot be opened ({error.strerror})"
        return None, [Fault(name, 1, 1, "", "", why, "Check the path and its permissions.")]
    return read(text, name)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return str(value)


def as_yaml(tree: object) -> str:
    """Write a tree of mappings, lists and texts; `read` gives the same tree back."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Every scalar plain where YAML lets it be: quoting adds nothing, all is text here."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.yaml_implicit_resolvers = {}
    return yaml.dump(
        _plain(tree),
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )
