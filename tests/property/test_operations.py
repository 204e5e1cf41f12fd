"""Requests of schemathesis for every operation, in process and over a socket, with all of its checks and ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.property.trying import HEADERS, HERE, hosted, in_process, over_socket, repeatable, the_contract, trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.python.asgi import ASGIClient

    from tests.property.hooks import AnyCase

IN_PROCESS, OVER_SOCKET = the_contract(), the_contract()
for _contract in (IN_PROCESS, OVER_SOCKET):
    _contract.config.phases_for(operation=None).coverage.enabled = False
SERVER = hosted(IN_PROCESS)


@pytest.fixture(scope="module")
def client() -> Iterator[ASGIClient]:
    """A session to a mock without a socket."""
    with in_process(IN_PROCESS, SERVER) as found:
        yield found


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where a mock listens."""
    with over_socket() as found:
        yield found


@IN_PROCESS.parametrize()
@repeatable(10)
def test_every_operation_keeps_to_the_contract_and_the_rules_in_process(case: AnyCase, client: ASGIClient) -> None:
    trial().reset()
    case.call_and_validate(base_url=HERE, session=client, headers=HEADERS)


@OVER_SOCKET.parametrize()
@repeatable(4)
def test_every_operation_keeps_to_the_contract_and_the_rules_over_a_socket(case: AnyCase, url: str) -> None:
    trial().reset()
    case.call_and_validate(base_url=url, headers=HEADERS)
