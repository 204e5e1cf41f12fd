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

    from axtasks.config.events import ResponseEvent
    from axtasks.config.hooks import Hooks
    from axtasks.config.options import Clock
    from axtasks.config.settings import Settings

EffectT = TypeVar("EffectT")
R = TypeVar("R")


class AttemptSpan(Protocol):
    """The span of one attempt under way."""

    def end(self, event: ResponseEvent, *, abandoned: bool) -> None:
        """End the span; `abandoned` is True if the attempt was cancelled or interrupted."""
        ...


class Tracer(Protocol):
    """Starts the spans of one client: one for each call, and below it one for each attempt."""

    def call(self, steps: Generator[EffectT, object, R], name: str) -> Generator[EffectT, object, R]:
        """Run the flow of a call within a span named after its method, such as `trigger_run`."""
        ...

    def attempt(self, request: PreparedRequest, *, template: str, number: int) -> AttemptSpan:
        """Start the span of one attempt.

        Args:
            request: the request.
            template: the path of the operation with its parameters by name; empty if there is none.
            number: the number of the attempt, from 1.
        """
        ...


class ClientContext(NamedTuple):
    """The state that the flows of one client share.

    Attributes:
        settings: the settings of the client.
        clock: its clock.
        dialect: the dialect of its server, as far as it is detected.
        budget: its retry budget.
        names: cached ids by name.
        tasks: cached tasks by id.
        triggers: the runs it triggered, and the triggers under way.
        hooks: the callbacks for its requests.
        tracing: starts its spans; None without tracing.
        strict: True if responses that go beyond the contract are errors.
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
        """Return the state of a new client, with empty caches."""
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
