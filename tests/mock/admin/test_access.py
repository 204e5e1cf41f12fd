"""Access to the admin API of a served mock: by default only for programs on the same machine."""

from __future__ import annotations

import http.client
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import httpx
import pytest
from axtasks.mock import Mock, MockServer, MockTransport
from axtasks.mock.admin.access import Access, ControlFrom
from axtasks.mock.serving.asgi import Application

from tests.mock.support import AUTHORIZED, TASKS

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

pytestmark = pytest.mark.one_door

RESET = "/__mock/reset"
HERE = "127.0.0.1"
ELSEWHERE = "203.0.113.9"
ANYONE = Access(ControlFrom.ANY)
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
    """Loopback addresses may use the admin API, others only with `any`; the reason names the option to set."""
    reason = Access().bar(peer, (("Host", "localhost"),))

    assert (reason is None) is is_let_in
    assert reason is None or ("--control-from any" in reason and (peer or "unknown") in reason)
    assert ANYONE.bar(peer, (("Host", "localhost"),)) is None


@pytest.mark.parametrize(("host", "is_let_in"), HOSTS, ids=[host for host, _ in HOSTS])
def test_hosts(host: str, is_let_in: bool) -> None:
    """A host name that others could point to this machine is refused, even in a request from loopback."""
    reason = Access().bar(HERE, (("host", host),))

    assert (reason is None) is is_let_in
    assert reason is None or ("--control-from any" in reason and json.dumps(host) in reason)
    assert ANYONE.bar(HERE, (("host", host),)) is None


def test_every_host_counts() -> None:
    """Every `Host` header has to be allowed; a request without one is let in."""
    assert Access().bar(HERE, (("Host", "localhost"), ("HOST", "attacker.example"))) is not None
    assert Access().bar(HERE, ()) is None


@pytest.mark.parametrize("control_from", [ControlFrom.LOOPBACK, ControlFrom.ANY])
@pytest.mark.parametrize(("origin", "is_let_in"), ORIGINS, ids=[origin for origin, _ in ORIGINS])
def test_origins(origin: str, is_let_in: bool, control_from: ControlFrom) -> None:
    """A web page may use the admin API only if the mock served it, whatever `control_from` is."""
    headers: Headers = (("host", "127.0.0.1:8765"), ("origin", origin))

    assert (Access(control_from).bar(HERE, headers) is None) is is_let_in


def sent(access: Access, peer: str, method: str, path: str, **headers: str) -> httpx.Response:
    """Return the response to a request from a client address."""
    import asyncio

    told = [(name.encode(), value.encode()) for name, value in ({**dict(AUTHORIZED), **headers}).items()]

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Application(Mock(), access=access), client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8765") as client:
            return await client.request(method, path, headers=told)

    return asyncio.run(ask())


def asked(peer: str, control_from: ControlFrom, method: str, path: str, **headers: str) -> Asked:
    """Return the status, the body and the headers of the response to a request from a client address."""
    answer = sent(Access(control_from), peer, method, path, **headers)
    return answer.status_code, answer.json() if answer.content else {}, dict(answer.headers)


@pytest.mark.parametrize("path", [RESET, "/__mock", "/__mock/nothing", "/__mock/journal"])
def test_a_refused_client_is_told_what_to_do(path: str) -> None:
    """Every path below the prefix is a 403 with a problem and a request id, whether it exists or not."""
    status, problem, headers = asked(ELSEWHERE, ControlFrom.LOOPBACK, "POST", path)

    assert (status, headers["content-type"], headers["x-request-id"]) == (403, "application/problem+json", "req_000001")
    assert list(problem) == ["type", "title", "status", "detail", "instance"]
    assert problem["instance"] == path
    assert "--control-from any" in problem["detail"]


def test_the_api_is_open_to_other_machines() -> None:
    """The API itself is open to every address; the admin API is too with `control_from="any"`."""
    assert asked(ELSEWHERE, ControlFrom.LOOPBACK, "GET", TASKS, origin="https://app.example")[0] == 200
    assert asked(ELSEWHERE, ControlFrom.ANY, "POST", RESET)[0] == 204


FROM_A_PROXY = {
    "X-Forwarded-For": HERE,
    "X-Forwarded-Host": "localhost",
    "x-forwarded-proto": "https",
    "Forwarded": "for=127.0.0.1",
    "X-Real-IP": HERE,
    "Via": "1.1 proxy",
}


@pytest.mark.parametrize("header", FROM_A_PROXY)
def test_requests_with_headers_of_a_proxy_are_refused(header: str) -> None:
    """Headers that proxies add close the admin API: behind a proxy every client has a loopback address."""
    forged = {header: FROM_A_PROXY[header]}

    assert asked(ELSEWHERE, ControlFrom.LOOPBACK, "POST", RESET, **forged)[0] == 403
    status, problem, _ = asked(HERE, ControlFrom.LOOPBACK, "POST", RESET, **forged)
    assert status == 403
    assert header.lower() in problem["detail"]
    assert "--control-from nobody" in problem["detail"]
    assert over_a_socket(forged) == 403
    assert asked(HERE, ControlFrom.LOOPBACK, "GET", TASKS, **forged)[0] == 200


def test_requests_in_http_1_0_are_refused() -> None:
    """By default nginx sends HTTP/1.0 with the mock's own address as the host, and no header of its own."""
    headers: Headers = (("Host", "127.0.0.1:8765"), ("Connection", "close"))

    assert Access().bar(HERE, headers) is None
    assert "HTTP/1.0" in (Access().bar(HERE, headers, http_version="1.0") or "")


@pytest.mark.parametrize("path", [RESET, "/__mock/health", "/__mock", "/__mock/journal", "/__mock/openapi.json"])
def test_a_closed_admin_api_is_closed_to_this_machine_too(path: str) -> None:
    """With `nobody` the admin API is closed to loopback too; the API goes on."""
    assert asked(HERE, ControlFrom.NOBODY, "POST", path)[0] == 403
    assert asked(HERE, ControlFrom.NOBODY, "GET", path)[0] == 403
    assert asked(HERE, ControlFrom.NOBODY, "GET", TASKS)[0] == 200
    assert asked(HERE, ControlFrom.NOBODY, "GET", "/", accept="text/html")[0] == 403


def basic(token: str) -> str:
    return f"Basic {b64encode(f'me:{token}'.encode()).decode()}"


@pytest.mark.parametrize("path", [RESET, "/__mock/journal", "/"])
@pytest.mark.parametrize(
    ("authorization", "is_let_in"),
    [
        ("Bearer the-token", True),
        ("bearer  the-token", True),
        (basic("the-token"), True),
        ("Bearer the-tokem", False),
        ("Bearer", False),
        (basic("the-tokem"), False),
        ("Basic !", False),
        ("Basic é", False),
        ("", False),
    ],
    ids=["bearer", "small", "basic", "other", "none", "other-basic", "no-base64", "no-ascii", "empty"],
)
def test_any_requires_the_token(authorization: str, is_let_in: bool, path: str) -> None:
    """With `any` the token is required from every address; the 401 makes a browser ask for it."""
    access = Access(ControlFrom.ANY, "the-token", frozenset())

    answer = sent(access, ELSEWHERE, "GET", path, authorization=authorization, accept="text/html")

    assert (answer.status_code != 401) is is_let_in
    assert is_let_in or answer.headers["www-authenticate"].startswith("Basic ")
    assert is_let_in or answer.json()["status"] == 401


def test_a_token_of_any_letters() -> None:
    """It is sent in UTF-8, as terminals and browsers do."""
    access = Access(ControlFrom.ANY, "schlüssel", frozenset())

    for authorization in (basic("schlüssel"), "Bearer schlüssel".encode().decode("latin-1")):
        assert access.lacks_token((("Authorization", authorization),)) is False


@pytest.mark.parametrize(
    ("host", "is_answered"),
    [
        ("127.0.0.1:8765", True),
        ("localhost", True),
        ("[::1]:1", True),
        ("mock", True),
        ("MOCK:8765", True),
        ("mock.attacker.example", False),
        ("attacker.example", False),
        ("203.0.113.9", False),
        ("", False),
        ("[", False),
    ],
)
def test_the_api_answers_under_names_that_were_let_in(host: str, is_answered: bool) -> None:
    """DNS rebinding is refused for the API too: a page cannot read it by pointing its own name to this machine."""
    for control_from in ControlFrom:
        access = Access(control_from, hosts=frozenset({"mock"}))

        assert (sent(access, HERE, "GET", TASKS, host=host).status_code == 200) is is_answered


def test_ip_addresses_are_allowed_hosts() -> None:
    """A mock that listens for other machines is reached by any IP address: no DNS name can be one."""
    access = Access(hosts=frozenset(), takes_addresses=True)

    assert [access.bar_host((("Host", host),)) is None for host in ("203.0.113.9:1", "[fe80::1]", "mock")] == [
        True,
        True,
        False,
    ]


def over_a_socket(
    headers: dict[str, str], control_from: Literal["loopback", "any", "nobody"] = "loopback", path: str = RESET
) -> int:
    """Return the status of a POST to a served mock, by default to its reset."""
    with MockServer(control_from=control_from, allow_hosts=["Mock.Internal"]) as server:
        headers = {name: value.replace("TOKEN", str(server.control_token)) for name, value in headers.items()}
        place = urlsplit(server.url).netloc
        connection = http.client.HTTPConnection(place, timeout=10)
        connection.putrequest("POST", path, skip_host=True)
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
def test_access_over_a_socket(headers: dict[str, str], status: int) -> None:
    """Programs of this machine may use the admin API of a served mock, web pages of other origins may not."""
    assert over_a_socket(headers) == status


def test_any_over_a_socket() -> None:
    """With `any` a served mock takes any host name, and requires the token that it generated."""
    assert over_a_socket({"Host": "mock.example", "Authorization": "Bearer TOKEN"}, "any") == 204
    assert over_a_socket({"Host": "mock.example"}, "any") == 401
    assert over_a_socket({}, "nobody") == 403


@pytest.mark.parametrize(("host", "status"), [("PLACE", 401), ("mock.internal:1", 401), ("attacker.example", 403)])
def test_host_names_of_the_api_over_a_socket(host: str, status: int) -> None:
    """The API of a served mock takes names of this machine and of `allow_hosts`; the 401 is for the missing key."""
    assert over_a_socket({"Host": host}, path=TASKS) == status


def test_requests_in_process_are_never_refused() -> None:
    """Requests without a socket have access, whatever `Host` and `Origin` they send."""
    with httpx.Client(transport=MockTransport(), base_url="http://attacker.example") as client:
        assert client.post(RESET, headers={"Origin": "https://elsewhere.example"}).status_code == 204


def test_an_empty_token_counts_as_none() -> None:
    """An empty token would let in everybody who sends an empty one."""
    anyone, own = MockServer(control_from="any", control_token=""), MockServer(control_token="")

    assert len(anyone.control_token or "") >= 32
    assert own.control_token is None


def test_an_unknown_control_from_is_refused() -> None:
    """An unknown value of `control_from` is an error when the server is made."""
    with pytest.raises(ValueError, match="everywhere"):
        MockServer(control_from="everywhere")  # type: ignore[arg-type]  # what is to be refused
