"""Tests of failed connections: each cause has its name, and only transient ones are retried."""

from __future__ import annotations

import socket
import socketserver
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
import trustme
from axtasks import (
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    Hooks,
    ProxyFailedError,
    RetryPolicy,
    UntrustedCertificateError,
)
from axtasks.cli.errors import explain
from axtasks.config.certificates import issuer_of
from axtasks.config.proxy import parse_proxy
from axtasks.config.settings import resolve_settings
from axtasks.transport.errors import error_for_failure
from axtasks_api.operation import PreparedRequest

from tests.e2e.engines.server import ForwardProxy
from tests.unit.support import API_KEY, ClientKind, listed
from tests.unit.wire import SPACES, reply, wired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = [pytest.mark.one_contract, pytest.mark.both_clients]

SERVER = "https://arize.example"
PLAIN = "http://arize.example"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove the variables for proxies and certificates from the environment."""
    for name in (*VARIABLES, *map(str.lower, VARIABLES)):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


class Route(NamedTuple):
    """A route to a server.

    Attributes:
        url: the server.
        proxy: the address of a proxy.
        ca_file: the authorities to trust.
    """

    url: str = SERVER
    proxy: str = ""
    ca_file: Path | None = None


@contextmanager
def closed_port() -> Iterator[int]:
    """Yield a port without a listener."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


@contextmanager
def dead_proxy(_: Path) -> Iterator[Route]:
    with closed_port() as port:
        yield Route(proxy=f"http://ann:planted@127.0.0.1:{port}")


@contextmanager
def dead_proxy_of_plain_http(folder: Path) -> Iterator[Route]:
    with dead_proxy(folder) as route:
        yield route._replace(url=PLAIN)


def proxy_that_answers(status: str, url: str = SERVER) -> Callable[[Path], Any]:
    @contextmanager
    def route(_: Path) -> Iterator[Route]:
        with wired(*[reply(b"", status, Connection="close")] * 3) as proxy:
            yield Route(url, proxy.url)

    return route


@contextmanager
def proxy_that_hangs_up(_: Path) -> Iterator[Route]:
    with wired(*[b"HTTP/1.1 103 Early\r\nX: close\r\n\r\n"] * 3) as proxy:
        yield Route(proxy=proxy.url)


@contextmanager
def proxy_with_an_unknown_certificate(folder: Path) -> Iterator[Route]:
    with unknown_authority(folder) as route:
        yield Route(PLAIN, route.url)


@contextmanager
def unknown_authority(_: Path) -> Iterator[Route]:
    with secured(trustme.CA()) as url:
        yield Route(url)


@contextmanager
def unknown_authority_beyond_a_proxy(folder: Path) -> Iterator[Route]:
    with unknown_authority(folder) as route, ForwardProxy() as proxy:
        # This server may be reached by a name, since a proxy goes there.
        yield Route(route.url.replace("127.0.0.1", "arize.example"), proxy.url)


@contextmanager
def expired_certificate(folder: Path) -> Iterator[Route]:
    authority, ca_file = trustme.CA(), folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    with secured(authority, not_after=datetime.now(UTC) - timedelta(days=1)) as url:
        yield Route(url, ca_file=ca_file)


@contextmanager
def secured(authority: trustme.CA, not_after: datetime | None = None) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "arize.example", not_after=not_after).configure_cert(context)
    with wired(SPACES, context=context) as server:
        yield server.url.replace("http:", "https:")


class PlainHandler(socketserver.BaseRequestHandler):
    """A server that answers everything in plain HTTP."""

    def handle(self) -> None:
        """Read the request, and answer."""
        self.request.recv(65536)
        self.request.sendall(reply(b"", "400 Bad Request"))


@contextmanager
def no_tls(_: Path) -> Iterator[Route]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), PlainHandler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield Route(f"https://127.0.0.1:{server.server_address[1]}")
        server.shutdown()


@contextmanager
def dead_server(_: Path) -> Iterator[Route]:
    with closed_port() as port:
        yield Route(f"https://127.0.0.1:{port}")


# The route, with the error, what it says, how often of two times it is tried, and what `ax` advises.
FAILURES: dict[str, tuple[Any, type[AxError], str, int, str]] = {
    "dead proxy": (dead_proxy, ProxyFailedError, "through the proxy http://127", 2, "Check the proxy"),
    "dead proxy, plain": (
        dead_proxy_of_plain_http,
        ProxyFailedError,
        "through the proxy http://",
        2,
        "Check the proxy",
    ),
    "proxy wants a user": (
        proxy_that_answers("407 No"),
        ProxyFailedError,
        "refused to connect: 407",
        1,
        "that variable",
    ),
    "the same, plain": (
        proxy_that_answers("407 No", PLAIN),
        ProxyFailedError,
        "proxy refused: 407",
        1,
        "that variable",
    ),
    "proxy forbids": (proxy_that_answers("403 No"), ProxyFailedError, "refused to connect: 403", 1, "NO_PROXY"),
    "proxy finds nothing": (proxy_that_answers("502 No"), ProxyFailedError, "refused to connect: 502", 2, "NO_PROXY"),
    "proxy hangs up": (proxy_that_hangs_up, ProxyFailedError, "through the proxy http://", 2, "NO_PROXY"),
    "proxy is unknown": (
        proxy_with_an_unknown_certificate,
        UntrustedCertificateError,
        "through the proxy https://.* is signed by 'Testing CA",
        1,
        "ARIZE_CA_FILE",
    ),
    "unknown authority": (
        unknown_authority,
        UntrustedCertificateError,
        r"is signed by 'Testing CA #\S+', which is not trusted: .* ca_file=",
        1,
        "ARIZE_CA_FILE",
    ),
    "unknown authority beyond a proxy": (
        unknown_authority_beyond_a_proxy,
        UntrustedCertificateError,
        r"reached for list_spaces \(GET /v2/spaces\): the certificate there .* signed by 'Testing CA",
        1,
        "ARIZE_CA_FILE",
    ),
    "expired": (
        expired_certificate,
        UntrustedCertificateError,
        "cannot be verified: certificate has expired$",
        1,
        "Noth",
    ),
    "no TLS": (no_tls, ConnectionFailedError, "SSLError: .*does not speak TLS: .* ARIZE_API_SCHEME=http", 1, "address"),
    "dead server": (
        dead_server,
        ConnectionFailedError,
        "refused|All connection",
        2,
        "Check the network",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_of_the_connection_is_named(
    name: str, client_kind: ClientKind, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_route, kind, says, attempts, advice = FAILURES[name]
    tried: list[object] = []
    retry = RetryPolicy(attempts=2, jitter=lambda: 0.0)
    with make_route(tmp_path) as route:
        if route.proxy:
            environment.setenv("HTTP_PROXY" if route.url == PLAIN else "https_proxy", route.proxy)
        with pytest.raises(kind, match=says) as caught:
            listed(
                client_kind,
                route.url,
                ca_file=route.ca_file,
                allow_http=True,
                retry=retry,
                hooks=Hooks(on_request=tried.append),
            )

    assert type(caught.value) is kind
    assert len(tried) == attempts
    assert advice in explain(caught.value, verbose=False)[1][-1]
    assert "planted" not in str(caught.value)
    if isinstance(caught.value, ProxyFailedError):
        assert caught.value.variable in {"HTTP_PROXY", "https_proxy"}
        assert f" of {caught.value.variable}: " in str(caught.value)


def refuse_to_start(thread: Thread) -> None:
    raise RuntimeError(f"can't start new thread, {thread.name} neither")


@pytest.mark.parametrize("key", [{}, {"api_key": None, "api_key_command": ["never-run"]}], ids=["name", "key"])
def test_where_no_thread_can_be_started_nothing_was_sent(
    key: dict[str, Any], client_kind: ClientKind, environment: pytest.MonkeyPatch
) -> None:
    """Looking a name up and running the program of the key take a thread."""
    with environment.context() as limited:
        # Event loops start no thread of theirs for this.
        limited.setattr("axtasks.concurrency.Thread.start", refuse_to_start)
        with pytest.raises(ConnectionFailedError, match=r"was not reached .* can't start new thread"):
            listed(client_kind, SERVER, **key)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        (
            "HTTPS_PROXY",
            "socks://ann:planted@p",
            "names cannot be used: its scheme has to be one of http.* not 'socks'",
        ),
        ("all_proxy", "quic://p", "names cannot be used: its scheme has to be one of"),
        (
            "SSL_CERT_FILE",
            "/nowhere/ca.pem",
            "the certificates of SSL_CERT_FILE cannot be used: '/nowhere/ca.pem': No such",
        ),
        ("SSL_CERT_DIR", "/nowhere", "the certificates of SSL_CERT_DIR cannot be used: '/nowhere': Not a directory"),
        ("SSLKEYLOGFILE", "/nowhere/keys", "SSLKEYLOGFILE has the keys of TLS written to '/nowhere/keys', .*: No such"),
    ],
)
def test_a_variable_that_is_at_fault_is_named(
    variable: str, value: str, says: str, client_kind: ClientKind, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv(variable, value)
    tried: list[object] = []

    with pytest.raises(ConfigurationError, match=says) as caught:
        listed(client_kind, SERVER, retry=RetryPolicy(), hooks=Hooks(on_request=tried.append))

    assert caught.value.variable == variable
    assert len(tried) == 1
    assert f"Check the environment variable {variable}" in explain(caught.value, verbose=False)[1][-1]
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.ProxyError("no")])
def test_an_error_of_httpx_about_a_socks_proxy_names_the_proxy(error: Exception) -> None:
    request = PreparedRequest("get_task", method="GET", path="/v2/tasks/a", query=(), body=None)
    settings = resolve_settings({"api_key": API_KEY}, environment={})

    failure = error_for_failure(
        error, request, settings, closed=False, proxy=parse_proxy("socks5://ann:planted@p", "ALL_PROXY")
    )

    assert isinstance(failure, ProxyFailedError)
    assert (failure.proxy, failure.variable) == ("socks5://p", "ALL_PROXY")


def test_the_issuer_of_a_certificate_is_read() -> None:
    """Lengths of more than a byte, and a missing common name, are covered."""
    pem = trustme.CA(organization_name="o" * 200, organization_unit_name="Unit").issue_cert("a").cert_chain_pems[0]

    assert issuer_of(ssl.PEM_cert_to_DER_cert(pem.bytes().decode())) == "Unit"
