"""The page at `/` of the served mock without a browser: its files, headers and access."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import Mock, MockRequest, MockServer
from axtasks.mock.admin import page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from axtasks.mock.messages import MockResponse

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
FILES = sorted(page.FOLDER.iterdir())
SCRIPTS = [file for file in FILES if file.suffix == ".js"]
pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]


def get(path: str, *, method: str = "GET", **headers: str) -> MockResponse | None:
    """Return the response of the page; header names are written with underscores. None if it has none."""
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return page.answer(MockRequest(method, path, headers=given))


def given(path: str, **headers: str) -> MockResponse:
    """Return the response of the page, which has to have one."""
    response = get(path, **headers)
    assert response is not None
    return response


@pytest.fixture
def server(mock: Mock) -> Iterator[MockServer]:
    """Serve the mock on a socket."""
    with MockServer(mock) as serving:
        yield serving


def fetch(url: str, accept: str) -> tuple[int, str, bytes]:
    """Return the status, the media type and the body of a response."""
    try:
        with urlopen(Request(url, headers={"Accept": accept}), timeout=10) as answer:  # noqa: S310  # loopback
            return answer.status, answer.headers["Content-Type"], answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def test_a_browser_gets_the_page(server: MockServer) -> None:
    """A request that accepts HTML gets the page; the journal records neither it nor what the page requests."""
    status, media_type, body = fetch(f"{server.url}/", BROWSER)
    fetch(f"{server.url}/favicon.ico", "image/avif,image/webp,*/*;q=0.8")
    fetch(f"{server.url}/__mock/page/main.js", "*/*")
    fetch(f"{server.url}/__mock/overview", "application/json")

    assert (status, media_type) == (200, "text/html; charset=utf-8")
    assert b"<title>ax-tasks mock</title>" in body
    assert server.mock.journal.exchanges() == []


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/problem+json"])
def test_a_client_of_the_api_gets_a_problem(server: MockServer, accept: str) -> None:
    """A client of the API gets a 404 that names the nearest operation, and a near miss in the journal."""
    status, media_type, body = fetch(f"{server.url}/", accept)

    assert (status, media_type) == (404, "application/problem+json")
    assert "the nearest is" in json.loads(body)["detail"]
    assert [exchange.path for exchange in server.mock.journal.exchanges()] == ["/"]


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("POST", "/", BROWSER),
        ("OPTIONS", "/", BROWSER),
        ("GET", "/v2/tasks", BROWSER),
        ("GET", "/index.html", BROWSER),
        ("GET", "/favicon.ico", "application/json"),
        ("GET", "/__mock/page", BROWSER),
        ("GET", "/__mock/page/index.html", BROWSER),
        ("GET", "/__mock/page/../page.py", BROWSER),
        ("GET", "/__mock/page/%2e%2e/page.py", BROWSER),
    ],
)
def test_other_requests_are_not_for_the_page(method: str, path: str, accept: str) -> None:
    """The page answers only GET and HEAD, and only at its own paths."""
    assert get(path, method=method, accept=accept) is None


def test_a_barred_request_gets_no_page() -> None:
    """A request that is barred from the admin API does not get the page."""
    asked = [MockRequest("GET", path, headers=(("Accept", f"{BROWSER},image/webp"),)) for path in page.SOURCES]

    assert [page.answer(replace(request, barred="not from here")) for request in asked] == [None] * len(asked)


def test_another_host_name_gets_no_page(server: MockServer) -> None:
    """A host name of another machine, as in DNS rebinding, does not get the page."""
    for path in ("/", "/__mock/page/main.js"):
        request = Request(server.url + path, headers={"Accept": BROWSER, "Host": "elsewhere.example"})  # noqa: S310  # loopback
        with pytest.raises(HTTPError) as refused:
            urlopen(request, timeout=10)  # noqa: S310  # loopback
        refused.value.close()
        assert refused.value.code in {403, 404}


@pytest.mark.parametrize("path", page.SOURCES)
def test_each_file_has_a_strict_policy(path: str) -> None:
    """Each file has a policy that allows no other origin and no inline code."""
    response = given(path, accept=f"{BROWSER},image/webp")

    policy = dict(each.split(" ", 1) for each in (response.header("content-security-policy") or "").split("; "))
    assert response.status == 200
    assert {policy[f"{kind}-src"] for kind in ("script", "style", "img")} == {"'self'"}
    assert {policy[name] for name in ("default-src", "frame-ancestors", "base-uri")} == {"'none'"}
    assert policy["connect-src"] == "'self'"
    assert response.header("x-content-type-options") == "nosniff"
    assert response.body


@pytest.mark.parametrize("path", page.SOURCES)
def test_an_unchanged_file_is_a_304(path: str) -> None:
    """A browser that sends the current ETag gets a 304."""
    accept = f"{BROWSER},image/webp"
    tag = given(path, accept=accept).header("etag")
    assert tag

    again = given(path, accept=accept, if_none_match=tag)

    assert (again.status, again.body) == (304, b"")
    assert given(path, accept=accept, if_none_match='W/"another"').status == 200


def test_head_gets_no_body() -> None:
    """HEAD gets the headers without a body."""
    response = given("/", method="HEAD", accept=BROWSER)

    assert (response.status, response.body) == (200, b"")


def test_every_file_is_served() -> None:
    """The files in the folder are exactly those that are served."""
    assert {file.name for file in FILES} == {name for name, _ in page.SOURCES.values()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_other_host_is_named(file: Path) -> None:
    """The files name no other host; the SVG namespace is a name, no address."""
    found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", file.read_text(encoding="utf-8"))

    assert set(found) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_markup_is_made_of_text(file: Path) -> None:
    """Scripts use none of the functions that turn text into markup or code."""
    source = file.read_text(encoding="utf-8")

    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", source) == []


class Markup(HTMLParser):
    """Collects the references, the inline code and the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.references: set[str] = set()
        self.inline: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the attributes of one tag."""
        values = dict(attrs)
        self.references |= {value for name in ("src", "href", "action") if (value := values.get(name))}
        self.inline += [name for name in values if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in values) else []
        if identifier := values.get("id"):
            self.ids.append(identifier)


def test_the_page_has_no_inline_code() -> None:
    """The page has no inline code, refers only to paths that are served, and has no id twice."""
    markup = Markup()
    markup.feed((page.FOLDER / "index.html").read_text(encoding="utf-8"))

    assert markup.inline == []
    assert len(markup.ids) == len(set(markup.ids))
    fragments = {reference for reference in markup.references if reference.startswith("#")}
    assert {fragment[1:] for fragment in fragments} <= set(markup.ids)
    assert markup.references - fragments - set(page.SOURCES) == {"/__mock/journal/har"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_use_ids_and_modules_that_exist(file: Path) -> None:
    """Each id that a script looks up is on the page, and each module that it imports is served."""
    source = file.read_text(encoding="utf-8")
    markup = Markup()
    markup.feed((page.FOLDER / "index.html").read_text(encoding="utf-8"))

    looked_up = re.findall(r"(?:element|getElementById)\(\"([\w-]+)\"\)", source)
    imported = re.findall(r"from \"\./([\w.]+)\"", source)

    assert set(looked_up) <= set(markup.ids)
    assert {f"{page.PREFIX}/{name}" for name in imported} <= set(page.SOURCES)
