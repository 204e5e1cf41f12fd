"""Rules for every request: credentials, paths, methods, media types, headers, and the form of problems."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axtasks.mock import Clock, Mock, MockRequest
from axtasks.mock import default_world as known

from tests.conftest import BETA
from tests.dialects import on_the_wire
from tests.mock.support import (
    AUTHORIZED,
    EXPERIMENT_TASK,
    PROJECT_TASK,
    RUN_CONFIGURATION,
    TASKS,
    UNKNOWN_TASK,
    Api,
    Json,
    run_path,
    task_path,
)

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

ERRORS = "https://arize.com/docs/ax/rest-reference/errors#"
TRIGGER = task_path(known.CHAT_QUALITY, "trigger")


@pytest.mark.rule("C44")
@pytest.mark.parametrize(
    ("value", "status"),
    [
        pytest.param(None, 401, id="nothing"),
        pytest.param("", 401, id="empty"),
        pytest.param("some-key", 401, id="no scheme"),
        pytest.param("Basic c29tZTprZXk=", 401, id="another scheme"),
        pytest.param("Bearer", 401, id="no token"),
        pytest.param("Bearer  ", 401, id="blank token"),
        pytest.param("Bearer my-INVALID-key", 401, id="invalid"),
        pytest.param("Bearer revoked", 401, id="revoked"),
        pytest.param("Bearer Expired2", 401, id="expired"),
        pytest.param("Bearer k", 200, id="any other token"),
        pytest.param("bearer k", 200, id="scheme in another case"),
    ],
)
def test_credentials(api: Api, value: str | None, status: int) -> None:
    """Any bearer token is let in except those that say they are invalid."""
    headers = () if value is None else (("authorization", value),)

    reply = api.send("GET", TASKS, headers=headers)

    assert reply.status == status
    if status == 401:
        assert reply.json["title"] == "Authentication required"
        assert reply.header("www-authenticate") == "Bearer"


@pytest.mark.both_contracts
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "anchor", "title"),
    [
        ("PATCH", task_path(known.CHAT_QUALITY), {}, 400, "invalid-request", "Invalid request parameters"),
        ("GET", task_path(UNKNOWN_TASK), None, 404, "resource-not-found", "Resource not found"),
        ("GET", "/v2/nothing", None, 404, "resource-not-found", "Resource not found"),
        ("PUT", TASKS, None, 405, "method-not-allowed", "Method not allowed"),
        (
            "POST",
            task_path(known.NIGHTLY_SUMMARIES, "trigger"),
            {"experiment_name": "baseline"},
            409,
            "resource-conflict",
            "Resource conflict",
        ),
        ("POST", TRIGGER, {"data_start_time": "soon"}, 422, "unprocessable-entity", "Unprocessable Entity"),
    ],
    ids=["400", "404 task", "404 path", "405", "409", "422"],
)
def test_problems(  # noqa: PLR0917  # one parameter for each part of a case
    api: Api, method: str, path: str, body: Json, status: int, anchor: str, title: str
) -> None:
    """Problems of one class are equal but for detail and instance, and have exactly five members.

    The beta contract has a sixth member (B14).
    """
    reply = api.send(method, path, body) if body is not None else api.send(method, path)

    assert reply.header("content-type") == "application/problem+json"
    members = ["type", "title", "status", "detail", "instance"]
    assert list(reply.json) == members + ["error_code"] * (reply.contract == BETA)
    assert {name: reply.json[name] for name in members} == {
        "type": ERRORS + anchor,
        "title": title,
        "status": reply.status,
        "detail": reply.detail,
        "instance": path,
    }
    assert reply.status == status


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (TASKS, "GET, POST"),
        (task_path(known.CHAT_QUALITY), "DELETE, GET, PATCH"),
        (TRIGGER, "POST"),
        (task_path(known.CHAT_QUALITY, "runs"), "GET"),
        (run_path(known.CHAT_QUALITY_RUN), "GET"),
        (run_path(known.CHAT_QUALITY_RUN, "cancel"), "POST"),
        ("/v2/spaces", "GET"),
        (f"/v2/spaces/{quote(known.DEMO)}", "GET"),
        ("/__mock/health", "GET"),
        ("/__mock/clock", "GET, POST"),
    ],
)
def test_methods(api: Api, path: str, allowed: str) -> None:
    """A method that a path does not document is a 405 with exactly the documented ones in `Allow`."""
    for method in ("HEAD", "OPTIONS", "PUT", "TRACE"):
        reply = api.send(method, path)

        assert (method, reply.status, reply.header("allow")) == (method, 405, allowed)
        assert (method, bool(reply.body)) == (method, method != "HEAD")


@pytest.mark.one_door
@pytest.mark.parametrize("method", ["get", "Get", "FETCH"])
def test_methods_that_http_does_not_know(mock: Mock, method: str) -> None:
    """An unknown method is a 405 in the core; on a socket the server itself refuses it with a plain 400."""
    reply = mock.handle(MockRequest(method, TASKS, headers=AUTHORIZED))

    assert (reply.status, reply.header("allow")) == (405, "GET, POST")


@pytest.mark.parametrize("path", ["/v2", "/v2/", "/v2/tasks/", "/v2/tasks//runs", "/v3/tasks", "/", "", "/__mock"])
def test_unknown_paths(api: Api, path: str) -> None:
    """A path that no operation has is a 404."""
    assert api.get(path).status == 404


def test_only_the_api_asks_for_a_key(api: Api) -> None:
    """Paths outside /v2 need no credentials."""
    assert api.send("GET", "/nothing", headers=()).status == 404
    assert api.send("GET", "/__mock/world", headers=()).status == 200


@pytest.mark.parametrize("encode", [str, quote, lambda text: quote(text, safe="")], ids=["plain", "half", "full"])
def test_path_ids_are_decoded(api: Api, encode: Json) -> None:
    """Ids in paths may be percent-encoded, completely, partly or not at all."""
    assert api.get(f"/v2/projects/{encode(known.CHAT_PROD)}").json["name"] == "chat-prod"


def test_an_encoded_slash_stays_in_its_segment(api: Api) -> None:
    """An id with an encoded slash is one segment, and malformed."""
    assert api.get("/v2/tasks/a%2Fruns").status == 400


def test_headers_of_every_answer(api: Api, clock: Clock) -> None:
    """Every response has the date of the mock's clock and a request id with a number."""
    replies = [api.get(TASKS), api.get("/nothing"), api.post("/__mock/clock", {"advance_seconds": 60})]
    clock.advance(5)
    replies.append(api.delete(task_path(known.CHAT_QUALITY)))

    assert [reply.header("date") for reply in replies] == [
        "Tue, 10 Mar 2026 15:00:00 GMT",
        "Tue, 10 Mar 2026 15:00:00 GMT",
        "Tue, 10 Mar 2026 15:01:00 GMT",
        "Tue, 10 Mar 2026 15:01:05 GMT",
    ]
    assert [reply.header("x-request-id") for reply in replies] == [f"req_00000{number}" for number in (1, 2, 3, 4)]


def test_delete_answers_nothing(api: Api) -> None:
    """The response to a deletion has no body and no media type."""
    reply = api.delete(task_path(known.CHAT_QUALITY))

    assert (reply.status, reply.body, reply.header("content-type")) == (204, b"", None)


def raw(api: Api, body: bytes, content_type: str | None, path: str = TASKS) -> tuple[int, str]:
    """Return the status and the detail of a POST with these bytes."""
    headers: Headers = AUTHORIZED if content_type is None else (*AUTHORIZED, ("Content-Type", content_type))
    reply = api.send_bytes("POST", path, body, headers=headers)
    return reply.status, reply.json.get("detail", "")


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "application/problem+json", "json"]
)
def test_other_media_types(api: Api, content_type: str | None) -> None:
    """A body without the media type of JSON is a 415."""
    status, detail = raw(api, json.dumps(PROJECT_TASK).encode(), content_type)

    assert (status, "application/json" in detail) == (415, True)


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;x=1"]
)
def test_json_media_types(api: Api, content_type: str) -> None:
    """The parameters and the case of the media type do not matter."""
    assert raw(api, json.dumps(on_the_wire(PROJECT_TASK, api.mock.contract)).encode(), content_type)[0] == 201


def test_media_type_of_no_body(api: Api) -> None:
    """A request without a body may have any media type where none is required."""
    assert raw(api, b"", "text/plain", TRIGGER)[0] == 201


def test_large_bodies(api: Api) -> None:
    """A body of 1 MiB is read; one with a byte more is a 413."""
    body = json.dumps(on_the_wire(PROJECT_TASK, api.mock.contract)).encode()
    fitting = body.ljust(1024 * 1024)

    assert raw(api, fitting, "application/json")[0] == 201
    assert raw(api, fitting + b" ", "application/json")[0] == 413


@pytest.mark.rule("C43")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"{", "not JSON", id="cut short"),
        pytest.param(b"\xff\xfe{}", "not valid UTF-8", id="no text"),
        pytest.param(b'{"name": "\\ud800"}', "not valid UTF-8", id="half a character"),
        pytest.param(b'{"name": NaN}', "NaN", id="not a number"),
        pytest.param(b'{"name": 1e999}', "too large", id="infinite number"),
        pytest.param(b'{"name": ' + b"9" * 5000 + b"}", "a number of 5000 digits is too long", id="endless number"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="bottomless"),
        pytest.param(b"[" * 300 + b"]" * 300, "nested too deeply", id="deep"),
        pytest.param(b"[" * 700 + b"]" * 700, "nested too deeply", id="deeper than it can be measured"),
        pytest.param(b"[]", "has to be an object", id="array"),
        pytest.param(b"null", "has to be an object", id="null"),
        pytest.param(b'{"name": "x"}', "type has to be one of", id="no type"),
        pytest.param(b'{"name": "x", "type": ["run_experiment"]}', "type has to be one of", id="type is an array"),
        pytest.param(b'{"name": "x", "type": [{"a": 1, "b": 2, "a": 1}]}', 'the key "a" twice', id="key twice"),
        pytest.param(b"", "a JSON body is required", id="nothing"),
    ],
)
def test_unusable_bodies(api: Api, body: bytes, words: str) -> None:
    """A body that is not JSON, or JSON that cannot be used, is a 400."""
    status, detail = raw(api, body, "application/json")

    assert (status, words in detail) == (400, True), detail


def test_a_deep_but_usable_body(api: Api) -> None:
    """Free objects may be nested a hundred levels deep."""
    nested: Json = 0
    for _ in range(100):
        nested = {"a": nested}

    task = api.created({**EXPERIMENT_TASK, "run_configuration": {**RUN_CONFIGURATION, "provider_parameters": nested}})

    assert api.task(task["id"])["run_configuration"]["provider_parameters"] == nested


def test_accept_header_does_not_matter(api: Api) -> None:
    """The `Accept` header is ignored: published clients send problem+json with a deletion."""
    headers = (*AUTHORIZED, ("Accept", "application/problem+json"))

    assert api.send("DELETE", task_path(known.CHAT_QUALITY), headers=headers).status == 204
