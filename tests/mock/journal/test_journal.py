"""The journal of requests and responses: filters, counts, export and assertions."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known
from axtasks.mock.contract import contract as contracts
from axtasks.mock.journal.exchange import Exchange
from axtasks.mock.journal.journal import Journal
from axtasks.mock.worldfiles.loader import load_world, merge_world

from tests.dialects import on_the_wire
from tests.mock.doors import lowered
from tests.mock.support import AUTHORIZED, NOW, PROJECT_TASK, TASKS, UNKNOWN_TASK, Api, run_path, task_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock.jsontypes import JsonObject

    from tests.mock.doors import Door

PLANTED = "ak-0123456789abcdef"
CHAT = task_path(known.CHAT_QUALITY)
JSON = (*AUTHORIZED, ("Content-Type", "application/json"))


def numbers(exchanges: list[Exchange]) -> list[int]:
    """Return the numbers of exchanges."""
    return [exchange.number for exchange in exchanges]


@pytest.fixture
def run_id(api: Api) -> str:
    """The id of a run, after four exchanges: a creation, a refused one, a trigger, a read of the run."""
    api.created(PROJECT_TASK)
    api.post(TASKS, PROJECT_TASK)
    run = api.triggered(known.CHAT_QUALITY, {"max_spans": 7})
    api.get(run_path(run["id"]))
    return str(run["id"])


@pytest.mark.every_door
def test_an_exchange_has_the_whole_request_and_response(api: Api) -> None:
    """The whole request and response are kept, with the time and the operation."""
    reply = api.get(TASKS, limit=1)

    (exchange,) = api.mock.journal.exchanges()
    assert (exchange.number, exchange.at, exchange.operation) == (1, NOW, "list_tasks")
    assert (exchange.method, exchange.path, exchange.query, exchange.request_body) == ("GET", TASKS, "limit=1", b"")
    assert (exchange.status, exchange.response_body) == (200, reply.body)
    assert lowered(exchange.response_headers) == lowered(reply.headers)
    assert exchange.fault is None


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (("Authorization", f"Bearer {PLANTED}"), "Bearer ***"),
        (("authorization", f"bearer {PLANTED}"), "bearer ***"),
        (("Authorization", PLANTED), "***"),
        (("Proxy-Authorization", f"Basic {PLANTED}"), "Basic ***"),
        (("Cookie", f"session={PLANTED}"), "***"),
        (("X-Api-Key", PLANTED), "***"),
        (("X-Other", "plain"), "plain"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_secrets_are_masked(api: Api, header: tuple[str, str], kept: str) -> None:
    """A credential is masked in the journal and in its export; at most its scheme is kept."""
    api.send("GET", TASKS, headers=(header,))

    (exchange,) = api.mock.journal.exchanges()
    assert lowered(((header[0], kept),))[0] in lowered(exchange.request_headers)
    for path in ("/__mock/journal", "/__mock/journal/har"):
        assert PLANTED.encode() not in api.get(path).body


def test_refused_requests_are_kept(api: Api) -> None:
    """Requests without a key, without an operation and with an invalid body are kept like all others."""
    api.send("GET", TASKS, headers=())
    api.get("/v2/nothing")
    api.send("HEAD", TASKS)
    api.post(TASKS, {})

    kept = [(it.operation, it.status, bool(it.response_body)) for it in api.mock.journal.exchanges()]
    assert kept == [("list_tasks", 401, True), (None, 404, True), (None, 405, False), ("create_task", 400, True)]


@pytest.mark.parametrize("path", ["/__mock/world", "/__mock/journal", "/__mock/nothing", "/__mock"])
def test_the_mocks_own_operations_are_not_kept(api: Api, path: str) -> None:
    """Requests to the admin API are not kept."""
    api.get(path)

    assert api.mock.journal.count() == 0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"method": "POST"}, [1, 2, 3]),
        ({"status": 201}, [1, 3]),
        ({"path": TASKS}, [1, 2]),
        ({"path": "/v2/task-runs/*"}, [4]),
        ({"path": f"{TASKS}/{known.CHAT_QUALITY}/trigger"}, [3]),
        ({"task": known.CHAT_QUALITY}, [3, 4]),
        ({"task": "Chat Quality Monitor"}, [3, 4]),
        ({"task": "Fresh Task"}, [1]),
        ({"task": "nobody"}, []),
        ({"since": 2}, [3, 4]),
        ({"body": {"max_spans": 7}}, [3]),
        ({"body": {"name": "Fresh Task", "evaluators": [{"evaluator_id": known.HALLUCINATION}]}}, [1, 2]),
        ({"body": {"max_spans": True}}, []),
        ({"query": {"limit": "1"}}, []),
        ({"fault": "status"}, []),
        ({"method": "POST", "status": 201, "since": 1}, [3]),
    ],
    ids=str,
)
def test_filters(api: Api, run_id: str, wanted: Any, found: list[int]) -> None:
    """Exchanges are found by their request and response; they have to match all filters."""
    journal = api.mock.journal

    assert numbers(journal.exchanges(**wanted)) == found
    assert journal.count(**wanted) == len(found)
    assert numbers(journal.exchanges(run=run_id)) == [3, 4]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"operation": "create_task"}, [1, 2]),
        ({"operation": "create_task", "status": 201}, [1]),
        ({"task": "Chat Quality Monitor", "method": "GET"}, [4]),
        ({"since": 3}, [4]),
        ({"path": "/v2/task-runs/*"}, [4]),
    ],
    ids=str,
)
def test_filters_of_the_control_plane(api: Api, run_id: str, query: dict[str, str | int], found: list[int]) -> None:
    """The admin API has the same filters as query parameters, for lists and for counts."""
    shown = api.get("/__mock/journal", **query).json

    assert [each["number"] for each in shown["exchanges"]] == found
    assert (shown["dropped"], shown["last_number"]) == (0, 4)
    assert api.get("/__mock/journal/count", **query).json == {"count": len(found)}
    assert api.get("/__mock/journal", run=run_id).json["exchanges"][0]["operation"] == "trigger_task_run"


@pytest.mark.parametrize("path", ["/__mock/journal", "/__mock/journal/count"])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"stauts": 200}, '"stauts" (near: status); it has operation, '),
        ({"status": "ok"}, "status has to be a whole number"),
        ({"since": "1.5"}, "since has to be a whole number"),
        ({"operation": "trigger_run"}, "no operation 'trigger_run'; did you mean trigger_task_run?"),
        ({"operation": "nope"}, "no operation 'nope', only list_tasks, "),
        ({"method": "FOO"}, "no method 'FOO', only CONNECT, "),
    ],
    ids=str,
)
def test_impossible_filters(api: Api, path: str, query: dict[str, str | int], said: str) -> None:
    """An unknown filter, or a value that no exchange can have, is refused."""
    reply = api.get(path, **query)

    assert (reply.status, said in reply.detail) == (400, True), reply.detail


def test_an_exchange_as_the_control_plane_shows_it(api: Api) -> None:
    """Bodies are shown as text, headers as pairs in their order."""
    sent = api.post(TASKS, {"name": "Prüfung"})

    (shown,) = api.get("/__mock/journal").json["exchanges"]

    assert json.loads(shown["request_body"]) == {"name": "Prüfung"}
    assert json.loads(shown["response_body"]) == sent.json
    own = [header for header in shown["request_headers"] if header[0].lower() in {"authorization", "content-type"}]
    assert [value for _, value in own] == ["Bearer ***", "application/json"]
    assert (shown["at"], shown["operation"], shown["status"]) == ("2026-03-10T15:00:00.000Z", "create_task", 400)


@pytest.mark.parametrize(
    "clear",
    [
        lambda api: api.delete("/__mock/journal"),
        lambda api: api.post("/__mock/reset"),
        lambda api: api.mock.journal.clear(),
    ],
    ids=["admin API", "reset", "in process"],
)
def test_a_cleared_journal_is_empty(api: Api, clear: Callable[[Api], object]) -> None:
    """A cleared journal is empty; the numbers continue, so that a reader with `since` misses nothing."""
    api.get(TASKS)

    clear(api)

    assert api.mock.journal.exchanges() == []
    api.get(CHAT)
    assert numbers(api.mock.journal.exchanges(since=1)) == [2]


def exchange(number: int, size: int = 0) -> Exchange:
    """Return an exchange with a response of this size."""
    return Exchange(number, NOW, None, "GET", "/", "", (), b"", 404, (), b"x" * size)


def test_a_full_journal_drops_the_oldest() -> None:
    """A full journal drops the oldest exchanges, and counts them."""
    journal = Journal(most=3)

    for number in range(1, 6):
        journal.record(exchange(number))

    assert numbers(journal.exchanges()) == [3, 4, 5]
    assert (journal.dropped, journal.last_number) == (2, 5)


def test_bodies_are_limited_in_all() -> None:
    """The bodies are limited to some megabytes in all; the latest exchange is always kept."""
    journal = Journal()

    for number in (1, 2, 3):
        journal.record(exchange(number, size=10 * 1024 * 1024))

    assert (numbers(journal.exchanges()), journal.dropped) == ([3], 2)


def test_a_journal_for_no_exchange_is_refused() -> None:
    """A journal for no exchange is refused."""
    with pytest.raises(ValueError, match="1 exchange or more"):
        Journal(most=0)


@pytest.mark.every_door
def test_archive(api: Api, run_id: str) -> None:
    """The export is HAR 1.2 with all required fields."""
    api.send("GET", f"{TASKS}", query="name=a%20b&limit=1", headers=(*AUTHORIZED, ("Host", "127.0.0.1:8765")))

    log = api.get("/__mock/journal/har").json["log"]

    assert (log["version"], log["creator"]["name"], len(log["entries"])) == ("1.2", "ax-tasks mock", 5)
    assert run_id
    for entry in log["entries"]:
        assert set(entry) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
        assert set(entry["request"]) >= {"method", "url", "httpVersion", "cookies", "headers", "queryString"}
        assert set(entry["response"]) >= {"status", "statusText", "httpVersion", "cookies", "headers", "content"}
    created, last = log["entries"][0], log["entries"][-1]
    assert created["request"]["postData"]["mimeType"] == "application/json"
    assert json.loads(created["request"]["postData"]["text"]) == on_the_wire(PROJECT_TASK, api.mock.contract)
    assert (created["response"]["status"], created["response"]["statusText"]) == (201, "Created")
    assert last["request"]["url"] == "http://127.0.0.1:8765/v2/tasks?name=a%20b&limit=1"
    assert last["request"]["queryString"] == [{"name": "name", "value": "a b"}, {"name": "limit", "value": "1"}]


def test_words_of_a_path_are_names_of_no_task(api: Api) -> None:
    """A task may be called like one; in every path an identifier stands third."""
    api.get(TASKS)
    api.post(f"{CHAT}/trigger", {})

    assert [api.mock.journal.count(task=name) for name in ("", "v2", "tasks", "trigger")] == [0, 0, 0, 0]
    assert api.mock.journal.count(task=known.CHAT_QUALITY) == 1
    templates = [it.path.split("/") for name in contracts.NAMES for it in contracts.of(name).operations.values()]
    assert {at for each in templates for at, part in enumerate(each) if part.startswith("{")} == {3}


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (task_path(UNKNOWN_TASK), 1),
        (f"{TASKS}/{UNKNOWN_TASK}", 1),
        (f"{task_path(UNKNOWN_TASK)}*", 2),
        (f"{TASKS}/{UNKNOWN_TASK}*", 2),
        (f"{TASKS}/[A-Z]*", 0),
        ("*/run?", 0),
        ("*/runs", 1),
    ],
)
def test_a_path_is_found_encoded_or_not_and_only_a_star_is_special(api: Api, path: str, count: int) -> None:
    for each in (CHAT, task_path(UNKNOWN_TASK), task_path(UNKNOWN_TASK, "runs")):
        api.get(each)

    assert api.mock.journal.count(path=path) == count


def test_a_body_that_is_too_deep_is_skipped(api: Api) -> None:
    """The other exchanges are still found."""
    api.send_bytes("POST", TASKS, b'{"a":' * 900 + b"1" + b"}" * 900, headers=JSON)
    api.get(CHAT)

    assert numbers(api.mock.journal.exchanges(task="Chat Quality Monitor")) == [2]


def test_bytes_that_are_no_text_are_escaped(api: Api) -> None:
    """Bytes that are no text are in base64 in an answer, as the format has it, and escapes in a request."""
    api.mock.faults.add("garbage")
    answered = api.send_bytes("POST", TASKS, b"\xff{").body

    entry = json.loads(json.dumps(api.mock.journal.har()))["log"]["entries"][0]
    content = entry["response"]["content"]
    assert entry["request"]["postData"] == {"mimeType": "", "text": "\\xff{"}
    assert (content["encoding"], b64decode(content["text"]), content["size"]) == ("base64", answered, len(answered))


def test_asserting_on_calls(api: Api, run_id: str) -> None:
    """The matching exchanges are returned."""
    journal = api.mock.journal

    assert numbers(journal.assert_called("create_task")) == [1, 2]
    assert numbers(journal.assert_called("create_task", times=1, status=201)) == [1]
    assert numbers(journal.assert_called("trigger_task_run", task="Chat Quality Monitor", body={"max_spans": 7})) == [3]
    assert numbers(journal.assert_called("get_task_run", run=run_id)) == [4]
    assert journal.assert_called("delete_task", times=0) == []


def test_a_failing_assertion_lists_the_nearest_calls(api: Api, run_id: str) -> None:
    """The message has what was expected and found, and the nearest calls with their differences."""
    with pytest.raises(AssertionError) as caught:
        api.mock.journal.assert_called("trigger_task_run", task=known.GOLDEN_REVIEW, times=2)

    first, heading, nearest, *others = str(caught.value).splitlines()
    assert first == f"expected 2 calls of trigger_task_run with task='{known.GOLDEN_REVIEW}', found 0"
    assert heading == "the nearest other calls, and what is different about them:"
    assert nearest == f"  #3 trigger_task_run: POST {CHAT}/trigger -> 201 (task is 'Chat Quality Monitor')"
    assert len(others) == 3
    assert run_id


@pytest.mark.parametrize(
    ("operation", "expect", "found"),
    [
        ("create_task", {"project": "chat-prod"}, [1, 2]),
        ("create_task", {"project": "demo/chat-prod", "status": 201}, [1]),
        ("create_task", {"project": "support-bot"}, []),
        ("create_task", {"evaluator": "Hallucination Eval"}, [1, 2]),
        ("create_task", {"name": "Fresh Task", "type": PROJECT_TASK["type"]}, [1, 2]),
        ("create_task", {"evaluators": [{"evaluator_id": known.HALLUCINATION}]}, [1, 2]),
        ("trigger_task_run", {"task": "demo/Chat Quality Monitor", "max_spans": 7}, [3]),
        ("trigger_task_run", {"max_spans": 8}, []),
        ("trigger_task_run", {"override_evaluations": False}, []),
        ("trigger_task_run", {"task_id": known.CHAT_QUALITY}, [3]),
        ("list_tasks", {"space": "demo"}, [5]),
        ("list_tasks", {"space": "archive"}, []),
        ("list_tasks", {"limit": 2, "name": "chat"}, [5]),
        ("list_tasks", {"limit": 3}, []),
        ("update_task", {"task": "Chat Quality Monitor"}, [6]),
        ("update_task", {"name": "Renamed"}, [6]),
        ("delete_task", {"task": "Fresh Task"}, [7]),
        ("delete_task", {"task": "Chat Quality Monitor"}, []),
    ],
    ids=str,
)
@pytest.mark.usefixtures("run_id")
def test_calls_are_found_by_names_and_fields(
    api: Api, operation: str, expect: dict[str, Any], found: list[int]
) -> None:
    """A name finds its resource, present or former; any other word is a field of the path, query or body."""
    api.get(TASKS, space_id=known.DEMO, limit=2, name="chat")
    api.patch(CHAT, {"name": "Renamed"})
    (created,) = api.mock.journal.exchanges("create_task", status=201)
    api.delete(task_path(json.loads(created.response_body)["id"]))

    assert numbers(api.mock.journal.assert_called(operation, times=len(found), **expect)) == found


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"project": "support-bot"}, "project is 'chat-prod'"),
        ({"dataset": "golden-set"}, "no dataset"),
        ({"name": "Other"}, 'name is "Fresh Task"'),
        ({"sampling_rate": 0.5}, "no sampling_rate"),
        ({"body": {"name": "Other", "query_filter": None}}, 'body name is "Fresh Task"; no body query_filter'),
        ({"query": {"limit": "1"}}, "no query limit"),
        ({"status": 500, "name": "Other"}, 'status; name is "Fresh Task"'),
        ({"evaluators": []}, 'evaluators is [{"evaluator_id": "'),
    ],
    ids=str,
)
def test_the_differences_are_listed(api: Api, expect: dict[str, Any], difference: str) -> None:
    """The nearest calls are listed with the values that they had instead."""
    api.created(PROJECT_TASK)

    with pytest.raises(AssertionError) as caught:
        api.mock.journal.assert_called("create_task", **expect)

    assert f"-> 201 ({difference}" in str(caught.value).splitlines()[-1]


@pytest.mark.parametrize(
    ("operation", "field", "message"),
    [
        ("trigger_task_run", "max_span", "trigger_task_run has no field 'max_span'; did you mean max_spans?"),
        ("create_task", "projct", "did you mean project?"),
        ("delete_task", "nothing", "delete_task has no field 'nothing', only task_id"),
    ],
)
def test_an_unknown_field_is_refused(mock: Mock, operation: str, field: str, message: str) -> None:
    """An unknown field is a ValueError, even if no call was expected."""
    fields: dict[str, Any] = {field: 1}

    with pytest.raises(ValueError, match=re.escape(message)):
        mock.journal.assert_called(operation, times=0, **fields)


def test_an_unknown_name_is_told(api: Api) -> None:
    """A failing assertion about an unknown name says so, with similar names."""
    api.get(CHAT)

    with pytest.raises(AssertionError, match="no task is named 'Chat Qality Monitor'; did you mean 'Chat Quality"):
        api.mock.journal.assert_called("get_task", task="Chat Qality Monitor")


@pytest.mark.parametrize("task", ["Golden Set Revew", "demo/Golden Set Revew"])
def test_an_unknown_name_fails_though_no_call_was_expected(mock: Mock, task: str) -> None:
    """An assertion that expects no call fails for an unknown name, which is probably misspelt."""
    message = "no call of trigger_task_run was expected, but no task is named 'Golden Set Revew'"
    with pytest.raises(AssertionError, match=f"{message}.*; did you mean 'Golden Set Review'"):
        mock.journal.assert_called("trigger_task_run", times=0, task=task)


def _deleted(api: Api) -> None:
    api.delete(task_path(api.created({**PROJECT_TASK, "name": "Other"})["id"]))


def _renamed(api: Api) -> None:
    path = task_path(api.created({**PROJECT_TASK, "name": "Other"})["id"])
    assert api.patch(path, {"name": "Another"}).status == 200


def _refused(api: Api) -> None:
    assert api.post(TASKS, {**PROJECT_TASK, "name": "Other", "evaluators": []}).status == 400


def _played(api: Api) -> None:
    task: JsonObject = {"name": "Other", "project": "demo/chat-prod", "evaluators": ["demo/Hallucination Eval"]}
    merge_world(api.mock.world, {"tasks": [task]})
    api.mock.replace_world(load_world("spaces: [{name: empty}]"))


@pytest.mark.parametrize("happens", [_deleted, _renamed, _played], ids=lambda it: it.__name__.strip("_"))
@pytest.mark.parametrize("and_then", [lambda api: api.delete("/__mock/journal"), lambda api: api.post("/__mock/reset")])
def test_a_former_name_is_known(api: Api, happens: Callable[[Api], None], and_then: Callable[[Api], object]) -> None:
    """A former name of a task, or of a deleted one, counts as known, even if no exchange has it any more."""
    happens(api)
    and_then(api)

    for task in ("Other", "demo/Other"):
        assert api.mock.journal.assert_called("trigger_task_run", times=0, task=task) == []


def test_a_name_in_a_request_is_known(api: Api) -> None:
    """A name counts as known if a request had it, or if its creation is what should not have happened."""
    assert api.mock.journal.assert_called("create_task", times=0, task="Other") == []
    _refused(api)
    api.get(TASKS, name="Yet another")

    for task in ("Other", "Yet another"):
        assert api.mock.journal.assert_called("trigger_task_run", times=0, task=task) == []


def test_calls_are_found_by_a_former_name(api: Api) -> None:
    """Calls about a task are found by its former name, even if no kept response has that name."""
    path = task_path(api.created({**PROJECT_TASK, "name": "Other"})["id"])
    api.delete("/__mock/journal")
    api.delete(path)

    assert len(api.mock.journal.assert_called("delete_task", times=1, task="Other")) == 1


def test_too_many_calls_are_listed(api: Api) -> None:
    """After too many calls the message lists them."""
    api.get(CHAT)
    api.get(CHAT)

    with pytest.raises(AssertionError, match=r"expected 1 call of get_task, found 2\n  #1 get_task: GET"):
        api.mock.journal.assert_called("get_task", times=1)


def test_an_assertion_without_any_call(mock: Mock) -> None:
    """If there was no call at all, the message says so."""
    with pytest.raises(AssertionError, match="nothing was called"):
        mock.journal.assert_called("get_task")


def test_dropped_exchanges_are_mentioned() -> None:
    """The message of a failing assertion has the number of exchanges that were dropped."""
    journal = Journal(most=1)
    journal.record(exchange(1))
    journal.record(exchange(2))

    with pytest.raises(AssertionError, match="1 older exchanges are no longer kept"):
        journal.assert_called("get_task")


def test_an_unknown_operation_is_refused(mock: Mock) -> None:
    """An unknown operation is a ValueError."""
    with pytest.raises(ValueError, match="no operation 'trigger_run'; did you mean trigger_task_run"):
        mock.journal.assert_called("trigger_run", times=0)


@pytest.mark.parametrize(
    ("operation", "wanted", "message"),
    [
        ("trigger_run", {}, "no operation 'trigger_run'; did you mean trigger_task_run?"),
        (None, {"method": "post"}, "no method 'post'; did you mean POST?"),
        ("get_task", {"method": "FOO"}, "no method 'FOO', only "),
        ("trigger_task_run", {"fields": {"max_span": 1}}, "trigger_task_run has no field 'max_span'"),
    ],
    ids=str,
)
def test_impossible_searches_are_refused(mock: Mock, operation: str | None, wanted: Any, message: str) -> None:
    """Counting and listing refuse an unknown word as assertions do."""
    with pytest.raises(ValueError, match=re.escape(message)):
        mock.journal.count(operation, **wanted)
    with pytest.raises(ValueError, match=re.escape(message)):
        mock.journal.exchanges(operation, **wanted)


def test_an_unknown_method_that_was_used_is_counted(api: Api) -> None:
    """A method that HTTP does not know can be counted if a request had it."""
    api.send("PROPFIND", TASKS)

    assert api.mock.journal.count(method="PROPFIND") == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "nearest"),
    [
        ("GET", "/v2/task", 404, "list_tasks, GET /v2/tasks"),
        ("POST", "/tasks", 404, "create_task, POST /v2/tasks"),
        ("GET", "/v1/tasks", 404, "list_tasks, GET /v2/tasks"),
        ("GET", "/V2/Projects", 404, "list_projects, GET /v2/projects"),
        ("GET", f"{CHAT}/run", 404, "list_task_runs, GET /v2/tasks/{task_id}/runs"),
        ("POST", f"{CHAT}/runs", 405, "list_task_runs, GET /v2/tasks/{task_id}/runs"),
        ("GET", f"/v2/task_runs/{known.CHAT_QUALITY_RUN}", 404, "get_task_run, GET /v2/task-runs/{run_id}"),
        ("PUT", CHAT, 405, "update_task, PATCH /v2/tasks/{task_id}"),
        ("GET", "/__mock/worlds", 404, "show_world, GET /__mock/world"),
        ("GET", "/" + "x" * 5000 + "/y" * 500, 404, "the nearest is"),
    ],
)
def test_near_misses(api: Api, method: str, path: str, status: int, nearest: str) -> None:
    """A request without an operation gets the nearest one in its response."""
    reply = api.send(method, path)

    assert (reply.status, nearest in reply.detail) == (status, True), reply.detail


def test_near_misses_are_listed(api: Api) -> None:
    """Near misses are listed with the nearest operation; requests that hit one, or had no key, are not."""
    api.get(TASKS)
    api.get("/v2/task", limit=1)
    api.send("GET", "/v2/task", headers=())
    api.send("PUT", CHAT)
    api.get("/__mock/nothing")

    missed = api.get("/__mock/near-misses").json["near_misses"]

    assert missed[0] == {
        "number": 2,
        "at": "2026-03-10T15:00:00.000Z",
        "method": "GET",
        "path": "/v2/task",
        "status": 404,
        "nearest": {"operation": "list_tasks", "method": "GET", "path": "/v2/tasks"},
    }
    assert [each["nearest"]["operation"] for each in missed] == ["list_tasks", "update_task"]


def test_health(api: Api) -> None:
    """The health endpoint has the status, the time and the counts."""
    api.get(TASKS)

    assert api.get("/__mock/health").json == {
        "status": "ok",
        "now": "2026-03-10T15:00:00.000Z",
        "tasks": 135,
        "task_runs": 4,
        "exchanges": 1,
    }


def test_same_script_same_journal(door: Door) -> None:
    """Two mocks with the same seed, frozen clock and script give and record the same bytes."""

    def play() -> list[bytes]:
        api = Api(Mock(clock=Clock(NOW, frozen=True), seed=5, lifecycle="reads:2"), door)
        replies = [api.post(TASKS, {**PROJECT_TASK, "is_continuous": True})]
        run = api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x"})
        replies += [api.get(run_path(run["id"])) for _ in range(3)]
        replies += [api.post("/__mock/clock", {"advance_seconds": 3 * 3600}), api.get(f"{CHAT}/runs")]
        replies += [api.get("/v2/task"), api.get(TASKS, limit=3), api.get("/v2/experiments")]
        paths = ("/__mock/world", "/__mock/journal", "/__mock/journal/har", "/__mock/near-misses")
        return [str(it.headers).encode() + it.body for it in (*replies, *map(api.get, paths))]

    assert play() == play()
