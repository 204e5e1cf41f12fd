"""Tests of the proxy that the environment names for a server, and of the protocol to it."""

from __future__ import annotations

import os
import ssl
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from axtasks import AxClient, ConfigurationError, ConnectionFailedError, RetryPolicy, UntrustedCertificateError
from axtasks.config.endpoint import Address
from axtasks.config.proxy import parse_proxy, proxy_for

from tests.e2e.engines.server import ForwardProxy
from tests.unit.support import API_KEY, ClientKind, listed
from tests.unit.wire import SPACES, reply, wired

if TYPE_CHECKING:
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = [pytest.mark.one_contract, pytest.mark.both_clients]

ARIZE = "https://api.arize.com"


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove the proxy variables from the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("url", "variables", "host"),
    [
        (ARIZE, {}, None),
        (ARIZE, {"NO_PROXY": "x", "FTP_PROXY": "http://p", "HTTPS_PROXY": ""}, None),
        (ARIZE, {"HTTPS_PROXY": "http://p"}, "p"),
        (ARIZE, {"https_proxy": "http://p"}, "p"),
        (ARIZE, {"All_Proxy": "http://p"}, "p"),
        (ARIZE, {"ALL_PROXY": "http://all", "HTTPS_PROXY": "http://p"}, "p"),
        (ARIZE, {"HTTP_PROXY": "http://p"}, None),
        (ARIZE, {"HTTPS_PROXY": "http://p", "NO_PROXY": "arize.com"}, None),
        (ARIZE, {"HTTPS_PROXY": "http://p", "no_proxy": "x, .arize.com"}, None),
        (ARIZE, {"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, None),
        (ARIZE, {"HTTPS_PROXY": "http://p", "NO_PROXY": "api.arize.com:8443"}, "p"),
        ("http://h", {"HTTP_PROXY": "http://p"}, "p"),
        ("http://127.0.0.1:1", {"HTTP_PROXY": "http://p", "ALL_PROXY": "http://p"}, None),
        ("https://127.0.0.1:1", {"HTTPS_PROXY": "http://p"}, "p"),
    ],
)
def test_the_environment_names_the_proxy(
    url: str, variables: dict[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", variables)

    proxy = proxy_for(url)

    assert (proxy and proxy.address.host) == host


@pytest.mark.parametrize("platform", ["darwin", "win32"])
@pytest.mark.parametrize(
    ("proxies", "host"), [({}, None), ({"https": "http://p"}, "p"), ({"ftp": "http://p"}, None)], ids=str
)
def test_the_settings_of_the_system_may_name_it(
    platform: str, proxies: dict[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(urllib.request, "getproxies", lambda: proxies)
    monkeypatch.setattr(urllib.request, "proxy_bypass", lambda _: False)

    proxy = proxy_for(ARIZE)

    assert (proxy and proxy.address.host) == host


@pytest.mark.parametrize(
    ("url", "scheme", "address", "authorization"),
    [
        ("http://p", "http", ("p", 80), None),
        ("p:3128", "http", ("p", 3128), None),
        ("https://p", "https", ("p", 443), None),
        ("http://[::1]:3128/", "http", ("::1", 3128), None),
        ("socks5h://p:1080", "socks5h", ("p", 1080), None),
        ("http://ann:s%40cret@p:1", "http", ("p", 1), "Basic YW5uOnNAY3JldA=="),
    ],
)
def test_an_url_says_where_it_is(url: str, scheme: str, address: tuple[str, int], authorization: str | None) -> None:
    proxy = parse_proxy(url)

    assert (proxy.scheme, proxy.address[:2]) == (scheme, address)
    assert (proxy.authorization and proxy.authorization.reveal()) == authorization


def test_the_password_of_a_proxy_is_not_shown() -> None:
    assert "YW5u" not in repr(parse_proxy("http://ann:s%40cret@p:1"))
    assert parse_proxy("http://ann:secret@p:1").address == Address("p", 1, "p:1")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://ann:planted@p", "its scheme has to be one of https, http, socks5, socks5h, not 'ftp'"),
        ("http://", "it has no host"),
        ("http://ann:planted@p:port", "its port is no number from 1 to 65535"),
        ("http://ann:planted@p:70000", "its port is no number from 1 to 65535"),
        ("http://ann:planted@p:0", "its port is no number from 1 to 65535"),
        ("http://ann:planted@[::1", "it is not a valid URL"),
        ("http://ann:[planted]@p", "it is not a valid URL"),
        ("http://ann:planted\u2100@p", "it is not a valid URL"),
    ],
)
def test_an_unusable_proxy_is_refused_without_showing_its_password(
    url: str, says: str, client_kind: ClientKind, no_proxies: pytest.MonkeyPatch
) -> None:
    no_proxies.setenv("HTTPS_PROXY", url)

    with pytest.raises(ConfigurationError, match="the proxy that HTTPS_PROXY names cannot be used") as caught:
        listed(client_kind, ARIZE)

    assert says in str(caught.value)
    assert "planted" not in str(caught.value)


def test_a_later_change_of_the_environment_hides_no_error(no_proxies: pytest.MonkeyPatch) -> None:
    with AxClient(api_key=API_KEY, base_url="https://127.0.0.1:9", retry=RetryPolicy(attempts=1)) as ax:
        for proxy in ("", "ftp://p"):
            no_proxies.setenv("HTTPS_PROXY", proxy)
            with pytest.raises(ConnectionFailedError):
                ax.spaces.list()


def test_a_proxy_opens_a_tunnel_and_never_sees_the_key(client_kind: ClientKind, no_proxies: pytest.MonkeyPatch) -> None:
    with wired(reply(b"", "403 Forbidden")) as proxy:
        no_proxies.setenv("HTTPS_PROXY", proxy.url.replace("//", "//ann:s%40cret@"))
        with pytest.raises(ConnectionFailedError, match="the proxy refused to connect: 403 Forbidden") as caught:
            listed(client_kind, ARIZE)

    (heard,) = proxy.heard
    assert heard.startswith("CONNECT api.arize.com:443 HTTP/1.1\r\nHost: api.arize.com:443\r\n")
    assert "\r\nproxy-authorization: Basic YW5uOnNAY3JldA==\r\n" in heard
    assert API_KEY not in heard
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (b"SSH-2.0-x\r\n\r\n", "the proxy did not connect: "),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", "the proxy sent data before the server could"),
        (
            b"HTTP/1.1 103 Early\r\nX: close\r\n\r\n",
            "the proxy did not connect: the connection ended without an answer",
        ),
    ],
    ids=["another protocol", "data", "hangs up"],
)
def test_a_proxy_that_opens_no_tunnel_is_named_in_the_error(
    said: bytes, says: str, client_kind: ClientKind, no_proxies: pytest.MonkeyPatch
) -> None:
    with wired(said) as proxy:
        no_proxies.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(ConnectionFailedError, match=says):
            listed(client_kind, ARIZE)


def test_a_proxy_forwards_plain_http(client_kind: ClientKind, no_proxies: pytest.MonkeyPatch) -> None:
    with wired(SPACES) as proxy:
        no_proxies.setenv("HTTP_PROXY", proxy.url.replace("//", "//ann:s%40cret@"))
        assert listed(client_kind, "http://arize.example", allow_http=True) == []

    (heard,) = proxy.heard
    assert heard.startswith("GET http://arize.example/v2/spaces")
    assert "\r\nHost: arize.example\r\n" in heard
    assert "\r\nproxy-authorization: Basic YW5uOnNAY3JldA==\r\n" in heard


def test_the_certificate_of_a_tls_proxy_is_checked(
    client_kind: ClientKind, no_proxies: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority, ca_file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    settings: dict[str, Any] = {"url": "http://arize.example", "allow_http": True}
    with wired(SPACES, context=context) as proxy:
        no_proxies.setenv("HTTP_PROXY", proxy.url.replace("http:", "https:"))
        with pytest.raises(UntrustedCertificateError, match="the certificate there cannot be verified"):
            listed(client_kind, **settings)
        assert listed(client_kind, ca_file=ca_file, **settings) == []

    assert proxy.heard[0].startswith("GET http://arize.example/v2/spaces")


def test_a_server_that_is_exempt_is_asked_directly(client_kind: ClientKind, no_proxies: pytest.MonkeyPatch) -> None:
    with wired() as proxy, wired(SPACES) as server:
        no_proxies.setenv("HTTP_PROXY", proxy.url)
        no_proxies.setenv("NO_PROXY", "127.0.0.1")
        assert listed(client_kind, server.url) == []
        assert proxy.connections == 0


def test_requests_to_this_machine_never_use_a_proxy(client_kind: ClientKind, no_proxies: pytest.MonkeyPatch) -> None:
    """Through the proxy, the key would travel in the clear."""
    with wired() as proxy, wired(SPACES) as server:
        no_proxies.setenv("HTTP_PROXY", proxy.url)
        no_proxies.setenv("ALL_PROXY", proxy.url)
        assert listed(client_kind, server.url) == []
        assert proxy.connections == 0


def test_a_tunnel_may_go_through_one_that_speaks_tls(
    client_kind: ClientKind, no_proxies: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority, ca_file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "arize.example").configure_cert(context)
    with wired(SPACES, context=context) as server, ForwardProxy(context=context) as proxy:
        no_proxies.setenv("HTTPS_PROXY", proxy.url.replace("http:", "https:"))
        assert listed(client_kind, f"https://arize.example:{server.port}", ca_file=ca_file) == []

    assert API_KEY in server.heard[0]


def test_a_socks_proxy_needs_the_extra_of_httpx(
    client_kind: ClientKind, no_proxies: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_proxies.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "socksio", None)

    said = r"the proxy that ALL_PROXY names, socks5://127.0.0.1:1, cannot be used: .*httpx\[socks\]"
    with pytest.raises(ConfigurationError, match=said):
        listed(client_kind, ARIZE)
