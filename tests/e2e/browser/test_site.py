"""The documentation site in a browser: search results, layout, and no requests to other hosts."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser.conftest import SCREENSHOTS
from tests.e2e.site.html_pages import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.programs]
MOST_HITS = 3
QUESTIONS = {
    "create a task over a dataset": {"guides/tasks"},
    "trigger a run and wait": {"guides/waiting", "guides/triggers", "tutorials/first-task"},
    "exit code 6": {"reference/exit-codes", "guides/recipes"},
    "mock answer 503 twice": {"guides/faults", "reference/fault-scripts"},
    "replace an evaluator": {"guides/tasks"},
    "run cancelled with zero counts": {"guides/triggers"},
    "window longer than 30 days": {"guides/triggers"},
    "retry after a lost response": {"guides/retries"},
    "use a private CA": {"guides/network"},
    "task name is ambiguous": {"guides/names"},
    "pytest fixture for the mock": {"guides/pytest"},
    "world file": {"guides/worlds", "reference/world-file"},
    "rate limit in the mock": {"guides/faults"},
    "wait for many runs": {"guides/many-at-once"},
    "api key from a command": {"guides/keys"},
    "upper-case status": {"guides/dialects", "guides/vendor-sdk"},
    "freeze the mock's clock": {"guides/faults", "guides/pytest", "tutorials/test-your-code", "reference/mock"},
    "vendor SDK exceptions": {"guides/vendor-sdk"},
    "trigger from cron": {"guides/schedulers", "guides/recipes"},
    "prefect retries": {"guides/schedulers"},
    "dagster resource": {"guides/schedulers"},
    "trigger a run exactly once": {"guides/exactly-once"},
    "rename a task": {"guides/tasks"},
    "a name without a space": {"guides/names"},
}
SHOWN = ("index", "tutorials/first-task", "reference/client", "reference/configuration", "guides/retries")
SCREENS = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 400, "height": 850}}


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve the site from this process, and yield its address."""
    assert (SITE / "index.html").exists(), "there is no site: make docs-site"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def hits(context: BrowserContext, site: str, question: str) -> list[str]:
    """Return the first pages that the search finds, each once."""
    page = context.new_page()
    page.goto(f"{site}/search.html?q={quote(question)}")
    expect(page.locator("#search-results .search-summary")).to_contain_text("found")
    addresses = page.locator("#search-results ul.search li a").evaluate_all("all => all.map(each => each.href)")
    paths = [urlsplit(each).path.strip("/").removesuffix(".html") for each in addresses]
    return list(dict.fromkeys(paths))[:MOST_HITS]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_search_finds_the_page_that_answers(question: str, context: BrowserContext, site: str) -> None:
    assert QUESTIONS[question] & set(hits(context, site, question))


@pytest.mark.parametrize("page", SHOWN)
@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_pages_fit_their_screen_and_ask_nobody_else(
    page: str, colors: str, screen: str, browser: Browser, site: str
) -> None:
    """Screenshots go to build/browser/."""
    asked: list[str] = []
    context = browser.new_context(viewport=SCREENS[screen], color_scheme="dark" if colors == "dark" else "light")
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    opened.goto(f"{site}/{page}.html")
    overflow = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=SCREENSHOTS / f"site-{page.replace('/', '-')}-{screen}-{colors}.png")
    context.close()

    assert [each for each in asked if not each.startswith((site, "data:"))] == []
    assert overflow <= 0
