"""What changes of the documents' contract need by hand: nothing for what is read already, and known files otherwise.

`make changes` tries the same with all tests of the client, the command line and the mock.
"""

from __future__ import annotations

import pytest

from tests.contract.changes import CHANGES, Change, tried

# What a change reaches first; renamed values and new fields are met all over.
FIRST = ("tests/unit/test_runs.py",)
THROUGHOUT = (*FIRST, "tests/contract/test_dialects.py", "tests/unit/test_dialects.py", "tests/mock/test_lifecycles.py")


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_only_the_files_that_are_known_have_to_be_edited(change: Change) -> None:
    suite = THROUGHOUT if change.name in {"a-value-is-renamed", "a-field-is-added"} else FIRST

    assert tried(change, workers="0", suite=suite).is_as_expected
