"""Report attempts, retries and polls to the log, to hooks and to spans. It decides nothing."""

from __future__ import annotations

from logging import DEBUG, WARNING, NullHandler, getLogger
from typing import TYPE_CHECKING, TypeVar, cast

from axtasks.config.hooks import NO_HOOKS, RequestEvent, ResponseEvent, RetryEvent

from .effects import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.hooks import Poll
    from axtasks.transport.models import Response

    from .context import AttemptSpan, ClientContext
    from .effects import Flow

T = TypeVar("T")
EventT = TypeVar("EventT")

REQUEST_ID = "x-request-id"
# The kind of error that stands for a call that was cancelled or interrupted.
ABANDONED = "abandoned"
logger = getLogger("axtasks.requests")


# Where nobody set up logging, Python would print warnings; that something is sent again is no news there.
logger.addHandler(NullHandler())


# Errors in hooks are mistakes of the program, and are printed even there.
hook_logger = getLogger("axtasks.hooks")


def is_observed(context: ClientContext) -> bool:
    """Whether anybody wants to be told of single attempts."""
    return context.hooks is not NO_HOOKS or context.tracing is not None or logger.isEnabledFor(DEBUG)


def request_event(context: ClientContext, request: PreparedRequest, attempt: int) -> RequestEvent:
    """An attempt as it is told of.

    Args:
        context: what the flows of the client share.
        request: what is sent.
        attempt: its number, from 1.
    """
    path = context.settings.api_key.redact_text(request.path)
    return RequestEvent(operation=request.operation_id, method=request.method, path=path, attempt=attempt)


def observed(context: ClientContext, attempt: Attempt[T], number: int) -> Flow[T]:
    """What an attempt answers, while all who want to are told of it.

    Args:
        context: what the flows of the client share.
        attempt: what to send.
        number: which attempt of the request it is, from 1.
    """
    watch = AttemptObserver(context, request_event(context, attempt.request, number))
    try:
        watch.begin(attempt)
        outcome = yield Attempt(
            attempt.operation, attempt.request, attempt.timeouts, strict=attempt.strict, on_answer=watch.answered
        )
    except Exception as error:
        watch.ended(error)
        raise
    except BaseException:
        # The call was cancelled or interrupted.
        watch.ended(None, abandoned=True)
        raise
    watch.ended(None)
    return cast("T", outcome)


class AttemptObserver:
    """One attempt under way. Whoever begins it has to end it.

    Args:
        context: what the flows of the client share.
        request: the attempt.
    """

    def __init__(self, context: ClientContext, request: RequestEvent) -> None:
        self.context = context
        self.request = request
        self.began = context.clock.monotonic()
        self.span: AttemptSpan | None = None
        self.status_code: int | None = None
        self.request_id: str | None = None

    def begin(self, attempt: Attempt[T]) -> None:
        """Tells that it is about to be sent."""
        if self.context.tracing is not None:
            self.span = self.context.tracing.attempt(
                attempt.request, template=attempt.operation.path, number=self.request.attempt
            )
        call_hook(self.context.hooks.on_request, self.request)
        self.began = self.context.clock.monotonic()

    def answered(self, answer: Response) -> None:
        """Notes what came, before it is read."""
        self.status_code = answer.status_code
        told = answer.headers.get(REQUEST_ID)
        self.request_id = told and self.context.settings.api_key.redact_text(told)

    def ended(self, error: Exception | None, *, abandoned: bool = False) -> None:
        """Tells how it ended.

        Args:
            error: what it ended with.
            abandoned: whether nobody waits for it any more.
        """
        event = ResponseEvent(
            request=self.request,
            status_code=self.status_code,
            request_id=self.request_id,
            duration_seconds=self.context.clock.monotonic() - self.began,
            error=error,
        )
        try:
            if logger.isEnabledFor(DEBUG):
                self._log(event, ABANDONED if abandoned else type(error).__name__ if error else None)
            call_hook(self.context.hooks.on_response, event)
        finally:
            # Last, so that records and hooks find it to be the current one.
            if self.span is not None:
                self.span.end(event, abandoned=abandoned)

    def _log(self, event: ResponseEvent, error_type: str | None) -> None:
        came = " ".join(str(part) for part in (event.status_code, error_type) if part is not None)
        logger.debug(
            "%s: %s %s -> %s in %.3f s (attempt %d, request id %s)",
            self.request.operation,
            self.request.method,
            self.request.path,
            came,
            event.duration_seconds,
            self.request.attempt,
            event.request_id,
            extra={
                **_about(self.request),
                "status_code": event.status_code,
                "duration_seconds": event.duration_seconds,
                "request_id": event.request_id,
                "error_type": error_type,
            },
        )


def report_retry(
    context: ClientContext, request: PreparedRequest, attempt: int, error: Exception, pause_seconds: float
) -> None:
    """Tells of the decision to send a request again.

    Args:
        context: what the flows of the client share.
        request: what was sent.
        attempt: the number of the attempt that failed, from 1.
        error: what it ended with.
        pause_seconds: how long is waited before the next.
    """
    if context.hooks.on_retry is None and not logger.isEnabledFor(WARNING):
        return
    told = request_event(context, request, attempt)
    # Without the text of the error, which may quote what the server said about the caller's data.
    logger.warning(
        "%s: %s %s is sent again in %.3f s, as attempt %d ended with %s",
        told.operation,
        told.method,
        told.path,
        pause_seconds,
        attempt,
        type(error).__name__,
        extra={**_about(told), "pause_seconds": pause_seconds, "error_type": type(error).__name__},
    )
    call_hook(context.hooks.on_retry, RetryEvent(request=told, error=error, pause_seconds=pause_seconds))


def report_poll(context: ClientContext, poll: Poll) -> None:
    """Tells of a look at a run that has not ended."""
    call_hook(context.hooks.on_poll, poll)


def call_hook(hook: Callable[[EventT], object] | None, event: EventT) -> None:
    """Calls a hook, if there is one; what it raises is logged and goes no further."""
    if hook is None:
        return
    try:
        hook(event)
    except Exception:
        hook_logger.exception("a hook for %s raised an error; the call goes on", type(event).__name__)


def _about(request: RequestEvent) -> dict[str, object]:
    """What every record of the log says about an attempt, as attributes."""
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "attempt": request.attempt,
    }
