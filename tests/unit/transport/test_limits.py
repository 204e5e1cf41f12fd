"""Tests of limits on responses: in bytes, depth, pages and time, with no connection left half read."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    APIError,
    AxClient,
    ConfigurationError,
    InvalidArgumentError,
    Limits,
    NotFoundError,
    RepeatedCursorError,
    RequestTimeoutError,
    ResponseTooLargeError,
    RetryPolicy,
    Timeouts,
    TooManyPagesError,
    TransportError,
    UndecodableBodyError,
)
from axtasks.engine.retry import FailureKind, classify
from axtasks.transport.body import BodyDecoder, BodyError, BodyTooLargeError
from axtasks.transport.models import MOST_REFUSAL_BYTES
from axtasks_api.operation import path_segment
from axtasks_api.types import UNSET

from tests.engines import DIRECT, HTTPX, is_at_rest
from tests.pairing import in_turn
from tests.unit.support import (
    API_KEY,
    CHAT_QUALITY,
    RUN,
    TASK,
    Blocking,
    ClientKind,
    Recorder,
    Sent,
    Stopwatch,
    answer,
    one_after_another,
    page,
)
from tests.unit.wire import dripping, reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

ONCE = RetryPolicy(attempts=1)
# By a clock that stands still, so that none of it is used up before the request is sent.
SOON = Timeouts(connect=5, read=5, total=0.3)
TASK_BODY = json.dumps(TASK).encode()
# Long enough that it does not come to its end by drips before the deadline.
LONG_BODY = json.dumps(TASK | {"name": "x" * 500}).encode()


def packed(content: bytes) -> bytes:
    return gzip.compress(content)


class TestBody:
    """Tests of bodies joined from pieces, or refused."""

    @pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
    def test_a_plain_body_is_what_came(self, encoding: str) -> None:
        body = BodyDecoder(encoding, most_bytes=6)

        for piece in (b"abc", b"", b"def"):
            body.add(piece)

        assert body.whole() == b"abcdef"

    @pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
    @pytest.mark.parametrize("size", [1, 7, 10_000])
    def test_a_packed_body_is_unpacked_however_it_is_cut(self, encoding: str, size: int) -> None:
        content = bytes(range(256)) * 20
        wire = packed(content) + packed(b"more")
        body = BodyDecoder(encoding, most_bytes=len(content) + 4)

        for at in range(0, len(wire), size):
            body.add(wire[at : at + size])

        assert body.whole() == content + b"more"

    @pytest.mark.parametrize("encoding", ["", "gzip"])
    def test_a_byte_over_the_limit_is_too_much_and_the_rest_is_kept(self, encoding: str) -> None:
        body = BodyDecoder(encoding, most_bytes=4)

        with pytest.raises(BodyTooLargeError, match="more than 4 bytes"):
            body.add(packed(b"12345") if encoding else b"12345")
        assert body.received() == b"1234"

    def test_a_bomb_is_never_unpacked_further_than_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = zlib.decompressobj
        sizes: list[int] = []

        class Counting:
            def __init__(self, window: int) -> None:
                self.inner = made(window)

            def decompress(self, data: bytes, most: int) -> bytes:
                part = self.inner.decompress(data, most)
                sizes.append(len(part))
                return part

            def __getattr__(self, name: str) -> Any:
                return getattr(self.inner, name)

        monkeypatch.setattr(zlib, "decompressobj", Counting)
        body = BodyDecoder("gzip", most_bytes=1000)

        with pytest.raises(BodyTooLargeError):
            body.add(packed(bytes(50_000_000)))
        assert sum(sizes) == 1001

    @pytest.mark.parametrize("wire", [b"no gzip at all", packed(b"x" * 100)[:-4] + b"0000"], ids=["none", "checksum"])
    def test_an_undecodable_body_is_an_error(self, wire: bytes) -> None:
        with pytest.raises(BodyError, match="cannot be unpacked"):
            BodyDecoder("gzip", most_bytes=1000).add(wire)

    def test_a_packed_body_that_ends_early_is_an_error(self) -> None:
        body = BodyDecoder("gzip", most_bytes=1000)
        body.add(packed(b"x" * 100)[:-5])

        with pytest.raises(BodyError, match="ends too early"):
            body.whole()

    @pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "rot13"])
    def test_a_packing_that_was_not_asked_for_is_an_error_unless_nothing_is_in_it(self, encoding: str) -> None:
        with pytest.raises(BodyError, match="gzip was asked for"):
            BodyDecoder(encoding, most_bytes=1000).add(b"x")
        assert BodyDecoder(encoding, most_bytes=1000).whole() == b""


class RepeatedRead:
    """Two reads of a task by one client, after which no connection is left half read."""

    def __init__(self, client_kind: ClientKind) -> None:
        self.client_kind = client_kind

    def __call__(self, url: str, *, is_connected: bool = False, **settings: Any) -> tuple[object, object]:
        """Return the id or the error of each read."""
        if self.client_kind is Blocking:
            return self.blocking(url, settings, is_connected=is_connected)
        return asyncio.run(self.awaiting(url, settings, is_connected=is_connected))

    def blocking(self, url: str, settings: dict[str, Any], *, is_connected: bool) -> tuple[object, object]:
        found: list[object] = []
        with AxClient(api_key=API_KEY, base_url=url, **settings) as ax:
            if is_connected:
                ax.with_options(timeout=30).tasks.get(CHAT_QUALITY)
            for client in (ax, ax.with_options(timeout=30)):
                try:
                    found.append(client.tasks.get(CHAT_QUALITY).id)
                except Exception as error:  # noqa: BLE001  # the test looks at it
                    found.append(error)
                assert is_at_rest(ax._transport.engine())
        return found[0], found[1]

    async def awaiting(self, url: str, settings: dict[str, Any], *, is_connected: bool) -> tuple[object, object]:
        from axtasks import AsyncAxClient

        found: list[object] = []
        async with AsyncAxClient(api_key=API_KEY, base_url=url, **settings) as ax:
            if is_connected:
                await ax.with_options(timeout=30).tasks.get(CHAT_QUALITY)
            for client in (ax, ax.with_options(timeout=30)):
                try:
                    found.append((await client.tasks.get(CHAT_QUALITY)).id)
                except Exception as error:  # noqa: BLE001  # the test looks at it
                    found.append(error)
                assert is_at_rest(ax._transport.engine())
        return found[0], found[1]


@pytest.fixture
def pooled(client_kind: ClientKind, engine: str) -> RepeatedRead:
    assert engine
    return RepeatedRead(client_kind)


@pytest.mark.both_clients
def test_a_success_over_the_limit_is_an_error_of_its_own(client_kind: ClientKind) -> None:
    given = answer(TASK | {"name": "x" * 3000}, x_request_id="req_1", x_echo=API_KEY)

    with pytest.raises(ResponseTooLargeError, match=r"more than 2000 bytes; ask for less at once.*req_1") as caught:
        client_kind.ask(
            one_after_another(given), lambda ax: ax.tasks.get(CHAT_QUALITY), limits=Limits(response_bytes=2000)
        )

    assert (caught.value.status_code, caught.value.method, caught.value.request_id) == (200, "GET", "req_1")
    assert caught.value.headers["x-echo"] == "***"


@pytest.mark.parametrize(("method", "failure"), [("GET", FailureKind.FINAL), ("POST", FailureKind.UNKNOWN)])
def test_reading_as_much_again_is_no_use_but_what_came_of_a_write_may_be_found(
    method: str, failure: FailureKind
) -> None:
    error = ResponseTooLargeError("much", status_code=200, operation_id="x", request_id=None)

    assert classify(error.about(method=method, path="/", headers={})) is failure


@pytest.mark.both_clients
def test_a_write_whose_answer_is_too_large_is_found_by_reading(client_kind: ClientKind) -> None:
    renamed = TASK | {"name": "Renamed"}
    transport = one_after_another(answer(renamed | {"more": "x" * 5000}), answer(renamed))

    task = client_kind.ask(
        transport, lambda ax: ax.tasks.update(CHAT_QUALITY, name="Renamed"), limits=Limits(response_bytes=4000)
    )

    assert task.name == "Renamed"
    assert len(transport.writes) == 1


def test_a_refusal_is_told_however_large_or_spoilt_its_body_is(client_kind: ClientKind) -> None:
    large = one_after_another(httpx.Response(404, content=b"x" * 5000))

    with pytest.raises(NotFoundError, match="404: xxx"):
        client_kind.ask(large, lambda ax: ax.tasks.get(CHAT_QUALITY), limits=Limits(response_bytes=1000))


@pytest.mark.both_clients
def test_the_beginning_of_a_too_large_refusal_is_kept(client_kind: ClientKind) -> None:
    large = one_after_another(httpx.Response(404, content=b"x" * 3 * MOST_REFUSAL_BYTES))

    found = client_kind.ask(large, partial(asked, path="/v2"), limits=Limits(response_bytes=2 * MOST_REFUSAL_BYTES))

    assert (found.status_code, len(found.content)) == (404, MOST_REFUSAL_BYTES)


@pytest.mark.both_clients
def test_a_refusal_is_told_whatever_its_body_is_packed_as(pooled: RepeatedRead) -> None:
    with wired(reply(b"spoilt", "404 Not Found", Content_Encoding="br"), reply(TASK_BODY)) as server:
        first, second = pooled(server.url)

    assert isinstance(first, NotFoundError)
    assert "404: no body" in str(first)
    assert second == CHAT_QUALITY


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (reply(packed(TASK_BODY)[:-9], Content_Encoding="gzip"), "ends too early"),
        (reply(b"no gzip", Content_Encoding="gzip"), "cannot be unpacked"),
        (reply(TASK_BODY, Content_Encoding="zstd"), "packed as 'zstd'"),
        (reply(TASK_BODY, Content_Length="9999", Connection="close"), "peer closed connection"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n", "chunk"),
        (b"HTTP/1.1 200 OK\r\nno header close\r\n\r\n", "header"),
        (b"nothing close\r\n\r\n", "status|illegal"),
    ],
    ids=["cut-gzip", "no-gzip", "zstd", "cut", "no-chunk", "no-header", "no-status"],
)
@pytest.mark.both_clients
def test_a_damaged_answer_is_a_transport_error(wire: bytes, reason: str, pooled: RepeatedRead) -> None:
    with wired(wire, reply(TASK_BODY)) as server:
        first, second = pooled(server.url, retry=ONCE)

    assert isinstance(first, TransportError)
    assert any(word in str(first).lower() for word in reason.split("|"))
    assert second == CHAT_QUALITY


@pytest.mark.both_clients
def test_too_large_an_answer_leaves_no_connection_half_read(pooled: RepeatedRead) -> None:
    with wired(reply(TASK_BODY + b" " * 300_000), reply(TASK_BODY)) as server:
        first, second = pooled(server.url, limits=Limits(response_bytes=5000))

        assert isinstance(first, ResponseTooLargeError)
        assert second == CHAT_QUALITY
        assert server.connections == 2


@pytest.mark.both_clients
def test_a_connection_is_used_again_after_an_ordinary_answer(pooled: RepeatedRead) -> None:
    with wired(reply(packed(TASK_BODY), Content_Encoding="gzip"), reply(TASK_BODY)) as server:
        assert pooled(server.url) == (CHAT_QUALITY, CHAT_QUALITY)

        assert server.connections == 1
        assert all("accept-encoding: gzip\r\n" in heard.lower() for heard in server.heard)


@pytest.mark.both_clients
@pytest.mark.parametrize(
    ("engine", "begin_at"),
    [(DIRECT, 0), (DIRECT, 130), (DIRECT, 40), (HTTPX, 10), (HTTPX, 130)],
    ids=["direct-at-once", "direct-in-body", "direct-in-headers", "httpx-in-status", "httpx-in-body"],
    indirect=["engine"],
)
def test_an_answer_that_drips_in_does_not_outlast_the_deadline(pooled: RepeatedRead, begin_at: int) -> None:
    with wired(reply(TASK_BODY), dripping(reply(LONG_BODY), begin_at=begin_at), reply(TASK_BODY)) as server:
        first, second = pooled(server.url, is_connected=True, retry=ONCE, timeout=SOON, clock=Stopwatch().clock)

    assert isinstance(first, RequestTimeoutError)
    assert second == CHAT_QUALITY


def test_a_drip_through_a_client_that_was_passed_in_ends_in_time_too() -> None:
    with (
        wired(dripping(reply(LONG_BODY), begin_at=130)) as server,
        httpx.Client() as http,
        pytest.raises(RequestTimeoutError, match="not answered in time"),
    ):
        AxClient(
            api_key=API_KEY, base_url=server.url, http_client=http, retry=ONCE, timeout=SOON, clock=Stopwatch().clock
        ).tasks.get(CHAT_QUALITY)


@pytest.mark.both_clients
def test_a_silence_in_the_body_ends_in_time(pooled: RepeatedRead) -> None:
    def quiet() -> Iterator[bytes]:
        yield reply(LONG_BODY)[:200]
        for _ in range(400):
            yield b""

    with wired(reply(TASK_BODY), quiet(), reply(TASK_BODY)) as server:
        first, second = pooled(server.url, is_connected=True, retry=ONCE, timeout=SOON, clock=Stopwatch().clock)

    assert isinstance(first, RequestTimeoutError)
    assert second == CHAT_QUALITY


@pytest.mark.usefixtures("engine")
def test_a_task_that_is_cancelled_in_a_body_leaves_no_connection_half_read() -> None:
    from axtasks import AsyncAxClient

    async def play(url: str, heard: list[str]) -> str:
        async with AsyncAxClient(api_key=API_KEY, base_url=url) as ax:
            task = asyncio.ensure_future(ax.tasks.get(CHAT_QUALITY))
            while not heard:  # noqa: ASYNC110  # it is another thread that hears
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert is_at_rest(ax._transport.engine())
            return (await ax.tasks.get(CHAT_QUALITY)).id

    with wired(dripping(reply(LONG_BODY), begin_at=200), reply(TASK_BODY)) as server:
        assert asyncio.run(play(server.url, server.heard)) == CHAT_QUALITY


@pytest.mark.parametrize("around", [0, 1], ids=["success", "refusal"])
def test_json_that_is_too_deep_is_an_error_and_no_crash(client_kind: ClientKind, around: int) -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    given = httpx.Response(400 if around else 200, content=deep)

    with pytest.raises(APIError if around else UndecodableBodyError):
        client_kind.ask(one_after_another(given), lambda ax: ax.tasks.get(CHAT_QUALITY), retry=ONCE)


def endless(request: Sent) -> httpx.Response:
    number = int(request.query.get("cursor", "0")) + 1
    return page("tasks", TASK, cursor=str(number))


@pytest.mark.both_clients
def test_a_list_has_no_more_pages_than_the_limit(client_kind: ClientKind) -> None:
    transport = Recorder(endless)

    with pytest.raises(TooManyPagesError, match="more than 5 pages; narrow it down, go on with cursor='5'") as caught:
        client_kind.all_of(transport, lambda ax: ax.tasks.list(), limits=Limits(pages=5))

    assert caught.value.cursor == "5"
    assert len(transport.sent) == 5


def test_a_list_of_just_as_many_pages_is_read_to_its_end(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK, cursor="1"), page("tasks", TASK))

    assert len(client_kind.all_of(transport, lambda ax: ax.tasks.list(), limits=Limits(pages=2))) == 2


def test_a_cursor_that_repeats_is_told_apart_from_too_many_pages(client_kind: ClientKind) -> None:
    transport = one_after_another(*[page("tasks", TASK, cursor="same")] * 2)

    with pytest.raises(RepeatedCursorError):
        client_kind.all_of(transport, lambda ax: ax.tasks.list(), limits=Limits(pages=2))


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "5"])
def test_a_limit_is_a_positive_whole_number(value: Any) -> None:
    for name in ("response_bytes", "pages"):
        with pytest.raises(InvalidArgumentError, match=rf"limits\.{name} has to be a whole number"):
            Limits(**{name: value})


def test_limits_have_to_be_limits() -> None:
    some: Any = 5
    with pytest.raises(ConfigurationError, match=r"limits has to be Limits, such as Limits\(pages=100\), not 5"):
        AxClient(api_key=API_KEY, limits=some)


@pytest.mark.parametrize(
    ("status", "to"),
    [
        (301, "https://elsewhere.example/v2/tasks"),
        (302, "/v2/other"),
        (303, f"https://h/?key={API_KEY}"),
        (307, "https://elsewhere.example/v2/tasks"),
        (308, "/v2/other"),
    ],
    ids=["301-elsewhere", "302-here", "303-key", "307-elsewhere", "308-here"],
)
def test_a_redirect_is_told_and_never_followed(client_kind: ClientKind, status: int, to: str) -> None:
    transport = one_after_another(httpx.Response(status, headers={"location": to}))

    with pytest.raises(APIError, match=f"{status}: it redirects to .*not followed.*name it when the client") as caught:
        client_kind.ask(transport, lambda ax: ax.tasks.get(CHAT_QUALITY))

    assert to.replace(API_KEY, "***") in str(caught.value)
    assert API_KEY not in str(caught.value)
    assert len(transport.sent) == 1


def test_a_redirect_is_not_followed_by_a_client_that_was_passed_in_to_follow_them() -> None:
    transport = one_after_another(httpx.Response(302, headers={"location": "https://elsewhere.example/"}))
    http = httpx.Client(transport=transport, follow_redirects=True)

    with pytest.raises(APIError, match="elsewhere"):
        AxClient(api_key=API_KEY, http_client=http).tasks.get(CHAT_QUALITY)
    assert len(transport.sent) == 1


NASTY = ["...", "../..", "a/b", "a?b", "a#b", "a%2Fb", "a\r\nX-Evil: 1", "a\x00b", "a\\b", "ä ö", "%2e%2e"]
CALLS: dict[str, Callable[[Any, str], Any]] = {
    "get_run": lambda ax, value: ax.tasks.get_run(value),
    "cancel_run": lambda ax, value: ax.tasks.cancel_run(value),
}


@pytest.mark.parametrize(("value", "call"), in_turn(NASTY, CALLS), ids=ascii)
def test_any_id_is_one_segment_of_the_path(client_kind: ClientKind, call: str, value: str) -> None:
    transport = one_after_another(answer(RUN), answer(RUN))

    client_kind.ask(transport, lambda ax: CALLS[call](ax, value))

    (sent,) = transport.sent
    segments = sent.path.split("/")
    assert segments[:3] == ["", "v2", "task-runs"]
    assert segments[3] == path_segment(value)
    assert segments[4:] == (["cancel"] if call == "cancel_run" else [])
    assert sent.query == {}
    assert "x-evil" not in sent.headers


@pytest.mark.parametrize(("value", "call"), in_turn([".", ".."], CALLS))
def test_a_step_of_the_path_is_no_id(client_kind: ClientKind, call: str, value: str) -> None:
    transport = one_after_another()

    with pytest.raises(InvalidArgumentError, match="is not the id of a run"):
        client_kind.ask(transport, lambda ax: CALLS[call](ax, value))
    assert transport.sent == []


@pytest.mark.parametrize("value", ["", None, UNSET], ids=repr)
def test_what_is_empty_is_no_segment_of_the_path(value: object) -> None:
    with pytest.raises(ValueError, match="a parameter of the path is empty"):
        path_segment(value)


@pytest.mark.parametrize(("value", "segment"), [(".", "%2E"), ("..", "%2E%2E"), ("a.b", "a.b"), ("...", "...")])
def test_a_segment_is_never_a_step_of_the_path(value: str, segment: str) -> None:
    assert path_segment(value) == segment
    assert httpx.URL(f"http://h/v2/{segment}/x").raw_path == f"/v2/{segment}/x".encode()


@pytest.mark.parametrize(
    "path",
    ["v2", "//h/v2", "/v2/../x", "/v2/./x", "/v2/%2e%2E/x", "/v2/.%2e", "/v2/a b", "/v2/a#b", "/v2/a\\b", "/v2/a\r\nb"],
    ids=ascii,
)
def test_a_path_of_ones_own_that_steps_or_breaks_out_is_refused(client_kind: ClientKind, path: str) -> None:
    transport = one_after_another()

    for one in (path, f"{path}\x00", f"{path}ä"):
        with pytest.raises(InvalidArgumentError, match="path has to"):
            client_kind.ask(transport, partial(asked, path=one))
    assert transport.sent == []


def asked(ax: Any, *, path: str) -> Any:
    return ax.request("GET", path)


def test_a_query_of_ones_own_is_encoded_whatever_it_is(client_kind: ClientKind) -> None:
    transport = one_after_another(answer({}))

    client_kind.ask(transport, lambda ax: ax.request("GET", "/v2/tasks", query={"a": "x&b=1\r\nX-Evil: 1\x00#"}))

    assert transport.sent[0].query == {"a": "x&b=1\r\nX-Evil: 1\x00#"}
    assert "x-evil" not in transport.sent[0].headers


@pytest.mark.parametrize("query", ["a=b", [("a", "b")], {"a": None}, {5: "b"}], ids=str)
def test_a_query_that_is_no_dict_of_texts_is_refused(client_kind: ClientKind, query: Any) -> None:
    """Engines would send None in different ways."""
    with pytest.raises(InvalidArgumentError, match="query has to be a dict of texts by name, not "):
        client_kind.ask(one_after_another(), lambda ax: ax.request("GET", "/v2/tasks", query=query))


@pytest.mark.parametrize("query", [{"a": "\ud83d"}, {"a": "x" * 70_000}], ids=["surrogate", "endless"])
def test_a_query_that_cannot_be_sent_is_an_argument_error(client_kind: ClientKind, query: dict[str, str]) -> None:
    with pytest.raises(InvalidArgumentError, match="request cannot be sent"):
        client_kind.ask(one_after_another(), lambda ax: ax.request("GET", "/v2/tasks", query=query))
