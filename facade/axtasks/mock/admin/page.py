"""The page for people at `/` of the served mock: its files, and to whom they are given."""

from __future__ import annotations

import hashlib
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
PARTS = MEDIA_TYPES.keys() - {".html"}
TAG_LENGTH = 32

SOURCES: dict[str, tuple[str, str]] = {
    # Whoever does not ask for HTML is a client of the API with a wrong address, and is told so as everywhere.
    "/": ("index.html", "text/html"),
    # Browsers ask for it unasked; this keeps it from being a near miss.
    "/favicon.ico": ("icon.svg", "image/"),
    **{f"{PREFIX}/{file.name}": (file.name, "") for file in sorted(FOLDER.glob("*")) if file.suffix in PARTS},
}
"""Path to the file that is given there, and what the `Accept` header has to name for it."""


def answer(request: MockRequest) -> MockResponse | None:
    """The page or a part of it; None for what is the mock's to answer, and for who may not steer the mock."""
    name, accepted = SOURCES.get(request.path, ("", ""))
    if not name or request.method not in METHODS or request.barred is not None:
        return None
    if accepted not in (request.header("accept") or ""):
        return None
    body, tag = _content(name)
    headers: Headers = (
        ("Content-Type", MEDIA_TYPES[Path(name).suffix]),
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
