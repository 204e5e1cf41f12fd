"""Connect to a server: look its name up, try its addresses one beside the other (RFC 8305), go through a proxy."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import httpcore
from axtasks_api.operation import SUCCESSES

from axtasks.config.certificates import issuer_of

from .body import BodyError, BodyTooLargeError
from .errors import UNKNOWN_AUTHORITY, ProtocolError, ProxyRefusedError, UnreachedError, find_cause
from .http11 import Exchange, tunnel_request
from .models import MOST_HEAD_BYTES
from .network import look_up
from .steps import perform, remaining

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from httpcore import NetworkStream

    from axtasks.config.endpoint import Address
    from axtasks.config.proxy import Proxy

    from .network import Network, SocketAddress
    from .steps import Steps

# How long an address has before the next one is tried beside it.
ATTEMPT_DELAY_SECONDS = 0.3
NETWORK_ERRORS = (OSError, httpcore.NetworkError, httpcore.TimeoutException)


class Route(NamedTuple):
    """The way to a server, perhaps through a proxy; a context is None where plain HTTP is spoken."""

    address: Address
    context: ssl.SSLContext | None
    proxy: Proxy | None = None
    proxy_context: ssl.SSLContext | None = None


def connect(network: Network, route: Route, ends: float) -> Steps[NetworkStream]:
    """Connect to a server before `ends`, a monotonic time.

    Raises:
        UnreachedError: no address could be reached in time, TLS was refused, or the proxy did not connect.
    """
    host, port, _ = route.proxy.address if route.proxy else route.address
    # What fails from here on fails at the proxy, until there is a tunnel through it.
    proxy = route.proxy
    try:
        addresses = _numeric(host, port) or (yield from perform(network.look_up, host, port, remaining(ends)))
        stream = yield from _connect_first(network, addresses, ends)
        try:
            if route.proxy_context is not None:
                stream = yield from perform(stream.start_tls, route.proxy_context, host, remaining(ends))
            if route.context is not None:
                if route.proxy is not None:
                    yield from _open_tunnel(network, stream, route.address, route.proxy, ends)
                    proxy = None
                stream = yield from perform(stream.start_tls, route.context, route.address.host, remaining(ends))
        except BaseException:
            yield from perform(network.close, stream)
            raise
    except (ValueError, ProtocolError, *NETWORK_ERRORS) as error:
        reason = root_cause(error)
    else:
        return stream
    authority = None
    if isinstance(reason, ssl.SSLCertVerificationError) and reason.verify_code in UNKNOWN_AUTHORITY:
        failed = route if proxy is None else Route(proxy.address, route.proxy_context)
        authority = yield from _authority(network, failed, ends)
    raise UnreachedError(reason, proxy, authority)


def _authority(network: Network, route: Route, ends: float) -> Steps[str | None]:
    """Return the name of the authority that signed a server's certificate; None where that fails.

    It is read over another connection, over which nothing is sent.
    """
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    with suppress(UnreachedError):
        stream = yield from connect(network, route._replace(context=unchecked), ends)
        certificate = stream.get_extra_info("ssl_object").getpeercert(True)
        yield from perform(network.close, stream)
        return issuer_of(certificate)
    return None


def _connect_first(network: Network, addresses: Sequence[SocketAddress], ends: float) -> Steps[NetworkStream]:
    """Return the first connection; an address that does not respond does not hold up the next."""
    if len(addresses) == 1:
        return (yield from perform(network.connect, *addresses[0], remaining(ends)))
    waiting = list(addresses)
    pending: set[Future[NetworkStream]] = set()
    failure: BaseException = OSError("the server's name has no address")
    try:
        while waiting or pending:
            if waiting:
                pending.add((yield from perform(network.start_to_connect, *waiting.pop(0), remaining(ends))))
            seconds = min(remaining(ends), ATTEMPT_DELAY_SECONDS) if waiting else remaining(ends)
            for attempt in (yield from perform(network.wait_for_first, pending, seconds)):
                pending.discard(attempt)
                error = attempt.exception()
                if error is None:
                    return attempt.result()
                failure = error
        raise failure
    finally:
        # Nothing is waited for here: a caller that is cancelled meanwhile would lose the connection that was made.
        for attempt in pending:
            network.abandon(attempt)


def _open_tunnel(network: Network, stream: NetworkStream, address: Address, proxy: Proxy, ends: float) -> Steps[None]:
    """Have a proxy connect to a server; from then on the stream is one to the server."""
    exchange = Exchange(tunnel_request(address, proxy), None, most_bytes=MOST_HEAD_BYTES)
    try:
        for piece in exchange.pieces():
            yield from perform(stream.write, piece, remaining(ends))
        while not exchange.has_begun:
            with suppress(BodyError, BodyTooLargeError):
                exchange.receive((yield from perform(stream.read, network.read_bytes, remaining(ends))))
    except ProtocolError as error:
        raise ProtocolError(f"the proxy did not connect: {error}") from None
    status = exchange.response().status_code
    if status not in SUCCESSES:
        from http.client import responses

        raise ProxyRefusedError(f"the proxy refused to connect: {status} {responses.get(status, '')}", status)
    if not exchange.is_reusable:
        raise ProtocolError("the proxy sent data before the server could")


def _numeric(host: str, port: int) -> Sequence[SocketAddress]:
    """Return the address of a host that is an IP address already; nothing for a name."""
    with suppress(socket.gaierror):
        return look_up(host, port, flags=socket.AI_NUMERICHOST)
    return []


def root_cause(error: Exception) -> Exception:
    """Return the error of the system beneath those of httpcore and anyio, which is what a reader knows."""
    if not isinstance(error, NETWORK_ERRORS):
        return error
    kind = TimeoutError if isinstance(error, httpcore.TimeoutException) else ConnectionError
    return find_cause(error, OSError) or kind(str(error))
