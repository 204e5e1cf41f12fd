"""Requests of schemathesis for every operation, in process and over a socket, with all of its checks and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialects import BETA, DOCUMENTS
from tests.property.trying import HEADERS, HERE, hosted, in_process, over_socket, repeatable, the_contract, trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.python.asgi import ASGIClient

    from tests.property.hooks import AnyCase

IN_PROCESS, OVER_SOCKET, OF_BETA = the_contract(DOCUMENTS), the_contract(DOCUMENTS), the_contract(BETA)
for _contract in (IN_PROCESS, OVER_SOCKET, OF_BETA):
    _contract.config.phases_for(operation=None).coverage.enabled = False
HOSTED = {name: (schema, hosted(schema, name)) for name, schema in ((DOCUMENTS, IN_PROCESS), (BETA, OF_BETA))}


@pytest.fixture
def client(contract: str) -> Iterator[ASGIClient]:
    """A session to a mock without a socket."""
    with in_process(*HOSTED[contract]) as found:
        yield found


@pytest.fixture
def url() -> Iterator[str]:
    """Where a mock listens."""
    with over_socket() as found:
        yield found


@pytest.mark.one_contract
@IN_PROCESS.parametrize()
@repeatable(10)
def test_every_operation_keeps_to_the_contract_and_the_rules_in_process(case: AnyCase, client: ASGIClient) -> None:
    trial().reset()
    case.call_and_validate(base_url=HERE, session=client, headers=HEADERS)


@pytest.mark.one_contract
@OVER_SOCKET.parametrize()
@repeatable(4)
def test_every_operation_keeps_to_the_contract_and_the_rules_over_a_socket(case: AnyCase, url: str) -> None:
    trial().reset()
    case.call_and_validate(base_url=url, headers=HEADERS)


@pytest.mark.one_contract(BETA)
@OF_BETA.parametrize()
@repeatable(3)
def test_every_operation_keeps_to_the_newer_contract_and_its_rules(case: AnyCase, client: ASGIClient) -> None:
    trial().reset()
    case.call_and_validate(base_url=HERE, session=client, headers=HEADERS)
