"""Fixtures and options of the property-based tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.conftest import DOORS, chosen
from tests.dialects import DOCUMENTS, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator


# Otherwise Hypothesis also draws the constants of all loaded modules, and a test with the same seed would make other
# requests when it runs alone.
providers._get_local_constants = Constants


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with the argument `door` in this process or over a socket, as the options say."""
    if "door" in metafunc.fixturenames:
        in_process, _, socket = DOORS
        doors = chosen(metafunc, "door", DOORS)
        metafunc.parametrize("door", dict.fromkeys(each if each == socket else in_process for each in doors))


@pytest.fixture(autouse=True)
def dialect(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the contract that servers and checks use to the fixture `contract`, if a test takes it."""
    if "contract" in request.fixturenames:
        spoken.contract = request.getfixturevalue("contract")
    yield
    spoken.contract = DOCUMENTS
