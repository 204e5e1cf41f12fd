"""Translate errors of sockets, TLS and HTTP libraries into those of this package, without the API key."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from axtasks.config.credentials import without_frames
from axtasks.config.endpoint import Address
from axtasks.config.proxy import Proxy
from axtasks.errors import (
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    ProxyFailedError,
    RequestTimeoutError,
    TransportError,
    UntrustedCertificateError,
)
from axtasks.text import printable

from .body import BodyError

if TYPE_CHECKING:
    from axtasks_api.operation import PreparedRequest

    from axtasks.config.settings import Settings

E = TypeVar("E", bound=BaseException)

# The libraries beneath httpx and httpx2, and these two. They translate their errors, but not on every path.
_BENEATH_HTTPX = frozenset({"anyio", "h11", "h2", "httpcore", "httpcore2", "httpx", "httpx2", "sniffio", "socksio"})
# Packages through whose variables the key goes, besides those of the standard library.
_WITH_KEY = _BENEATH_HTTPX | {"axtasks", "axtasks_api"}
# The libraries whose clients `http_client=` takes.
_LIBRARIES = ("httpx", "httpx2")
# Their errors that come before anything is sent.
_UNSENT = ("ConnectError", "ConnectTimeout", "InvalidURL", "PoolTimeout", "ProxyError")
# OpenSSL's codes for an authority that is not trusted: self-signed, itself or at the end of its chain, or unknown.
UNKNOWN_AUTHORITY = (18, 19, 20, 21)
# What OpenSSL says of a server that speaks something other than TLS, such as plain HTTP; the second since its 3.2.
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
# Stands for a proxy that nobody but the client that was passed in knows.
_OF_THE_CLIENT = Proxy("http", Address("", 0, ""), variable="http_client")


class ProtocolError(Exception):
    """The bytes received are not HTTP, or not a whole response."""


class ProxyRefusedError(ProtocolError):
    """The proxy responded, and did not connect.

    Attributes:
        status_code: the HTTP status of its response.
    """

    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.status_code = status_code


class UnreachedError(Exception):
    """There is no connection to the server, so nothing was sent.

    Attributes:
        reason: the error that says why.
        proxy: the proxy that it failed at; None where the way to the server goes on without one.
        authority: the name of the authority that signed a certificate and is not trusted, if that is the reason.
    """

    def __init__(self, reason: Exception, proxy: Proxy | None = None, authority: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.proxy = proxy
        self.authority = authority


def error_for_failure(
    error: BaseException, request: PreparedRequest, settings: Settings, *, closed: bool, proxy: Proxy | None
) -> BaseException:
    """Return the error to raise for one that came up while sending: one of ours, or a foreign one as it is.

    `proxy` is the one that the library beneath goes through, whose errors do not tell.
    """
    if isinstance(error, AxError):
        # Its cause and its traceback may hold the key.
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    if not isinstance(error, Exception):
        return _without_secrets(error, request, settings)
    if not is_of_sending(error):
        return without_frames(error, _WITH_KEY)
    if closed and isinstance(error, RuntimeError):
        return ConfigurationError("this client was closed while a request was on its way; make a new one")
    if _is_of_httpx(error, *_UNSENT):
        known = _OF_THE_CLIENT if _is_of_httpx(error, "ProxyError") else None
        error = UnreachedError(error, proxy or known)
    what = f"{request.operation_id} ({request.method} {request.path})"
    failure: AxError
    if isinstance(error, UnreachedError):
        failure = _unreached(error, f"{settings.base_url} was not reached for {what}", request, settings)
        error = error.reason
    else:
        is_late = isinstance(error, TimeoutError) or _is_of_httpx(error, "TimeoutException")
        text = f"{what} {'was not answered in time' if is_late else 'got no usable answer'}: {_quoted(error, settings)}"
        failure = (RequestTimeoutError if is_late else TransportError)(text, operation_id=request.operation_id)
    # An error may quote what a server sent, and its text is shown as it is.
    if str(error) == printable(settings.api_key.redact_text(str(error))):
        failure.__cause__ = _without_secrets(error, request, settings)
    return failure


def is_of_sending(error: Exception) -> bool:
    """Return True for an error of sending and receiving, False for one of a caller's own code."""
    # OSError has those of sockets and TLS below it, ValueError those of Unicode; RuntimeError tells what was closed.
    own = (UnreachedError, ProtocolError, BodyError, OSError, ValueError, RuntimeError, EOFError)
    return isinstance(error, own) or any(_library(kind) in _BENEATH_HTTPX for kind in type(error).__mro__)


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _is_of_httpx(error: BaseException, *names: str) -> bool:
    """Return True for an error of one of these kinds of httpx or httpx2."""
    return any(kind.__name__ in names and _library(kind) in _LIBRARIES for kind in type(error).__mro__)


def _quoted(error: Exception, settings: Settings) -> str:
    text = settings.api_key.redact_text(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _unreached(
    unreached: UnreachedError, text: str, request: PreparedRequest, settings: Settings
) -> ConnectionFailedError:
    """Return the error for a server that was not reached, or a proxy on the way there; `text` begins its message."""
    # Imported late: what fails here has imported it.
    from ssl import SSLCertVerificationError, SSLError

    reason, proxy, operation_id = unreached.reason, unreached.proxy, request.operation_id
    url = proxy.url if proxy is not None and proxy is not _OF_THE_CLIENT else None
    if proxy is not None:
        text += f" through the proxy {f'{url} ' if url else ''}of {proxy.variable}"
    if (flaw := find_cause(reason, SSLCertVerificationError)) is not None:
        text += f": the certificate there cannot be verified: {flaw.verify_message}"
        if flaw.verify_code in UNKNOWN_AUTHORITY:
            text += (
                f"; it is signed by {unreached.authority or 'an authority'!r}, which is not trusted: if it should be,"
                " name a file with its certificate, as ca_file=..., ARIZE_CA_FILE or SSL_CERT_FILE"
            )
        return UntrustedCertificateError(text, operation_id=operation_id, authority=unreached.authority)
    text += f": {_quoted(reason, settings)}"
    is_final = _is_final(reason)
    if proxy is None:
        if (refusal := find_cause(reason, SSLError)) is not None and refusal.reason in _NO_TLS:
            text += (
                '; the server there does not speak TLS: if it speaks plain http, give base_url="http://...",'
                ' or api_scheme="http" or ARIZE_API_SCHEME=http beside its host'
            )
        return ConnectionFailedError(text, operation_id=operation_id, is_final=is_final)
    return ProxyFailedError(text, operation_id=operation_id, is_final=is_final, proxy=url, variable=proxy.variable)


def find_cause(error: BaseException | None, kind: type[E]) -> E | None:
    """Return the first error of a kind among one and those that it came from; None if there is none."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__ or error.__context__
    return error


def _is_final(error: Exception) -> bool:
    """Return True if trying again cannot help: TLS was refused, a proxy refuses, the address is none."""
    import ssl

    if isinstance(error, ProxyRefusedError):
        return error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, ssl.SSLError):
        # These say that the connection broke.
        return not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError))
    return isinstance(error, (PermissionError, ValueError))


def _without_secrets(error: BaseException, request: PreparedRequest, settings: Settings) -> BaseException:
    """Return the error without cause and traceback: the variables there hold the headers, the key included."""
    error.__cause__ = error.__context__ = None
    if _is_of_httpx(error, "RequestError"):
        known: Any = error
        library = next(sys.modules[name] for kind in type(error).__mro__ if (name := _library(kind)) in _LIBRARIES)
        known.request = library.Request(request.method, settings.base_url + request.path)
    return error.with_traceback(None)
