"""Translate errors of sockets, TLS and HTTP libraries into those of this package, without the API key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from axtasks.errors import AxError, ConfigurationError, ConnectionFailedError, RequestTimeoutError, TransportError

from .body import BodyError

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.settings import Settings

# The libraries beneath httpx and httpx2, and these two. They translate their errors, but not on every path.
_BENEATH_HTTPX = frozenset({"anyio", "h11", "h2", "httpcore", "httpcore2", "httpx", "httpx2", "sniffio", "socksio"})
# The libraries whose clients `http_client=` takes.
_LIBRARIES = ("httpx", "httpx2")


class ProtocolError(Exception):
    """The bytes received are not HTTP, or not a whole response."""


class UnreachedError(Exception):
    """There is no connection to the server, so nothing was sent; `reason` is the error that says why."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


def error_for_failure(
    error: BaseException, request: PreparedRequest, settings: Settings, *, closed: bool
) -> BaseException:
    """Return the error to raise for one that came up while sending: one of ours, or a foreign one as it is."""
    if isinstance(error, AxError):
        # Its cause and its traceback may hold the key.
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    if not isinstance(error, Exception):
        return _without_secrets(error, request, settings)
    if not is_of_sending(error):
        return error
    if closed and isinstance(error, RuntimeError):
        return ConfigurationError("this client was closed while a request was on its way; make a new one")
    unsent = isinstance(error, UnreachedError)
    error = error.reason if isinstance(error, UnreachedError) else error
    failure = _translate(error, request, settings, unsent=unsent)
    # An error may quote what a server sent.
    if settings.api_key.redact_text(str(error)) == str(error):
        failure.__cause__ = _without_secrets(error, request, settings)
    return failure


def is_of_sending(error: Exception) -> bool:
    """Return True for an error of sending and receiving, False for one of a caller's own code."""
    # OSError has those of sockets and TLS below it, ValueError those of Unicode, RuntimeError says that a client or an
    # event loop was closed in between.
    own = (UnreachedError, ProtocolError, BodyError, OSError, ValueError, RuntimeError, EOFError)
    return isinstance(error, own) or any(_library(kind) in _BENEATH_HTTPX for kind in type(error).__mro__)


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _is_of_httpx(error: BaseException, *names: str) -> bool:
    """Return True for an error of one of these kinds of httpx or httpx2."""
    return any(kind.__name__ in names and _library(kind) in _LIBRARIES for kind in type(error).__mro__)


def _translate(error: Exception, request: PreparedRequest, settings: Settings, *, unsent: bool) -> AxError:
    """Return the TransportError for an error of sending; `unsent` says that there was no connection."""
    what = f"{request.operation_id} ({request.method} {request.path})"
    text = settings.api_key.redact_text(str(error))
    reason = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if unsent or _is_of_httpx(error, "ConnectError", "ConnectTimeout", "PoolTimeout", "InvalidURL"):
        return ConnectionFailedError(
            f"{settings.base_url} was not reached for {what}: {reason}", operation_id=request.operation_id
        )
    if isinstance(error, TimeoutError) or _is_of_httpx(error, "TimeoutException"):
        return RequestTimeoutError(f"{what} was not answered in time: {reason}", operation_id=request.operation_id)
    return TransportError(f"{what} got no usable answer: {reason}", operation_id=request.operation_id)


def _without_secrets(error: BaseException, request: PreparedRequest, settings: Settings) -> BaseException:
    """Return the error without cause and traceback: the variables there hold the headers, the key included."""
    error.__cause__ = error.__context__ = None
    if _is_of_httpx(error, "RequestError"):
        known: Any = error
        library = next(sys.modules[name] for kind in type(error).__mro__ if (name := _library(kind)) in _LIBRARIES)
        known.request = library.Request(request.method, settings.base_url + request.path)
    return error.with_traceback(None)
