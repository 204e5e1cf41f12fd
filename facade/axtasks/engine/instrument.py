"""Report attempts, retries and polls to the log, to hooks and to spans."""

from __future__ import annotations

from logging import DEBUG, WARNING, NullHandler, getLogger
from typing import TYPE_CHECKING, TypeVar, cast

from axtasks.config.events import RequestEvent, ResponseEvent, RetryEvent
from axtasks.config.hooks import NO_HOOKS
from axtasks.errors import MOST_ID_CHARACTERS
from axtasks.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.events import Poll
    from axtasks.transport.models import Response

    from .context import AttemptSpan, ClientContext
    from .effects import Attempt, Flow

T = TypeVar("T")
EventT = TypeVar("EventT")

REQUEST_ID = "x-request-id"
# The error type in logs and spans of a call that was cancelled or interrupted.
ABANDONED = "abandoned"
logger = getLogger("axtasks.requests")
# Without a logging setup Python prints warnings, and a retry is not worth it.
logger.addHandler(NullHandler())
# Errors in hooks are mistakes of the program, and are printed even so.
hook_logger = getLogger("axtasks.hooks")


def is_observed(context: ClientContext) -> bool:
    """Return True if there are hooks, tracing or a debug log for single attempts."""
    return context.hooks is not NO_HOOKS or context.tracing is not None or logger.isEnabledFor(DEBUG)


def request_event(context: ClientContext, request: PreparedRequest, attempt: int) -> RequestEvent:
    """Return the event of an attempt, with the API key redacted."""
    path = context.settings.api_key.redact_text(request.path)
    return RequestEvent(operation=request.operation_id, method=request.method, path=path, attempt=attempt)


def observe_attempt(context: ClientContext, attempt: Attempt[T], number: int) -> Flow[T]:
    """Send an attempt, with this number from 1, and report it to hooks, log and span."""
    observer = AttemptObserver(context, request_event(context, attempt.request, number))
    try:
        observer.start(attempt)
        outcome = yield attempt._replace(on_response=observer.record_response)
    except Exception as error:
        observer.end(error)
        raise
    except BaseException:
        # The call was cancelled or interrupted.
        observer.end(None, abandoned=True)
        raise
    observer.end(None)
    return cast("T", outcome)


class AttemptObserver:
    """Reports one attempt to hooks, log and span, from its start to its end."""

    def __init__(self, context: ClientContext, request: RequestEvent) -> None:
        self.context = context
        self.request = request
        self.started_at = context.clock.monotonic()
        self.span: AttemptSpan | None = None
        self.status_code: int | None = None
        self.request_id: str | None = None

    def start(self, attempt: Attempt[T]) -> None:
        """Report that the attempt is about to be sent."""
        if self.context.tracing is not None:
            self.span = self.context.tracing.attempt(
                attempt.request, template=attempt.operation.path, number=self.request.attempt
            )
        call_hook(self.context.hooks.on_request, self.request)
        self.started_at = self.context.clock.monotonic()

    def record_response(self, response: Response) -> None:
        """Record status and request id of the response, before it is decoded."""
        self.status_code = response.status_code
        request_id = response.headers.get(REQUEST_ID)
        self.request_id = request_id and printable(
            self.context.settings.api_key.redact_text(request_id), most=MOST_ID_CHARACTERS
        )

    def end(self, error: Exception | None, *, abandoned: bool = False) -> None:
        """Report the end of the attempt; `abandoned` is True if it was cancelled or interrupted."""
        event = ResponseEvent(
            request=self.request,
            status_code=self.status_code,
            request_id=self.request_id,
            duration_seconds=self.context.clock.monotonic() - self.started_at,
            error=error,
        )
        try:
            if logger.isEnabledFor(DEBUG):
                self._log(event, ABANDONED if abandoned else type(error).__name__ if error else None)
            call_hook(self.context.hooks.on_response, event)
        finally:
            # Last, so that it is the current span for log records and hooks.
            if self.span is not None:
                self.span.end(event, abandoned=abandoned)

    def _log(self, event: ResponseEvent, error_type: str | None) -> None:
        outcome = " ".join(str(part) for part in (event.status_code, error_type) if part is not None)
        logger.debug(
            "%s: %s %s -> %s in %.3f s (attempt %d, request id %s)",
            self.request.operation,
            self.request.method,
            self.request.path,
            outcome,
            event.duration_seconds,
            self.request.attempt,
            event.request_id,
            extra={
                **_log_attributes(self.request),
                "status_code": event.status_code,
                "duration_seconds": event.duration_seconds,
                "request_id": event.request_id,
                "error_type": error_type,
            },
        )


def report_retry(
    context: ClientContext, request: PreparedRequest, attempt: int, error: Exception, pause_seconds: float
) -> None:
    """Report that attempt number `attempt`, from 1, failed and will be retried after a backoff."""
    if context.hooks.on_retry is None and not logger.isEnabledFor(WARNING):
        return
    event = request_event(context, request, attempt)
    # Without the message of the error, which may quote the caller's data.
    logger.warning(
        "%s: %s %s is sent again in %.3f s, as attempt %d ended with %s",
        event.operation,
        event.method,
        event.path,
        pause_seconds,
        attempt,
        type(error).__name__,
        extra={**_log_attributes(event), "pause_seconds": pause_seconds, "error_type": type(error).__name__},
    )
    call_hook(context.hooks.on_retry, RetryEvent(request=event, error=error, pause_seconds=pause_seconds))


def report_poll(context: ClientContext, poll: Poll) -> None:
    """Report a poll of a run that has not ended."""
    call_hook(context.hooks.on_poll, poll)


def call_hook(hook: Callable[[EventT], object] | None, event: EventT) -> None:
    """Call a hook, if there is one; an error that it raises is logged and suppressed."""
    if hook is None:
        return
    try:
        hook(event)
    except Exception:
        hook_logger.exception("a hook for %s raised an error; the call goes on", type(event).__name__)


def _log_attributes(request: RequestEvent) -> dict[str, object]:
    """Return the attributes of an attempt that all its log records have."""
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "attempt": request.attempt,
    }
