"""Tests of contract changes: fields that are read already need no edit, others need known files.

All are made in one copy here. `make changes` tries each alone, with all tests of the client, the command line and the
mock.
"""

from __future__ import annotations

import pytest

from tests.contract.changes import CHANGES, tried

pytestmark = pytest.mark.programs

# What a change reaches first, and where renamed values and new fields are met.
SUITE = (
    "tests/unit/resources/test_runs.py",
    "tests/contract/test_dialects.py",
    "tests/unit/contract/test_dialect.py",
    "tests/mock/simulation/test_lifecycles.py",
)


def test_only_the_files_that_are_known_have_to_be_edited() -> None:
    outcome = tried(*CHANGES, workers="0", suite=SUITE)

    assert outcome.is_as_expected, outcome
