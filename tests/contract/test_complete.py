"""Tests that each part covers the whole contract; a failure names the file to edit by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import axtasks
import axtasks_api.operations
from axtasks.inputs import task_bodies as dispatch
from axtasks.mock.contract import vocabulary as words
from axtasks.mock.operations.registry import HANDLERS
from axtasks_api.models import TaskType

if TYPE_CHECKING:
    from collections.abc import Iterable

FACADE = Path(axtasks.__file__).parent
OPERATIONS = axtasks_api.operations.IDS


# What a module of the client imports from the modules of operations.
IMPORTED = re.compile(r"from axtasks_api\w*\.api\.\w+ import ([\w, ]+|\([^)]*\))")


def listed(names: Iterable[str]) -> str:
    """Return the names in a sentence."""
    return ", ".join(sorted(map(str, names)))


def used_operations() -> set[str]:
    """Return the operations that the client imports."""
    modules = [path for path in FACADE.rglob("*.py") if path.relative_to(FACADE).parts[0] not in {"mock", "cli"}]
    imports = (found for path in modules for found in IMPORTED.findall(path.read_text(encoding="utf-8")))
    return {name for names in imports for name in re.findall(r"\w+", names)}


def test_bodies_fit_every_task_type() -> None:
    unknown = set(TaskType) - {*dispatch.evaluation_types(), TaskType.RUN_EXPERIMENT}

    assert not unknown, f"facade/axtasks/inputs/task_bodies.py does not say which bodies fit {listed(unknown)}"


def test_the_mock_knows_every_task_type() -> None:
    unknown = set(TaskType) - set(words.CREATE_BODIES)

    assert not unknown, f"facade/axtasks/mock/contract/vocabulary.py does not know tasks of type {listed(unknown)}"


def test_the_client_offers_every_operation() -> None:
    unused = set(OPERATIONS) - used_operations()

    assert not unused, f"no flow in facade/axtasks/resources/ uses {listed(unused)}"


def test_the_mock_answers_every_operation() -> None:
    unanswered = set(OPERATIONS) - set(HANDLERS)

    assert not unanswered, f"facade/axtasks/mock/operations/registry.py has nothing that answers {listed(unanswered)}"
