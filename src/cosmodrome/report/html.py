"""A page with its data inlined, one file that opens from disk: report.html, verify.html."""

from __future__ import annotations

import base64
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import DataError
from cosmodrome.report.plain import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["filled", "inline_json", "plain_table", "report_html"]

_TEMPLATE = "report.html"
_MOON = "moon.webp"


def inline_json(value: Any) -> str:
    """JSON that can stand in a script element: no '<', '>' or '&' ends or opens markup in it."""
    text = dumps(value, indent=None)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def report_html(page: dict[str, Any]) -> str:
    """The whole page as text: template, style, data and modules; nothing is loaded from outside.

    Raises DataError when the built page files are missing from the installation.
    """
    return filled("report", page["name"], page, _summary(page), _relief(page))


def filled(name: str, title: str, page: Any, summary: str, more: str = "") -> str:
    """The template with the built style and script `name`, data inlined; nothing from outside.

    summary  markup for readers without JavaScript; `more` stands after the data

    Raises DataError when the built page files are missing from the installation.
    """
    html, style, script = (
        _built(part).decode("utf-8") for part in (_TEMPLATE, f"{name}.css", f"{name}.js")
    )
    # one pass over the template: inserted text is never searched for marks again
    inserts = {
        "<!--title-->": escape(title),
        "<!--style-->": f"<style>\n{style}</style>",
        "<!--data-->": f'<script type="application/json" id="page">{inline_json(page)}</script>'
        + more,
        "<!--script-->": "<script>\n" + script.replace("</script", "<\\/script") + "</script>",
        "<!--summary-->": summary,
    }
    out, rest = [], html
    while rest:
        found = [(rest.find(mark), mark) for mark in inserts if mark in rest]
        if not found:
            break
        at, mark = min(found)
        out += [rest[:at], inserts[mark]]
        rest = rest[at + len(mark) :]
    return "".join([*out, rest])


def plain_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as markup, every text escaped."""
    cells = "".join(f"<th>{escape(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _built(name: str) -> bytes:
    """A built page file as it stands in the installation."""
    part = files("cosmodrome.report") / "static" / name
    if not part.is_file():
        raise DataError(
            f"the built page file static/{name} is missing from this installation; install"
            " the package again, or run `npm ci && npm run build` in web/"
        )
    return part.read_bytes()


def _relief(page: dict[str, Any]) -> str:
    """The Moon's relief as a data address, in a page that shows the Moon; else nothing."""
    if page.get("moon") is None:
        return ""
    image = base64.b64encode(_built(_MOON)).decode("ascii")
    return f'\n<script type="text/plain" id="moon-relief">data:image/webp;base64,{image}</script>'


def _summary(page: dict[str, Any]) -> str:
    """The facts, events and checks as plain tables, for readers without JavaScript."""
    facts = [(f["label"], f["value"]) for f in page["facts"]]
    events = [
        (
            f"{e['t_s']:.1f}",
            e["name"],
            e["object"],
            f"{e['altitude_m'] / 1e3:.1f}",
            f"{e['speed_inertial_m_s']:.0f}",
        )
        for e in page["events"]
    ]
    checks = [(f["verdict"], f["check"], f["why"]) for f in page["findings"]]
    return (
        f"<h1>{escape(page['name'])}: {escape(page['verdict'])}</h1>"
        + plain_table(("fact", "value"), facts)
        + plain_table(("t, s", "event", "object", "altitude, km", "inertial speed, m/s"), events)
        + plain_table(("verdict", "check", "why"), checks)
    )
