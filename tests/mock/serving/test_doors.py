"""One mock behind several doors: each gives the same response, except for the differences listed here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx
import pytest
from axtasks.mock import Clock, Mock, MockResponse, MockTransport
from axtasks.mock import default_world as known
from axtasks.mock.operations.request import BODY_LIMIT

from tests.conftest import BETA
from tests.dialects import on_the_wire
from tests.mock import wire
from tests.mock.doors import BASE
from tests.mock.support import AUTHORIZED, MALFORMED_ID, NOW, PROJECT_TASK, TASKS, UNKNOWN_TASK, Json, task_path
from tests.mock.wire import OWN, WireRequest, WireResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock import MockRequest
    from axtasks.mock.messages import Headers

    from tests.mock.doors import Socket

    Send = Callable[[Mock, WireRequest], WireResponse]

pytestmark = pytest.mark.one_door

JSON, PROBLEM, HTML = "application/json", "application/problem+json", "text/html; charset=utf-8"
TYPED = ("Content-Type", JSON)
DATE = "Tue, 10 Mar 2026 15:00:00 GMT"
LATER = "Tue, 10 Mar 2026 15:00:05 GMT"
WITHOUT_LENGTH = {204, 304}
CLOSE = ("connection", "close")
CHAT, REVIEW = task_path(known.CHAT_QUALITY), task_path(known.GOLDEN_REVIEW)
TRIGGER = task_path(known.CHAT_QUALITY, "trigger")
NIGHTLY_TRIGGER = task_path(known.NIGHTLY_SUMMARIES, "trigger")
ALLOW = ("allow", "GET, POST")


@dataclass(frozen=True)
class Step:
    """A request of the script, and its response at every door.

    Attributes:
        name: its name in the test's id.
        method: the method.
        target: the target as it is sent.
        status: the status of the response.
        media_type: the media type of the response; None if it has no body.
        more: further headers of the response.
        headers: the headers besides the key.
        body: bytes, or JSON in the contract's spelling.
        chunks: the body, if it is sent in chunks.
        key: the header with the key.
        date: the date of the response.
        fault: the fault that hits it.
    """

    name: str
    method: str
    target: str
    status: int
    media_type: str | None = PROBLEM
    more: Headers = ()
    headers: Headers = ()
    body: Json = b""
    chunks: tuple[bytes, ...] = ()
    key: Headers = AUTHORIZED
    date: str = DATE
    fault: str = ""

    def sent(self, contract: str) -> WireRequest:
        """Return the request in the spelling of a contract."""
        body = self.body if isinstance(self.body, bytes) else json.dumps(on_the_wire(self.body, contract)).encode()
        return WireRequest(self.method, self.target, (*self.key, *self.headers), body, self.chunks)


def struck(name: str, fault: str, status: int, media_type: str | None, *more: tuple[str, str]) -> Step:
    """Return a request that a fault hits."""
    return Step(name, "GET", CHAT, status, media_type, more, fault=fault)


SCRIPT = [
    # Bodies that are read
    Step("a list", "GET", f"{TASKS}?limit=2", 200, JSON),
    Step("one task", "GET", CHAT, 200, JSON),
    Step("the admin API", "GET", "/__mock/world", 200, JSON),
    Step("its document, large", "GET", "/__mock/openapi.json", 200, JSON),
    # Media types of requests
    Step("json", "POST", TASKS, 201, JSON, headers=(TYPED,), body=PROJECT_TASK),
    Step(
        "json with a charset", "POST", TASKS, 201, JSON, (), (("Content-Type", f"{JSON}; charset=utf-8"),), PROJECT_TASK
    ),
    Step("json in capitals", "POST", TASKS, 201, JSON, (), (("CONTENT-TYPE", JSON.upper()),), PROJECT_TASK),
    Step("no media type", "POST", TASKS, 415, body=PROJECT_TASK),
    Step("an empty media type", "POST", TASKS, 415, headers=(("Content-Type", ""),), body=PROJECT_TASK),
    Step("text", "POST", TASKS, 415, headers=(("Content-Type", "text/plain"),), body=PROJECT_TASK),
    Step("a form", "POST", TASKS, 415, headers=(("Content-Type", "application/x-www-form-urlencoded"),), body=b"a=b"),
    Step("two media types", "POST", TASKS, 201, JSON, (), (TYPED, ("Content-Type", "text/plain")), PROJECT_TASK),
    # Headers
    Step(
        "a header twice",
        "GET",
        CHAT,
        200,
        JSON,
        headers=(("X-Twice", "one"), ("X-Other", "between"), ("X-Twice", "two")),
    ),
    Step("two keys", "GET", CHAT, 200, JSON, headers=(("Authorization", "Bearer invalid"),)),
    Step("no key", "GET", TASKS, 401, more=(("www-authenticate", "Bearer"),), key=()),
    Step("a request id of the client's", "GET", CHAT, 200, JSON, headers=(("X-Request-Id", "mine"),)),
    Step("an empty header and one in latin-1", "GET", CHAT, 200, JSON, headers=(("X-Empty", ""), ("X-Name", "é"))),
    # Bodies
    Step("no body where none is needed", "POST", TRIGGER, 201, JSON),
    Step("no body where one is needed", "POST", TASKS, 400, headers=(TYPED,)),
    Step("broken json", "POST", TASKS, 400, headers=(TYPED,), body=b'{"name": '),
    Step("bytes that are no text", "PATCH", CHAT, 400, headers=(TYPED,), body=b"\xff\x00\r\n\r\n{}"),
    Step("text beyond ascii", "PATCH", CHAT, 200, JSON, (), (TYPED,), '{"name": "Prüfung \\u00e9"}'.encode()),
    Step("chunks", "PATCH", CHAT, 200, JSON, (), (TYPED,), chunks=(b"{", b'"name": "In', b' pieces"}')),
    Step("as large as may be", "PATCH", CHAT, 200, JSON, (), (TYPED,), b'{"name": "Large"}'.ljust(BODY_LIMIT)),
    Step("too large", "PATCH", CHAT, 413, headers=(TYPED,), body=b'{"name": "Larger"}'.ljust(BODY_LIMIT + 1)),
    Step(
        "too large, in chunks",
        "PATCH",
        CHAT,
        413,
        headers=(TYPED,),
        chunks=(b" " * BODY_LIMIT, b"{}", b" " * BODY_LIMIT),
    ),
    Step("too large and no json", "POST", TASKS, 413, body=b" " * (2 * BODY_LIMIT)),
    Step("too large for the admin API", "PUT", "/__mock/limit", 413, body=b" " * (BODY_LIMIT + 1)),
    Step("a world, which may be larger", "PATCH", "/__mock/world", 200, JSON, body=b"{}".ljust(BODY_LIMIT + 1)),
    # Answers without a body, and with other headers
    Step("204", "DELETE", REVIEW, 204, None),
    Step("204 of the admin API", "POST", "/__mock/reset", 204, None),
    Step("head", "HEAD", TASKS, 405, PROBLEM, (ALLOW,)),
    Step("options", "OPTIONS", TASKS, 405, more=(ALLOW,)),
    Step("put", "PUT", CHAT, 405, more=(("allow", "DELETE, GET, PATCH"),)),
    # Paths and queries
    Step("an encoded slash", "GET", "/v2/tasks/a%2Fruns", 400),
    Step("an encoded space and letter", "GET", "/v2/tasks/a%20%C3%A9", 400),
    Step("an encoded identifier", "GET", "/v2/projects/TW9kZWw6MTIzOmFCY0Q%3D", 200, JSON),
    Step("a path that nothing has", "GET", "/v2/tasks//runs/", 404),
    Step("plus, percent and letters", "GET", f"{TASKS}?name=chat+quality%20%C3%A9%25%26&limit=1", 200, JSON),
    Step("a name twice", "GET", f"{TASKS}?name=a&limit=5&name=b", 400),
    Step("odd queries", "GET", f"{TASKS}?&limit=1&&name=a/b?c=d", 200, JSON),
    # Refusals
    Step("400", "GET", task_path(MALFORMED_ID), 400),
    Step("404", "GET", task_path(UNKNOWN_TASK), 404),
    Step("409", "POST", NIGHTLY_TRIGGER, 409, headers=(TYPED,), body={"experiment_name": "baseline"}),
    Step("422", "POST", TRIGGER, 422, headers=(TYPED,), body={"data_start_time": "soon"}),
    # Faults, and time
    struck("a status that HTTP has no name for", "status:599", 599, PROBLEM),
    struck("429 and when to come again", "status:429 retry_after=3", 429, PROBLEM, ("retry-after", "3")),
    struck("a page", "html-502", 502, HTML),
    struck("garbage", "garbage", 200, JSON),
    struck("no bytes of json", "empty", 200, JSON),
    Step("the clock", "POST", "/__mock/clock", 200, JSON, (), (TYPED,), {"advance_seconds": 5}, date=LATER),
]
ANSWERS = {
    "a header twice": MockResponse(200, (("Set-Cookie", "a=1"), ("X-Other", "x"), ("Set-Cookie", "b=2, c=3")), b"{}"),
    "an empty header": MockResponse(200, (("X-Empty", ""), ("X-Other", "x")), b"{}"),
    "204": MockResponse(204, (("X-Other", "x"),)),
    "304": MockResponse(304, (("ETag", '"x"'),)),
    "no bytes": MockResponse(200, (("Content-Type", JSON),)),
    "every byte": MockResponse(299, (("Content-Type", "application/octet-stream"),), bytes(range(256))),
    "a large body": MockResponse(500, (("Content-Type", "text/plain"),), b"x\r\n" * BODY_LIMIT),
}


class Fixed(Mock):
    """A mock with one response for every request."""

    def __init__(self, answer: MockResponse) -> None:
        super().__init__()
        self._fixed = answer

    def handle(self, request: MockRequest) -> MockResponse:  # noqa: ARG002  # as every mock's
        """Return that response."""
        return self._fixed


@pytest.fixture
def doors(socket: Socket) -> dict[str, Send]:
    """Each way to send a request, by its name."""
    return {
        "handle": wire.by_handle,
        "transport": wire.by_transport,
        "async transport": wire.by_async_transport,
        "socket": wire.through(socket),
    }


def carried(door: str, answer: WireResponse, method: str = "GET") -> WireResponse:
    """Return the core's response as a door sends it: with the length, and on a socket with `Connection: close`."""
    length = ("content-length", str(len(answer.body)))
    added = {
        "handle": (),
        "transport": (length,) if answer.body else (),
        "async transport": (length,) if answer.body else (),
        "socket": (*(() if answer.status in WITHOUT_LENGTH or method == "HEAD" else (length,)), CLOSE),
    }[door]
    return wire.wire_response(answer.status, (*answer.headers, *added), answer.body)


def shortened(body: bytes) -> bytes:
    """Return a body, or its length and hash if it is too long for a message."""
    return body if len(body) < 2000 else b"%d bytes, %d" % (len(body), hash(body))


def arrived(mock: Mock) -> list[object]:
    """Return the requests as the mock received them, without the headers that doors add.

    The part of a body over the limit that is kept differs between doors.
    """
    return [
        (
            each.method,
            each.path,
            each.query,
            [(name.lower(), value) for name, value in each.request_headers if name.lower() not in OWN],
            "over the limit" if len(each.request_body) > BODY_LIMIT else shortened(each.request_body),
        )
        for each in mock.journal.exchanges()
    ]


@pytest.mark.both_contracts
@pytest.mark.parametrize("step", SCRIPT, ids=lambda step: step.name)
def test_a_request_gets_the_same_response_at_every_door(step: Step, doors: dict[str, Send], contract: str) -> None:
    """Every door passes a request on whole, and gives the same response."""
    mocks = {door: Mock(clock=Clock(NOW, frozen=True), contract=contract, faults=step.fault or ()) for door in doors}

    answers = {door: send(mocks[door], step.sent(contract)) for door, send in doors.items()}

    check(step, answers["handle"], contract)
    expected = {door: carried(door, answers["handle"], step.method) for door in doors}
    for each in doors:
        assert (each, answers[each].status, answers[each].headers) == (
            each,
            expected[each].status,
            expected[each].headers,
        )
        assert (each, shortened(answers[each].body)) == (each, shortened(expected[each].body))
        assert (each, arrived(mocks[each])) == (each, arrived(mocks["handle"]))


def check(step: Step, answer: WireResponse, contract: str) -> None:
    """Fail unless the response of the core has a step's status, headers and form of problem."""
    typed = () if step.media_type is None else (("content-type", step.media_type),)
    stamps = (("date", step.date), ("x-request-id", "req_000001"))
    assert (answer.status, answer.headers) == (
        step.status,
        wire.wire_response(0, (*typed, *stamps, *step.more), b"").headers,
    )
    if step.method == "HEAD" or step.media_type is None:
        assert answer.body == b""
    elif step.media_type == PROBLEM:
        problem = json.loads(answer.body)
        code = ["error_code"] * (contract == BETA and step.target.startswith("/v2"))
        assert list(problem) == ["type", "title", "status", "detail", "instance", *code]
        assert (problem["status"], problem["instance"]) == (step.status, step.target.partition("?")[0])


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_any_response_passes_every_door(answer: MockResponse, doors: dict[str, Send]) -> None:
    """Every door passes on any response of a mock, with all headers and bytes."""
    core = wire.wire_response(answer.status, answer.headers, answer.body)
    for each, send in doors.items():
        found, expected = send(Fixed(answer), WireRequest("GET", "/")), carried(each, core)

        assert (each, found.status, found.headers) == (each, expected.status, expected.headers)
        assert (each, shortened(found.body)) == (each, shortened(expected.body))


@pytest.mark.parametrize(
    ("target", "encoded"),
    [("/v2/tasks/é", "/v2/tasks/%C3%A9"), (f"{TASKS}?name=é", f"{TASKS}?name=%C3%A9")],
    ids=["in a path", "in a query"],
)
def test_a_target_in_utf_8_is_percent_encoded(target: str, encoded: str, doors: dict[str, Send]) -> None:
    """A target in UTF-8 is read as if it were percent-encoded."""
    sent = WireRequest("GET", encoded, AUTHORIZED)
    core = doors["handle"](Mock(clock=Clock(NOW, frozen=True)), sent)

    for each in ("socket", "transport", "async transport"):
        fresh = Mock(clock=Clock(NOW, frozen=True))
        assert (each, doors[each](fresh, replace(sent, target=target))) == (each, carried(each, core))


@pytest.mark.parametrize("method", ["get", "FETCH"], ids=["in small letters", "unknown to HTTP"])
def test_methods_that_never_reach_a_mock_on_a_socket(method: str, doors: dict[str, Send]) -> None:
    """A socket's server refuses unknown methods itself, with a plain 400; httpx sends any method."""
    mock = Mock(clock=Clock(NOW, frozen=True))
    sent = WireRequest(method, TASKS, AUTHORIZED)
    core = doors["handle"](Mock(clock=Clock(NOW, frozen=True)), sent)

    refused = doors["socket"](mock, sent)

    told = b"Invalid HTTP request received."
    assert refused == carried("socket", WireResponse(400, (("content-type", "text/plain; charset=utf-8"),), told))
    assert arrived(mock) == []
    for each in ("transport", "async transport"):
        assert (each, doors[each](Mock(clock=Clock(NOW, frozen=True)), sent)) == (each, carried(each, core))


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in chunks"])
def test_little_of_a_body_over_the_limit_is_kept(declared: bool, doors: dict[str, Send]) -> None:
    """A socket keeps little more of a body than the limit, whether its length is declared or not."""
    mock = Mock()
    pieces = (b" " * BODY_LIMIT,) * 8
    sent = WireRequest(
        "POST", TASKS, (*AUTHORIZED, TYPED), b"".join(pieces) if declared else b"", () if declared else pieces
    )

    answer = doors["socket"](mock, sent)

    (exchange,) = mock.journal.exchanges()
    assert answer.status == 413
    assert BODY_LIMIT < len(exchange.request_body) < 2 * BODY_LIMIT


def test_a_transport_makes_its_own_mock() -> None:
    """A transport without a mock makes a fresh one."""
    with httpx.Client(transport=MockTransport(), base_url=BASE, headers=dict(AUTHORIZED)) as client:
        assert client.get(TASKS).status_code == 200
