"""What the flows of one client share: its settings, and how it lets time pass. No I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from .dialects import Dialect
from .facts import TasksSeen
from .hooks import NO_HOOKS
from .names import Names
from .retry import RetryBudget
from .triggers import Triggers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .config import Settings
    from .hooks import Hooks
    from .tracing import Tracing


async def _sleep_async(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


class Clock(NamedTuple):
    """How a client tells the time and lets it pass. Tests replace it, so that nothing has to sleep.

    Attributes:
        monotonic: the seconds of a clock that never goes back.
        sleep: lets seconds pass, for `AxClient`.
        sleep_async: lets seconds pass, for `AsyncAxClient`.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    sleep_async: Callable[[float], Awaitable[None]] = _sleep_async


class Core(NamedTuple):
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
    names: Names
    tasks: TasksSeen
    triggers: Triggers
    hooks: Hooks
    tracing: Tracing | None
    strict: bool

    @classmethod
    def fresh(
        cls,
        settings: Settings,
        clock: Clock,
        *,
        hooks: Hooks = NO_HOOKS,
        tracing: Tracing | None = None,
        strict: bool = False,
    ) -> Core:
        """What a client begins with, that knows nothing yet."""
        return cls(
            settings,
            clock,
            Dialect(settings.contract),
            RetryBudget(),
            Names(),
            TasksSeen(),
            Triggers(),
            hooks,
            tracing,
            strict,
        )
