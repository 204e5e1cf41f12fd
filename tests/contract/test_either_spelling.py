"""Tests of values with two spellings: each equals both, and nothing else."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from axtasks import AxClient
from axtasks_api import models
from axtasks_api.dialect import FORMER_SPELLING, SPELLING
from axtasks_api.models import StoredTemplateEvaluationRunConfig, TaskRunStatus

if TYPE_CHECKING:
    from collections.abc import Callable

COMPLETED = TaskRunStatus("COMPLETED")


def value_of(domain: str, name: str) -> Any:
    """Return the member of an enum, or the constant of a model, with this name in Python."""
    kind, _, field = domain.partition(".")
    found: Any = getattr(models, kind)
    return (
        next(each.default for each in found.__attrs_attrs__ if each.name == field.rstrip("_")) if field else found(name)
    )


VALUES = {
    f"{domain}: {name}": (value_of(domain, name), name, {spelled, FORMER_SPELLING.get(domain, {}).get(name, name)})
    for domain, names in SPELLING.items()
    for name, spelled in names.items()
}


@pytest.mark.parametrize(("value", "name", "spelled"), VALUES.values(), ids=VALUES)
def test_a_value_equals_each_of_its_spellings(value: Any, name: str, spelled: set[str]) -> None:
    for text in {name, *spelled}:
        assert value == text
        assert text == value
        assert not value != text  # noqa: SIM202  the operator of its own
        assert value in ("other", text)
        assert value in ["other", text]
    for other in (name.title(), name[:-1], f"{name} ", "", None, 5, name.encode()):
        assert value != other
        assert value not in (other, "other")
    assert hash(value) == hash(name)


@pytest.mark.parametrize(("value", "name"), [row[:2] for row in VALUES.values()], ids=VALUES)
def test_text_made_of_a_value_is_the_word_of_the_documents(value: Any, name: str) -> None:
    assert (f"{value}", str(value), json.dumps(value)) == (name, name, json.dumps(name))
    assert f"{value:>30}" == f"{name:>30}"


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda value: pickle.loads(pickle.dumps(value))}


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_does_so_too(duplicate: Callable[[Any], Any]) -> None:
    for value, name, spelled in VALUES.values():
        assert [duplicate(value) == text for text in (name, *spelled)] == [True] * (1 + len(spelled))


def test_a_value_matches_either_spelling() -> None:
    def how(value: object) -> str:
        match value:
            case "Completed":
                return "another case"
            case "COMPLETED":
                return "beta"
            case "completed":
                return "documents"
        return "none"

    assert how(COMPLETED) == "beta"
    assert how(TaskRunStatus.FAILED) == "none"


def test_members_differ_from_one_another_and_an_unknown_value_equals_its_own_text_alone() -> None:
    assert len({*TaskRunStatus}) == len(TaskRunStatus)
    assert [a == b for a in TaskRunStatus for b in TaskRunStatus].count(True) == len(TaskRunStatus)
    assert (TaskRunStatus("PAUSED") == "PAUSED", TaskRunStatus("PAUSED") == "paused") == (True, False)


def test_a_constant_of_an_answer_is_written_as_the_documents_do() -> None:
    body = {"experiment_type": "TEMPLATE_EVALUATION", "ai_integration_id": "i", "template": "t"}

    configuration = StoredTemplateEvaluationRunConfig.from_dict(body)

    assert configuration.experiment_type in ("LLM_GENERATION", "TEMPLATE_EVALUATION")
    assert type(configuration.to_dict()["experiment_type"]) is str
    assert configuration.to_dict() == {**body, "experiment_type": "template_evaluation"}
    assert configuration.to_dict(SPELLING) == body


@pytest.mark.parametrize(
    ("contract", "status"), [("documents", "completed"), ("beta", "COMPLETED"), ("auto", "completed")]
)
def test_a_client_gives_values_as_its_server_spells_them(contract: Any, status: str) -> None:
    run = models.TaskRun.from_dict({"id": "r", "status": "COMPLETED"})

    with AxClient(api_key="any", contract=contract) as ax:
        assert ax.wire_dict(run) == {"id": "r", "status": status}


def test_hashing_uses_the_documents_spelling_alone() -> None:
    """README says so for sets, keys of dicts, `Series.isin` and frames, which hold text."""
    assert (COMPLETED in {"completed", "a"}, COMPLETED in {"COMPLETED", "a"}) == (True, False)
    assert {"completed": 1}.get(COMPLETED) == 1
    assert {"COMPLETED": 1}.get(COMPLETED) is None
    by_value: dict[str, int] = {COMPLETED: 1}
    assert by_value.get("completed") == 1
    column = pd.Series([COMPLETED, TaskRunStatus.FAILED])
    assert list(column.isin(["completed"])) == [True, False]
    assert list(column.isin(["COMPLETED"])) == [False, False]
