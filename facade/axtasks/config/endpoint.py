"""The address of the server, and the check that the API key may be sent there."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


DEFAULT_HOST = "api.arize.com"
DEFAULT_SCHEME = "https"
SCHEMES = ("https", "http")
DEFAULT_PORTS = {"https": 443, "http": 80}
# Settings that name the server. At most one may be given in one source.
ENDPOINTS = ("base_url", "api_host", "single_host", "region", "base_domain")
HIGHEST_PORT = 65535
_LABEL = r"[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]+))?")


class Address(NamedTuple):
    """The address of a server.

    Attributes:
        host: its name or IP address, the latter without brackets.
        port: its port.
        authority: both for the `Host` header, without the default port.
    """

    host: str
    port: int
    authority: str


def parse_address(url: str) -> Address:
    """Return the address of a URL of scheme and host."""
    scheme, _, authority = url.lower().partition("://")
    match = _HOST.fullmatch(authority)
    name, port_text = (match["name"], match["port"]) if match else (authority, None)
    default = DEFAULT_PORTS[scheme]
    port = int(port_text or default)
    return Address(name.strip("[]"), port, name if port == default else f"{name}:{port}")


def is_https(url: str) -> bool:
    """Return True if the URL is of https."""
    return url.partition("://")[0] == DEFAULT_SCHEME


def check_endpoint(url: str, *, allow_http: bool) -> str:
    """Return the URL; raise ConfigurationError if the key would leave this machine unencrypted without `allow_http`."""
    if not is_https(url) and not allow_http and not _is_loopback(url.partition("://")[2]):
        raise ConfigurationError(
            f"{url} is not on this machine, and over http anybody on the way could read the API key: use https, or, if"
            " that way is safe, allow_http=True or ARIZE_ALLOW_HTTP=true"
        )
    return url


def is_local_http(url: str) -> bool:
    """Return True for http on this machine: such requests must not leave it, so no proxy may be used."""
    return not is_https(url) and _is_loopback(url.partition("://")[2])


def _is_loopback(host: str) -> bool:
    match = _HOST.fullmatch(host)
    name = match["name"].strip("[]").rstrip(".").lower() if match else ""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def resolve_base_url(
    sources: Iterable[tuple[Callable[[str], str], Mapping[str, str]]], scheme_name: str, scheme: str
) -> str:
    """Return the URL of the server, from the first source that names one.

    Args:
        sources: the settings of each source, with the function that names them for messages.
        scheme_name: the name of the setting of the scheme, for messages.
        scheme: the scheme for values without one.

    Raises:
        ConfigurationError: a source names two servers, or none that can be one.
    """
    if scheme not in SCHEMES:
        raise ConfigurationError(f"{scheme_name} has to be one of {', '.join(SCHEMES)}, not {scheme!r}")
    for shown, values in sources:
        names = [name for name in ENDPOINTS if values.get(name)]
        if len(names) > 1:
            raise ConfigurationError(
                f"{' and '.join(map(shown, names))} are both given, and each names a server: give one"
            )
        if values.get("single_port") and not values.get("single_host"):
            raise ConfigurationError(f"{shown('single_port')} is given without {shown('single_host')}")
        if names:
            return _build_url(names[0], values, scheme, shown)
    return f"{scheme}://{DEFAULT_HOST}"


def _build_url(name: str, values: Mapping[str, str], scheme: str, shown: Callable[[str], str]) -> str:
    value, shown_name = values[name], shown(name)
    if name == "base_url":
        url_scheme, separator, host = value.partition("://")
        if not separator or url_scheme not in SCHEMES:
            raise ConfigurationError(f"{shown_name} has to begin with https:// or http://, not {value!r}")
        return f"{url_scheme}://{_check_host(shown_name, host.rstrip('/'))}"
    host = _check_host(shown_name, value, with_port=name != "region")
    if name == "region":
        host = f"api.{host}.arize.com"
    elif name == "base_domain":
        host = f"api.{host}"
    elif name == "single_host" and values.get("single_port"):
        port = values["single_port"]
        if not _is_port(port):
            raise ConfigurationError(f"{shown('single_port')} has to be a port number, not {port!r}")
        host = f"{_check_host(shown_name, value, with_port=False)}:{port}"
    return f"{scheme}://{host}"


def _check_host(name: str, value: str, *, with_port: bool = True) -> str:
    match = _HOST.fullmatch(value)
    port = match and match["port"]
    if match is None or (port is not None and not (with_port and _is_port(port))):
        where = "with a port where one is needed" if with_port else "without a port"
        raise ConfigurationError(f"{name} has to be a host name, {where}, not {value!r}")
    return value


def _is_port(text: str) -> bool:
    is_short = len(text) <= len(str(HIGHEST_PORT))
    return is_short and text.isascii() and text.isdigit() and 0 < int(text) <= HIGHEST_PORT
