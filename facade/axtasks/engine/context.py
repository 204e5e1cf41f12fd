"""The state that a flow works with: that of its client, and that of its call. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from axtasks.config.hooks import NO_HOOKS
from axtasks.contract.dialect import Dialect

from .caches import NameCache, TaskCache, TriggerLog
from .retry import RetryBudget

if TYPE_CHECKING:
    from collections.abc import Generator

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.events import ResponseEvent
    from axtasks.config.hooks import Hooks
    from axtasks.config.options import Clock
    from axtasks.config.settings import Settings
    from axtasks.errors import ContractViolationError

    from .caches import CachedId, NameKey

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


class StaleCacheError(Exception):
    """The cached ids that a call used may be out of date. `execute` restarts the call; no caller gets this error."""


class Call:
    """The state of one call of a method.

    Attributes:
        deadline: the monotonic time that its requests share as their deadline; None until the first of them, from
            which on the client's total timeout counts.
        used_ids: the cached ids that it used, by name. It can be restarted without them.
        bypasses_cache: True if it may use no cached ids.
        is_write_possibly_applied: True if a write was carried out, or may have been. A restart might repeat it.
        violation: the error for a write that was carried out, with a response that a strict client does not accept.
    """

    __slots__ = ("bypasses_cache", "deadline", "is_write_possibly_applied", "used_ids", "violation")

    def __init__(self, deadline: float | None = None) -> None:
        self.deadline = deadline
        self.used_ids: list[tuple[NameKey, CachedId]] = []
        self.bypasses_cache = False
        self.is_write_possibly_applied = False
        self.violation: ContractViolationError | None = None

    @property
    def can_restart(self) -> bool:
        """True if the call may end differently without the cache, and a restart repeats no write."""
        return bool(self.used_ids) and not self.is_write_possibly_applied

    def restart_uncached(self) -> None:
        """Restart the call without the cache, if it used a cached id: its outcome may be due to that alone."""
        if self.can_restart:
            raise StaleCacheError

    def bypass_cache(self, names: NameCache) -> None:
        """Evict the cached ids that the call used, and let it use no others."""
        for key, cached in self.used_ids:
            names.evict(key, cached)
        self.used_ids.clear()
        self.bypasses_cache = True


class ClientContext(NamedTuple):
    """The state that the flows of one client share, and that of the call they are in.

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
        call: the call; each has a copy of the context with a state of its own.
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
    call: Call

    @classmethod
    def fresh(
        cls,
        settings: Settings,
        clock: Clock,
        *,
        hooks: Hooks = NO_HOOKS,
        strict: bool = False,
    ) -> ClientContext:
        """Return the state of a new client, with empty caches and without tracing."""
        return cls(
            settings,
            clock,
            Dialect(settings.contract),
            RetryBudget(),
            NameCache(),
            TaskCache(),
            TriggerLog(),
            hooks,
            None,
            strict,
            Call(),
        )
