"""Attempts of a request: deadline, retry, `Retry-After`, and probes of writes whose response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, cast

from axtasks.concurrency import LockTimeoutError
from axtasks.errors import (
    AmbiguousOutcomeError,
    AxError,
    BadRequestError,
    ContractViolationError,
    DeadlineExceededError,
    NotApplicableError,
    NotFoundError,
    ResponseError,
)

from .effects import (
    Applied,
    Attempt,
    Flow,
    Gather,
    NotObserved,
    RetryUncached,
    Send,
    Undecided,
    UseCached,
    now,
    sleep,
    with_lock,
)
from .encode import RequestEncoder, detect_dialect
from .instrument import is_observed, observe_attempt, report_retry
from .retry import READ, FailureKind, classify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .context import ClientContext
    from .effects import OutcomeProbe

R = TypeVar("R")
T = TypeVar("T")

# The share of a write's remaining time that is kept for probing its outcome, and the most seconds of it.
PROBE_TIME_SHARE = 0.25
MAX_PROBE_SECONDS = 5.0
# Of a write without a response that must not be repeated: it may take effect a little later.
MAX_PROBES = 3


class StaleCacheError(Exception):
    """The cached ids that a call used may be out of date. `execute` retries the call; no caller gets this error."""


class CacheUse:
    """Tracks cached ids used by a call, so it can be retried once with the cache bypassed."""

    __slots__ = ("_is_bypassed", "_used", "is_write_possibly_applied")

    def __init__(self, *, is_bypassed: bool) -> None:
        self._is_bypassed = is_bypassed
        self._used: list[UseCached] = []
        self.is_write_possibly_applied = False

    def handle(self, effect: UseCached | RetryUncached) -> bool:
        """Return True if the call may use a cached id, and record it; raise StaleCacheError to retry the call."""
        if isinstance(effect, RetryUncached):
            if self.can_retry:
                raise StaleCacheError
        elif not self._is_bypassed:
            self._used.append(effect)
        return not self._is_bypassed

    @property
    def can_retry(self) -> bool:
        """True if the call may end differently without the cache, and a retry repeats no write."""
        return bool(self._used) and not self.is_write_possibly_applied

    def bypass(self) -> None:
        """Evict the cached ids that the call used, and let it use no others."""
        for used in self._used:
            used.cache.evict(used.key, used.cached)
        self._used.clear()
        self._is_bypassed = True


class Call:
    """One call of a method, with the deadline that all its requests share.

    Args:
        context: what the flows of the client share.
        deadline: the monotonic time of the deadline; None for the client's total timeout, from the first request on.
        uses_cache: True if the call may use cached ids, as it can be retried without them.
    """

    def __init__(self, context: ClientContext, deadline: float | None = None, *, uses_cache: bool = False) -> None:
        self.context = context
        self._deadline = deadline
        self.cache_use = CacheUse(is_bypassed=not uses_cache)
        # Of a write that was carried out, with a response that a strict client does not accept.
        self.violation: ContractViolationError | None = None

    def get_deadline(self, within_seconds: float | None) -> Flow[float]:
        """Return the monotonic time of a request's deadline; the call's, unless the request has a time of its own."""
        if within_seconds is not None:
            return (yield from now()) + within_seconds
        if self._deadline is None:
            self._deadline = (yield from now()) + self.context.settings.timeouts.total
        return self._deadline


def apply_policy(call: Call, steps: Flow[R]) -> Flow[R]:
    """Run a flow of a call, with each of its requests executed under the client's policy."""
    outcome: object = None
    error: Exception | None = None
    try:
        while True:
            try:
                effect = steps.send(outcome) if error is None else steps.throw(error)
            except StopIteration as end:
                return cast("R", end.value)
            try:
                if isinstance(effect, Send):
                    deadline = yield from call.get_deadline(effect.within_seconds)
                    outcome = yield from RequestExecution(call, effect, deadline).run_attempts()
                elif isinstance(effect, UseCached | RetryUncached):
                    outcome = call.cache_use.handle(effect)
                elif isinstance(effect, Gather):
                    outcome = yield Gather([apply_policy(call, flow) for flow in effect.flows], effect.at_most)
                else:
                    outcome = yield effect
                error = None
            except ContractViolationError as violation:
                # A violation of another effect belongs to a call within this one, which has dealt with it.
                if violation.method == READ or not isinstance(effect, Send):
                    outcome, error = None, violation
                else:
                    outcome, error, call.violation = violation.model, None, violation
            except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                outcome, error = None, raised
    finally:
        steps.close()


class RequestExecution(Generic[T]):
    """One request of a call, over all its attempts."""

    def __init__(self, call: Call, effect: Send[T], deadline: float) -> None:
        self.call = call
        self.context = call.context
        self.effect = effect
        self.deadline = deadline
        self.encoder = RequestEncoder(call.context.dialect, effect)
        self.probe: OutcomeProbe[T] | None = effect.probe
        self.first_sent_at = 0.0
        self.attempts = 0
        self.possibly_applied = False
        # The last failure after which a write may still take effect.
        self.ambiguous_error: AxError | None = None
        self.candidates: Sequence[object] = ()

    def run_attempts(self) -> Flow[T]:
        """Send the request, with retries under the policy, and return the decoded response.

        Raises:
            NotInContractError: the server's dialect lacks a part of the request; nothing was sent.
            DeadlineExceededError: no time was left for a first attempt.
            AmbiguousOutcomeError: it is a write, and may or may not have been carried out.
            AxError: the last attempt failed with it.
        """
        if self.encoder.needs_dialect():
            yield from self.detect_dialect()
        self.encoder.encode()
        while True:
            try:
                value = yield from self.send_attempt()
            except ContractViolationError:
                # The server carried the request out.
                self.record_success()
                raise
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

    def record_success(self) -> None:
        """Record that the last attempt was carried out."""
        self.record_possibly_applied()
        self.encoder.confirm_spelling()
        self.context.budget.record_success(is_retry=self.attempts > 1)

    def record_possibly_applied(self) -> None:
        """Record that an attempt was carried out, or failed in a way that leaves it open."""
        self.possibly_applied = True
        if self.effect.operation.method != READ:
            self.call.cache_use.is_write_possibly_applied = True

    def detect_dialect(self) -> Flow[None]:
        """Detect the server's dialect; concurrent callers share one probe."""
        # Strict checks are for responses to the caller's own requests.
        call = Call(self.context._replace(strict=False), self.deadline)
        remaining = self.deadline - (yield from now())
        dialect = self.context.dialect
        try:
            yield from with_lock(
                dialect.detection_lock, apply_policy(call, detect_dialect(dialect)), within_seconds=remaining
            )
        except LockTimeoutError:
            raise DeadlineExceededError(
                f"the time for the call was over before it was known how to write {self.effect.operation.id}",
                operation_id=self.effect.operation.id,
            ) from None

    def send_attempt(self) -> Flow[T]:
        """Send one attempt and return the decoded response."""
        started_at = yield from now()
        remaining = self.deadline - started_at
        if remaining <= 0:
            raise DeadlineExceededError(
                f"the time for the call was over before {self.effect.operation.id} could be sent",
                operation_id=self.effect.operation.id,
            )
        self.attempts += 1
        if self.attempts == 1:
            self.first_sent_at = started_at
        if self.probe is not None:
            remaining -= min(MAX_PROBE_SECONDS, PROBE_TIME_SHARE * remaining)
        timeouts = self.context.settings.timeouts.within(remaining)
        attempt = Attempt(self.effect.operation, self.encoder.request, timeouts, strict=self.context.strict)
        if is_observed(self.context):
            return (yield from observe_attempt(self.context, attempt, self.attempts))
        return cast("T", (yield attempt))

    def may_retry(self, error: AxError) -> bool:
        """Return True if a request without a probe may be sent again: a read, or a write that was not acted on."""
        failure = classify(error)
        if self.effect.operation.method == READ:
            return failure is not FailureKind.FINAL
        return failure is FailureKind.NOT_SENT

    def wait_before_retry(self, error: AxError) -> Flow[None]:
        """Wait for the backoff before the next attempt; raise the final error if there is none."""
        policy = self.context.settings.retry
        retry_after = error.retry_after_seconds if isinstance(error, ResponseError) else None
        seconds = policy.pause(self.attempts, retry_after_seconds=retry_after)
        # An attempt in the other spelling does not count as a retry.
        attempts = self.attempts - (self.encoder.refusal is not None)
        is_last = attempts >= (self.effect.attempts or policy.attempts)
        if is_last or (yield from now()) + seconds >= self.deadline or not self.context.budget.take():
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
        """Probe the outcome of a write that failed with this error, until it shows or `most` probes are made."""
        if self.context.settings.on_ambiguous == "raise":
            raise self.make_ambiguous("its answer was lost, and the client is set not to look") from error
        # A probe decides the outcome of a write, so it accepts all responses that can be decoded.
        call = Call(self.context._replace(strict=False), self.deadline)
        probes = 0
        while True:
            probes += 1
            try:
                outcome = yield from apply_policy(call, probe.check(self.context, self.first_sent_at, refused=refused))
            except (BadRequestError, NotFoundError, NotApplicableError) as failed:
                # The resource of the write does not exist, or cannot take it: no attempt was or will be carried out.
                if probe.is_repeatable and not isinstance(failed, NotApplicableError):
                    return NotObserved()
                raise failed from error
            except AxError as failed:
                raise self.make_ambiguous(f"its answer was lost, and then reading failed: {failed}") from error
            if isinstance(outcome, Undecided):
                raise self.make_ambiguous(outcome.reason, candidates=outcome.candidates) from error
            if isinstance(outcome, Applied) or probes == most:
                return outcome
            seconds = self.context.settings.retry.pause(probes)
            if (yield from now()) + seconds >= self.deadline:
                return outcome
            yield from sleep(seconds)

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
