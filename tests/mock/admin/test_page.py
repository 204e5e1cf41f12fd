"""The page at `/` of the served mock, as far as it can be told without a browser: what is given to whom, and how."""

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
    """What the page gives for a request, whose headers are written with underscores."""
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return page.answer(MockRequest(method, path, headers=given))


def given(path: str, **headers: str) -> MockResponse:
    """The same where something is given."""
    response = get(path, **headers)
    assert response is not None
    return response


@pytest.fixture
def server(mock: Mock) -> Iterator[MockServer]:
    """The mock behind a socket."""
    with MockServer(mock) as serving:
        yield serving


def fetch(url: str, accept: str) -> tuple[int, str, bytes]:
    """Status, media type and body of an answer."""
    try:
        with urlopen(Request(url, headers={"Accept": accept}), timeout=10) as answer:  # noqa: S310  # loopback
            return answer.status, answer.headers["Content-Type"], answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def test_a_browser_gets_the_page(server: MockServer) -> None:
    """Whoever asks for HTML gets the page, and the journal knows nothing of it nor of what the page looks at."""
    status, media_type, body = fetch(f"{server.url}/", BROWSER)
    fetch(f"{server.url}/favicon.ico", "image/avif,image/webp,*/*;q=0.8")
    fetch(f"{server.url}/__mock/page/main.js", "*/*")
    fetch(f"{server.url}/__mock/overview", "application/json")

    assert (status, media_type) == (200, "text/html; charset=utf-8")
    assert b"<title>ax-tasks mock</title>" in body
    assert server.mock.journal.exchanges() == []


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/problem+json"])
def test_a_client_of_the_api_gets_a_problem(server: MockServer, accept: str) -> None:
    """A client with a wrong address is told what it came closest to, and that is a near miss."""
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
def test_everything_else_is_the_mocks(method: str, path: str, accept: str) -> None:
    """Only the page's own addresses are answered, and nothing but reading is."""
    assert get(path, method=method, accept=accept) is None


def test_who_may_not_steer_the_mock_gets_no_page() -> None:
    """To a request that is barred from the admin API the page is not there."""
    asked = [MockRequest("GET", path, headers=(("Accept", f"{BROWSER},image/webp"),)) for path in page.SOURCES]

    assert [page.answer(replace(request, barred="not from here")) for request in asked] == [None] * len(asked)


def test_a_page_of_others_gets_nothing(server: MockServer) -> None:
    """A name that is not this machine's, which is how pages from elsewhere come here, leads to no page."""
    for path in ("/", "/__mock/page/main.js"):
        request = Request(server.url + path, headers={"Accept": BROWSER, "Host": "elsewhere.example"})  # noqa: S310  # loopback
        with pytest.raises(HTTPError) as refused:
            urlopen(request, timeout=10)  # noqa: S310  # loopback
        refused.value.close()
        assert refused.value.code in {403, 404}


@pytest.mark.parametrize("path", page.SOURCES)
def test_how_it_is_given(path: str) -> None:
    """Every part comes with a policy that lets in nothing from elsewhere and nothing that is written inline."""
    response = given(path, accept=f"{BROWSER},image/webp")

    policy = dict(each.split(" ", 1) for each in (response.header("content-security-policy") or "").split("; "))
    assert response.status == 200
    assert {policy[f"{kind}-src"] for kind in ("script", "style", "img")} == {"'self'"}
    assert {policy[name] for name in ("default-src", "frame-ancestors", "base-uri")} == {"'none'"}
    assert policy["connect-src"] == "'self'"
    assert response.header("x-content-type-options") == "nosniff"
    assert response.body


@pytest.mark.parametrize("path", page.SOURCES)
def test_nothing_is_sent_twice(path: str) -> None:
    """A browser that has a part already is told so."""
    accept = f"{BROWSER},image/webp"
    tag = given(path, accept=accept).header("etag")
    assert tag

    again = given(path, accept=accept, if_none_match=tag)

    assert (again.status, again.body) == (304, b"")
    assert given(path, accept=accept, if_none_match='W/"another"').status == 200


def test_heads() -> None:
    """HEAD gets the headers alone."""
    response = given("/", method="HEAD", accept=BROWSER)

    assert (response.status, response.body) == (200, b"")


def test_no_file_is_forgotten() -> None:
    """Each file of the page is given somewhere, and none is missing."""
    assert {file.name for file in FILES} == {name for name, _ in page.SOURCES.values()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_other_host_is_named(file: Path) -> None:
    """Nothing points elsewhere but to the name of the format of the icon."""
    found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", file.read_text(encoding="utf-8"))

    assert set(found) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_markup_is_made_of_text(file: Path) -> None:
    """Scripts put text on the page as text: none of the ways to turn text into markup or code is used."""
    source = file.read_text(encoding="utf-8")

    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", source) == []


class Markup(HTMLParser):
    """What the page refers to, its inline code, and its controls without a name."""

    def __init__(self) -> None:
        super().__init__()
        self.references: set[str] = set()
        self.inline: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters."""
        values = dict(attrs)
        self.references |= {value for name in ("src", "href", "action") if (value := values.get(name))}
        self.inline += [name for name in values if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in values) else []
        if identifier := values.get("id"):
            self.ids.append(identifier)


def test_the_markup() -> None:
    """The page has no inline code, refers to what is served, and gives every identifier once."""
    markup = Markup()
    markup.feed((page.FOLDER / "index.html").read_text(encoding="utf-8"))

    assert markup.inline == []
    assert len(markup.ids) == len(set(markup.ids))
    fragments = {reference for reference in markup.references if reference.startswith("#")}
    assert {fragment[1:] for fragment in fragments} <= set(markup.ids)
    assert markup.references - fragments - set(page.SOURCES) == {"/__mock/journal/har"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_name_what_is_there(file: Path) -> None:
    """Each identifier that a script looks up is on the page, and each module that it imports is served."""
    source = file.read_text(encoding="utf-8")
    markup = Markup()
    markup.feed((page.FOLDER / "index.html").read_text(encoding="utf-8"))

    looked_up = re.findall(r"(?:element|getElementById)\(\"([\w-]+)\"\)", source)
    imported = re.findall(r"from \"\./([\w.]+)\"", source)

    assert set(looked_up) <= set(markup.ids)
    assert {f"{page.PREFIX}/{name}" for name in imported} <= set(page.SOURCES)
