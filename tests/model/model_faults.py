"""The outcome of a call that a fault strikes, by the table of the page on retries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axtasks import (
    AmbiguousOutcomeError,
    APIError,
    AxError,
    RateLimitError,
    RunTimeoutError,
    ServerError,
    TransportError,
    UndecodableBodyError,
)

from tests.model.model_compare import describe, matches
from tests.model.model_script import DifferenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.model_calls import CallOutcome
    from tests.model.model_prediction import Prediction
    from tests.model.model_state import Model

ATTEMPTS = 4
TAKEN_LATELY = "a run of the task began a little before"
WRITES = {"create_task", "update_task", "delete_task", "trigger_task_run", "cancel_task_run"}


@dataclass(frozen=True)
class FaultKind:
    """A kind of fault.

    Attributes:
        error: the error of the client when it gives up.
        is_surely_not_done: True if the client can tell that the server did not act.
        is_carried_out: True if the server acts all the same.
        is_open: True if, for all that the client knows, the server may still act after the failure.
    """

    error: type[AxError]
    is_surely_not_done: bool = False
    is_carried_out: bool = False
    is_open: bool = True


KINDS = {
    "status:429": FaultKind(RateLimitError, is_surely_not_done=True),
    "status:429 retry_after=1": FaultKind(RateLimitError, is_surely_not_done=True),
    "status:503 retry_after=2": FaultKind(ServerError, is_surely_not_done=True),
    "status:500": FaultKind(ServerError, is_open=False),
    "status:503": FaultKind(ServerError),
    "status:502": FaultKind(ServerError),
    "status:504": FaultKind(ServerError),
    "html-502": FaultKind(ServerError),
    "status:408": FaultKind(APIError),
    "reset": FaultKind(TransportError),
    "accept-then-drop": FaultKind(TransportError, is_carried_out=True),
    "truncate": FaultKind(TransportError, is_carried_out=True),
    "garbage": FaultKind(UndecodableBodyError, is_carried_out=True),
}


@dataclass(frozen=True)
class Fault:
    """A fault that strikes a number of requests of an operation."""

    text: str
    operation: str
    times: int

    @property
    def script(self) -> str:
        return f"operation={self.operation}, times={self.times}, fault={self.text}"

    @property
    def kind(self) -> FaultKind:
        return KINDS[self.text]

    @property
    def is_of_write(self) -> bool:
        return self.operation in WRITES


class OutcomeChecker:
    """Compares outcomes of calls with their predictions.

    Args:
        model: the expected state.
        observer: returns a client that reads the state.
    """

    def __init__(self, model: Model, observer: Callable[[], Any]) -> None:
        self.model = model
        self.observer = observer

    def check(
        self,
        predict: Callable[[], Prediction],
        before: Prediction,
        outcome: CallOutcome,
        fault: Fault | None,
        hits: int,
    ) -> None:
        """Raise DifferenceError unless the outcome is as predicted; then apply the call to the model.

        Args:
            predict: predicts the call from the model's state now.
            before: the prediction from the state at the start of the call.
            outcome: the outcome of the call.
            fault: the fault, if it struck.
            hits: the number of requests that it struck.
        """
        before.in_doubt = fault is not None and fault.is_of_write
        if outcome.error is None:
            self._returned(predict, before, outcome, fault, hits)
        else:
            self._raised(predict, before, outcome, fault, hits)
        self.model.advance(outcome.ended_at)

    def _returned(
        self,
        predict: Callable[[], Prediction],
        before: Prediction,
        outcome: CallOutcome,
        fault: Fault | None,
        hits: int,
    ) -> None:
        if fault is not None and (problem := self._must_not_succeed(before, fault, hits)):
            if before.in_doubt and self._later(predict, before, outcome).is_already_done:
                return
            raise DifferenceError(problem)
        expected = before
        if before.first and not before.may_succeed:
            if before.in_doubt and before.is_already_done:
                return
            expected = self._later(predict, before, outcome)
            if expected.first:
                wanted = " or ".join(map(describe, expected.first))
                raise DifferenceError(f"it returned {outcome.value!r}, and should have raised {wanted}")
        expected.apply(outcome.value, outcome.started_at, outcome.ended_at)

    @staticmethod
    def _must_not_succeed(before: Prediction, fault: Fault, hits: int) -> str:
        """Return the reason that a call with such a fault cannot succeed; an empty text if it can."""
        is_settled = (
            before.waits_out_failures or fault.kind.is_carried_out or (before.is_searched and fault.is_of_write)
        )
        if hits >= ATTEMPTS and not is_settled:
            return f"{hits} attempts failed, and the call went on"
        is_lost = fault.is_of_write and not fault.kind.is_surely_not_done and not fault.kind.is_carried_out
        if is_lost and not before.is_repeatable:
            return "the write was lost without a trace, and the call returned a value"
        return ""

    def _raised(
        self,
        predict: Callable[[], Prediction],
        before: Prediction,
        outcome: CallOutcome,
        fault: Fault | None,
        hits: int,
    ) -> None:
        error = outcome.error
        assert error is not None
        is_ambiguous = any(refusal.error is AmbiguousOutcomeError for refusal in before.first)
        if is_ambiguous and any(matches(error, refusal) for refusal in before.first):
            # The refusal came before any request was sent, independently of the fault.
            return
        if fault is not None and self._is_of_fault(before, fault, hits, outcome):
            return
        is_damaged = fault is not None and fault.kind.error is UndecodableBodyError
        if any(matches(error, refusal, is_damaged=is_damaged) for refusal in before.first):
            return
        later = self._later(predict, before, outcome)
        if any(matches(error, refusal, is_damaged=is_damaged) for refusal in later.first):
            return
        wanted = " or ".join(map(describe, later.first)) or "returned something"
        raise DifferenceError(f"it raised {type(error).__name__} {shown(error)}, and should have {wanted}") from error

    def _later(self, predict: Callable[[], Prediction], before: Prediction, outcome: CallOutcome) -> Prediction:
        """Return the prediction at the end of the call, if time has passed."""
        if outcome.ended_at == outcome.started_at:
            return before
        self.model.advance(outcome.ended_at)
        later = predict()
        later.in_doubt = before.in_doubt
        return later

    def _is_of_fault(self, before: Prediction, fault: Fault, hits: int, outcome: CallOutcome) -> bool:
        """Return True if the fault may lead to this error."""
        error = outcome.error
        if isinstance(error, AmbiguousOutcomeError):
            self._check_ambiguity(before, fault, hits, error)
            self._apply_if_done(before, outcome)
            return True
        if before.deadline is not None:
            # A wait that is over ends with the error of its last poll, or with the last state of the run. A wait that
            # would end before the server may be asked again does the same.
            pause = timedelta(seconds=getattr(error, "retry_after_seconds", None) or 0)
            if outcome.ended_at + pause >= before.deadline:
                return type(error) in {fault.kind.error, RunTimeoutError}
        if fault.is_of_write and fault.kind.is_carried_out:
            return False
        if hits < ATTEMPTS:
            return False
        # If reading the reason of a refusal fails, the refusal itself is raised, with a note.
        is_unexplained = any("could not be read" in note for note in getattr(error, "__notes__", []))
        return type(error) is fault.kind.error or (is_unexplained and before.is_refused_early)

    def _check_ambiguity(self, before: Prediction, fault: Fault, hits: int, error: Any) -> None:
        """Raise DifferenceError unless an AmbiguousOutcomeError is justified, and documented as it is."""
        kind = fault.kind
        if not fault.is_of_write or kind.is_surely_not_done:
            raise DifferenceError(f"the write was certainly not done, and the error is ambiguous: {error}")
        if error.operation_id != fault.operation or error.attempts < 1 or not error.reason:
            raise DifferenceError(f"the ambiguous error has wrong attributes: {vars(error)}")
        if not before.is_repeatable:
            if kind.is_carried_out and not before.first and not before.may_be_mistaken:
                raise DifferenceError(f"the effect of the write was visible, and was not found: {error}")
        elif hits < ATTEMPTS and not before.may_be_mistaken:
            # D12: a refusal is left open where a run of the last five minutes has the name that is taken. The server
            # also refuses the trigger of an `ensure_run` whose run is there, which has no experiment before it starts.
            is_refused = bool(before.first) or before.is_searched
            if (before.first and kind.is_open) or (is_refused and TAKEN_LATELY in error.reason):
                return
            raise DifferenceError(f"reading shows the effect of the write, and the error is ambiguous: {error}")

    def _apply_if_done(self, before: Prediction, outcome: CallOutcome) -> None:
        """Read the state to learn whether the call was applied."""
        if before.first:
            return
        seen = before.probe(self.observer())
        if seen is not None:
            before.apply(seen, self.model.now, max(self.model.now, outcome.ended_at))


def shown(error: AxError) -> str:
    """Describe an error with its attributes."""
    hidden = {"headers", "body", "problem", "run", "candidates"}
    return f"({error}) with { {name: value for name, value in vars(error).items() if name not in hidden} }"
