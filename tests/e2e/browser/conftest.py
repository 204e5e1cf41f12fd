"""Fixtures of a headless Chromium with a fresh mock, which records requests and messages of the page.

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
SCREENSHOTS = Path(__file__).parents[3] / "build" / "browser"
WAIT_MS = 60_000
DESKTOP = {"width": 1280, "height": 900}
# No host name is resolved, so that the page can reach only the mock's address.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

expect.set_options(timeout=WAIT_MS)


@dataclass
class WatchedPage:
    """A page, its requests and messages (of console, errors and dialogs), and the mock that it shows."""

    page: Page
    server: MockServer
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request outside the browser, and return the status and the JSON of the response."""
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
        """Open the page, and return it once it is connected."""
        self.page.goto(f"{self.server.url}/{fragment}")
        if not fragment:
            expect(self.page.locator("#connection")).to_have_text("Connected")
        return self.page

    def save_screenshot(self, name: str) -> None:
        """Save a screenshot of the page below build/."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def find_chromium() -> str:
    """Return the path of the system's browser.

    Raises:
        RuntimeError: no browser is installed.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise RuntimeError(f"the browser tests need one of {', '.join(NAMES)}: apt-get install chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for all tests."""
    # Chromium's sandbox does not work for root, and is on for all other users.
    arguments = [OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield running
        running.close()


@pytest.fixture
def options() -> dict[str, Any]:
    """Options of the browser context: the size of its window, and the colour scheme."""
    return {"viewport": DESKTOP, "color_scheme": "light"}


@pytest.fixture
def context(browser: Browser, options: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser context of its own."""
    fresh = browser.new_context(**options)
    fresh.set_default_timeout(WAIT_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def server(mock: Mock) -> Iterator[MockServer]:
    """Serve the mock on a socket; its clock is frozen."""
    with MockServer(mock) as serving:
        yield serving


@pytest.fixture
def watched(context: BrowserContext, server: MockServer) -> Iterator[WatchedPage]:
    """A page that, by the end of the test, has requested nothing but the mock, and logged no message."""
    watched = WatchedPage(context.new_page(), server)
    page = watched.page
    context.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", lambda message: watched.messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.messages.append(str(error)))
    page.on("dialog", lambda dialog: watched.messages.append(f"a dialog: {dialog.message}"))

    yield watched

    own = urlsplit(server.url).netloc
    assert [url for url in watched.requests if urlsplit(url).netloc != own] == []
    assert watched.messages == []
