"""Access to the admin API of a served mock: it has no keys, so it is for programs on the same machine.

The address at the other end of the connection decides, which no header can forge. It is not enough where a browser
runs: a page from anywhere can send requests to this machine, under the page's own origin, or under a name that it let
point here. So names in `Host` have to be names of this machine, and an `Origin` has to be the mock's own.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axtasks.mock.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock.messages import Headers

WAY_OUT = "start it with `ax mock serve --control-from any`, or MockServer(control_from='any')"


class ControlFrom(StrEnum):
    """The origins that requests to the admin API may have."""

    LOOPBACK = "loopback"
    ANY = "any"


def bar(peer: str | None, headers: Headers, control_from: ControlFrom) -> str | None:
    """Why a request may not steer the mock; None for one that may.

    `peer` is the address at the other end of the connection, None where it is not known.
    """
    hosts = list(_values(headers, "host"))
    if control_from is ControlFrom.LOOPBACK:
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
    for origin in _values(headers, "origin"):
        if _place(origin) not in {host.lower() for host in hosts}:
            return f"the mock cannot be steered by web pages of others, such as those of {quoted(origin)}"
    return None


def _values(headers: Headers, name: str) -> Iterator[str]:
    return (value.strip() for key, value in headers if key.lower() == name)


def _place(origin: str) -> str:
    """Host and port of an origin; nothing for one that has none, such as `null`."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def _is_own_name(host: str) -> bool:
    """Return whether a `Host` can only mean this machine: nobody can let `localhost` point anywhere else."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)
