"""The API reference on the page of the mock, in a headless Chromium: what it tells, and trying operations out."""

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

from tests.e2e.browser.support import LOOKS, assert_legible, tabbed

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.browser.conftest import Watched

pytestmark = [pytest.mark.one_door, pytest.mark.programs]
OPERATIONS = contract.of(contract.DOCUMENTS).operations
DOCUMENT: Any = contract.of(contract.DOCUMENTS).document
# The run that is filled in is over.
REFUSED = {"cancel_task_run": "400"}
NASTY = "<img src=x onerror=\"alert('contract')\"> `<b>code</b>`"


def unfold(page: Page, operation: str) -> Locator:
    """The row of an operation, with what is inside of it."""
    row = page.locator(f"#operation-{operation}")
    row.locator("summary").first.click()
    expect(row.get_by_role("button", name="Send")).to_be_visible()
    return row


def send(row: Locator) -> Locator:
    """The status of what the mock answers to what is filled in."""
    row.get_by_role("button", name="Send").click()
    status = row.locator(".trial .status")
    expect(status).to_be_visible()
    return status


def forget_statuses(watched: Watched) -> None:
    """The browser itself notes every status of 400 and above, and requests without an answer."""
    assert [each for each in watched.complaints if "Failed to load resource" not in each] == []
    watched.complaints.clear()


def test_what_is_there(watched: Watched) -> None:
    """Every operation of the contract is shown in its group, and is told when it is unfolded."""
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
    watched.picture("reference-list")


def test_what_is_inside_a_body(watched: Watched) -> None:
    """A body is told field by field, its variants by their names, and examples of it can be looked at."""
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


def test_a_link_to_the_reference(watched: Watched) -> None:
    """The address of the reference leads to it; it asks for nothing until the live view is chosen."""
    page = watched.open("#reference")

    expect(page.locator(".operation").first).to_be_visible()
    assert [url for url in watched.requests if "/overview" in url] == []
    for _ in range(2):
        page.get_by_role("link", name="Live view").click()
        expect(page.locator("#connection")).to_have_text("Connected")
        expect(page.locator("#reference")).to_be_hidden()
        page.get_by_role("link", name="API reference").click()
        expect(page.locator("#operations")).to_be_visible()


def test_every_operation_can_be_tried_out_as_it_is_filled_in(watched: Watched) -> None:
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
    forget_statuses(watched)


def test_ids_of_the_world(watched: Watched) -> None:
    """Where the contract's example is not in the world, an id is filled in that is; all recent ones are offered."""
    watched.ask("DELETE", f"/v2/tasks/{known.CHAT_QUALITY}")
    newest = watched.server.mock.world.tasks.all()[0]

    row = unfold(watched.open("#reference"), "get_task")

    expect(row.get_by_label("task_id")).to_have_value(newest.id)
    assert row.locator(f"datalist option[value='{newest.id}']").text_content() == newest.name
    expect(send(row)).to_have_text("200")


def test_the_command(watched: Watched) -> None:
    """The command does what the button does, whatever is in the fields, and with the same key."""
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


def test_the_answer(watched: Watched) -> None:
    """Status, the headers that matter and the body are shown; no key leads to a refusal, a reset to no answer."""
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
    forget_statuses(watched)


def test_the_filter(watched: Watched) -> None:
    """The filter leaves the operations that have all of its words in method, path, name, tag or description."""
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


def test_a_contract_that_is_nasty(watched: Watched) -> None:
    """Texts of the contract are shown to the letter, and a schema that is inside of itself comes to an end."""
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


def test_a_reference_that_cannot_be_had(watched: Watched) -> None:
    """A failure is told, and the next look tries again."""
    page = watched.page
    page.route("**/contract.json", lambda route: route.abort(), times=1)
    watched.open("#reference")
    expect(page.locator("#reference-state")).to_contain_text("The reference cannot be shown: ")

    page.get_by_role("link", name="Live view").click()
    page.get_by_role("link", name="API reference").click()

    expect(page.locator(".operation")).to_have_count(len(OPERATIONS))
    forget_statuses(watched)


@pytest.mark.parametrize(("options", "name"), LOOKS, ids=[name for _, name in LOOKS])
def test_how_it_looks(watched: Watched, name: str) -> None:
    """Everything fits the window and can be read, be it folded out or not."""
    page = watched.open("#reference")
    for operation in ("list_tasks", "create_task", "delete_task"):
        expect(send(unfold(page, operation))).to_be_visible()
    page.get_by_text("TaskListResponse").click()
    page.get_by_text("CreateTemplateEvaluationTaskRequest", exact=True).click()
    page.get_by_text("Example: An evaluation of an experiment").click()

    watched.picture(f"reference-{name}")

    assert_legible(page)


def test_by_keyboard(watched: Watched) -> None:
    """Keys alone find, unfold, fill in and send an operation; each control has a name and shows its focus."""
    page = watched.open("#reference")
    page.get_by_label("Filter").focus()
    page.keyboard.type("list spaces")
    expect(page.locator(".operation:visible")).to_have_count(1)
    tabbed(page, 2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    wanted = page.locator(".trial :is(button, input)").count()

    reached = tabbed(page, page.locator(".operation[open] :is(summary, input, button, pre):visible").count() - 1)

    controls = [what for what, _ in reached if what.split(" ")[0] in {"BUTTON", "INPUT"}]
    assert len(controls) == wanted
    assert all(what.split(" ", 1)[1] for what, _ in reached)
    assert {outline for _, outline in reached} <= {"solid", "auto"}
    page.get_by_label("limit").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator(".trial .status")).to_have_text("200")
    assert watched.server.mock.journal.assert_called("list_spaces", times=1, query={"limit": "1"})
