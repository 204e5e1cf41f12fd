"""What a call should come to."""

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
    """Does nothing, and finds nothing."""


@dataclass
class Prediction:
    """What a call should come to: one of these errors, those found first, or else a value.

    Attributes:
        refusals: the errors that it may end with; only those of the earliest stage count.
        apply: compares a value, and enters into the model what the call did.
        probe: finds the value by reading if the call did what it should have; None if it did not.
        is_already_done: whether things are as asked for already, so that nobody can tell whether the call did anything.
        is_repeatable: whether doing it twice comes to the same as once.
        may_succeed: whether it may return a value although there are errors it may end with.
        may_be_mistaken: whether looking cannot tell what became of it.
        is_searched: whether a search follows a write that failed, and may find what was asked for.
        waits_out_failures: whether any number of failures is waited out.
        deadline: when a wait is over.
        in_doubt: whether the answer may come of looking.
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
        """Whether it is refused for what it asks, rather than for what then happens."""
        return bool(self.refusals) and not self.waits_out_failures

    @property
    def first(self) -> list[Refusal]:
        """The errors that come first."""
        earliest = min((refusal.stage for refusal in self.refusals), default=0)
        return [refusal for refusal in self.refusals if refusal.stage == earliest]


class Problems:
    """Collects everything that is wrong with a call."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, *refusals: Refusal | None) -> None:
        self.found += [refusal for refusal in refusals if refusal is not None]

    def tried(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T | None:
        """What something comes to; None if it is refused."""
        try:
            return work(*given, **named)
        except RefusedError as refused:
            self.found += refused.refusals
            return None
