"""From what goes wrong between here and the server to the errors that stand for it, none of which shows the key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from axtasks.errors import AxError, ConfigurationError, ConnectionFailedError, RequestTimeoutError, TransportError

from .body import BodyError

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.settings import Settings

# What httpx stands on. It translates their errors, but not on every path.
_BENEATH_HTTPX = frozenset({"anyio", "h11", "h2", "httpcore", "httpx", "sniffio", "socksio"})


class ProtocolError(Exception):
    """What came is not HTTP, or not all of an answer."""


class UnreachedError(Exception):
    """There is no connection to the server, so nothing was sent.

    Args:
        reason: what came up instead.
    """

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


def error_for_failure(
    error: BaseException, request: PreparedRequest, settings: Settings, *, closed: bool
) -> BaseException:
    """What to raise for an error while sending: one of ours, or what is none of our business as it is.

    Args:
        error: what came up.
        request: what was being sent.
        settings: how the client is set up.
        closed: whether the client was closed meanwhile.
    """
    if isinstance(error, AxError):
        # What it was raised from, and where, knows more than it says.
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    if not isinstance(error, Exception):
        return without_secrets(error, request, settings)
    if not is_of_sending(error):
        return error
    if closed and isinstance(error, RuntimeError):
        return ConfigurationError("this client was closed while a request was on its way; make a new one")
    # Without a connection nothing was sent.
    unsent = is_without_connection(error)
    error = error.reason if isinstance(error, UnreachedError) else error
    failed = translate(error, request, settings, unsent=unsent)
    # An error may quote what a server sent.
    if settings.api_key.redact_text(str(error)) == str(error):
        failed.__cause__ = without_secrets(error, request, settings)
    return failed


def _httpx() -> Any:
    """The library, if anybody imported it: otherwise nothing is an error of it."""
    return sys.modules.get("httpx")


def is_of_sending(error: Exception) -> bool:
    """Whether an error says that something went wrong between here and the server, and not in a caller's own code."""
    # OSError has those of sockets and TLS below it, ValueError those of Unicode, RuntimeError says that a client or an
    # event loop was closed in between.
    own = (UnreachedError, ProtocolError, BodyError, OSError, ValueError, RuntimeError, EOFError)
    if isinstance(error, own) or type(error).__module__.partition(".")[0] in _BENEATH_HTTPX:
        return True
    httpx = _httpx()
    if httpx is None:
        return False
    return isinstance(error, (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict))


def is_without_connection(error: Exception) -> bool:
    """Whether an error says that there was no connection to send anything over."""
    httpx = _httpx()
    if httpx is None or isinstance(error, UnreachedError):
        return isinstance(error, UnreachedError)
    return isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL))


def is_of_time(error: Exception) -> bool:
    """Whether an error says that something took too long."""
    httpx = _httpx()
    return isinstance(error, TimeoutError) or (httpx is not None and isinstance(error, httpx.TimeoutException))


def translate(error: Exception, request: PreparedRequest, settings: Settings, *, unsent: bool) -> AxError:
    """The error of ours that stands for another.

    Args:
        error: what came up.
        request: what was being sent.
        settings: how the client is set up.
        unsent: whether nothing was sent.
    """
    what = f"{request.operation_id} ({request.method} {request.path})"
    told = settings.api_key.redact_text(str(error))
    reason = f"{type(error).__name__}: {told}" if told else type(error).__name__
    if unsent:
        return ConnectionFailedError(
            f"{settings.base_url} was not reached for {what}: {reason}", operation_id=request.operation_id
        )
    if is_of_time(error):
        return RequestTimeoutError(f"{what} was not answered in time: {reason}", operation_id=request.operation_id)
    return TransportError(f"{what} got no usable answer: {reason}", operation_id=request.operation_id)


def without_secrets(error: BaseException, request: PreparedRequest, settings: Settings) -> BaseException:
    """The error without what led to it: the variables there hold what was sent, the key included."""
    error.__cause__ = error.__context__ = None
    httpx = _httpx()
    if httpx is not None and isinstance(error, httpx.RequestError):
        known: Any = error
        known.request = httpx.Request(request.method, settings.base_url + request.path)
    return error.with_traceback(None)
