"""Attempts of a request: deadline, retry, `Retry-After`, and probes of writes whose response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, ParamSpec, TypeVar, cast

from axtasks_api.api.evaluators import list_evaluators
from axtasks_api.api.tasks import list_tasks

from axtasks.concurrency import LockTimeoutError
from axtasks.contract.dialect import RequestEncoder
from axtasks.errors import (
    AmbiguousOutcomeError,
    APIError,
    AuthenticationError,
    AxError,
    BadRequestError,
    ContractViolationError,
    DeadlineExceededError,
    NotApplicableError,
    NotFoundError,
    RateLimitError,
    ResponseError,
    ServerError,
    UndecodableBodyError,
)

from .context import Call
from .effects import Applied, Attempt, Flow, NotObserved, Undecided, sleep, with_lock
from .instrument import is_observed, observe_attempt, report_retry
from .retry import READ, FailureKind, classify, is_unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api.operation import Operation

    from .context import ClientContext
    from .effects import OutcomeProbe

P = ParamSpec("P")
T = TypeVar("T")

# The share of a write's remaining time that is kept for probing its outcome, and the most seconds of it.
PROBE_TIME_SHARE = 0.25
MAX_PROBE_SECONDS = 5.0
# Of a write without a response that must not be repeated: it may take effect a little later.
MAX_PROBES = 3


def send(context: ClientContext, operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Send a request, with retries under the client's policy, and return the decoded response."""
    return (yield from RequestExecution(context, operation, args, kwargs).run())


def send_within(
    context: ClientContext, within_seconds: float, operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs
) -> Flow[T]:
    """Send a request with a time limit of its own over all its attempts, in place of the call's."""
    return (yield from RequestExecution(context, operation, args, kwargs, within_seconds=within_seconds).run())


def send_once(
    context: ClientContext, within_seconds: float, operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs
) -> Flow[T]:
    """Send a request with a time limit of its own and without retries."""
    request = RequestExecution(context, operation, args, kwargs, within_seconds=within_seconds, attempts=1)
    return (yield from request.run())


def write(
    context: ClientContext, probe: OutcomeProbe[T], operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs
) -> Flow[T]:
    """Send a write, with a probe for its outcome should the response be lost."""
    return (yield from RequestExecution(context, operation, args, kwargs, probe=probe).run())


# Lists whose items show the dialect: all of them have a type.
DIALECT_PROBES: tuple[Operation[Any, Any], ...] = (list_tasks.operation, list_evaluators.operation)


def detect_dialect(context: ClientContext) -> Flow[None]:
    """List one task and one evaluator, whose decoding detects the dialect; assume one if neither shows it."""
    for operation in DIALECT_PROBES:
        if context.dialect.contract is not None:
            # Detected by the list before, or by a concurrent call.
            return
        try:
            yield from send(context, operation, limit=1)
        except (AuthenticationError, RateLimitError, ServerError):
            # The next request would fail the same way.
            raise
        except (APIError, UndecodableBodyError):
            # The key may be allowed to read other resources, and to write.
            continue
    context.dialect.assume()


class RequestExecution(Generic[T]):
    """One request of a call, over all its attempts.

    Args:
        context: what the flow works with.
        operation: encodes the request and decodes the response.
        args: positional arguments of the operation.
        kwargs: keyword arguments of the operation.
        within_seconds: the time limit over all attempts; None for the remaining time of the call.
        attempts: the most attempts; None for the client's policy.
        probe: finds the outcome of a write whose response was lost; None for reads.
    """

    encoder: RequestEncoder

    def __init__(
        self,
        context: ClientContext,
        operation: Operation[..., T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        within_seconds: float | None = None,
        attempts: int | None = None,
        probe: OutcomeProbe[T] | None = None,
    ) -> None:
        self.context = context
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.within_seconds = within_seconds
        self.max_attempts = attempts or context.settings.retry.attempts
        self.probe = probe
        self.deadline = 0.0
        self.first_sent_at = 0.0
        self.attempts = 0
        self.possibly_applied = False
        # The last failure after which a write may still take effect.
        self.ambiguous_error: AxError | None = None
        self.candidates: Sequence[object] = ()

    def run(self) -> Flow[T]:
        """Send the request, with retries under the policy, and return the decoded response.

        Raises:
            NotInContractError: the server's dialect lacks a part of the request; nothing was sent.
            DeadlineExceededError: no time was left for a first attempt.
            AmbiguousOutcomeError: it is a write, and may or may not have been carried out.
            AxError: the last attempt failed with it.
        """
        self.deadline = self.get_deadline()
        self.encoder = RequestEncoder(self.context.dialect, self.operation, self.args, self.kwargs)
        if self.encoder.needs_dialect():
            yield from self.detect_dialect()
        self.encoder.encode()
        while True:
            try:
                value = yield from self.send_attempt()
            except ContractViolationError as violation:
                return self.accept_violation(violation)
            except AxError as error:
                if not self.possibly_applied and self.encoder.switch_spelling(error):
                    report_retry(self.context, self.encoder.request, self.attempts, error, 0)
                    continue
                if self.probe is not None:
                    applied = yield from self.probe_outcome(self.probe, error)
                    if applied is not None:
                        return applied.value
                elif not self.may_retry(error):
                    self.raise_final(error)
                yield from self.wait_before_retry(error)
            else:
                self.record_success()
                return value

    def get_deadline(self) -> float:
        """Return the monotonic time of the deadline; the call's, unless the request has a time of its own."""
        now = self.context.clock.monotonic()
        if self.within_seconds is not None:
            return now + self.within_seconds
        call = self.context.call
        if call.deadline is None:
            call.deadline = now + self.context.settings.timeouts.total
        return call.deadline

    def record_success(self) -> None:
        """Record that the last attempt was carried out."""
        self.record_possibly_applied()
        if self.encoder.refusal is not None:
            self.encoder.confirm_spelling()
        self.context.budget.record_success(is_retry=self.attempts > 1)

    def accept_violation(self, violation: ContractViolationError) -> T:
        """Return the model of a write that was carried out; the error is raised at the end of the call, or for a read.

        Raises:
            ContractViolationError: it is a read.
        """
        self.record_success()
        if self.operation.method == READ:
            raise violation
        self.context.call.violation = violation
        return cast("T", violation.model)

    def record_possibly_applied(self) -> None:
        """Record that an attempt was carried out, or failed in a way that leaves it open."""
        self.possibly_applied = True
        if self.operation.method != READ:
            self.context.call.is_write_possibly_applied = True

    def detect_dialect(self) -> Flow[None]:
        """Detect the server's dialect; concurrent callers share one probe.

        Where that fails, those who waited for it probe at once and side by side: one after another, they would wait for
        a server that cannot be reached until their time is over.
        """
        # Strict checks are for responses to the caller's own requests.
        context = self.context._replace(strict=False, call=Call(self.deadline))
        dialect, failures = context.dialect, context.dialect.failed_detections

        def detect_once() -> Flow[bool]:
            if dialect.failed_detections != failures:
                return False
            try:
                yield from detect_dialect(context)
            except AxError:
                dialect.failed_detections += 1
                raise
            return True

        remaining = self.deadline - self.context.clock.monotonic()
        try:
            has_run = yield from with_lock(dialect.detection_lock, detect_once(), within_seconds=remaining)
        except LockTimeoutError:
            raise DeadlineExceededError(
                f"the time for the call was over before it was known how to write {self.operation.id}",
                operation_id=self.operation.id,
            ) from None
        if not has_run:
            yield from detect_dialect(context)

    def send_attempt(self) -> Flow[T]:
        """Send one attempt and return the decoded response."""
        started_at = self.context.clock.monotonic()
        remaining = self.deadline - started_at
        if remaining <= 0:
            raise DeadlineExceededError(
                f"the time for the call was over before {self.operation.id} could be sent",
                operation_id=self.operation.id,
            )
        self.attempts += 1
        if self.attempts == 1:
            self.first_sent_at = started_at
        if self.probe is not None:
            remaining -= min(MAX_PROBE_SECONDS, PROBE_TIME_SHARE * remaining)
        timeouts = self.context.settings.timeouts.within(remaining)
        encoder = self.encoder
        attempt = Attempt(self.operation, encoder.request, encoder.content, timeouts, strict=self.context.strict)
        if is_observed(self.context):
            return (yield from observe_attempt(self.context, attempt, self.attempts))
        return cast("T", (yield attempt))

    def may_retry(self, error: AxError) -> bool:
        """Return True if a request without a probe may be sent again: a read, or a write that was not acted on."""
        failure = classify(error)
        if self.operation.method == READ:
            return failure is not FailureKind.FINAL
        return failure is FailureKind.NOT_SENT

    def wait_before_retry(self, error: AxError) -> Flow[None]:
        """Wait for the backoff before the next attempt; raise the final error if there is none."""
        seconds = self.get_backoff(self.attempts, error)
        # An attempt in the other spelling does not count as a retry.
        attempts = self.attempts - (self.encoder.refusal is not None)
        if attempts >= self.max_attempts or self.is_too_late(seconds) or not self.context.budget.take():
            self.raise_final(error)
        report_retry(self.context, self.encoder.request, self.attempts, error, seconds)
        yield from sleep(seconds)

    def raise_final(self, error: AxError) -> NoReturn:
        """Raise the error of the whole request: AmbiguousOutcomeError for a write that may still take effect."""
        if self.ambiguous_error is None:
            raise self.encoder.choose_error(error)
        reason = "reading does not show it, but it may still take effect"
        raise self.make_ambiguous(reason, candidates=self.candidates) from error

    def probe_outcome(self, probe: OutcomeProbe[T], error: AxError) -> Flow[Applied[T] | None]:
        """Return the result of a failed write that was carried out; None if it is to be sent again."""
        failure = classify(error)
        if failure is FailureKind.FAILED_AFTER_RECEIPT and not probe.is_repeatable:
            # It may have been carried out, and become visible later.
            failure = FailureKind.UNKNOWN
        if failure is FailureKind.NOT_SENT:
            return None
        refused = failure is FailureKind.FINAL
        if refused and not (self.possibly_applied and probe.may_echo(error)):
            self.raise_final(error)
        self.record_possibly_applied()
        most = MAX_PROBES if failure is FailureKind.UNKNOWN and not probe.is_repeatable else 1
        outcome = yield from self.run_probes(probe, error, most=most, refused=refused)
        if isinstance(outcome, Applied):
            return outcome
        if refused:
            # Had an earlier attempt caused the refusal, the probe would have shown its result.
            raise error
        if failure is FailureKind.UNKNOWN:
            self.ambiguous_error, self.candidates = error, outcome.candidates
            if not probe.is_repeatable:
                self.raise_final(error)
        return None

    def run_probes(
        self, probe: OutcomeProbe[T], error: AxError, *, most: int, refused: bool
    ) -> Flow[Applied[T] | NotObserved]:
        """Probe the outcome of a write that failed with this error, until it shows or `most` probes are made.

        While the server is unavailable, it goes on until the deadline, unless the policy has no retries.
        """
        if self.context.settings.on_ambiguous == "raise":
            raise self.make_ambiguous("its answer was lost, and the client is set not to look") from error
        # A probe decides the outcome of a write, so it accepts all responses that can be decoded.
        context = self.context._replace(strict=False, call=Call(self.deadline))
        probes = failures = 0
        while True:
            try:
                outcome = yield from probe.check(context, self.first_sent_at, refused=refused)
            except (BadRequestError, NotFoundError, NotApplicableError) as failed:
                # The resource of the write does not exist, or cannot take it: no attempt was or will be carried out.
                if probe.is_repeatable and not isinstance(failed, NotApplicableError):
                    return NotObserved()
                raise failed from error
            except AxError as failed:
                failures += 1
                seconds = self.get_backoff(failures, failed)
                if self.max_attempts == 1 or not is_unavailable(failed) or self.is_too_late(seconds):
                    reason = f"its answer was lost, and then reading failed: {failed}"
                    raise self.make_ambiguous(reason) from error
            else:
                probes += 1
                if isinstance(outcome, Undecided):
                    raise self.make_ambiguous(outcome.reason, candidates=outcome.candidates) from error
                seconds = self.get_backoff(probes)
                if isinstance(outcome, Applied) or probes == most or self.is_too_late(seconds):
                    return outcome
            yield from sleep(seconds)

    def get_backoff(self, failures: int, error: AxError | None = None) -> float:
        """Return the seconds before the next attempt or probe, by the policy or the `Retry-After` of the last error."""
        retry_after = error.retry_after_seconds if isinstance(error, ResponseError) else None
        return self.context.settings.retry.pause(failures, retry_after_seconds=retry_after)

    def is_too_late(self, seconds: float) -> bool:
        """Return True if the deadline is over after a backoff of these seconds."""
        return self.context.clock.monotonic() + seconds >= self.deadline

    def make_ambiguous(self, reason: str, *, candidates: Sequence[object] = ()) -> AmbiguousOutcomeError:
        """Return the error for a write that may or may not have been carried out."""
        request = self.encoder.request
        times = "once" if self.attempts == 1 else f"{self.attempts} times"
        return AmbiguousOutcomeError(
            f"{request.operation_id} ({request.method} {request.path}) was sent {times}, and it cannot be told whether"
            f" it happened: {reason}; look before doing it again",
            request=request,
            attempts=self.attempts,
            reason=reason,
            candidates=candidates,
        )
