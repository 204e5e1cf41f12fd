"""What the contract has, each part knows: where not, the failure names what has to be written by hand."""

from __future__ import annotations

import re
from pathlib import Path

import axtasks
import axtasks_api_beta.operations
import pytest
from axtasks import dispatch
from axtasks.mock import words
from axtasks.mock.handlers import HANDLERS
from axtasks_api_beta.models import TaskType

FACADE = Path(axtasks.__file__).parent
OPERATIONS = axtasks_api_beta.operations.IDS


# What a module of the client imports from the modules of operations.
IMPORTED = re.compile(r"from axtasks_api\w*\.api\.\w+ import ([\w, ]+|\([^)]*\))")


def used_operations() -> set[str]:
    """The operations that the client imports."""
    modules = [path for path in FACADE.rglob("*.py") if path.relative_to(FACADE).parts[0] not in {"mock", "cli"}]
    imports = (found for path in modules for found in IMPORTED.findall(path.read_text(encoding="utf-8")))
    return {name for names in imports for name in re.findall(r"\w+", names)}


@pytest.mark.parametrize("task_type", TaskType, ids=str)
def test_bodies_fit_every_task_type(task_type: TaskType) -> None:
    known = {*dispatch.evaluation_types(), TaskType.RUN_EXPERIMENT}

    assert task_type in known, f"facade/axtasks/dispatch.py does not say which bodies fit {task_type}"


@pytest.mark.parametrize("task_type", TaskType, ids=str)
def test_the_mock_knows_every_task_type(task_type: TaskType) -> None:
    assert task_type in words.CREATE_BODIES, f"facade/axtasks/mock/words.py does not know tasks of type {task_type}"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_client_offers_every_operation(operation: str) -> None:
    assert operation in used_operations(), f"no flow in facade/axtasks/flows/ uses {operation}"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_mock_answers_every_operation(operation: str) -> None:
    assert operation in HANDLERS, f"facade/axtasks/mock/handlers.py has nothing that answers {operation}"
