"""The planted bugs still fit the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.planted.catalogue import ALL
from tests.model.planted.in_doors import IN_DOORS

if TYPE_CHECKING:
    from tests.model.planted.bug import PlantedBug

LEAST = 75


@pytest.mark.parametrize("bug", ALL, ids=lambda bug: bug.id)
def test_a_bug_can_be_planted(bug: PlantedBug) -> None:
    compile(bug.text_with_bug(), bug.file, "exec")


def test_there_are_enough_bugs_and_each_has_its_own_id() -> None:
    assert len({bug.id for bug in ALL}) == len(ALL) >= LEAST
    assert len({(bug.file, bug.old, bug.new) for bug in ALL}) == len(ALL)


def test_bugs_are_in_mock_and_client() -> None:
    files = {bug.file for bug in ALL}

    assert len([file for file in files if file.startswith("mock/")]) >= 10
    assert len([file for file in files if not file.startswith("mock/")]) >= 8


def test_bugs_in_doors_are_in_core_transport_and_socket() -> None:
    assert {bug.file for bug in IN_DOORS} >= {
        "mock/mock.py",
        "mock/serving/httpx_transport.py",
        "mock/serving/asgi.py",
        "mock/serving/server.py",
    }
    assert len(IN_DOORS) >= 10
