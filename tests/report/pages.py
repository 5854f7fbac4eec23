"""A page as a browser would find it, and what no page may do."""

from __future__ import annotations

import html.parser
import re

HOSTILE = (
    '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    "<!--data--><!--script--> & ' \" \u2028 \\u003c ]]>"
)


class Page(html.parser.HTMLParser):
    """What a browser would find: elements, their addresses, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.data = ""
        self.inside = ""
        self.title = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = dict(attrs).get("id") or tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "page":
            self.data += data
        if self.inside == "title":
            self.title += data


def loads_nothing(text: str) -> Page:
    """The page, which is one file and refers to nothing outside it."""
    page = Page(text)
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            assert name not in attributes, (tag, attributes)
        assert tag not in ("link", "iframe", "object", "embed", "base", "form"), tag
    policy = next(a["content"] for t, a in page.elements if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    # names of XML vocabularies aside, no address of another machine stands in the file
    addresses = set(re.findall(r"https?://[^\s\"'`)<]+", text))
    assert all(a.startswith("http://www.w3.org/") for a in addresses), addresses
    assert "@import" not in text
    assert "url(http" not in text
    return page
