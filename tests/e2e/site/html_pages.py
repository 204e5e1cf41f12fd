"""The built site as data: loaded resources, links, anchors and definitions of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

SITE = Path(__file__).parents[3] / "build" / "docs"
REFERENCE = "reference/"
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
FOLLOWED = {"next", "prev", "index", "search", "canonical"}
"""Kinds of `<link>` that load nothing."""


@dataclass
class HtmlPage:
    """A page of the site.

    Attributes:
        loads: the addresses of resources that a browser loads with it.
        links: the addresses of its links.
        anchors: the ids of its elements.
        definitions: the texts and ids of its definitions: code in a span with an id.
        unlinked: the texts of code in its prose without a link.
    """

    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    definitions: list[tuple[str, str]] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.page = HtmlPage()
        self._open: list[tuple[str, str | None]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.page.anchors.add(given["id"])
        if tag in LOADED and LOADED[tag] in given and given.get("rel") not in FOLLOWED:
            self.page.loads.append(given[LOADED[tag]])
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
        if tag not in self.VOID:
            self._open.append((tag, given.get("id")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self._note(self._text)
            self._text = ""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag == "code" for tag, _ in self._open):
            self._text += data

    def _note(self, text: str) -> None:
        """Record a piece of code that ends here: a definition, or a mention without a link."""
        tags = [tag for tag, _ in self._open]
        outer, anchor = self._open[len(tags) - 2 - tags[::-1].index("code")]
        if outer == "span" and anchor is not None:
            self.page.definitions.append((text, anchor))
        elif not {"a", "pre", "dt", "h1", "h2", "h3", "title"} & set(tags):
            self.page.unlinked.append(text)


@cache
def pages() -> dict[str, HtmlPage]:
    """Return every page of the site, by its path."""
    found: dict[str, HtmlPage] = {}
    for path in sorted(SITE.rglob("*.html")):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(SITE).as_posix()] = reader.page
    assert found, f"there is no site in {SITE}: make docs-site"
    return found


def target(page: str, address: str) -> tuple[str, str]:
    """Return the file and the anchor that an address on a page leads to."""
    parts = urlsplit(urljoin(page, address))
    return unquote(parts.path), unquote(parts.fragment)
