"""The state that all calls of one client share. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from axtasks.config.hooks import NO_HOOKS
from axtasks.contract.dialect import Dialect

from .caches import NameCache, TaskCache, TriggerLog
from .retry import RetryBudget

if TYPE_CHECKING:
    from collections.abc import Generator

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.hooks import Hooks, ResponseEvent
    from axtasks.config.options import Clock
    from axtasks.config.settings import Settings

EffectT = TypeVar("EffectT")
R = TypeVar("R")


class AttemptSpan(Protocol):
    """The span of one attempt under way."""

    def end(self, event: ResponseEvent, *, abandoned: bool) -> None:
        """Ends the span.

        Args:
            event: how the attempt ended.
            abandoned: whether it was cancelled or interrupted.
        """
        ...


class Tracer(Protocol):
    """Makes the spans of one client: one for each call, and below it one for each attempt."""

    def call(self, steps: Generator[EffectT, object, R], name: str) -> Generator[EffectT, object, R]:
        """Runs the flow of a whole call within a span of its own.

        Args:
            steps: the flow.
            name: what the call does, such as `trigger_run`.
        """
        ...

    def attempt(self, request: PreparedRequest, *, template: str, number: int) -> AttemptSpan:
        """Begins the span of one attempt.

        Args:
            request: what is sent.
            template: the path of the operation with its parameters by name; empty where there is none.
            number: which attempt of the request it is, from 1.
        """
        ...


class ClientContext(NamedTuple):
    """What the flows of one client share.

    Attributes:
        settings: how the client was set up.
        clock: how it tells the time.
        dialect: which dialect of the contract its server speaks, as far as that is known.
        budget: what further attempts are paid from.
        names: the names it looked up lately.
        tasks: the tasks it saw lately.
        triggers: the runs it triggered lately, and the triggers under way.
        hooks: what is told of its requests.
        tracing: what makes spans of them; None where nobody asked for them.
        strict: whether answers that go beyond the contract are errors.
    """

    settings: Settings
    clock: Clock
    dialect: Dialect
    budget: RetryBudget
    names: NameCache
    tasks: TaskCache
    triggers: TriggerLog
    hooks: Hooks
    tracing: Tracer | None
    strict: bool

    @classmethod
    def fresh(
        cls,
        settings: Settings,
        clock: Clock,
        *,
        hooks: Hooks = NO_HOOKS,
        tracing: Tracer | None = None,
        strict: bool = False,
    ) -> ClientContext:
        """What a client begins with, that knows nothing yet."""
        return cls(
            settings,
            clock,
            Dialect(settings.contract),
            RetryBudget(),
            NameCache(),
            TaskCache(),
            TriggerLog(),
            hooks,
            tracing,
            strict,
        )
