"""Stories that schemathesis tells along the links of the contract, in process and over a socket, with all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects import BETA, DOCUMENTS
from tests.property.trying import HEADERS, HERE, hosted, in_process, over_socket, repeatable, the_contract, trial

if TYPE_CHECKING:
    from schemathesis.schemas import BaseSchema

    from tests.property.hooks import AnyCase

STORIES = {DOCUMENTS: 8, BETA: 3}


def tell(stories: int, *, schema: BaseSchema, **arguments: Any) -> None:
    """Tell some stories, each beginning with a fresh world."""

    class Story(schema.as_state_machine()):  # type: ignore[misc]  # schemathesis says no type of it
        def setup(self) -> None:
            trial().reset()

        def get_call_kwargs(self, _: AnyCase) -> dict[str, Any]:
            return {"headers": HEADERS, **arguments}

    Story.run(settings=repeatable(stories, steps=8))


def test_stories_along_the_links_keep_to_the_rules_in_process(contract: str) -> None:
    schema = the_contract(contract)
    with in_process(schema, hosted(schema, contract)) as client:
        tell(STORIES[contract], schema=schema, base_url=HERE, session=client)


@pytest.mark.one_contract
def test_stories_along_the_links_keep_to_the_rules_over_a_socket() -> None:
    with over_socket() as url:
        tell(STORIES[DOCUMENTS], schema=the_contract(DOCUMENTS), base_url=url)
