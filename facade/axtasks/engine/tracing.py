"""Spans for OpenTelemetry: one for each call, below it one for each attempt. Loaded only by clients that trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import quote, urlsplit

from axtasks._version import __version__
from axtasks.config.endpoint import DEFAULT_PORTS
from axtasks.errors import ConfigurationError
from axtasks.extras import install_command

from .instrument import ABANDONED

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

    from axtasks_api.operation import PreparedRequest
    from opentelemetry.trace import Span, TracerProvider
    from opentelemetry.util.types import AttributeValue

    from axtasks.config.events import ResponseEvent
    from axtasks.config.settings import Settings

EffectT = TypeVar("EffectT")
R = TypeVar("R")

SCHEMA = "https://opentelemetry.io/schemas/1.26.0"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT")
OTHER = "_OTHER"
FIRST_ERROR_STATUS = 400
HIDDEN = "REDACTED"


def tracing_of(choice: TracerProvider | Literal[True], settings: Settings) -> Tracing:
    """Return the tracer for a provider, or for the global one if True.

    Raises:
        ConfigurationError: the API of OpenTelemetry is not installed, or this is no provider.
    """
    try:
        from opentelemetry import trace
    except ImportError as error:
        raise ConfigurationError(f"tracing needs OpenTelemetry: {install_command('otel')}") from error
    provider = trace.get_tracer_provider() if choice is True else choice
    if not callable(getattr(provider, "get_tracer", None)):
        raise ConfigurationError(f"tracing has to be True, False or a TracerProvider, not {choice!r}")
    return Tracing(provider, settings)


class Tracing:
    """Starts the spans of one client, by the OpenTelemetry semantic conventions for HTTP clients."""

    def __init__(self, provider: TracerProvider, settings: Settings) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode, use_span

        self._tracer = provider.get_tracer("axtasks", __version__, schema_url=SCHEMA)
        self._internal, self._client = SpanKind.INTERNAL, SpanKind.CLIENT
        self._failed = Status(StatusCode.ERROR)
        self._use_span = use_span
        self._settings = settings
        url = urlsplit(settings.base_url)
        self._server: dict[str, AttributeValue] = {
            "server.address": url.hostname or "",
            "server.port": url.port or DEFAULT_PORTS[url.scheme],
        }

    def call(self, steps: Generator[EffectT, object, R], name: str) -> Generator[EffectT, object, R]:
        """Run the flow of a call within a span named after its method, such as `trigger_run`."""
        span = self._tracer.start_span(f"axtasks.{name}", kind=self._internal)
        try:
            with self.current(span):
                return (yield from steps)
        except Exception as error:
            self.fail(span, type(error).__qualname__)
            raise
        except BaseException:
            self.fail(span, ABANDONED)
            raise
        finally:
            span.end()

    def attempt(self, request: PreparedRequest, *, template: str, number: int) -> OpenTelemetrySpan:
        """Start the span of one attempt, with this number from 1; `template` is the operation's path, or empty."""
        is_standard = request.method in METHODS
        attributes = self._server | {
            "http.request.method": request.method if is_standard else OTHER,
            "url.full": self._url(request.path, request.query),
            "axtasks.operation": request.operation_id,
        }
        if not is_standard:
            attributes["http.request.method_original"] = request.method
        if template:
            attributes["url.template"] = template
        if number > 1:
            attributes["http.request.resend_count"] = number - 1
        name = f"{request.method if is_standard else 'HTTP'} {template}".rstrip()
        return OpenTelemetrySpan(self, self._tracer.start_span(name, kind=self._client, attributes=attributes))

    def current(self, span: Span) -> AbstractContextManager[object]:
        """Make a span the current one, the parent of new spans."""
        return self._use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False)

    def fail(self, span: Span, error_type: str) -> None:
        """Mark a span as failed, without the message of the error, which may quote the caller's data."""
        span.set_attribute("error.type", error_type)
        span.set_status(self._failed)

    def _url(self, path: str, query: tuple[tuple[str, str], ...]) -> str:
        """Return the URL of a request without the API key and the values of its query."""
        parameters = "&".join(f"{quote(name)}={HIDDEN}" for name, _ in query)
        return self._settings.api_key.redact_text(
            f"{self._settings.base_url}{path}{'?' if parameters else ''}{parameters}"
        )


class OpenTelemetrySpan:
    """The span of one attempt under way; the current span until it ends."""

    def __init__(self, tracing: Tracing, span: Span) -> None:
        self._tracing = tracing
        self._span = span
        self._current = tracing.current(span)
        self._current.__enter__()

    def end(self, event: ResponseEvent, *, abandoned: bool) -> None:
        """End the span with the outcome of the attempt; `abandoned` is True if it was cancelled or interrupted."""
        status = event.status_code
        if status is not None:
            self._span.set_attribute("http.response.status_code", status)
        if event.request_id is not None:
            self._span.set_attribute("http.response.header.x-request-id", [event.request_id])
        if abandoned:
            self._tracing.fail(self._span, ABANDONED)
        elif status is not None and status >= FIRST_ERROR_STATUS:
            self._tracing.fail(self._span, str(status))
        elif event.error is not None:
            self._tracing.fail(self._span, type(event.error).__qualname__)
        self._current.__exit__(None, None, None)
        self._span.end()
