"""Random sequences of requests on a small world: every response follows the rules."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialects import BETA, DOCUMENTS, spoken
from tests.model import generator
from tests.model.checks import check_all
from tests.model.contract import operations
from tests.model.exchange import Exchange, History, parse_request
from tests.model.fuzz_session import cached_mock, repeatable
from tests.model.generator_values import any_of, chance
from tests.model.hooks import STEPS
from tests.model.servers import InProcessServer

OPERATION_MIXES = {
    "tasks": ["create_task", "update_task", "update_task", "delete_task", "trigger_task_run", "list_tasks", "get_task"],
    "updates": ["update_task"] * 6 + ["create_task", "delete_task", "get_task"],
    "runs": [
        "trigger_task_run",
        "trigger_task_run",
        "cancel_task_run",
        "get_task_run",
        "list_task_runs",
        "create_task",
    ],
}
"""The mixes of operations: each operation is as likely as it is often named."""
ALL_OPERATIONS, READS = "all operations", "reads"
SEQUENCES = {DOCUMENTS: 40, BETA: 15}


@pytest.mark.parametrize("mix", [ALL_OPERATIONS, *OPERATION_MIXES, READS])
def test_a_sequence_of_requests_follows_the_rules(mix: str, contract: str) -> None:
    run_sequences(mix, repeatable(SEQUENCES[contract]))


def operations_in(name: str) -> list[str]:
    """Return the operations of a mix, under the current contract."""
    if name == ALL_OPERATIONS:
        return generator.operations()
    return [each.id for each in operations().values() if each.is_read] if name == READS else OPERATION_MIXES[name]


def run_sequences(mix: str, profile: settings) -> None:
    """Run random sequences; Hypothesis shrinks a failing one."""

    @profile
    @given(st.lists(st.integers(0, 2**32), min_size=20, max_size=40))
    def sequence(seeds: list[int]) -> None:
        server, history = InProcessServer(cached_mock(spoken.contract)), History()
        server.mock.start_over()
        # A zero stands for no step, so that a failing sequence can shrink although most sequences are long.
        for seed in filter(None, seeds):
            step(Random(seed), server, history, operations_in(mix))  # noqa: S311  # chance that can be repeated

    sequence()


def step(rng: Random, server: InProcessServer, history: History, operations: list[str]) -> Exchange:
    """Send one request, perhaps after some time, and check the response."""
    if chance(rng, 0.3):
        server.advance(any_of(rng, STEPS))
    before = server.snapshot()
    raw = generator.generate_request(rng, before, history, among=operations)
    reply = server.send(raw)
    exchange = Exchange(server, history, raw, parse_request(raw, before, history), reply, before, server.snapshot())
    check_all(exchange)
    return exchange
