"""Translate errors of sockets, TLS and HTTP libraries into those of this package, without the API key."""

from __future__ import annotations

import sys
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

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
    import ssl

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.settings import Settings

# The libraries beneath httpx and httpx2, and these two. They translate their errors, but not on every path.
_BENEATH_HTTPX = frozenset({"anyio", "h11", "h2", "httpcore", "httpcore2", "httpx", "httpx2", "sniffio", "socksio"})
# Modules through whose variables the key goes, besides those of the standard library.
_WITH_KEY = _BENEATH_HTTPX | {"axtasks", "axtasks_api"}
# The libraries whose clients `http_client=` takes.
_LIBRARIES = ("httpx", "httpx2")
# Their errors that come before anything is sent.
_UNSENT = ("ConnectError", "ConnectTimeout", "InvalidURL", "PoolTimeout", "ProxyError")
# The codes of OpenSSL for a certificate whose authority is not trusted: self-signed, itself or at the end of its chain,
# or not known at all.
UNKNOWN_AUTHORITY = (18, 19, 20, 21)
# Stands for a proxy that nobody but the client that was passed in knows.
_OF_THE_CLIENT = Proxy("http", Address("", 0, ""), variable="http_client")


class ProtocolError(Exception):
    """The bytes received are not HTTP, or not a whole response."""


class ProxyRefusedError(ProtocolError):
    """The proxy answered, and did not connect.

    Attributes:
        status_code: the HTTP status of its answer.
    """

    def __init__(self, message: str, *, status_code: int) -> None:
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
    error: BaseException,
    request: PreparedRequest,
    settings: Settings,
    *,
    closed: bool,
    proxy: Proxy | None = None,
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
        return _without_our_frames(error)
    if closed and isinstance(error, RuntimeError):
        return ConfigurationError("this client was closed while a request was on its way; make a new one")
    unreached = error if isinstance(error, UnreachedError) else None
    error = error.reason if isinstance(error, UnreachedError) else error
    failure = _translate(error, request, settings, unreached=unreached, proxy=proxy)
    # An error may quote what a server sent, and its text is shown as it is.
    text = str(error)
    if text == printable(settings.api_key.redact_text(text)):
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


def _translate(
    error: Exception,
    request: PreparedRequest,
    settings: Settings,
    *,
    unreached: UnreachedError | None,
    proxy: Proxy | None,
) -> AxError:
    """Return the TransportError for an error of sending; `unreached` is there if there was no connection."""
    if _is_of_httpx(error, "ProxyError"):
        proxy = proxy or _OF_THE_CLIENT
    what = f"{request.operation_id} ({request.method} {request.path})"
    text = settings.api_key.redact_text(str(error))
    reason = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if unreached is not None or _is_of_httpx(error, *_UNSENT):
        text = f"{settings.base_url} was not reached for {what}"
        proxy = unreached.proxy if unreached is not None else proxy
        url = None
        if proxy is not None:
            url = None if proxy is _OF_THE_CLIENT else proxy.url
            text += f" through the proxy {f'{url} ' if url else ''}of {proxy.variable}"
        if (flaw := certificate_error(error)) is not None:
            return _untrusted(flaw, text, request, unreached.authority if unreached else None)
        if proxy is None:
            return ConnectionFailedError(
                f"{text}: {reason}", operation_id=request.operation_id, is_final=_is_final(error)
            )
        return ProxyFailedError(
            f"{text}: {reason}",
            operation_id=request.operation_id,
            is_final=_is_final(error),
            proxy=url,
            variable=proxy.variable,
        )
    if isinstance(error, TimeoutError) or _is_of_httpx(error, "TimeoutException"):
        return RequestTimeoutError(f"{what} was not answered in time: {reason}", operation_id=request.operation_id)
    return TransportError(f"{what} got no usable answer: {reason}", operation_id=request.operation_id)


def certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Return the error of a certificate that cannot be verified, be it beneath one of a library; None for others."""
    # Without this module there was no TLS.
    library: Any = sys.modules.get("ssl")
    while library is not None and error is not None:
        if isinstance(error, library.SSLCertVerificationError):
            return cast("ssl.SSLCertVerificationError", error)
        error = error.__cause__ or error.__context__
    return None


def _untrusted(
    flaw: ssl.SSLCertVerificationError, text: str, request: PreparedRequest, authority: str | None
) -> UntrustedCertificateError:
    advice = ""
    if flaw.verify_code in UNKNOWN_AUTHORITY:
        advice = (
            f"; it is signed by {authority or 'an authority'!r}, which is not trusted: if it should be, name a file"
            " with its certificate, as ca_file=..., ARIZE_CA_FILE or SSL_CERT_FILE"
        )
    return UntrustedCertificateError(
        f"{text}: the certificate there cannot be verified: {flaw.verify_message}{advice}",
        operation_id=request.operation_id,
        authority=authority,
    )


def _is_final(error: Exception) -> bool:
    """Return True if trying again cannot help: TLS was refused, a proxy refuses, the address is none."""
    if isinstance(error, ProxyRefusedError):
        return error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, OSError):
        library: Any = sys.modules.get("ssl")
        if library is None or not isinstance(error, library.SSLError):
            return isinstance(error, PermissionError)
        # These say that the connection broke.
        return not isinstance(error, (library.SSLEOFError, library.SSLZeroReturnError, library.SSLSyscallError))
    return isinstance(error, ValueError)


def _without_secrets(error: BaseException, request: PreparedRequest, settings: Settings) -> BaseException:
    """Return the error without cause and traceback: the variables there hold the headers, the key included."""
    error.__cause__ = error.__context__ = None
    if _is_of_httpx(error, "RequestError"):
        known: Any = error
        library = next(sys.modules[name] for kind in type(error).__mro__ if (name := _library(kind)) in _LIBRARIES)
        known.request = library.Request(request.method, settings.base_url + request.path)
    return error.with_traceback(None)


def _without_our_frames(error: BaseException) -> BaseException:
    """Return an error of a caller's own code, and those it came from, with the frames of such code alone.

    The variables of the others hold the headers, the key included.
    """
    linked: list[BaseException | None] = [error]
    for each in linked:
        if each is not None:
            each.__traceback__ = _frames_of_callers(each.__traceback__)
            linked += (other for other in (each.__cause__, each.__context__) if other not in linked)
    return error


def _frames_of_callers(traceback: TracebackType | None) -> TracebackType | None:
    entries: list[TracebackType] = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    for entry in reversed(entries):
        module = str(entry.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if module not in _WITH_KEY and module not in sys.stdlib_module_names:
            traceback = TracebackType(traceback, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return traceback
