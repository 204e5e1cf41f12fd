"""Access to a served mock: its admin API has no keys, so it is for programs on the same machine.

The address at the other end of the connection decides, which no header can forge. It is not enough where a browser
runs: a page from anywhere can send requests to this machine, under the page's own origin, or under a name that it let
point here. So names in `Host` have to be names of this machine, and an `Origin` has to be the mock's own. All requests
through a proxy on this machine come from here: what it adds is refused; behind one that adds nothing, choose `nobody`.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axtasks.mock.problems import RefusalError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv6Address

    from axtasks.mock.messages import Headers, MockRequest

WAY_OUT = "start it with `ax mock serve --control-from any`, or MockServer(control_from='any'), and send its token"
BEHIND_A_PROXY = "a mock behind a proxy is started with `--control-from nobody`, or with `any` and a token"
FORWARDED = ("forwarded", "via", "x-real-ip")
FORWARDED_PREFIX = "x-forwarded-"
OLD_HTTP = "1.0"
# Browsers ask a person for it.
CHALLENGE = (("WWW-Authenticate", 'Basic realm="the mock", charset="UTF-8"'),)


class ControlFrom(StrEnum):
    """The origins that requests to the admin API may have."""

    LOOPBACK = "loopback"
    ANY = "any"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of access to a mock on a socket.

    Attributes:
        control_from: where requests for the mock's own operations may come from.
        token: the token that they have to carry; None for none.
        hosts: the names, besides those of this machine, that `Host` may have in requests for the API; None for any.
        takes_addresses: True if `Host` may have any IP address: nobody can let one point anywhere else.
    """

    control_from: ControlFrom = ControlFrom.LOOPBACK
    token: str | None = None
    hosts: frozenset[str] | None = None
    takes_addresses: bool = False

    def bar(self, peer: str | None, headers: Headers, *, http_version: str = "1.1") -> str | None:
        """Return the reason why a request may not steer the mock; None for one that may, but for its token.

        `peer` is the address at the other end of the connection, None where it is not known.
        """
        hosts = _values(headers, "host")
        if self.control_from is ControlFrom.NOBODY:
            return "the mock can be steered by nobody: it was started with `--control-from nobody`"
        if self.control_from is ControlFrom.LOOPBACK:
            if peer is None or not _is_loopback(peer):
                return (
                    f"the mock can be steered from its own machine alone, not from {peer or 'an unknown address'}; "
                    f"to let others steer it, {WAY_OUT}"
                )
            for host in hosts:
                if not _is_own_name(host):
                    return (
                        f"the mock can be steered as localhost or 127.0.0.1, not as {quoted(host)}; "
                        f"to let it be steered by any name, {WAY_OUT}"
                    )
            if (sign := _sign_of_proxy(headers, http_version)) is not None:
                return f"the mock cannot be steered through a proxy, as {sign} shows; {BEHIND_A_PROXY}"
        for origin in _values(headers, "origin"):
            if _place(origin) not in {host.lower() for host in hosts}:
                return f"the mock cannot be steered by web pages of others, such as those of {quoted(origin)}"
        return None

    def lacks_token(self, headers: Headers) -> bool:
        """Return True if a request needs a token to steer the mock, and does not carry it."""
        if self.token is None:
            return False
        return not any(compare_digest(given, self.token.encode()) for given in _tokens(headers))

    def bar_host(self, headers: Headers) -> str | None:
        """Return the reason why the API does not answer under the names in `Host`; None if it does.

        A web page can let a name of its own point to this machine, and would read what is answered under it.
        """
        if self.hosts is None:
            return None
        for host in _values(headers, "host"):
            name = _name_of(host)
            if not (_is_own_name(host) or name in self.hosts or (self.takes_addresses and _address(name))):
                return (
                    f"the mock does not answer as {quoted(host)}; to let it, start it with `ax mock serve --allow-host "
                    "NAME`, or MockServer(allow_hosts=[NAME])"
                )
        return None


def check(request: MockRequest) -> None:
    """Raise a refusal for a request that the server or transport has barred."""
    if request.barred is not None:
        status = HTTPStatus.UNAUTHORIZED if request.lacks_token else HTTPStatus.FORBIDDEN
        raise RefusalError(status, request.barred, headers=CHALLENGE if request.lacks_token else ())


def _sign_of_proxy(headers: Headers, http_version: str) -> str | None:
    """Return the sign by which a request is seen to have come through a proxy."""
    for name, _ in headers:
        if name.lower() in FORWARDED or name.lower().startswith(FORWARDED_PREFIX):
            return f"its header {name}"
    # By default nginx adds no header, and uses HTTP/1.0.
    return "its HTTP/1.0" if http_version == OLD_HTTP else None


def _tokens(headers: Headers) -> Iterator[bytes]:
    """Yield the tokens of a request: of `Bearer`, or the password of `Basic`, which browsers ask a person for."""
    for value in _values(headers, "authorization"):
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() == "bearer":
            yield credentials.strip().encode("latin-1")  # the bytes that were sent
        elif scheme.lower() == "basic":
            try:
                yield b64decode(credentials).partition(b":")[2]
            except ValueError:
                continue


def _values(headers: Headers, name: str) -> list[str]:
    return [value.strip() for key, value in headers if key.lower() == name]


def _place(origin: str) -> str:
    """Host and port of an origin; nothing for one that has none, such as `null`."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback


@lru_cache
def _name_of(host: str) -> str:
    """Return the name in a `Host` without its port, in small letters; nothing for what is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


@lru_cache
def _is_own_name(host: str) -> bool:
    """Return whether the name in a `Host` can only mean this machine, as nobody can let `localhost` point elsewhere."""
    name = _name_of(host)
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)
