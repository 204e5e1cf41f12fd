"""A simulated user: makes calls to a mock behind faults, one after another, and judges each by its effects."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from axtasks import AmbiguousOutcomeError, AxError, RetryPolicy, Timeouts
from axtasks.mock import chaos
from axtasks.mock.faults.registry import Faults

from tests.dialects import DOCUMENTS
from tests.model.chaos.call_generator import INTERFERENCE_RATE, CallGenerator
from tests.model.chaos.client_adapters import Stopwatch
from tests.model.chaos.exchanges import fault_of, is_decidable, is_write
from tests.model.chaos.inspector import MockInspector
from tests.model.chaos.ledger import Ledger
from tests.model.chaos.network import frozen_mock, networked
from tests.model.chaos.reads import Read
from tests.model.chaos.verdict import DOUBLED, LATE, LOST, MISREAD, NEEDLESS, UNTYPED, Verdict

if TYPE_CHECKING:
    from tests.model.chaos.client_adapters import ClientAdapter
    from tests.model.chaos.ledger import Json
    from tests.model.chaos.network import VirtualTime
    from tests.model.chaos.writes import Write

RUN_SECONDS = 0.5
TIMEOUTS = Timeouts(connect=2, read=0.4, total=12)
# Backoffs are as long as they can be: nothing here needs jitter.
RETRY = RetryPolicy(attempts=5, first_pause=0.02, longest_pause=0.2, jitter=lambda: 1.0)
# In virtual time an exchange that ends at the deadline still takes its way back.
SLACK_SECONDS = 0.1
# The think time between two calls.
THINK_SECONDS = 0.05
KINDS = (
    "status:500",
    "status:502",
    "status:503",
    "status:503 retry_after=1",
    "status:504",
    "status:408",
    "status:429",
    "status:429 retry_after=1",
    # Longer than a call may take: the call has to fail at once.
    "status:503 retry_after=30",
    "html-502",
    "reset",
    "accept-then-drop",
    "delay:50ms",
    "delay:1s",
    "slow-drip:0s",
    "method=GET, slow-drip:1s",
    "method=POST, slow-drip:1s",
    "truncate",
    "empty",
    "garbage",
    "unknown-enum",
    "extra-field",
    "duplicate-page",
)


def run_user(
    adapter: type[ClientAdapter],
    *,
    seed: int,
    operations: int,
    rate: float,
    kinds: tuple[str, ...] = KINDS,
    contract: str = DOCUMENTS,
) -> Verdict:
    """Run a number of calls, and return the verdict.

    Args:
        adapter: the client.
        seed: the seed of the calls and faults.
        operations: the number of calls.
        rate: the share of requests that a fault strikes.
        kinds: the faults.
        contract: the contract of the mock, which the client has to detect.
    """
    started = time.monotonic()
    mock = frozen_mock(seed=seed, run_seconds=RUN_SECONDS, contract=contract)
    faults = Faults(chaos(rate, kinds), seed=seed)
    with networked(adapter, mock, faults, timeout=TIMEOUTS, retry=RETRY) as (client, network):
        user = SimulatedUser(client, MockInspector(mock), network.time, CallGenerator(seed, Ledger()))
        before = user.inspector.world()
        for _ in range(operations):
            user.run_step(user.generator.next())
        for difference in user.ledger.differences(before, user.inspector.world()):
            user.verdict.find(LOST if difference.endswith("is not there") else DOUBLED, f"in the end {difference}")
        user.verdict.struck = network.struck
    user.verdict.seconds = time.monotonic() - started
    return user.verdict


class SimulatedUser:
    """A user, a mock, and the verdict so far."""

    def __init__(
        self, client: ClientAdapter, inspector: MockInspector, virtual_time: VirtualTime, generator: CallGenerator
    ) -> None:
        self.client = client
        self.inspector = inspector
        self.virtual_time = virtual_time
        self.generator = generator
        self.ledger = generator.ledger
        self.verdict = Verdict()

    def run_step(self, step: Read | Write) -> None:
        """Make a call and judge it."""
        self.verdict.operations += 1
        self.virtual_time.sleep(THINK_SECONDS)
        if isinstance(step, Read):
            self.read(step)
        else:
            self.write(step)

    def read(self, step: Read) -> None:
        """Make a call that reads; its result has to be correct."""
        value, error, seconds = self.attempt(step)
        exchanges = self.inspector.exchanges()
        self.verdict.requests += len(exchanges)
        self.record_duration(step, seconds, step.most_seconds)
        if error is not None:
            self.record_error(step, error)
        elif not step.is_right(value):
            self.verdict.find(MISREAD, f"{self.generator.number}: {value!r}; {_describe(exchanges)}")

    def write(self, step: Write) -> None:
        """Make a call that writes. Its effect has to exist once if it succeeded, and not at all if it failed."""
        if self.generator.rng.random() < INTERFERENCE_RATE:
            step.interfere(self.inspector, self.ledger, self.virtual_time.now)
        began = self.virtual_time.now
        value, error, seconds = self.attempt(step)
        exchanges = self.inspector.exchanges()
        effects = step.effects(self.inspector, [exchange for exchange in exchanges if is_write(exchange)])
        self.verdict.writes += 1
        self.verdict.requests += len(exchanges)
        self.record_duration(step, seconds)
        what = f"{self.generator.number}: {step} has the effects {effects}, and the call {error or value!r}"
        what += f"; {_describe(exchanges)}"
        if len(effects) > 1:
            self.verdict.find(DOUBLED, what)
        if isinstance(error, AmbiguousOutcomeError):
            self.verdict.doubts[f"{step.operation}: {error.reason.partition(':')[0]}"] += 1
            # The run of another user only justifies a doubt if it is among the candidates.
            is_mistakable = len(error.candidates) > 1 and step.may_be_mistaken(self.ledger, began)
            is_clear = is_decidable(exchanges, has_effect=bool(effects), is_shown=step.is_shown)
            if is_clear and not is_mistakable:
                self.verdict.find(NEEDLESS, what)
            claimed = set(effects)
        elif error is not None:
            self.record_error(step, error)
            claimed = set()
            if effects:
                self.verdict.find(LOST, what)
        else:
            claimed = {step.effect_of(value)}
            if not claimed <= set(effects) and not step.is_as_reported(self.inspector):
                self.verdict.find(LOST, what)
        for effect in claimed:
            step.note(self.ledger, effect)

    def attempt(self, step: Read | Write) -> tuple[Any, Exception | None, float]:
        """Return the value, error and duration of a call; for a list the duration of the slowest page."""
        watch = Stopwatch(self.virtual_time.clock.monotonic)
        value, failed = None, None
        try:
            is_list = isinstance(step, Read) and step.is_list
            value = self.client.items(step.call, watch) if is_list else self.client.ask(step.call)
        except Exception as error:  # noqa: BLE001  whatever it is, it is judged
            failed = error
        return value, failed, watch.longest()

    def record_duration(self, step: Read | Write, seconds: float, most: float | None = None) -> None:
        """Record the duration of a call."""
        self.verdict.longest_seconds = max(self.verdict.longest_seconds, seconds)
        if seconds > (most or TIMEOUTS.total) + SLACK_SECONDS:
            self.verdict.find(LATE, f"{self.generator.number}: {step} took {seconds:.1f} s")

    def record_error(self, step: Read | Write, error: Exception) -> None:
        """Record an error; it has to be an AxError."""
        self.verdict.errors[type(error).__name__] += 1
        if not isinstance(error, AxError):
            self.verdict.find(UNTYPED, f"{self.generator.number}: {step}: {error!r}")


def _describe(exchanges: list[Json]) -> str:
    """Return the exchanges of a call in a line."""
    return " | ".join(
        f"{it['operation']} {it['status']}{f' ({fault})' if (fault := fault_of(it)) else ''}" for it in exchanges
    )
