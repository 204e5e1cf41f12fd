"""The page for people at `/` of the served mock: its files, and to whom they are given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.mock.messages import MockResponse

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers, MockRequest

FOLDER = Path(__file__).parent / "static"
PREFIX = "/__mock/page"
# Nothing but what this server gives: no script or style in the page itself, nothing from elsewhere, in nobody's frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
METHODS = frozenset({"GET", "HEAD"})
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
TAG_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the page, and what the `Accept` header has to name for it to be given."""

    name: str
    accepted: str | None = None


SOURCES: dict[str, Source] = {
    # Whoever does not ask for HTML is a client of the API with a wrong address, and is told so as everywhere.
    "/": Source("index.html", "text/html"),
    # Browsers ask for it unasked; this keeps it from being a near miss.
    "/favicon.ico": Source("icon.svg", "image/"),
    **{
        f"{PREFIX}/{name}": Source(name)
        for name in (
            "control.js",
            "drawing.js",
            "icon.svg",
            "live.js",
            "main.js",
            "outline.js",
            "page.css",
            "reference.js",
            "rows.js",
            "steering.js",
            "trial.js",
        )
    },
}
"""Path to what is given there."""


def answer(request: MockRequest) -> MockResponse | None:
    """The page or a part of it; None for what is the mock's to answer, and for who may not steer the mock."""
    source = SOURCES.get(request.path)
    if source is None or request.method not in METHODS or request.barred is not None:
        return None
    if source.accepted is not None and source.accepted not in (request.header("accept") or ""):
        return None
    body, tag = _content(source.name)
    headers: Headers = (
        ("Content-Type", MEDIA_TYPES[Path(source.name).suffix]),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-cache"),
        ("ETag", tag),
        ("Vary", "Accept"),
    )
    if request.header("if-none-match") == tag:
        return MockResponse(HTTPStatus.NOT_MODIFIED, headers)
    return MockResponse(HTTPStatus.OK, headers, b"" if request.method == "HEAD" else body)


@cache
def _content(name: str) -> tuple[bytes, str]:
    """A file and its tag."""
    body = (FOLDER / name).read_bytes()
    return body, f'W/"{hashlib.sha256(body).hexdigest()[:TAG_LENGTH]}"'
