"""Stateful schemathesis tests along the links of the contract, in process or over a socket, with all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.dialects import BETA, DOCUMENTS
from tests.model.fuzz_session import active_session, fuzz_session, repeatable

if TYPE_CHECKING:
    from tests.model.hooks import AnyCase

SEQUENCES = {DOCUMENTS: 8, BETA: 3}


def test_sequences_along_the_links_follow_the_rules(door: str, contract: str) -> None:
    with fuzz_session(door, contract) as (schema, arguments):

        class LinkMachine(schema.as_state_machine()):  # type: ignore[misc]  # schemathesis says no type of it
            def setup(self) -> None:
                """Begin with a fresh world."""
                active_session().reset()

            def get_call_kwargs(self, _: AnyCase) -> dict[str, Any]:
                return arguments

        LinkMachine.run(settings=repeatable(SEQUENCES[contract], steps=8))
