"""The proxy that the environment names for a server."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import ConfigurationError

from .endpoint import DEFAULT_PORTS, SCHEMES, Address, is_local_http, parse_address

if TYPE_CHECKING:
    from .credentials import Secret

# The schemes that a proxy may be set for; the variables of the environment are named after them.
PROXIED = ("http", "https", "all")
SOCKS = ("socks5", "socks5h")
DEFAULT_SOCKS_PORT = 1080
# Platforms whose system settings may name a proxy besides the environment.
_WITH_SYSTEM_SETTINGS = ("darwin", "win32", "cygwin")


class Proxy(NamedTuple):
    """A proxy.

    Attributes:
        scheme: the protocol that it speaks, `http`, `https` or one of `SOCKS`.
        address: its address.
        authorization: the value of `Proxy-Authorization`; None if it asks for none.
        variable: the environment variable, or the setting, that names it.
    """

    scheme: str
    address: Address
    authorization: Secret | None = None
    variable: str = ""

    @property
    def url(self) -> str:
        """Its URL, without user and password."""
        return f"{self.scheme}://{self.address.authority}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of a request to it."""
        return [] if self.authorization is None else [("proxy-authorization", self.authorization.reveal())]


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy for a server; None if requests go there directly.

    Raises:
        ConfigurationError: the proxy that is named cannot be used.
    """
    if is_local_http(base_url) or not _may_be_set():
        # A request that must not leave this machine is never sent to a proxy.
        return None
    # Imported late: these take longer to import than all of a first request.
    from urllib.request import getproxies, proxy_bypass

    scheme = base_url.partition("://")[0]
    address = parse_address(base_url)
    proxies = getproxies()
    named = scheme if proxies.get(scheme) else "all"
    url = proxies.get(named)
    if not url or proxy_bypass(f"{address.host}:{address.port}"):
        return None
    variable = _variable(named, url)
    try:
        return parse_proxy(url, variable)
    except ValueError as error:
        raise ConfigurationError(
            f"the proxy that {variable} names cannot be used: {error}", variable=variable
        ) from None


def _variable(scheme: str, url: str) -> str:
    """Return the variable that names a proxy; small letters go before capitals."""
    names = [name for name, value in os.environ.items() if name.lower() == f"{scheme}_proxy" and value == url]
    return max(names, default="the system's settings")


def _may_be_set() -> bool:
    if sys.platform in _WITH_SYSTEM_SETTINGS:
        return True
    variables = {f"{scheme}_proxy" for scheme in PROXIED}
    return any(value and name.lower() in variables for name, value in os.environ.items())


def parse_proxy(url: str, variable: str = "") -> Proxy:
    """Return the proxy with this URL, which may lack the scheme.

    Raises:
        ValueError: the URL is not of a proxy.
    """
    from base64 import b64encode
    from urllib.parse import unquote, urlsplit

    from .credentials import Secret

    # No message shows the URL: it may have a password. Those of `urlsplit` quote parts of it.
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        raise ValueError("it is not a valid URL") from None
    if parts.scheme not in (*SCHEMES, *SOCKS):
        raise ValueError(f"its scheme has to be one of {', '.join((*SCHEMES, *SOCKS))}, not {parts.scheme!r}")
    if not parts.hostname:
        raise ValueError("it has no host")
    try:
        port = DEFAULT_PORTS.get(parts.scheme, DEFAULT_SOCKS_PORT) if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("its port is no number from 1 to 65535")
    authorization = None
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = Secret(f"Basic {b64encode(credentials.encode()).decode()}")
    return Proxy(parts.scheme, Address(parts.hostname, port, parts.netloc.rpartition("@")[2]), authorization, variable)
