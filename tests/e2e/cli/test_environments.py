"""Commands end as they should in unusual environments; `environments` tries every command."""

from __future__ import annotations

import pytest

from tests.cli.test_help import PLAIN
from tests.e2e.cli.environments import COMMANDS, ENVIRONMENTS, flaws_of

pytestmark = [pytest.mark.one_contract, pytest.mark.posix]


@pytest.mark.programs
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_two_commands_in_every_environment(name: str) -> None:
    """One command sends a request, the other uses files."""
    assert flaws_of(name, ["tasks list", "profiles list"]) == []


def test_every_command_is_tried() -> None:
    assert set(COMMANDS) == set(PLAIN)
