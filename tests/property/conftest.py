"""What the tests of properties have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialects import DOCUMENTS, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def dialect(contract: str) -> Iterator[str]:
    """The contract that the servers of the test speak, and by which they are judged."""
    spoken.contract = contract
    yield contract
    spoken.contract = DOCUMENTS
