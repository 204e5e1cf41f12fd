"""Stories that schemathesis tells along the links of the contract, in process and over a socket, with all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.property.trying import HEADERS, HERE, hosted, in_process, over_socket, repeatable, the_contract, trial

if TYPE_CHECKING:
    from tests.property.hooks import AnyCase


def tell(**arguments: Any) -> None:
    """Tell some stories, each beginning with a fresh world."""
    contract = arguments.pop("contract")

    class Story(contract.as_state_machine()):  # type: ignore[misc]  # schemathesis says no type of it
        def setup(self) -> None:
            trial().reset()

        def get_call_kwargs(self, _: AnyCase) -> dict[str, Any]:
            return {"headers": HEADERS, **arguments}

    Story.run(settings=repeatable(8, steps=8))


def test_stories_along_the_links_keep_to_the_rules_in_process() -> None:
    contract = the_contract()
    with in_process(contract, hosted(contract)) as client:
        tell(contract=contract, base_url=HERE, session=client)


def test_stories_along_the_links_keep_to_the_rules_over_a_socket() -> None:
    with over_socket() as url:
        tell(contract=the_contract(), base_url=url)
