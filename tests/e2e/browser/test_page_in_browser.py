"""The live view of the mock's page, in a headless Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known
from playwright.sync_api import expect

from tests.e2e.browser.support import DISPLAYS, PHONE, assert_legible, focused_by_tab
from tests.mock.support import PROJECT_TASK, TASKS, task_path

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.e2e.browser.conftest import WatchedPage

pytestmark = [pytest.mark.one_door, pytest.mark.programs]
NASTY_NAMES = (
    "<img src=x onerror=\"alert('name')\">",
    "</td><script>alert('script')</script>",
    "{{constructor.constructor('alert(1)')()}} &lt;b&gt;",
    "\u202eoverride\u202c and " + "unbroken" * 25,
)
WINDOW = {"data_start_time": "2026-03-01T00:00:00Z", "data_end_time": "2026-03-08T00:00:00Z"}
TRIGGER = task_path(known.GOLDEN_REVIEW, "trigger")


def rows(page: Page, body: str) -> Any:
    """Return the rows of a table."""
    return page.locator(f"#{body} > tr")


def test_the_page_shows_the_world(watched: WatchedPage) -> None:
    """The page shows the clock, the counts, and the tasks and runs of the world."""
    page = watched.open()

    expect(page.locator("#now")).to_have_text("2026-03-10 15:00:00")
    expect(page.locator("#clock-state")).to_have_text("UTC, stands still")
    expect(page.locator("#counts > div", has_text="tasks")).to_have_text(f"tasks{len(watched.server.mock.world.tasks)}")
    expect(rows(page, "tasks").first).to_contain_text("Nightly Summaries")
    expect(rows(page, "runs").first).to_contain_text("Nightly Summaries")
    expect(page.locator("#exchanges")).to_be_hidden()
    expect(page.get_by_text("Nothing was asked yet.")).to_be_visible()


def test_reset(watched: WatchedPage) -> None:
    """The reset button restores the world, the clock and the faults."""
    status, task = watched.ask("POST", TASKS, PROJECT_TASK)
    watched.ask("POST", "/__mock/clock", {"advance_seconds": 7200})
    watched.ask("POST", "/__mock/faults", {"script": "operation=delete_task, fault=reset"})
    page = watched.open()
    expect(rows(page, "tasks").first).to_contain_text("Fresh Task")

    page.get_by_role("button", name="Reset").click()

    expect(page.locator("#said")).to_have_text("Everything is as it was at the start.")
    expect(rows(page, "tasks").first).to_contain_text("Nightly Summaries")
    expect(page.locator("#now")).to_have_text("2026-03-10 15:00:00")
    assert status == 201
    assert watched.ask("GET", "/__mock/faults")[1] == {"faults": []}
    assert watched.ask("GET", "/__mock/clock")[1]["now"] == "2026-03-10T15:00:00.000Z"
    assert watched.ask("GET", task_path(task["id"]))[0] == 404


@pytest.mark.parametrize(
    ("button", "now"),
    [
        ("+1 min", "2026-03-10T15:01:00.000Z"),
        ("+1 h", "2026-03-10T16:00:00.000Z"),
        ("+1 day", "2026-03-11T15:00:00.000Z"),
    ],
)
def test_moving_the_clock(watched: WatchedPage, button: str, now: str) -> None:
    """A clock button advances the clock and the runs, on the page and in the API."""
    _, run = watched.ask("POST", TRIGGER, {})
    page = watched.open()
    shown = rows(page, "runs").filter(has_text=run["id"])
    expect(shown).to_contain_text("pending")

    page.get_by_role("button", name=button).click()

    expect(page.locator("#now")).to_have_text(now[:19].replace("T", " "))
    expect(shown).to_contain_text("completed")
    assert watched.ask("GET", "/__mock/clock")[1]["now"] == now
    assert watched.ask("GET", f"/v2/task-runs/{quote(run['id'], safe='')}")[1]["status"] == "completed"


def test_freezing_the_clock(watched: WatchedPage) -> None:
    """The clock can be unfrozen and frozen."""
    page = watched.open()
    frozen = []

    for words, name in (("UTC, running", "Let it run"), ("UTC, stands still", "Freeze")):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#clock-state")).to_have_text(words)
        frozen.append(watched.ask("GET", "/__mock/clock")[1]["frozen"])

    assert frozen == [False, True]


def test_arming_a_fault(watched: WatchedPage) -> None:
    """An armed fault hits its requests, shows its hits, and can be cleared."""
    page = watched.open()
    page.get_by_label("What goes wrong").fill("status:503 retry_after=7")
    page.get_by_label("Operation").select_option("get_task")
    page.get_by_label("Times").fill("2")

    page.get_by_role("button", name="Arm").click()

    expect(page.locator("#faults > li")).to_contain_text("0 of 0 requests hit")
    statuses = [watched.ask("GET", path)[0] for path in (TASKS, task_path(known.CHAT_QUALITY))]
    expect(page.locator("#faults > li")).to_contain_text("1 of 1 requests hit")
    expect(rows(page, "exchanges").first).to_contain_text("status:503")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#no-faults")).to_be_visible()
    assert statuses == [200, 503]
    assert watched.ask("GET", task_path(known.CHAT_QUALITY))[0] == 200
    assert watched.ask("GET", "/__mock/faults")[1] == {"faults": []}


def test_arming_a_whole_script(watched: WatchedPage) -> None:
    """A whole script can be entered."""
    page = watched.open()
    page.get_by_label("What goes wrong").fill("after=1, times=3, operation=list_tasks, fault=delay:1ms")

    page.get_by_label("What goes wrong").press("Enter")

    expect(page.locator("#faults > li")).to_be_visible()
    (armed,) = watched.ask("GET", "/__mock/faults")[1]["faults"]
    assert armed["script"] == "after=1, times=3, operation=list_tasks, fault=delay:0.001s"


def test_an_invalid_fault_is_explained(watched: WatchedPage) -> None:
    """The mock's message about an invalid fault is shown, and nothing is armed."""
    page = watched.open()
    page.get_by_label("What goes wrong").fill("explode")

    page.get_by_role("button", name="Arm").click()

    expect(page.locator("#refused")).to_contain_text('"explode" is not a fault')
    assert watched.ask("GET", "/__mock/faults")[1] == {"faults": []}
    # The browser itself logs every status of 400 and above.
    assert [message for message in watched.messages if "status of 400" not in message] == []
    watched.messages.clear()


def test_moving_a_run_on(watched: WatchedPage) -> None:
    """A manual run advances by a step per click; an ended run has no button."""
    watched.ask("PUT", "/__mock/lifecycle", {"default": "manual", "outcome": "failed"})
    watched.ask("POST", TRIGGER, {})
    page = watched.open()
    run = rows(page, "runs").first

    for status in ("running", "failed"):
        run.get_by_role("button").click()
        expect(run).to_contain_text(status)

    expect(run.get_by_role("button")).to_have_count(0)


def test_the_journal(watched: WatchedPage) -> None:
    """Exchanges appear without a reload, show their details, and can be cleared."""
    page = watched.open()
    watched.ask("GET", "/v2/task?limit=3")
    watched.ask("PATCH", task_path(known.CHAT_QUALITY), {"sampling_rate": 2})
    expect(rows(page, "exchanges")).to_have_count(2)
    expect(rows(page, "near")).to_contain_text(["list_tasks, GET /v2/tasks"])

    details = page.get_by_role("button", name="Details of exchange 2")
    details.press("Enter")

    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#details-request")).to_contain_text('"sampling_rate": 2')
    expect(page.locator("#details-request")).to_contain_text("Bearer ***")
    expect(page.locator("#details-answer")).to_contain_text("400")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(details).to_be_focused()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(rows(page, "exchanges")).to_have_count(0)
    assert watched.ask("GET", "/__mock/journal/count")[1] == {"count": 0}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_a_nasty_world(watched: WatchedPage) -> None:
    """Names, paths and bodies are shown literally; nothing in them becomes markup or code."""
    for name in NASTY_NAMES:
        status, task = watched.ask("POST", TASKS, {**PROJECT_TASK, "name": name})
        assert status == 201
        assert watched.ask("POST", task_path(task["id"], "trigger"), WINDOW)[0] == 201
    watched.ask("GET", f"/v2/{quote(NASTY_NAMES[0])}?{quote(NASTY_NAMES[1])}")

    page = watched.open()

    shown = rows(page, "tasks").locator("td:first-child").all_text_contents()[: len(NASTY_NAMES)]
    assert shown == list(reversed(NASTY_NAMES))
    assert rows(page, "runs").locator("td:first-child").all_text_contents()[: len(NASTY_NAMES)] == shown
    page.get_by_role("button", name="Details of exchange 1", exact=True).click()
    expect(page.locator("#details-answer")).to_contain_text("onerror=")
    assert page.locator("main img, main script, dialog img, dialog script, main b:has(*)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_idle_page_polls_seldom(watched: WatchedPage) -> None:
    """The page polls every second at first, every five seconds later, and not while it is hidden."""
    page = watched.page
    page.clock.install()
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "/overview" in answer.url else None)
    watched.open()

    def looks_in_a_minute() -> int:
        answers.clear()
        for _ in range(60):
            page.clock.run_for(1000)
            # A poll that has begun gets its response in real time, before this request does.
            page.evaluate("fetch('/__mock/health').then(answer => answer.text())")
        return len(answers)

    seen = looks_in_a_minute()
    page.evaluate("""() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    hidden = looks_in_a_minute()

    assert 5 <= seen <= 20
    assert set(answers) <= {204}
    assert hidden <= 1
    assert watched.ask("GET", "/__mock/journal/count")[1] == {"count": 0}


def test_the_page_reconnects_to_a_server(context: BrowserContext) -> None:
    """While the server is away the page says so; once it is back the page works again."""
    page = context.new_page()
    with MockServer() as first:
        port = int(first.url.rpartition(":")[2])
        page.goto(f"{first.url}/")
        expect(page.locator("#connection")).to_have_text("Connected")
    expect(page.locator("#connection")).to_have_text("Not connected, trying again")

    with MockServer(port=port):
        expect(page.locator("#connection")).to_have_text("Connected")
        page.close()


@pytest.mark.parametrize(("options", "name"), DISPLAYS, ids=[name for _, name in DISPLAYS])
def test_the_page_is_legible(watched: WatchedPage, name: str) -> None:
    """The page fits the window, and text is legible."""
    for each in ("times=1, operation=get_task, fault=status:503", "operation=list_tasks, fault=delay:1ms"):
        watched.ask("POST", "/__mock/faults", {"script": each})
    watched.ask("POST", TRIGGER, {})
    for path in (task_path(known.CHAT_QUALITY), TASKS, "/v2/task"):
        watched.ask("GET", path)
    page = watched.open()
    page.get_by_role("button", name="+1 min").click()
    expect(page.locator("#said")).to_be_visible()
    watched.ask("POST", TRIGGER, {})
    expect(rows(page, "runs").first).to_contain_text("pending")

    watched.save_screenshot(name)

    assert_legible(page)


def test_every_control_can_be_reached_by_keyboard(watched: WatchedPage) -> None:
    """Every control can be reached by the tab key, has a name, and shows its focus."""
    watched.ask("GET", TASKS)
    page = watched.open()
    wanted = page.locator("#live :is(button, input, select):enabled, nav a, .beside a").count()

    reached = focused_by_tab(page, wanted + 10)

    controls = {what for what, _ in reached if what.split(" ")[0] in {"A", "BUTTON", "INPUT", "SELECT"}}
    assert len(controls) >= wanted
    assert all(what.split(" ", 1)[1] for what in controls)
    assert {outline for what, outline in reached if not what.startswith("BODY")} <= {"solid", "auto"}
