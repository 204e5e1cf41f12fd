"""Lists: filters, pages and cursors."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.mock.support import (
    MALFORMED_ID,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_ID,
    UNKNOWN_PROJECT,
    Api,
    Json,
    task_path,
)
from tests.worlds import names_alike

if TYPE_CHECKING:
    from tests.mock.doors import Door

RUNS = task_path(known.CHAT_QUALITY, "runs")
LISTS = {
    "tasks": TASKS,
    "task_runs": task_path(known.CHAT_QUALITY_EU, "runs"),
    "spaces": "/v2/spaces",
    "projects": "/v2/projects",
    "datasets": "/v2/datasets",
    "experiments": "/v2/experiments",
    "evaluators": "/v2/evaluators",
}


@pytest.fixture
def mock(clock: Clock, contract: str) -> Mock:
    """A mock with spaces whose names contain each other, and two of one name."""
    return Mock(clock=clock, contract=contract, world=names_alike())


def pages(api: Api, path: str, kind: str, /, **query: str | int) -> list[list[Json]]:
    """Return all pages of a list."""
    found: list[list[Json]] = []
    while True:
        page = api.get(path, **query).json
        found.append(page[kind])
        if not page["pagination"]["has_more"]:
            assert page["pagination"] == {"has_more": False}
            return found
        query["cursor"] = page["pagination"]["next_cursor"]


def names(api: Api, path: str, kind: str, /, **query: str | int) -> list[str]:
    """Return the names on one page."""
    return [item["name"] for item in api.get(path, **query).json[kind]]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_pages_are_disjoint_and_complete(api: Api, name: str, limit: int) -> None:
    """All pages together have everything once, newest first, whatever the page size."""
    stamp = "updated_at" if name == "evaluators" else "created_at"

    found = pages(api, LISTS[name], name, limit=limit)

    items = [item for page in found for item in page]
    everything = api.get("/__mock/world").json[name]
    expected = [item["id"] for item in everything if name != "task_runs" or item["task_id"] == known.CHAT_QUALITY_EU]
    assert [item["id"] for item in items] == expected
    assert all(len(page) == limit for page in found[:-1])
    assert [item[stamp] for item in items] == sorted((item[stamp] for item in items), reverse=True)


def test_default_page_size(api: Api) -> None:
    """The default page size is 50."""
    assert [len(page) for page in pages(api, TASKS, "tasks")] == [50, 50, 35]


def test_of_equal_times_the_last_created_comes_first(api: Api) -> None:
    """Of tasks created at the same time, the one created last is listed first."""
    for name in ("first", "second", "third"):
        api.created({**PROJECT_TASK, "name": name})

    assert names(api, TASKS, "tasks", limit=3) == ["third", "second", "first"]


def test_a_cursor_survives_writes(api: Api) -> None:
    """Writes between two pages neither repeat nor hide an item that exists all the time."""
    expected = [item["id"] for page in pages(api, TASKS, "tasks", limit=100) for item in page]
    first = api.get(TASKS, limit=10).json

    api.created(PROJECT_TASK)
    assert api.delete(task_path(first["tasks"][-1]["id"])).status == 204
    gone = expected[15]
    assert api.delete(task_path(gone)).status == 204
    rest = pages(api, TASKS, "tasks", limit=10, cursor=first["pagination"]["next_cursor"])[0]

    assert [item["id"] for item in rest] == [identifier for identifier in expected[10:21] if identifier != gone]


def test_the_page_size_may_change_between_pages(api: Api) -> None:
    """A cursor has a position and no page size."""
    cursor = api.get(TASKS, limit=1).json["pagination"]["next_cursor"]

    assert len(api.get(TASKS, limit=3, cursor=cursor).json["tasks"]) == 3


@pytest.mark.parametrize(
    ("path", "query"),
    [
        pytest.param("/v2/projects", {}, id="another list"),
        pytest.param(TASKS, {"name": "nightly"}, id="other filters"),
        pytest.param(RUNS, {}, id="a list below it"),
    ],
)
def test_a_cursor_from_elsewhere_is_refused(api: Api, path: str, query: dict[str, str]) -> None:
    """A cursor is valid only for the list and the filters that it came from."""
    cursor = api.get(TASKS, limit=1).json["pagination"]["next_cursor"]

    reply = api.get(path, cursor=cursor, **query)

    assert (reply.status, "cursor" in reply.detail) == (400, True)


@pytest.mark.parametrize("more", ["!", "=", " ", "\n", "\x00"], ids=repr)
def test_a_changed_cursor_is_refused(api: Api, more: str) -> None:
    """A cursor with a character added is refused (J18)."""
    cursor = api.get(TASKS, limit=1).json["pagination"]["next_cursor"]

    assert api.get(TASKS, cursor=cursor).status == 200
    assert api.get(TASKS, cursor=cursor + more).status == 400


@pytest.mark.parametrize("cursor", ["", "x", "eyJhZnRlciI6Mn0", "MS4yLjM", "é", "....", "MQ=="])
def test_a_made_up_cursor_is_refused(api: Api, cursor: str) -> None:
    """A text that is no cursor is a 400."""
    reply = api.get(TASKS, cursor=cursor)

    assert (reply.status, "cursor" in reply.detail) == (400, True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param({"limit": "abc"}, 'limit has to be a whole number, not "abc"', id="limit in words"),
        pytest.param({"limit": "½"}, 'limit has to be a whole number, not "½"', id="limit beyond ascii"),
        pytest.param({"limit": ""}, "limit has to be a whole number", id="empty limit"),
        pytest.param({"limit": "1.5"}, "limit has to be a whole number", id="broken limit"),
        pytest.param({"limit": "9" * 5000}, "limit has to be", id="endless limit"),
        pytest.param({"limit": 0}, "limit has to be 1 or more, not 0", id="limit 0"),
        pytest.param({"limit": 101}, "limit has to be 100 or less, not 101", id="limit 101"),
        pytest.param({"type": "guess"}, "type has to be one of template_evaluation", id="unknown type"),
        pytest.param({"name": "x" * 256}, "name may have at most 255 characters", id="long name"),
        pytest.param({"space_name": "x" * 256}, "space_name may have at most 255", id="long space name"),
        pytest.param({"space_id": MALFORMED_ID}, "space_id is not an identifier", id="malformed space"),
        pytest.param({"space_id": "démo"}, '(base64 of Type:number): "démo"', id="space beyond ascii"),
        pytest.param({"project_id": "x" * 300}, "project_id is not an identifier", id="malformed project"),
    ],
)
def test_bad_parameters(api: Api, query: dict[str, str | int], words: str) -> None:
    """A parameter that breaks the contract is a 400 that names it."""
    reply = api.get(TASKS, **query)

    assert (reply.status, words in reply.detail) == (400, True), reply.detail


@pytest.mark.parametrize(
    ("path", "query"),
    [
        pytest.param(TASKS, "name=a&limit=5&name=b", id="list"),
        pytest.param("/__mock/journal/count", "path=a&path=b", id="control"),
    ],
)
def test_a_repeated_parameter_is_refused(api: Api, path: str, query: str) -> None:
    """A parameter that is given twice is refused."""
    reply = api.send("GET", path, query=query)

    assert (reply.status, reply.detail) == (400, f"{query.partition('=')[0]} was given more than once")


@pytest.mark.parametrize(
    ("method", "path", "query", "words"),
    [
        pytest.param(
            "GET",
            TASKS,
            "spce_id=x&limit=1",
            'list_tasks has no query parameter "spce_id" (near: space_id); it has',
            id="one",
        ),
        pytest.param(
            "GET", TASKS, "colour=a&Limit=&colour=b", '"colour", "Limit" (near: limit); it has space_id', id="two"
        ),
        pytest.param(
            "GET", f"{TASKS}/{UNKNOWN_ID}", "name=x", 'get_task has no query parameter "name"; it has none', id="none"
        ),
        pytest.param(
            "POST", TASKS, "name=x", 'create_task has no query parameter "name"; it has none', id="before the body"
        ),
        pytest.param("GET", "/__mock/world", "fromat=file", '"fromat" (near: format); it has format', id="control"),
    ],
)
def test_unknown_parameters(api: Api, method: str, path: str, query: str, words: str) -> None:
    """A parameter that the operation does not have is refused by name, with similar ones (J34)."""
    reply = api.send(method, path, query=query)

    assert (reply.status, words in reply.detail) == (400, True), reply.detail


def test_a_lenient_mock_takes_unknown_parameters(clock: Clock, door: Door) -> None:
    """With `lenient` unknown parameters are ignored, and the others are still read."""
    api = Api(Mock(clock=clock, lenient=True), door)

    assert len(api.get(TASKS, colour="blue", limit=1).json["tasks"]) == 1
    assert api.get(TASKS, colour="blue", limit=0).status == 400
    assert api.send("GET", TASKS, query="colour=blue&colour=red&limit=1").status == 200
    assert api.send("GET", TASKS, query="limit=1&limit=2").detail == "limit was given more than once"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({"name": "quality"}, 2, id="part of a name"),
        pytest.param({"name": "CHAT QUALITY MONITOR"}, 2, id="a name in another case"),
        pytest.param({"name": ""}, 135, id="empty part"),
        pytest.param({"name": "quality", "space_id": known.DEMO}, 1, id="name and space"),
        pytest.param({"space_name": "demo"}, 5, id="part of two space names"),
        pytest.param({"space_name": "DEMO-EU"}, 1, id="space name in another case"),
        pytest.param({"space_name": "demo-eu", "space_id": known.DEMO}, 0, id="both space filters have to match"),
        pytest.param({"project_id": known.CHAT_PROD}, 1, id="project"),
        pytest.param({"dataset_id": known.GOLDEN_SET}, 2, id="dataset"),
        pytest.param({"dataset_id": known.GOLDEN_SET, "type": "run_experiment"}, 1, id="dataset and type"),
        pytest.param({"project_id": known.CHAT_PROD, "dataset_id": known.GOLDEN_SET}, 0, id="project and dataset"),
        pytest.param({"type": "code_evaluation"}, 1, id="type"),
        pytest.param({"space_name": "nowhere"}, 0, id="no such space name"),
    ],
)
def test_task_filters(api: Api, query: dict[str, str], expected: int) -> None:
    """A task has to match all filters; a name filter matches any part, in any case."""
    found = [item for page in pages(api, TASKS, "tasks", limit=100, **query) for item in page]

    assert len(found) == expected


@pytest.mark.rule("C42")
@pytest.mark.parametrize("scope", ["space_id", "project_id", "dataset_id"])
def test_tasks_of_an_unknown_scope(api: Api, scope: str) -> None:
    """The tasks of an unknown space, project or dataset are a 404."""
    reply = api.get(TASKS, **{scope: UNKNOWN_PROJECT})

    assert (reply.status, scope in reply.detail) == (404, True)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("spaces", "org_id"),
        ("projects", "space_id"),
        ("datasets", "space_id"),
        ("experiments", "dataset_id"),
        ("evaluators", "space_id"),
    ],
)
@pytest.mark.one_contract
def test_lookups_of_an_unknown_scope(api: Api, name: str, scope: str) -> None:
    """These lists declare no 404: for an unknown id they are empty, for a malformed one a 400."""
    assert api.get(LISTS[name], **{scope: UNKNOWN_ID}).json == {name: [], "pagination": {"has_more": False}}
    assert api.get(LISTS[name], **{scope: MALFORMED_ID}).status == 400


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        pytest.param("spaces", {"name": "demo"}, ["demo-eu", "demo"], id="spaces by part of a name"),
        pytest.param("spaces", {"name": "sandbox"}, ["sandbox", "sandbox"], id="two spaces of one name"),
        pytest.param("projects", {"name": "chat"}, ["chat-prod", "chat-prod"], id="projects of one name"),
        pytest.param("projects", {"space_id": known.DEMO}, ["support-bot", "chat-prod"], id="projects of a space"),
        pytest.param("datasets", {"space_name": "demo", "name": "GOLDEN"}, ["golden-set"] * 2, id="datasets"),
        pytest.param("experiments", {"dataset_id": known.REGRESSION_SET}, ["baseline"], id="experiments of a dataset"),
        pytest.param("evaluators", {"space_name": "eu"}, ["Toxicity Eval"], id="evaluators of a space"),
    ],
)
def test_lookup_filters(api: Api, name: str, query: dict[str, str], expected: list[str]) -> None:
    """The filters that the client uses to resolve names find the right resources."""
    assert names(api, LISTS[name], name, **query) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("cancelled", 1), ("failed", 1), ("completed", 0), ("pending", 0), (None, 2)]
)
def test_run_filter(api: Api, status: str | None, expected: int) -> None:
    """Runs can be filtered by status."""
    query: dict[str, str] = {} if status is None else {"status": status}

    assert len(api.get(LISTS["task_runs"], **query).json["task_runs"]) == expected


def test_unknown_run_status(api: Api) -> None:
    """An unknown status is a 400."""
    reply = api.get(RUNS, status="done")

    assert (reply.status, "status has to be one of pending" in reply.detail) == (400, True)


def test_datasets_show_their_versions_only_by_themselves(api: Api) -> None:
    """A list of datasets has no versions, a single dataset has them, and neither has examples."""
    listed = api.get("/v2/datasets", name="golden-set", space_id=known.DEMO).json["datasets"][0]
    single = api.get(f"/v2/datasets/{known.GOLDEN_SET}").json

    assert "versions" not in listed
    assert {**listed, "versions": single["versions"]} == single
    assert single["versions"] == [
        {
            "id": known.GOLDEN_SET_VERSION,
            "name": "v1",
            "dataset_id": known.GOLDEN_SET,
            "created_at": "2026-01-07T09:00:00.000Z",
            "updated_at": "2026-01-07T09:00:00.000Z",
        }
    ]


@pytest.mark.parametrize(
    ("version", "status"),
    [("RXZhbHVhdG9yVmVyc2lvbjoxMjM0NTplVnYw", 200), ("RXZhbHVhdG9yVmVyc2lvbjoxMjM0NQ==", 404), (MALFORMED_ID, 400)],
    ids=["known", "unknown", "malformed"],
)
def test_evaluator_version(api: Api, version: str, status: int) -> None:
    """An evaluator can be read in one of its versions."""
    assert api.get(f"/v2/evaluators/{quote(known.HALLUCINATION)}", version_id=version).status == status
