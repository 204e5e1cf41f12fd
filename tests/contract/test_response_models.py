"""Tests of response models: an absent optional field is None, and differs from a received null."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

import attrs
import axtasks_api
import axtasks_api.models
import pytest
from axtasks_api.codec import DecodeError, MissingAttributeError, Origin, ResponseModel, decode_from
from axtasks_api.models import StoredTemplateEvaluationRunConfig, StoredToolConfig, Task, TaskRun
from axtasks_api.operation import decode_answer
from axtasks_api.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

TASK = {
    "id": "T25saW5lVGFzazo0NTpxUndY",
    "name": "Monitor",
    "type": "run_experiment",
    "is_continuous": False,
    "query_filter": None,
    "evaluators": [],
    "experiment_ids": [],
    "last_run_at": None,
    "created_at": "2026-02-20T10:00:00.000Z",
    "updated_at": "2026-02-20T10:00:00.500Z",
    "created_by_user_id": None,
}
WITHOUT_NAME = {key: value for key, value in TASK.items() if key != "name"}
CONFIGURATION = {
    "experiment_type": "template_evaluation",
    "ai_integration_id": "TGxtSW50ZWdyYXRpb246MTI6YUJjRA==",
    "template": "Is {{output}} right?",
    "provide_explanation": False,
}


def names_in_responses(package: ModuleType) -> list[str]:
    """Return the names of the schemas in a contract's responses."""
    contract = json.loads(Path(str(package.__file__)).with_name("openapi.beta.json").read_text(encoding="utf-8"))
    components = contract["components"]
    waiting = [m["responses"] for path in contract["paths"].values() for m in path.values() if isinstance(m, dict)]
    found: dict[str, None] = {}
    while waiting:
        for reference in references(waiting.pop()):
            _, _, group, name = reference.split("/")
            if reference not in found:
                found[reference] = None
                waiting.append(components[group][name])
    return sorted(reference.rpartition("/")[2] for reference in found if "/schemas/" in reference)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key == "$ref")
        yield from (found for item in value.values() for found in references(item))
    elif isinstance(value, list):
        yield from (found for item in value for found in references(item))


def models_in_responses(package: ModuleType) -> list[Any]:
    """Return the classes of response schemas that are objects."""
    found: list[Any] = [getattr(package.models, name, object) for name in names_in_responses(package)]
    return [model for model in found if attrs.has(model)]


MODELS = [
    pytest.param(package.models, model, id=f"{package.__name__}.{model.__name__}")
    for package in (axtasks_api, axtasks_api)
    for model in models_in_responses(package)
]


def parts_of(hint: Any) -> Iterator[Any]:
    """Yield a type and all types that it is made of."""
    yield hint
    for part in get_args(hint):
        yield from parts_of(part)


@pytest.mark.parametrize(("package", "model"), MODELS)
def test_no_type_of_a_response_has_unset_and_what_may_be_absent_may_be_none(package: ModuleType, model: Any) -> None:
    hints = get_type_hints(model, localns={name: getattr(package, name) for name in package.__all__})

    for field in model.fields():
        assert "Unset" not in {getattr(part, "__name__", "") for part in parts_of(hints[field.name])}
        if field.constant is None and (not field.required or field.nullable):
            assert NoneType in parts_of(hints[field.name]) or Any in parts_of(hints[field.name])


def test_a_field_that_an_earlier_model_lacked_is_none_of_a_response() -> None:
    """An empty object is refused where fields are required, and taken where none is, in any order of decoding."""
    TaskRun.from_dict({"id": TASK["id"]})

    assert decode_from(Origin("op", None), decode_answer, 200, b"{}", StoredToolConfig.from_dict) == StoredToolConfig()
    with pytest.raises(DecodeError, match="without any of its fields"):
        decode_from(Origin("op", None), decode_answer, 200, b"{}", TaskRun.from_dict)


def test_all_that_stands_in_responses_and_nothing_else_is_a_response_model() -> None:
    classes = [getattr(axtasks_api.models, name) for name in axtasks_api.models.__all__]

    found = {kind.__name__ for kind in classes if "ResponseModel" in {base.__name__ for base in kind.__mro__}}

    assert found == {model.__name__ for model in models_in_responses(axtasks_api)}


ways = pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, *(lambda v, p=p: pickle.loads(pickle.dumps(v, p)) for p in range(6))],
    ids=["copy", "deepcopy", *(f"pickle-{protocol}" for protocol in range(6))],
)


class TestAbsent:
    def test_absent_reads_as_none_and_is_not_in_the_json(self) -> None:
        task = Task.from_dict(TASK)

        assert (task.run_configuration, task.sampling_rate) == (None, None)
        assert task.to_dict() == TASK

    def test_null_reads_the_same_and_is_in_the_json(self) -> None:
        body = {**TASK, "run_configuration": None, "dataset_id": None}

        assert Task.from_dict(body).run_configuration is None
        assert Task.from_dict(body).to_dict() == body

    def test_the_two_are_equal(self) -> None:
        absent, null = Task.from_dict(TASK), Task.from_dict({**TASK, "sampling_rate": None})

        assert absent == null
        assert repr(absent) == repr(null)

    @ways
    def test_a_copy_has_what_came(self, duplicate: Callable[[Task], Task]) -> None:
        body = {**TASK, "sampling_rate": None, "run_configuration": CONFIGURATION, "colour": "red"}

        again = duplicate(Task.from_dict(body))

        assert again == Task.from_dict(body)
        assert again.to_dict() == body

    def test_a_pickle_of_an_earlier_version_has_none_for_unset(self) -> None:
        state = {"id": "r", "status": "pending", "experiment_id": UNSET, "additional_properties": {}, "gone": 1}

        run = TaskRun.__new__(TaskRun)
        run.__setstate__(state)

        assert (run.id, run.experiment_id) == ("r", None)
        assert [field.name for field, _ in run.present()] == ["id", "status"]

    def test_a_changed_copy_has_what_came_and_what_was_changed(self) -> None:
        received = StoredTemplateEvaluationRunConfig.from_dict(CONFIGURATION)

        assert attrs.evolve(received, model_name="gpt-4o").to_dict() == {**CONFIGURATION, "model_name": "gpt-4o"}

    def test_one_that_is_made_by_hand_has_what_it_is_given(self) -> None:
        made = StoredTemplateEvaluationRunConfig("x", "{{y}}", False, model_name=None, column_mapping={"y": "z"})

        assert "model_name" not in made.to_dict()
        assert made.to_dict()["column_mapping"] == {"y": "z"}
        assert made.additional_properties == {}

    def test_a_field_that_is_set_to_none_is_null_and_one_that_is_deleted_is_absent(self) -> None:
        received = StoredTemplateEvaluationRunConfig.from_dict({**CONFIGURATION, "column_mapping": {"y": "z"}})

        received.column_mapping = None
        assert received.to_dict() == {**CONFIGURATION, "column_mapping": None}
        del received.column_mapping
        assert received.to_dict() == CONFIGURATION
        assert received.column_mapping is None

    def test_an_error_says_where_it_is_whatever_is_absent_before(self) -> None:
        body = {**CONFIGURATION, "invocation_parameters": {"stop": 5}}

        with pytest.raises(ValueError, match=r"^invocation_parameters\.stop: expected an array"):
            StoredTemplateEvaluationRunConfig.from_dict(body)


class TestMissing:
    """Tests of a response without a field that the contract requires, and that may not be null."""

    def test_reading_it_is_an_error_that_names_it_and_the_response(self) -> None:
        task = decode_from(Origin("get_task", "r1"), Task.from_dict, WITHOUT_NAME)

        with pytest.raises(
            MissingAttributeError,
            match=r"^Task\.name is missing from the response to get_task, though the contract .* \[request id r1\]$",
        ) as caught:
            task.name  # noqa: B018
        assert (caught.value.field, caught.value.model_name) == ("name", "Task")
        assert (caught.value.operation_id, caught.value.request_id) == ("get_task", "r1")

    def test_all_that_came_is_there_and_in_the_json(self) -> None:
        task = Task.from_dict(WITHOUT_NAME)

        assert (task.id, task.type) == (TASK["id"], "run_experiment")
        assert task.to_dict() == WITHOUT_NAME
        assert [field.name for field, _ in task.present()] == list(WITHOUT_NAME)
        assert repr(task) == f"Task(id={TASK['id']!r})"
        assert not hasattr(task, "name")

    def test_one_that_may_be_null_reads_as_none_and_is_not_in_the_json(self) -> None:
        body = {key: value for key, value in TASK.items() if key not in {"query_filter", "last_run_at"}}

        assert (Task.from_dict(body).query_filter, Task.from_dict(body).last_run_at) == (None, None)
        assert Task.from_dict(body).to_dict() == body

    def test_it_is_equal_to_what_lacks_the_same_and_to_nothing_else(self) -> None:
        task, whole = Task.from_dict(WITHOUT_NAME), Task.from_dict(TASK)

        assert task == Task.from_dict(WITHOUT_NAME)
        assert (task == whole, whole == task, task != whole) == (False, False, True)
        assert hash(task) == hash(whole)
        assert len({Task.from_dict({"name": "a"}), Task.from_dict({"name": "a"}), Task.from_dict({"name": "b"})}) == 2

    @ways
    def test_a_copy_lacks_the_same_and_knows_the_response(self, duplicate: Callable[[Task], Task]) -> None:
        again = duplicate(decode_from(Origin("get_task", "r1"), Task.from_dict, {**WITHOUT_NAME, "colour": "red"}))

        assert again.to_dict() == {**WITHOUT_NAME, "colour": "red"}
        with pytest.raises(MissingAttributeError, match="get_task"):
            again.name  # noqa: B018

    def test_a_changed_copy_lacks_the_same_or_has_it(self) -> None:
        body = {key: value for key, value in WITHOUT_NAME.items() if key != "query_filter"}
        task = Task.from_dict(body)

        assert attrs.evolve(task, is_continuous=True).to_dict() == {**body, "is_continuous": True}
        assert attrs.evolve(task, name="Other").to_dict() == {**body, "name": "Other"}

    def test_a_dataclass_has_the_fields_that_came(self) -> None:
        found = dataclasses.asdict(cast("Any", Task.from_dict(WITHOUT_NAME)))

        assert "name" not in found
        assert found["id"] == TASK["id"]

    def test_a_model_made_within_no_response_names_none(self) -> None:
        decode_from(Origin("get_task", "r1"), Task.from_dict, WITHOUT_NAME)

        with pytest.raises(MissingAttributeError, match=r"^Task\.name is missing, though the contract requires it$"):
            Task.from_dict(WITHOUT_NAME).name  # noqa: B018


class TestNoField:
    def test_an_unknown_attribute_is_an_attribute_error(self) -> None:
        assert issubclass(Task, ResponseModel)
        with pytest.raises(AttributeError, match=r"^'Task' object has no attribute 'colour'$"):
            getattr(Task.from_dict(TASK), "colour")  # noqa: B009  mypy would refuse it
