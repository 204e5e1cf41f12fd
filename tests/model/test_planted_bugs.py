"""Tests of the planted bugs: each still fits the code, which changes under them."""

from __future__ import annotations

import ast

import pytest

from tests.model.planted.catalogue import ALL


def test_each_planted_bug_fits_the_code_and_is_python() -> None:
    misfits = []
    for bug in ALL:
        try:
            ast.parse(bug.text_with_bug())
        except (ValueError, SyntaxError) as error:
            misfits.append(f"{bug.id}: {error}")

    if misfits:
        pytest.fail("\n".join(misfits))
