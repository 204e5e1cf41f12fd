"""From what goes wrong between here and the server to the errors that stand for it, none of which shows the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.bodies import BodyError
from axtasks.errors import AxError, ConfigurationError, ConnectionFailedError, RequestTimeoutError, TransportError

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config import Settings

# What httpx stands on. It translates their errors, but not on every path.
_BENEATH_HTTPX = frozenset({"anyio", "h11", "h2", "httpcore", "httpx", "sniffio", "socksio"})


def failure(error: BaseException, request: PreparedRequest, settings: Settings, *, closed: bool) -> BaseException:
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
        return harmless(error, request, settings)
    if not is_of_sending(error):
        return error
    if closed and isinstance(error, RuntimeError):
        return ConfigurationError("this client was closed while a request was on its way; make a new one")
    failed = translate(error, request, settings)
    # An error may quote what a server sent.
    if settings.api_key.hidden_in_text(str(error)) == str(error):
        failed.__cause__ = harmless(error, request, settings)
    return failed


def is_of_sending(error: Exception) -> bool:
    """Whether an error says that something went wrong between here and the server, and not in a caller's own code."""
    import httpx

    own = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict, BodyError)
    # OSError has those of sockets and TLS below it, ValueError those of Unicode, RuntimeError says that a client or an
    # event loop was closed in between.
    if isinstance(error, (*own, OSError, ValueError, RuntimeError, EOFError)):
        return True
    return type(error).__module__.partition(".")[0] in _BENEATH_HTTPX


def translate(error: Exception, request: PreparedRequest, settings: Settings) -> AxError:
    """The error of ours that stands for one of httpx, or of what httpx stands on."""
    import httpx

    what = f"{request.operation_id} ({request.method} {request.path})"
    told = settings.api_key.hidden_in_text(str(error))
    reason = f"{type(error).__name__}: {told}" if told else type(error).__name__
    # Without a connection nothing was sent.
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.InvalidURL):
        return ConnectionFailedError(
            f"{settings.base_url} was not reached for {what}: {reason}", operation_id=request.operation_id
        )
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return RequestTimeoutError(f"{what} was not answered in time: {reason}", operation_id=request.operation_id)
    return TransportError(f"{what} got no usable answer: {reason}", operation_id=request.operation_id)


def harmless(error: BaseException, request: PreparedRequest, settings: Settings) -> BaseException:
    """The error without what led to it: the variables there hold what was sent, the key included."""
    import httpx

    error.__cause__ = error.__context__ = None
    if isinstance(error, httpx.RequestError):
        error.request = httpx.Request(request.method, settings.base_url + request.path)
    return error.with_traceback(None)
