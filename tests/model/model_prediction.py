"""The prediction of a call: its possible errors, or its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from tests.model.model_names import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.model.model_names import Refusal

P = ParamSpec("P")
T = TypeVar("T")


def nothing(*_: Any) -> None:
    """Do nothing, and return None."""


@dataclass
class Prediction:
    """The prediction of a call: one of the errors of the earliest stage, or else a value.

    Attributes:
        refusals: the possible errors; only those of the earliest stage count.
        apply: compares a value, and applies the call to the model.
        probe: reads the value if the call was applied; returns None if it was not.
        is_already_done: True if the state is already as requested, so that nothing shows whether the call was applied.
        is_repeatable: True if doing it twice has the same result as once.
        may_succeed: True if the call may return a value although there are possible errors.
        may_be_mistaken: True if reading cannot tell whether the call was applied.
        is_searched: True if a search follows a failed write, and may find the requested run.
        waits_out_failures: True if the call survives any number of failures.
        deadline: the end of a wait.
        in_doubt: True if the value may come from a probe.
    """

    refusals: list[Refusal] = field(default_factory=list)
    apply: Callable[[Any, datetime, datetime], None] = nothing
    probe: Callable[[Any], Any] = nothing
    is_already_done: bool = False
    is_repeatable: bool = True
    may_succeed: bool = False
    may_be_mistaken: bool = False
    is_searched: bool = False
    waits_out_failures: bool = False
    deadline: datetime | None = None
    in_doubt: bool = False

    @property
    def is_refused_early(self) -> bool:
        """True if the arguments are refused, rather than a later event fails the call."""
        return bool(self.refusals) and not self.waits_out_failures

    @property
    def first(self) -> list[Refusal]:
        """The possible errors of the earliest stage."""
        earliest = min((refusal.stage for refusal in self.refusals), default=0)
        return [refusal for refusal in self.refusals if refusal.stage == earliest]


class Problems:
    """Collects the refusals of a call."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, *refusals: Refusal | None) -> None:
        self.found += [refusal for refusal in refusals if refusal is not None]

    def attempt(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | None:
        """Return the result of a function; None if it is refused."""
        try:
            return work(*given, **named)
        except RefusedError as refused:
            self.found += refused.refusals
            return None
