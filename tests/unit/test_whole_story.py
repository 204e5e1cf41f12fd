"""Tests of a task's whole life over a socket, by both clients, with the contract given or detected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Mock, MockServer

from tests.e2e.interop import facade, scenario

if TYPE_CHECKING:
    from axtasks.contract.dialect import Contract


@pytest.mark.parametrize("awaits", [False, True], ids=["blocking", "awaiting"])
@pytest.mark.parametrize("learns", [False, True], ids=["told", "learning"])
@pytest.mark.parametrize("served", ["documents", "beta"])
def test_the_whole_life_of_a_task_works_over_a_socket(served: Contract, learns: bool, awaits: bool) -> None:
    with MockServer(Mock(lifecycle=scenario.LIFECYCLE, contract=served)) as server:
        facade.run_scenario(server.url, "auto" if learns else served, served, awaits=awaits)
