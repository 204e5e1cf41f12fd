"""Stories that schemathesis tells along the links of the contract, in process or over a socket, with all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.dialects import BETA, DOCUMENTS
from tests.model.fuzz_session import on_trial, repeatable, trial

if TYPE_CHECKING:
    from tests.model.hooks import AnyCase

STORIES = {DOCUMENTS: 8, BETA: 3}


def test_stories_along_the_links_keep_to_the_rules(door: str, contract: str) -> None:
    with on_trial(door, contract) as (schema, arguments):

        class Story(schema.as_state_machine()):  # type: ignore[misc]  # schemathesis says no type of it
            def setup(self) -> None:
                """Begin with a fresh world."""
                trial().reset()

            def get_call_kwargs(self, _: AnyCase) -> dict[str, Any]:
                return arguments

        Story.run(settings=repeatable(STORIES[contract], steps=8))
