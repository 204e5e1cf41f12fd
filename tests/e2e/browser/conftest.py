"""A headless Chromium that looks at a fresh mock, and notes whatever a page should not do.

These tests need the dependency group `browser` and a Chromium of the system: `make test-browser` runs them, the rest
of the suite leaves them out.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import MockServer
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.mock.conftest import clock, mock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import Mock

__all__ = ["clock", "mock"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
PICTURES = Path(__file__).parents[3] / "build" / "browser"
WAIT_MS = 60_000
DESKTOP = {"width": 1280, "height": 900}
# No name is looked up and no address but that of the mock is reached, whatever the page may try.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

expect.set_options(timeout=WAIT_MS)


@dataclass
class Watched:
    """A page with what it asked for and what it complained about, and the mock that it shows."""

    page: Page
    server: MockServer
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of what the server answers to a client beside the browser."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
        request = Request(self.server.url + path, sent, headers, method=method)  # noqa: S310  # loopback
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310  # loopback
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def open(self, fragment: str = "") -> Page:
        """The page, once it shows the mock."""
        self.page.goto(f"{self.server.url}/{fragment}")
        if not fragment:
            expect(self.page.locator("#connection")).to_have_text("Connected")
        return self.page

    def picture(self, name: str) -> None:
        """Keep how the page looks now below build/."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def find_chromium() -> str:
    """The path of the system's browser.

    Raises:
        RuntimeError: there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise RuntimeError(f"the browser tests need one of {', '.join(NAMES)}: apt-get install chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    # Chromium's sandbox does not work for root, and is kept for everyone else.
    arguments = [OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield running
        running.close()


@pytest.fixture
def options() -> dict[str, Any]:
    """How the browser is to be: its window, and whether it prefers dark colours."""
    return {"viewport": DESKTOP, "color_scheme": "light"}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser that remembers nothing."""
    fresh = browser.new_context(**options)
    fresh.set_default_timeout(WAIT_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def server(mock: Mock) -> Iterator[MockServer]:
    """The mock behind a socket; its clock stands still."""
    with MockServer(mock) as serving:
        yield serving


@pytest.fixture
def watched(context: BrowserContext, server: MockServer) -> Iterator[Watched]:
    """A page. At the end it must have asked nobody but the mock, and have had nothing to complain about."""
    watched = Watched(context.new_page(), server)
    page = watched.page
    context.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", lambda message: watched.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", lambda dialog: watched.complaints.append(f"a dialog: {dialog.message}"))

    yield watched

    own = urlsplit(server.url).netloc
    assert [url for url in watched.requests if urlsplit(url).netloc != own] == []
    assert watched.complaints == []
