"""Tests of errors: every response has a typed outcome, and no error shows the API key."""

from __future__ import annotations

import copy
import inspect
import logging
import pickle
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import APIError, AxError, ResponseError, UndecodableBodyError, errors
from axtasks.engine.decode import error_for
from axtasks_api.models import TaskRunStatus

from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    LLM_CONFIGURATION,
    RUN,
    TASK,
    ClientKind,
    Recorder,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks import AxClient

PROBLEM = {
    "type": "https://arize.com/problems/invalid",
    "title": "Invalid request parameters",
    "status": 400,
    "detail": "sampling_rate is above 1",
    "instance": "/v2/tasks",
}
HTML = b"<html>\n<body>\n  <h1>Bad Gateway</h1>\n</body></html>"


def html(status: int) -> httpx.Response:
    return httpx.Response(status, content=HTML, headers={"content-type": "text/html"})


def get_task(transport: Recorder, client_kind: ClientKind) -> Any:
    return client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY))


REFUSALS: list[tuple[str, httpx.Response, type[APIError]]] = [
    ("bad-request", answer(PROBLEM, 400), errors.BadRequestError),
    ("not-authenticated", answer(PROBLEM | {"status": 401}, 401), errors.AuthenticationError),
    ("not-permitted", answer(PROBLEM | {"status": 403}, 403), errors.PermissionDeniedError),
    ("not-found", answer(PROBLEM | {"status": 404}, 404), errors.NotFoundError),
    ("method-not-there", answer(PROBLEM | {"status": 405}, 405, allow="GET"), errors.APIError),
    ("too-large", answer(PROBLEM | {"status": 413}, 413), errors.APIError),
    ("not-json", answer(PROBLEM | {"status": 415}, 415), errors.APIError),
    ("conflict", answer(PROBLEM | {"status": 409}, 409), errors.ConflictError),
    ("unprocessable", answer(PROBLEM | {"status": 422}, 422), errors.UnprocessableEntityError),
    ("too-many", answer(PROBLEM | {"status": 429}, 429), errors.RateLimitError),
    ("server-error", answer(PROBLEM | {"status": 500}, 500), errors.ServerError),
    ("bad-gateway-in-html", html(502), errors.ServerError),
    ("status-599", httpx.Response(599), errors.ServerError),
    ("status-999", httpx.Response(999), errors.ServerError),
    ("teapot", answer({"short": "and stout"}, 418), errors.APIError),
    ("not-authenticated-in-plain-text", httpx.Response(401, text="who are you"), errors.AuthenticationError),
    ("redirect", httpx.Response(307, headers={"location": "https://elsewhere.example/"}), errors.APIError),
    ("not-modified", httpx.Response(304), errors.APIError),
    ("problem-with-another-status-inside", answer(PROBLEM | {"status": 500}, 404), errors.NotFoundError),
    ("problem-without-title", answer({"status": 400, "detail": "x"}, 400), errors.BadRequestError),
    ("problem-that-is-a-list", answer([PROBLEM], 400), errors.BadRequestError),
    ("problem-that-is-cut-off", httpx.Response(400, content=b'{"title": "Inv'), errors.BadRequestError),
    ("problem-that-is-no-text", httpx.Response(400, content=b"\xff\xfe"), errors.BadRequestError),
    ("problem-nested-without-end", httpx.Response(400, content=b"[" * 100_000), errors.BadRequestError),
]

TASK_TEXT = answer(TASK).content
UNDECODABLE: list[tuple[str, httpx.Response, str]] = [
    ("cut-off-json", httpx.Response(200, content=TASK_TEXT[:100]), "Unterminated|Expecting"),
    ("empty", httpx.Response(200, content=b""), "Expecting value"),
    ("no-content-where-there-has-to-be", httpx.Response(204), "Expecting value"),
    ("list-for-an-object", answer([]), r"expected an object, got \[\]"),
    ("null-for-an-object", answer(None), "expected an object, got None"),
    ("html", html(200), "Expecting value"),
    ("no-text", httpx.Response(200, content=b"\xff\xfe\xfd"), "decode"),
    ("nested-without-end", httpx.Response(200, content=b"[" * 100_000), "recursion"),
    ("none-of-the-fields", answer({"message": "sign in"}), "expected Task, got an object without any of its fields"),
    ("list-that-is-null", answer(TASK | {"evaluators": None}), "evaluators: expected an array, got None"),
    ("type-that-is-null", answer(TASK | {"type": None}), "type"),
    (
        "time-that-names-no-moment",
        answer(TASK | {"created_at": "yesterday"}),
        "created_at: expected an ISO",
    ),
    (
        "fault-deep-inside",
        answer(TASK | {"evaluators": [{"query_mappings": 5}]}),
        r"evaluators\[0\].query_mappings: expected an array",
    ),
]


def test_a_refusal_has_the_class_of_its_status(client_kind: ClientKind) -> None:
    for name, given, kind in REFUSALS:
        with pytest.raises(APIError) as caught:
            get_task(one_after_another(given), client_kind)

        assert type(caught.value) is kind, name
        assert caught.value.status_code == given.status_code, name
        assert caught.value.operation_id == "get_task"
        assert f"get_task was refused with {given.status_code}" in str(caught.value)


@pytest.mark.both_contracts
@pytest.mark.parametrize(("given", "message"), [c[1:] for c in UNDECODABLE], ids=[c[0] for c in UNDECODABLE])
def test_a_success_that_is_not_what_the_contract_says_is_an_error_of_its_own(
    given: httpx.Response, message: str, client_kind: ClientKind
) -> None:
    with pytest.raises(UndecodableBodyError, match=message) as caught:
        get_task(one_after_another(given), client_kind)

    assert not isinstance(caught.value, APIError)
    assert (caught.value.status_code, caught.value.operation_id) == (given.status_code, "get_task")


def test_a_problem_fills_the_error() -> None:
    given = answer(PROBLEM | {"hint": "lower it"}, 400, x_request_id="req_7")

    with pytest.raises(errors.BadRequestError) as caught:
        client_over(one_after_another(given)).tasks.get(CHAT_QUALITY)

    error = caught.value
    assert str(error) == (
        "get_task was refused with 400: Invalid request parameters: sampling_rate is above 1 [request id req_7]"
    )
    assert error.request_id == "req_7"
    assert error.problem is not None
    assert error.problem.detail == "sampling_rate is above 1"
    assert error.problem.to_dict() == PROBLEM | {"hint": "lower it"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, "Bad Request"), (404, "Not Found"), (409, "Conflict"), (422, None), (503, "Service Unavailable"), (599, "")],
)
def test_a_refusal_has_the_attributes_of_the_vendors_errors(status: int, reason: str | None) -> None:
    """Newer versions of Python have another phrase for 422."""
    refusal = answer({"title": "No", "status": status}, status)

    with client_over(Recorder(lambda _: refusal)) as ax, pytest.raises(APIError) as caught:
        ax.spaces.list()

    error = caught.value
    assert (error.status, error.data) == (status, error.problem)
    assert error.data is not None
    assert error.reason == reason if reason is not None else error.reason.startswith("Unprocessable")


def test_a_body_that_is_no_problem_is_shown_in_one_short_line() -> None:
    long = httpx.Response(502, content=HTML + b"x" * 1000)

    with pytest.raises(errors.ServerError) as caught:
        client_over(one_after_another(long)).tasks.get(CHAT_QUALITY)

    assert caught.value.problem is None
    assert caught.value.body == long.text
    assert ": <html> <body> <h1>Bad Gateway</h1> </body></html>xxx" in str(caught.value)
    assert str(caught.value).endswith("xxx...")
    assert len(str(caught.value)) < 250


def test_an_answer_without_a_body_says_so() -> None:
    with pytest.raises(APIError, match="refused with 599: no body"):
        client_over(one_after_another(httpx.Response(599))).tasks.get(CHAT_QUALITY)


DATE = "Tue, 10 Mar 2026 15:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"retry-after": "42"}, 42.0, id="seconds"),
        pytest.param({"retry-after": " 0 "}, 0.0, id="at-once"),
        pytest.param({"retry-after": "Tue, 10 Mar 2026 15:01:30 GMT", "date": DATE}, 90.0, id="date"),
        pytest.param({"retry-after": "Tue, 10 Mar 2026 14:00:00 GMT", "date": DATE}, 0.0, id="date-gone-by"),
        pytest.param({"retry-after": "Tue, 10 Mar 2026 15:01:30 GMT"}, 0.0, id="date-gone-by-without-date"),
        pytest.param({"retry-after": "Mon, 01 Jan 2024 00:00:00 +9999999999999", "date": DATE}, None, id="no-zone"),
        pytest.param({"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359", "date": DATE}, 251629232339.0, id="ages"),
        pytest.param({"retry-after": "Tue Mar 10 15:01:30 2026", "date": DATE}, 90.0, id="date-of-the-oldest-form"),
        pytest.param({"retry-after": "Tuesday, 10-Mar-26 15:01:30 GMT", "date": DATE}, 90.0, id="date-of-the-old-form"),
        pytest.param({"retry-after": "²"}, None, id="no-digits"),
        pytest.param({"retry-after": "soon", "date": DATE}, None, id="words"),
        pytest.param({"retry-after": "-5", "date": DATE}, None, id="negative"),
        pytest.param({}, None, id="absent"),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    given = httpx.Response(429, headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()])

    with pytest.raises(errors.RateLimitError) as caught:
        client_over(one_after_another(given)).tasks.get(CHAT_QUALITY)

    assert caught.value.retry_after_seconds == seconds


def test_a_date_to_wait_for_counts_from_now_where_the_answer_has_none() -> None:
    given = httpx.Response(429, headers={"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"})

    with pytest.raises(errors.RateLimitError) as caught:
        client_over(one_after_another(given)).tasks.get(CHAT_QUALITY)

    assert caught.value.retry_after_seconds is not None
    assert caught.value.retry_after_seconds > 10**8


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT", "date": "soon"}, id="broken-date"),
        pytest.param({"retry-after": "Fri Jan  1 00:00:00 2100"}, id="oldest-form-without-date"),
    ],
)
def test_a_date_to_wait_for_is_in_utc(headers: dict[str, str]) -> None:
    refusal = error_for(503, operation_id="get_task", problem=None, headers=headers, content=b"")

    seconds = (datetime(2100, 1, 1, tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    assert refusal.retry_after_seconds == pytest.approx(seconds, abs=60)


@pytest.mark.parametrize("copied", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy], ids=["pickle", "copy"])
def test_errors_cross_the_borders_of_processes(copied: Callable[[AxError], AxError]) -> None:
    """An error that cannot be unpickled would break a process pool, and be lost."""
    ax = client_over(one_after_another(answer({"title": "Taken", "status": 409}, 409, x_request_id="r-1")))
    with pytest.raises(errors.ConflictError) as caught:
        ax.tasks.get(CHAT_QUALITY)

    restored = copied(caught.value)

    assert type(restored) is errors.ConflictError
    assert isinstance(restored, errors.APIError)
    assert (str(restored), restored.args) == (str(caught.value), caught.value.args)
    assert (restored.status_code, restored.request_id, restored.path) == (409, "r-1", caught.value.path)
    assert restored.problem is not None
    assert restored.problem.title == "Taken"


@pytest.mark.both_contracts
def test_an_unknown_status_of_a_run_is_kept_as_it_is(client_kind: ClientKind) -> None:
    run = client_kind.ask(
        one_after_another(answer(RUN | {"status": "paused"})), lambda ax: ax.tasks.get_run(CHAT_QUALITY_RUN)
    )

    assert run.status == "paused"
    assert isinstance(run.status, TaskRunStatus)
    assert not run.status.is_known
    assert run.to_dict()["status"] == "paused"


def test_an_unknown_field_is_kept_and_given_back(client_kind: ClientKind) -> None:
    task = get_task(one_after_another(answer(TASK | {"mood": {"now": "good"}})), client_kind)

    assert task.to_dict() == TASK | {"mood": {"now": "good"}}


@pytest.mark.both_contracts
def test_an_unknown_variant_is_kept_as_raw_data_with_its_tag(client_kind: ClientKind) -> None:
    novel = {"experiment_type": "agent_run", "agent": "a"}

    task = get_task(
        one_after_another(answer(TASK | {"type": "run_experiment", "run_configuration": novel})), client_kind
    )

    assert task.run_configuration.tag == "agent_run"
    assert task.run_configuration.to_dict() == novel
    assert task.to_dict()["run_configuration"] == novel


@pytest.mark.both_contracts
def test_a_known_variant_is_read_as_its_model(client_kind: ClientKind) -> None:
    task = get_task(one_after_another(answer(TASK | {"run_configuration": LLM_CONFIGURATION})), client_kind)

    assert type(task.run_configuration).__name__ == "StoredLlmGenerationRunConfig"
    assert task.to_dict()["run_configuration"] == LLM_CONFIGURATION


def test_a_deletion_has_no_result_whatever_its_body_says(client_kind: ClientKind) -> None:
    for given in (httpx.Response(204), httpx.Response(200, content=b"gone")):
        assert client_kind.ask(one_after_another(given), lambda ax: ax.tasks.delete(CHAT_QUALITY)) is None


def test_a_refusal_in_the_middle_of_a_list_reaches_whoever_iterates(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK, cursor="more"), html(502))

    with pytest.raises(errors.ServerError) as caught:
        client_kind.all_of(transport, lambda ax: ax.tasks.list())

    assert caught.value.operation_id == "list_tasks"


# -- the tree ---------------------------------------------------------------------------------------------------------


def drawn_tree() -> dict[str, str]:
    """Return each class in the tree of the module's docstring, with its parent."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^([│├└─ ]*)(\w+Error)\b", line)
        if match:
            depth = len(match[1]) // 4
            above = [*above[:depth], match[2]]
            if depth:
                parents[match[2]] = above[depth - 1]
    return parents


def error_classes() -> dict[str, type]:
    """Return the module's classes whose names end as errors."""
    return {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and name.endswith("Error")}


def test_the_drawing_of_the_errors_is_the_tree_they_form() -> None:
    classes = error_classes().items()

    assert drawn_tree() == {name: value.__bases__[0].__name__ for name, value in classes if name != "AxError"}


def test_every_error_is_public_documented_and_below_the_root() -> None:
    import axtasks

    for name, kind in error_classes().items():
        assert getattr(axtasks, name) is kind
        assert issubclass(kind, AxError)
        assert kind.__doc__


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.InvalidArgumentError, ValueError),
        (errors.ResolutionError, LookupError),
        (errors.RequestTimeoutError, TimeoutError),
        (errors.RunTimeoutError, TimeoutError),
    ],
)
def test_errors_that_python_has_a_word_for_are_of_that_kind_too(kind: type[AxError], builtin: type[Exception]) -> None:
    assert issubclass(kind, builtin)


# -- the key ----------------------------------------------------------------------------------------------------------


def echo(status: int, text: str) -> Callable[[AxClient], object]:
    """Return a call of a server that repeats the header it was sent."""
    body = text.replace("KEY", f"Bearer {API_KEY}")
    return lambda _: client_over(one_after_another(httpx.Response(status, text=body))).tasks.get(CHAT_QUALITY)


def refused_by_protocol(_: AxClient) -> object:
    reason = httpx.LocalProtocolError("Illegal header value")
    return client_over(one_after_another(reason)).tasks.get(CHAT_QUALITY)


FAILURES: list[tuple[str, Callable[[AxClient], object]]] = [
    ("argument", lambda ax: ax.tasks.list(limit=0)),
    ("unknown-name", lambda ax: ax.tasks.get("nothing", space="demo")),
    ("server-repeats-the-key-in-html", echo(500, "<pre>authorization: KEY</pre>")),
    ("server-repeats-the-key-in-a-problem", echo(401, '{"title": "No", "status": 401, "detail": "KEY is unknown"}')),
    ("server-repeats-the-key-in-a-success", echo(200, '"KEY"')),
    ("server-repeats-the-key-in-broken-json", echo(200, '{"authorization": "KEY"')),
    ("protocol", refused_by_protocol),
]


@pytest.mark.parametrize("fail", [case[1] for case in FAILURES], ids=[case[0] for case in FAILURES])
def test_no_error_and_no_log_tells_the_key(
    fail: Callable[[AxClient], object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    empty = client_over(Recorder(lambda _: page("spaces")))

    with pytest.raises(AxError) as caught:
        fail(empty)

    told = [repr(empty), str(empty), caplog.text]
    error: BaseException | None = caught.value
    while error is not None:
        told += [str(error), repr(error), repr(vars(error)) if hasattr(error, "__dict__") else ""]
        if isinstance(error, ResponseError):
            told.append(repr(getattr(error, "problem", None)))
        error = error.__cause__
    assert API_KEY not in "\n".join(told)
