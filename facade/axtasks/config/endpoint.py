"""The address of the server, and whether the API key may be sent there."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


DEFAULT_HOST = "api.arize.com"
DEFAULT_SCHEME = "https"
SCHEMES = ("https", "http")
USUAL_PORTS = {"https": 443, "http": 80}
# What says where the server is. At most one may be given in one place.
ENDPOINTS = ("base_url", "api_host", "single_host", "region", "base_domain")
HIGHEST_PORT = 65535
_LABEL = r"[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]+))?")


class Address(NamedTuple):
    """Where connections to a server go.

    Attributes:
        host: its name or address, the latter without brackets.
        port: its port.
        authority: both as requests name them, the usual port left out.
    """

    host: str
    port: int
    authority: str


def address_of(url: str) -> Address:
    """Where connections to a server go.

    Args:
        url: scheme and host.
    """
    scheme, _, authority = url.lower().partition("://")
    match = _HOST.fullmatch(authority)
    name, told = (match["name"], match["port"]) if match else (authority, None)
    usual = USUAL_PORTS[scheme]
    port = int(told or usual)
    return Address(name.strip("[]"), port, name if port == usual else f"{name}:{port}")


def is_https(url: str) -> bool:
    """Whether what goes there is encrypted.

    Args:
        url: scheme and host.
    """
    return url.partition("://")[0] == DEFAULT_SCHEME


def check_endpoint(url: str, *, allow_http: bool) -> str:
    """The address of the server, unless the key would go there for everybody to read.

    Args:
        url: scheme and host.
        allow_http: whether that does not matter.

    Raises:
        ConfigurationError: it would.
    """
    if not is_https(url) and not allow_http and not _is_loopback(url.partition("://")[2]):
        raise ConfigurationError(
            f"{url} is not on this machine, and over http anybody on the way could read the API key: use https, or, if"
            " that way is safe, allow_http=True or ARIZE_ALLOW_HTTP=true"
        )
    return url


def is_local_http(url: str) -> bool:
    """Whether what goes there is for everybody to read on the way, so that it must not leave this machine.

    No proxy of the environment may come between then.

    Args:
        url: scheme and host.
    """
    return not is_https(url) and _is_loopback(url.partition("://")[2])


def _is_loopback(host: str) -> bool:
    match = _HOST.fullmatch(host)
    name = match["name"].strip("[]").rstrip(".").lower() if match else ""
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def base_url(sources: Iterable[tuple[str, Mapping[str, str]]], scheme: str) -> str:
    """The address of the server, which the first place names that names any.

    Args:
        sources: the places, each with what it gives.
        scheme: how to talk to the server, where that is not part of its address.

    Raises:
        ConfigurationError: a place names two, or what is none.
    """
    if scheme not in SCHEMES:
        raise ConfigurationError(f"api_scheme has to be one of {', '.join(SCHEMES)}, not {scheme!r}")
    for origin, values in sources:
        chosen = [name for name in ENDPOINTS if values.get(name)]
        if len(chosen) > 1:
            raise ConfigurationError(
                f"{' and '.join(chosen)} are both given as {origin}, and each names a server: give one"
            )
        if values.get("single_port") and not values.get("single_host"):
            raise ConfigurationError(f"single_port is given as {origin} without single_host")
        if chosen:
            return _url_of(chosen[0], values, scheme)
    return f"{scheme}://{DEFAULT_HOST}"


def _url_of(name: str, values: Mapping[str, str], scheme: str) -> str:
    value = values[name]
    if name == "base_url":
        given_scheme, separator, host = value.partition("://")
        if not separator or given_scheme not in SCHEMES:
            raise ConfigurationError(f"base_url has to begin with https:// or http://, not {value!r}")
        return f"{given_scheme}://{_host(name, host.rstrip('/'))}"
    host = _host(name, value, with_port=name != "region")
    if name == "region":
        host = f"api.{host}.arize.com"
    elif name == "base_domain":
        host = f"api.{host}"
    elif name == "single_host" and values.get("single_port"):
        port = values["single_port"]
        if not _is_port(port):
            raise ConfigurationError(f"single_port has to be a port number, not {port!r}")
        host = f"{_host(name, value, with_port=False)}:{port}"
    return f"{scheme}://{host}"


def _host(name: str, value: str, *, with_port: bool = True) -> str:
    match = _HOST.fullmatch(value)
    port = match and match["port"]
    if match is None or (port is not None and not (with_port and _is_port(port))):
        where = "with a port where one is needed" if with_port else "without a port"
        raise ConfigurationError(f"{name} has to be a host name, {where}, not {value!r}")
    return value


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= HIGHEST_PORT
