"""Who may steer a served mock: programs on the same machine, and nobody else unless it is told so."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import httpx
import pytest
from axtasks.mock import Mock, MockServer, MockTransport
from axtasks.mock.admin.access import ControlFrom, bar
from axtasks.mock.serving.asgi import application

from tests.mock.support import AUTHORIZED, TASKS

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

pytestmark = pytest.mark.one_door

RESET = "/__mock/reset"
HERE = "127.0.0.1"
ELSEWHERE = "203.0.113.9"
Asked = tuple[int, dict[str, Any], dict[str, str]]

PEERS = [
    ("127.0.0.1", True),
    ("127.8.9.10", True),
    ("::1", True),
    ("::ffff:127.0.0.1", True),
    (ELSEWHERE, False),
    ("192.168.0.7", False),
    ("::ffff:192.168.0.7", False),
    ("fe80::1%eth0", False),
    ("0.0.0.0", False),  # noqa: S104  # an address that is to be refused
    ("localhost", False),
    ("", False),
    (None, False),
]
HOSTS = [
    ("127.0.0.1:8765", True),
    ("127.0.0.1", True),
    ("localhost:8765", True),
    ("LOCALHOST", True),
    ("mock.localhost:1", True),
    ("[::1]:8765", True),
    ("attacker.example", False),
    ("attacker.example:8765", False),
    ("localhost.attacker.example", False),
    ("127.0.0.1.attacker.example", False),
    ("203.0.113.9", False),
    ("localhost@attacker.example", False),
    ("[::1", False),
    ("", False),
]
ORIGINS = [
    ("http://127.0.0.1:8765", True),
    ("HTTP://127.0.0.1:8765", True),
    ("http://127.0.0.1:3000", False),
    ("http://localhost:8765", False),
    ("https://attacker.example", False),
    ("http://127.0.0.1:8765.attacker.example", False),
    ("null", False),
    ("", False),
    ("http://[", False),
]


@pytest.mark.parametrize(("peer", "is_let_in"), PEERS, ids=[str(peer) for peer, _ in PEERS])
def test_peers(peer: str | None, is_let_in: bool) -> None:
    """An address of this machine's own is let in, every other only where anyone is; the reason says what to do."""
    reason = bar(peer, (("Host", "localhost"),), ControlFrom.LOOPBACK)

    assert (reason is None) is is_let_in
    assert reason is None or ("--control-from any" in reason and (peer or "unknown") in reason)
    assert bar(peer, (("Host", "localhost"),), ControlFrom.ANY) is None


@pytest.mark.parametrize(("host", "is_let_in"), HOSTS, ids=[host for host, _ in HOSTS])
def test_hosts(host: str, is_let_in: bool) -> None:
    """A name that others could let point to this machine is refused, even where the request comes from here."""
    reason = bar(HERE, (("host", host),), ControlFrom.LOOPBACK)

    assert (reason is None) is is_let_in
    assert reason is None or ("--control-from any" in reason and json.dumps(host) in reason)
    assert bar(HERE, (("host", host),), ControlFrom.ANY) is None


def test_every_host_counts() -> None:
    """One good name does not make up for another one; a request of a program without any name is let in."""
    assert bar(HERE, (("Host", "localhost"), ("HOST", "attacker.example")), ControlFrom.LOOPBACK) is not None
    assert bar(HERE, (), ControlFrom.LOOPBACK) is None


@pytest.mark.parametrize("control_from", ControlFrom)
@pytest.mark.parametrize(("origin", "is_let_in"), ORIGINS, ids=[origin for origin, _ in ORIGINS])
def test_origins(origin: str, is_let_in: bool, control_from: ControlFrom) -> None:
    """A web page steers the mock only if it came from there, whoever else may."""
    headers: Headers = (("host", "127.0.0.1:8765"), ("origin", origin))

    assert (bar(HERE, headers, control_from) is None) is is_let_in


def asked(peer: str, control_from: ControlFrom, method: str, path: str, **headers: str) -> Asked:
    """Status, body and headers of an answer to a request from an address."""
    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(Mock(), control_from=control_from), client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8765") as client:
            return await client.request(method, path, headers={**dict(AUTHORIZED), **headers})

    answer = asyncio.run(ask())
    return answer.status_code, answer.json() if answer.content else {}, dict(answer.headers)


@pytest.mark.parametrize("path", [RESET, "/__mock", "/__mock/nothing", "/__mock/journal"])
def test_strangers_are_told_what_to_do(path: str) -> None:
    """Whatever is below the prefix is a 403 for them, as a problem with a request id, whether it exists or not."""
    status, problem, headers = asked(ELSEWHERE, ControlFrom.LOOPBACK, "POST", path)

    assert (status, headers["content-type"], headers["x-request-id"]) == (403, "application/problem+json", "req_000001")
    assert list(problem) == ["type", "title", "status", "detail", "instance"]
    assert problem["instance"] == path
    assert "--control-from any" in problem["detail"]


def test_the_api_is_for_strangers_too() -> None:
    """Only the mock's own operations are barred, and only by default."""
    assert asked(ELSEWHERE, ControlFrom.LOOPBACK, "GET", TASKS, origin="https://app.example")[0] == 200
    assert asked(ELSEWHERE, ControlFrom.ANY, "POST", RESET)[0] == 204


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP"])
def test_headers_do_not_say_where_a_request_comes_from(header: str) -> None:
    """The connection decides: nothing that is sent makes a stranger one of this machine, or the other way round."""
    forged = "for=127.0.0.1" if header == "Forwarded" else HERE

    assert asked(ELSEWHERE, ControlFrom.LOOPBACK, "POST", RESET, **{header: forged})[0] == 403
    assert over_a_socket({header: ELSEWHERE}) == 204


def over_a_socket(headers: dict[str, str], control_from: Literal["loopback", "any"] = "loopback") -> int:
    """The status of a reset of a served mock."""
    with MockServer(control_from=control_from) as server:
        place = urlsplit(server.url).netloc
        connection = http.client.HTTPConnection(place, timeout=10)
        connection.putrequest("POST", RESET, skip_host=True)
        for name, value in ({"Host": place, "Content-Length": "0"} | headers).items():
            connection.putheader(name, value.replace("PLACE", place))
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
    return status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 204, id="a program"),
        pytest.param({"Origin": "http://PLACE"}, 204, id="the mock's own page"),
        pytest.param({"Origin": "https://attacker.example"}, 403, id="a foreign page"),
        pytest.param({"Host": "attacker.example"}, 403, id="a name that was let point here"),
        pytest.param(
            {"Host": "attacker.example", "Origin": "http://attacker.example"}, 403, id="a page of such a name"
        ),
    ],
)
def test_a_socket(headers: dict[str, str], status: int) -> None:
    """A served mock can be steered by programs of this machine, and not by web pages of others."""
    assert over_a_socket(headers) == status


def test_a_socket_for_anyone() -> None:
    """Told to, a served mock answers to any name."""
    assert over_a_socket({"Host": "mock.example"}, "any") == 204


def test_in_process_everybody_is_at_home() -> None:
    """Without a socket there are no strangers, whatever the request says of itself."""
    with httpx.Client(transport=MockTransport(), base_url="http://attacker.example") as client:
        assert client.post(RESET, headers={"Origin": "https://elsewhere.example"}).status_code == 204


def test_only_two_ways() -> None:
    """Another word for where requests may come from is an error at once."""
    with pytest.raises(ValueError, match="everywhere"):
        MockServer(control_from="everywhere")  # type: ignore[arg-type]  # what is to be refused
