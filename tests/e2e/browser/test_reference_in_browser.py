"""The API reference of the mock's page, in a headless Chromium: its texts, and sending requests from it."""

from __future__ import annotations

import json
import re
import subprocess
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from axtasks.mock import default_world as known
from axtasks.mock import load_world
from axtasks.mock.contract import contract
from playwright.sync_api import expect

from tests.e2e.browser.support import DISPLAYS, assert_legible, focused_by_tab

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.browser.conftest import WatchedPage

pytestmark = [pytest.mark.one_door, pytest.mark.programs]
OPERATIONS = contract.of(contract.DOCUMENTS).operations
DOCUMENT: Any = contract.of(contract.DOCUMENTS).document
# The run that is filled in has ended.
REFUSED = {"cancel_task_run": "400"}
NASTY = "<img src=x onerror=\"alert('contract')\"> `<b>code</b>`"


def unfold(page: Page, operation: str) -> Locator:
    """Unfold an operation, and return its row."""
    row = page.locator(f"#operation-{operation}")
    row.locator("summary").first.click()
    expect(row.get_by_role("button", name="Send")).to_be_visible()
    return row


def send(row: Locator) -> Locator:
    """Press Send, and return the element with the status of the response."""
    row.get_by_role("button", name="Send").click()
    status = row.locator(".trial .status")
    expect(status).to_be_visible()
    return status


def clear_status_messages(watched: WatchedPage) -> None:
    """Clear the messages, which may only be the browser's about failed requests."""
    assert [each for each in watched.messages if "Failed to load resource" not in each] == []
    watched.messages.clear()


def test_every_operation_is_shown(watched: WatchedPage) -> None:
    """Every operation of the contract is listed in its group, and shows its details when unfolded."""
    page = watched.open()

    page.get_by_role("link", name="API reference").click()

    expect(page.locator(".operation")).to_have_count(len(OPERATIONS))
    expect(page.locator("#reference-title")).to_contain_text("OpenAPI 3.1")
    tags = [tag["name"].replace("_", " ") for tag in DOCUMENT["tags"]]
    expect(page.locator("#operations h3")).to_contain_text(tags)
    told = unfold(page, "list_tasks").locator(".fields > li")
    limit = "limit integer in query\nat least 1, at most 100, default 50\n\nThe most items to put on one page."
    assert limit in told.all_inner_texts()
    statuses = DOCUMENT["paths"]["/v2/tasks"]["get"]["responses"]
    expect(told.locator(".status")).to_have_text(list(statuses))
    watched.save_screenshot("reference-list")


def test_a_body_shows_its_fields(watched: WatchedPage) -> None:
    """A body shows its fields and variants, and its examples can be chosen."""
    row = unfold(watched.open("#reference"), "create_task")

    for variant in ("CreateRunExperimentTaskRequest", "LlmGenerationRunConfig"):
        row.get_by_text(variant, exact=True).click()

    fields = row.locator(".fields li")
    expect(fields.filter(has_text="The prompt.").last).to_contain_text("messages array of LLMMessage required")
    expect(fields.filter(has_text="The sender of a message.").last).to_contain_text(
        'one of "user", "assistant", "system", "tool"'
    )
    row.get_by_text("Example: An experiment run by the server").click()
    expect(row.locator(".variant[open] > pre")).to_contain_text('"type": "run_experiment"')
    row.get_by_label("Example").select_option("An experiment run by the server")
    expect(row.get_by_label("Body")).to_have_value(re.compile('"type": "run_experiment"'))


def test_a_link_to_the_reference(watched: WatchedPage) -> None:
    """The address of the reference opens it; the overview is not requested until the live view is chosen."""
    page = watched.open("#reference")

    expect(page.locator(".operation").first).to_be_visible()
    assert [url for url in watched.requests if "/overview" in url] == []
    for _ in range(2):
        page.get_by_role("link", name="Live view").click()
        expect(page.locator("#connection")).to_have_text("Connected")
        expect(page.locator("#reference")).to_be_hidden()
        page.get_by_role("link", name="API reference").click()
        expect(page.locator("#operations")).to_be_visible()


def test_every_operation_can_be_tried_out_as_it_is_filled_in(watched: WatchedPage) -> None:
    page = watched.open("#reference")
    expect(page.locator(".operation").first).to_be_visible()
    found = {}

    for operation in OPERATIONS:
        watched.ask("POST", "/__mock/reset")
        row = unfold(page, operation)
        found[operation] = send(row).inner_text()
        assert [each.operation for each in watched.server.mock.journal.exchanges()] == [operation]
        row.locator("summary").first.click()

    assert {name: status for name, status in found.items() if status[0] != "2"} == REFUSED
    clear_status_messages(watched)


def test_ids_of_the_world(watched: WatchedPage) -> None:
    """If the contract's example id does not exist, the newest id is filled in, and recent ids are offered."""
    watched.ask("DELETE", f"/v2/tasks/{known.CHAT_QUALITY}")
    newest = watched.server.mock.world.tasks.all()[0]

    row = unfold(watched.open("#reference"), "get_task")

    expect(row.get_by_label("task_id")).to_have_value(newest.id)
    assert row.locator(f"datalist option[value='{newest.id}']").text_content() == newest.name
    expect(send(row)).to_have_text("200")


def test_the_command(watched: WatchedPage) -> None:
    """The shown command sends the same request as the button, with any text in the fields."""
    mock = watched.server.mock
    mock.replace_world(load_world({"extends": "default", "settings": {"keys": [{"key": "it's-a-key"}]}}))
    page = watched.open("#reference")
    page.get_by_label("Key to send").fill("it's-a-key")
    update = unfold(page, "update_task")
    update.get_by_label("Body").fill('{"name": "it\'s $HOME `new`\\u0041"}')
    listing = unfold(page, "list_tasks")
    listing.get_by_label("name, optional in query", exact=True).fill("a b&c='d'")

    for row in (update, listing):
        expect(send(row)).to_have_text("200")
        subprocess.run(["sh", "-c", row.locator(".command").inner_text()], check=True, capture_output=True, timeout=30)

    sent = [(each.operation, each.query, each.request_body, each.status) for each in mock.journal.exchanges()]
    assert sent[0::2] == sent[1::2]
    assert sent[0][2] == b'{"name": "it\'s $HOME `new`\\u0041"}'
    assert parse_qs(sent[2][1]) == {"name": ["a b&c='d'"]}


def test_a_response_is_shown(watched: WatchedPage) -> None:
    """The status, the important headers and the body are shown; a dropped response shows that there is none."""
    page = watched.open("#reference")
    row = unfold(page, "get_space")
    answer = row.locator(".answer")

    expect(send(row)).to_have_text("200")
    expect(answer).to_contain_text("content-type: application/json\nx-request-id: ")
    shown = json.loads(answer.inner_text().partition("\n\n")[2])
    assert shown == watched.ask("GET", f"/v2/spaces/{shown['id']}")[1]
    watched.ask("POST", "/__mock/faults", {"script": "times=1, fault=status:429 retry_after=7"})
    expect(send(row)).to_have_text("429")
    expect(answer).to_contain_text("retry-after: 7")
    watched.ask("POST", "/__mock/faults", {"script": "times=1, fault=truncate"})
    expect(send(row)).to_have_text("nothing")
    expect(answer).to_be_hidden()
    page.get_by_label("Key to send").fill("")
    expect(send(row)).to_have_text("401")
    clear_status_messages(watched)


def test_the_filter(watched: WatchedPage) -> None:
    """The filter shows the operations that have all words in method, path, name, tag or description."""
    page = watched.open("#reference")
    box = page.get_by_label("Filter")

    for words, left in (
        ("post CANCEL", "1 of 19 operations"),
        ("nowhere", "0 of 19 operations"),
        ("", "19 operations"),
    ):
        box.fill(words)
        expect(page.locator("#reference-state")).to_have_text(left)
        count = int(left.split()[0])
        expect(page.locator(".operation:visible")).to_have_count(count)
        assert page.locator("#operations h3:visible").count() == min(count, len(DOCUMENT["tags"]))


def test_a_nasty_contract(watched: WatchedPage) -> None:
    """Texts of the contract are shown literally, and a recursive schema ends."""
    document = deepcopy(DOCUMENT)
    document["info"]["description"] = NASTY
    document["components"]["schemas"]["CreateTaskRequest"] = {
        "description": NASTY,
        "type": "object",
        "properties": {
            NASTY: {"type": "array", "items": {"$ref": "#/components/schemas/CreateTaskRequest"}},
            "other": {"anyOf": [{"$ref": "#/components/schemas/CreateTaskRequest"}, {"type": "null"}]},
        },
    }
    page = watched.page
    page.route("**/contract.json", lambda route: route.fulfill(json=document))

    row = unfold(watched.open("#reference"), "create_task")

    field = row.locator(".fields .fields > li").first
    expect(field).to_contain_text(f"{NASTY} array of CreateTaskRequest")
    expect(field).to_contain_text("The fields of CreateTaskRequest again.")
    row.locator(".variant", has_text="CreateTaskRequest").first.click()
    expect(row.get_by_text("The fields of CreateTaskRequest again.")).to_have_count(2)
    expect(page.locator("#reference-about")).to_have_text(NASTY.replace("`", ""))
    expect(page.locator("#reference img, #reference script, #reference b:not(.method)")).to_have_count(0)


def test_a_failed_reference_is_tried_again(watched: WatchedPage) -> None:
    """A failure is shown, and the next visit tries again."""
    page = watched.page
    page.route("**/contract.json", lambda route: route.abort(), times=1)
    watched.open("#reference")
    expect(page.locator("#reference-state")).to_contain_text("The reference cannot be shown: ")

    page.get_by_role("link", name="Live view").click()
    page.get_by_role("link", name="API reference").click()

    expect(page.locator(".operation")).to_have_count(len(OPERATIONS))
    clear_status_messages(watched)


@pytest.mark.parametrize(("options", "name"), DISPLAYS, ids=[name for _, name in DISPLAYS])
def test_the_reference_is_legible(watched: WatchedPage, name: str) -> None:
    """The page fits the window, and text is legible, folded or not."""
    page = watched.open("#reference")
    for operation in ("list_tasks", "create_task", "delete_task"):
        expect(send(unfold(page, operation))).to_be_visible()
    page.get_by_text("TaskListResponse").click()
    page.get_by_text("CreateTemplateEvaluationTaskRequest", exact=True).click()
    page.get_by_text("Example: An evaluation of an experiment").click()

    watched.save_screenshot(f"reference-{name}")

    assert_legible(page)


def test_an_operation_can_be_sent_by_keyboard(watched: WatchedPage) -> None:
    """An operation can be found, filled in and sent by keyboard; each control has a name and a visible focus."""
    page = watched.open("#reference")
    page.get_by_label("Filter").focus()
    page.keyboard.type("list spaces")
    expect(page.locator(".operation:visible")).to_have_count(1)
    focused_by_tab(page, 2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    wanted = page.locator(".trial :is(button, input)").count()

    reached = focused_by_tab(
        page, page.locator(".operation[open] :is(summary, input, button, pre):visible").count() - 1
    )

    controls = [what for what, _ in reached if what.split(" ")[0] in {"BUTTON", "INPUT"}]
    assert len(controls) == wanted
    assert all(what.split(" ", 1)[1] for what, _ in reached)
    assert {outline for _, outline in reached} <= {"solid", "auto"}
    page.get_by_label("limit").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(".trial .status")).to_have_text("200")
    assert watched.server.mock.journal.assert_called("list_spaces", times=1, query={"limit": "1"})
