"""Tests of endpoint rules: the key is sent to this machine, or over verified TLS, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
import pytest
import trustme
from axtasks import AsyncAxClient, AxClient, ConfigurationError, RetryPolicy, UntrustedCertificateError
from axtasks.config.certificates import make_context
from axtasks.config.settings import FALSE, TRUE, resolve_settings
from axtasks.profiles import create_profile
from axtasks.transport import httpcore_engine
from axtasks.transport.httpcore_engine import HttpcoreEngine
from axtasks.transport.network import Network

from tests.unit.support import API_KEY, Blocking, ClientKind, listed
from tests.unit.wire import SPACES, wired

if TYPE_CHECKING:
    from collections.abc import Iterator

# None of this depends on what a server speaks.
pytestmark = [pytest.mark.one_contract, pytest.mark.both_clients]

FOLDER = str(Path(__file__).parent)
REFUSED = r"is not on this machine.*use https.*allow_http=True or ARIZE_ALLOW_HTTP=true"


def settled(environment: dict[str, str] | None = None, **arguments: object) -> str:
    """Return the base URL resolved from settings."""
    return resolve_settings({"api_key": API_KEY, **arguments}, environment=environment or {}).base_url


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:80", "localhost.", "127.0.0.1", "127.1.2.3:8765", "[::1]", "[0:0:0:0:0:0:0:1]:80"]
)
def test_plain_http_to_this_machine_is_allowed(host: str) -> None:
    assert settled(base_url=f"http://{host}") == f"http://{host}"


@pytest.mark.parametrize(
    "host",
    ["arize.example", "10.0.0.1", "192.168.1.1:80", "128.0.0.1", "[::2]", "[::]", "localhost.example", "127.1.example"],
)
def test_plain_http_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match=REFUSED):
        settled(base_url=f"http://{host}")
    assert settled(base_url=f"https://{host}") == f"https://{host}"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ({"api_scheme": "http"}, {}),
        ({}, {"ARIZE_API_SCHEME": "http"}),
        ({"api_scheme": "http", "region": "eu"}, {}),
        ({"single_host": "h", "single_port": 80}, {"ARIZE_API_SCHEME": "http"}),
    ],
    ids=["argument", "environment", "region", "single-host"],
)
def test_plain_http_is_refused_for_every_source_of_the_address(
    arguments: dict[str, object], environment: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match=REFUSED):
        settled(environment, **arguments)


@pytest.mark.parametrize(
    ("argument", "variable", "allowed"),
    [
        (True, None, True),
        (None, "true", True),
        (None, "1", True),
        (None, "no", False),
        (None, "", False),
        (False, "true", False),
        (True, "false", True),
    ],
)
def test_plain_http_to_another_machine_can_be_allowed(
    argument: bool | None, variable: str | None, allowed: bool
) -> None:
    environment = {} if variable is None else {"ARIZE_ALLOW_HTTP": variable}

    if allowed:
        assert settled(environment, base_url="http://h", allow_http=argument) == "http://h"
    else:
        with pytest.raises(ConfigurationError, match=REFUSED):
            settled(environment, base_url="http://h", allow_http=argument)


def test_a_variable_that_is_no_boolean_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="ARIZE_ALLOW_HTTP has to be true or false, not 'maybe'"):
        settled({"ARIZE_ALLOW_HTTP": "maybe"})


def test_a_profile_can_allow_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    create_profile("open", {"api_key": API_KEY, "single_host": "h", "api_scheme": "http", "allow_http": "true"})

    assert AxClient(profile="open").base_url == "http://h"
    with pytest.raises(ConfigurationError, match=REFUSED):
        create_profile("shut", {"api_key": API_KEY, "single_host": "h", "api_scheme": "http"})


@pytest.mark.parametrize("value", [*FALSE, "False", " NO ", "never"])
def test_certificates_are_checked_whatever_the_environment_asks_for(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"ARIZE_REQUEST_VERIFY turns off.*always.*ca_file.*SSL_CERT_FILE"):
        settled({"ARIZE_REQUEST_VERIFY": value})


@pytest.mark.parametrize("value", [*TRUE, "True", ""])
def test_asking_for_what_is_done_anyway_is_fine(value: str) -> None:
    assert settled({"ARIZE_REQUEST_VERIFY": value})


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority that no system trusts."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def secure(authority: trustme.CA, engine: str) -> Iterator[str]:
    """Yield the address of a server with a certificate of the authority, for each engine."""
    assert engine
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with wired(SPACES, SPACES, context=context) as server:
        yield server.url.replace("http:", "https:")


def test_a_server_that_nobody_vouches_for_gets_nothing(client_kind: ClientKind, secure: str) -> None:
    with pytest.raises(UntrustedCertificateError, match="the certificate there cannot be verified"):
        listed(client_kind, secure)


def test_a_connection_with_tls_is_used_again(
    client_kind: ClientKind, authority: trustme.CA, ca_file: Path, engine: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    settings: dict[str, Any] = {"api_key": API_KEY, "retry": RetryPolicy(attempts=1), "ca_file": ca_file}

    async def play(url: str) -> None:
        async with AsyncAxClient(base_url=url, **settings) as ax:
            assert [len((await ax.spaces.list()).items) for _ in range(2)] == [0, 0]

    assert engine
    with wired(SPACES, SPACES, context=context) as server:
        url = server.url.replace("http:", "https:")
        if client_kind is Blocking:
            with AxClient(base_url=url, **settings) as ax:
                assert [len(ax.spaces.list().items) for _ in range(2)] == [0, 0]
        else:
            asyncio.run(play(url))
        assert server.connections == 1


@pytest.mark.parametrize(
    ("settings", "variables", "asked"),
    [
        ({}, {}, {"cafile": certifi.where(), "capath": None}),
        ({}, {"SSL_CERT_FILE": "", "SSL_CERT_DIR": FOLDER}, {"cafile": None, "capath": FOLDER}),
        ({}, {"SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d"}, {"cafile": "/f", "capath": None}),
        ({"ca_file": __file__}, {"SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d"}, {"cafile": __file__, "capath": None}),
    ],
    ids=["usual", "folder", "file", "setting"],
)
def test_authorities_are_those_that_are_named_first(
    settings: dict[str, str], variables: dict[str, str], asked: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[dict[str, object]] = []

    def create_default_context(**given: object) -> ssl.SSLContext:
        called.append(given)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    resolved = resolve_settings({"api_key": API_KEY, **settings}, environment={})
    monkeypatch.setattr(os, "environ", variables)
    monkeypatch.setattr(ssl, "create_default_context", create_default_context)

    assert make_context(resolved) is not None
    assert called == [asked]


def test_plain_http_loads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates are not loaded for plain HTTP."""
    settings = resolve_settings({"api_key": API_KEY, "base_url": "http://127.0.0.1:1"}, environment={})
    monkeypatch.setattr(httpcore_engine, "make_context", lambda _: pytest.fail("certificates were read"))

    HttpcoreEngine(settings, Network())


def test_an_authority_of_ones_own_may_be_named(client_kind: ClientKind, secure: str, ca_file: Path) -> None:
    assert listed(client_kind, secure, ca_file=ca_file) == []


@pytest.mark.parametrize("variable", ["ARIZE_CA_FILE", "SSL_CERT_FILE"])
def test_the_environment_may_name_it(
    client_kind: ClientKind, secure: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(ca_file))

    assert listed(client_kind, secure) == []


def test_a_profile_may_name_it(
    client_kind: ClientKind, secure: str, ca_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path))
    create_profile("own", {"api_key": API_KEY, "ca_file": str(ca_file)})

    assert listed(client_kind, secure, profile="own", api_key=None) == []


def test_the_name_in_a_certificate_counts(client_kind: ClientKind, secure: str, ca_file: Path) -> None:
    with pytest.raises(UntrustedCertificateError, match="cannot be verified: Hostname mismatch"):
        listed(client_kind, secure.replace("127.0.0.1", "localhost"), ca_file=ca_file)


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_certificates_that_are_not_there_are_told_at_once(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ca_file has to be a file of certificates that can be read"):
        AxClient(api_key=API_KEY, ca_file=tmp_path if kind == "folder" else tmp_path / "nothing.pem")


@pytest.mark.parametrize("source", ["ca_file", "SSL_CERT_FILE"])
def test_a_file_without_certificates_is_an_error_at_the_first_request(
    client_kind: ClientKind, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    assert engine
    path = tmp_path / "none.pem"
    path.write_text("no certificates")
    if source == "SSL_CERT_FILE":
        monkeypatch.setenv(source, str(path))

    with pytest.raises(ConfigurationError, match=f"the certificates of {source} cannot be used: {str(path)!r}"):
        listed(client_kind, "https://127.0.0.1:1", ca_file=path if source == "ca_file" else None)
