"""Attempts of a request: deadline, retry, `Retry-After`, and probes of writes whose response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

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
from .encode import RequestEncoder
from .instrument import is_observed, observed, report_retry
from .retry import READ, FailureKind, classify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .context import ClientContext
    from .effects import OutcomeProbe

R = TypeVar("R")
T = TypeVar("T")


class StaleCacheError(Exception):
    """What the call took from memory may not hold any more. Never leaves the call."""


class CacheUse:
    """What a call took from memory, and what it wrote."""

    __slots__ = ("_is_over", "_recalled", "writes")

    def __init__(self) -> None:
        self.writes: list[RequestExecution[Any]] = []
        self._recalled: list[UseCached] = []
        self._is_over = False

    def answer(self, effect: UseCached | RetryUncached) -> bool:
        """Whether the call may go by what is remembered, which is noted.

        Args:
            effect: what is asked.

        Raises:
            StaleNamesError: what came of the call is in doubt, and it can begin anew.
        """
        if isinstance(effect, RetryUncached):
            if self.may_mislead:
                raise StaleCacheError
        elif not self._is_over:
            self._recalled.append(effect)
        return not self._is_over

    @property
    def may_mislead(self) -> bool:
        """Whether the call may come to something else without memory, and nothing is done twice by trying."""
        return bool(self._recalled) and not any(sending.possibly_applied for sending in self.writes)

    def drop(self) -> None:
        """Forgets what the call took from memory, from which it takes nothing any more."""
        for recalled in self._recalled:
            recalled.names.forget(recalled.key, recalled.known)
        self._recalled.clear()
        self._is_over = True


# What a write leaves of its time for finding out what became of it.
SHARE_FOR_RECOVERY = 0.25
MOST_SECONDS_FOR_RECOVERY = 5.0
# Looks for a write that nobody answered and that must not be repeated: it may take effect a little later.
LOOKS = 3


class Call:
    """One call of a method, with the deadline that all its requests share.

    Args:
        context: what the flows of the client share.
        deadline: the monotonic time at which it has to be over; the client's total after its first request when None.
        cache_use: what it takes from memory; nothing when None.
    """

    def __init__(
        self, context: ClientContext, deadline: float | None = None, *, cache_use: CacheUse | None = None
    ) -> None:
        self.context = context
        self._deadline = deadline
        self.cache_use = cache_use
        # A write that was carried out, and whose answer a strict client does not take.
        self.violation: ContractViolationError | None = None

    def deadline(self, within_seconds: float | None) -> Flow[float]:
        """The monotonic time at which a request has to be over.

        Args:
            within_seconds: the time of this request alone; what is left to the call when None.
        """
        if within_seconds is not None:
            return (yield from now()) + within_seconds
        if self._deadline is None:
            self._deadline = (yield from now()) + self.context.settings.timeouts.total
        return self._deadline

    def noted(self, sending: RequestExecution[T]) -> RequestExecution[T]:
        """A request that is about to be sent."""
        if self.cache_use is not None and sending.effect.operation.method != READ:
            self.cache_use.writes.append(sending)
        return sending


def apply_policy(call: Call, steps: Flow[R]) -> Flow[R]:
    """The flow, with each of its requests carried out under the policy.

    Args:
        call: the call it belongs to.
        steps: a flow whose requests are still to be governed.
    """
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
                    deadline = yield from call.deadline(effect.within_seconds)
                    outcome = yield from call.noted(RequestExecution(call.context, effect, deadline)).run_attempts()
                elif isinstance(effect, UseCached | RetryUncached):
                    outcome = call.cache_use is not None and call.cache_use.answer(effect)
                elif isinstance(effect, Gather):
                    outcome = yield Gather([apply_policy(call, flow) for flow in effect.flows], effect.at_most)
                else:
                    outcome = yield effect
                error = None
            except ContractViolationError as violation:
                # What is no sending of this call's own is judged by the call within it that sent it.
                if violation.method == READ or not isinstance(effect, Send):
                    outcome, error = None, violation
                else:
                    outcome, error, call.violation = violation.model, None, violation
            except Exception as raised:  # noqa: BLE001  the flow decides what becomes of it
                outcome, error = None, raised
    finally:
        steps.close()


class RequestExecution(Generic[T]):
    """One request on its way, over as many attempts as it takes.

    Args:
        context: what the flows of the client share.
        effect: what to carry out.
        deadline: the monotonic time at which it has to be over.
    """

    def __init__(self, context: ClientContext, effect: Send[T], deadline: float) -> None:
        self.context = context
        self.effect = effect
        self.deadline = deadline
        self.encoder = RequestEncoder(context.dialect, effect)
        self.probe: OutcomeProbe[T] | None = effect.probe
        self.first_sent = 0.0
        self.attempts = 0
        # Whether an attempt was carried out, or failed and may have been, shown or not.
        self.possibly_applied = False
        # The last failure that left it open whether a write still takes effect.
        self.doubt: AxError | None = None
        self.candidates: Sequence[object] = ()

    def run_attempts(self) -> Flow[T]:
        """What the server answers.

        Raises:
            NotInContractError: the server's dialect does not have all of it; nothing was sent.
            DeadlineExceededError: there was no time left for a first attempt.
            AmbiguousOutcomeError: it is a write, and whether it happened cannot be told.
            AxError: what the last attempt ended with.
        """
        if self.encoder.needs_dialect():
            yield from self.ask_dialect()
        self.encoder.write()
        while True:
            try:
                answer = yield from self.attempt()
            except ContractViolationError:
                # What was asked for is done.
                self.succeeded()
                raise
            except AxError as error:
                if not self.possibly_applied and self.encoder.write_otherwise(error):
                    report_retry(self.context, self.encoder.request, self.attempts, error, 0)
                    continue
                if self.probe is not None:
                    found = yield from self.recovered(self.probe, error)
                    if found is not None:
                        return found.value
                elif not self.may_repeat(error):
                    self.give_up(error)
                yield from self.pause(error)
            else:
                self.succeeded()
                return answer

    def succeeded(self) -> None:
        """Notes that the last attempt was carried out."""
        self.possibly_applied = True
        self.encoder.worked()
        self.context.budget.succeeded(again=self.attempts > 1)

    def ask_dialect(self) -> Flow[None]:
        """Nothing, once it is known which dialect the server speaks; of calls at the same time only one asks."""
        from .encode import detect_dialect

        # What is asked is no part of the answer that is strictly looked at.
        call = Call(self.context._replace(strict=False), self.deadline)
        left = self.deadline - (yield from now())
        try:
            yield from with_lock(
                self.context.dialect.turn, apply_policy(call, detect_dialect(self.context.dialect)), within_seconds=left
            )
        except LockTimeoutError:
            raise DeadlineExceededError(
                f"the time for the call was over before it was known how to write {self.effect.operation.id}",
                operation_id=self.effect.operation.id,
            ) from None

    def attempt(self) -> Flow[T]:
        """What one attempt answers."""
        moment = yield from now()
        remaining = self.deadline - moment
        if remaining <= 0:
            raise DeadlineExceededError(
                f"the time for the call was over before {self.effect.operation.id} could be sent",
                operation_id=self.effect.operation.id,
            )
        self.attempts += 1
        if self.attempts == 1:
            self.first_sent = moment
        if self.probe is not None:
            remaining -= min(MOST_SECONDS_FOR_RECOVERY, SHARE_FOR_RECOVERY * remaining)
        timeouts = self.context.settings.timeouts.within(remaining)
        attempt = Attempt(self.effect.operation, self.encoder.request, timeouts, strict=self.context.strict)
        if is_observed(self.context):
            return (yield from observed(self.context, attempt, self.attempts))
        return cast("T", (yield attempt))

    def may_repeat(self, error: AxError) -> bool:
        """Whether a request that comes without a recovery may be sent again: a read, or one that surely did nothing."""
        failure = classify(error)
        if self.effect.operation.method == READ:
            return failure is not FailureKind.FINAL
        return failure is FailureKind.NOT_SENT

    def pause(self, error: AxError) -> Flow[None]:
        """Nothing, after the pause before the next attempt; without one, the error that is the last word."""
        policy = self.context.settings.retry
        wait = error.retry_after_seconds if isinstance(error, ResponseError) else None
        seconds = policy.pause(self.attempts, retry_after_seconds=wait)
        # The same in another spelling is no further attempt.
        sent = self.attempts - (self.encoder.refusal is not None)
        is_over = sent >= (self.effect.attempts or policy.attempts)
        if is_over or (yield from now()) + seconds >= self.deadline or not self.context.budget.take():
            self.give_up(error)
        report_retry(self.context, self.encoder.request, self.attempts, error, seconds)
        yield from sleep(seconds)

    def give_up(self, error: AxError) -> None:
        """Raises what a write in doubt, or anything else, ends with."""
        if self.doubt is None:
            raise self.encoder.last_word(error)
        reason = "reading does not show it, but it may still take effect"
        raise self.ambiguous(reason, candidates=self.candidates) from error

    def recovered(self, probe: OutcomeProbe[T], error: AxError) -> Flow[Applied[T] | None]:
        """What a failed write came to, if it happened; None if it is to be sent again."""
        failure = classify(error)
        if failure is FailureKind.FAILED_AFTER_RECEIPT and not probe.is_repeatable:
            # What does not show yet may have happened all the same.
            failure = FailureKind.UNKNOWN
        if failure is FailureKind.NOT_SENT:
            return None
        if failure is FailureKind.FINAL and not (self.possibly_applied and probe.may_echo(error)):
            self.give_up(error)
        self.possibly_applied = True
        refused = failure is FailureKind.FINAL
        once = failure is not FailureKind.UNKNOWN or probe.is_repeatable
        found = yield from self.found(probe, error, once=once, refused=refused)
        if isinstance(found, Applied):
            return found
        if refused:
            # Had an earlier attempt caused the refusal, its work would have been found.
            raise error
        if failure is FailureKind.UNKNOWN:
            self.doubt, self.candidates = error, found.candidates
            if not probe.is_repeatable:
                self.give_up(error)
        return None

    def found(
        self, probe: OutcomeProbe[T], error: AxError, *, once: bool, refused: bool
    ) -> Flow[Applied[T] | NotObserved]:
        """What reading tells of a lost write.

        Args:
            probe: how to look.
            error: what the attempt ended with.
            once: whether one look is enough.
            refused: whether the attempt ended with a refusal.
        """
        if self.context.settings.on_ambiguous == "raise":
            raise self.ambiguous("its answer was lost, and the client is set not to look") from error
        look = 0
        while True:
            look += 1
            # Looking decides what became of a write, so it takes whatever it understands.
            call = Call(self.context._replace(strict=False), self.deadline)
            try:
                found = yield from apply_policy(call, probe.look(self.context, self.first_sent, refused=refused))
            except (BadRequestError, NotFoundError, NotApplicableError) as failed:
                # What the write is about is not there, or does not take it: nothing came of it, and nothing will.
                if probe.is_repeatable and not isinstance(failed, NotApplicableError):
                    return NotObserved()
                raise failed from error
            except AxError as failed:
                raise self.ambiguous(f"its answer was lost, and then reading failed: {failed}") from error
            if isinstance(found, Undecided):
                raise self.ambiguous(found.reason, candidates=found.candidates) from error
            if isinstance(found, Applied) or once or look == LOOKS:
                return found
            seconds = self.context.settings.retry.pause(look)
            if (yield from now()) + seconds >= self.deadline:
                return found
            yield from sleep(seconds)

    def ambiguous(self, reason: str, *, candidates: Sequence[object] = ()) -> AmbiguousOutcomeError:
        """The error for a write that may or may not have happened."""
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
