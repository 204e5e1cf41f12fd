"""Tests of received models that are sent back: the fields that came are sent, and no others."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import InvalidArgumentError
from axtasks.contract.dialect import Dialect
from axtasks.inputs.evaluators import check_evaluators
from axtasks.inputs.query_filters import check_query_filters
from axtasks.inputs.run_configuration import check_run_configuration
from axtasks_api.codec import Model
from axtasks_api.models import (
    StoredAgentCallRunConfig,
    StoredLlmGenerationRunConfig,
    StoredTemplateEvaluationRunConfig,
    TaskEvaluator,
    TaskQueryFilters,
    TaskQueryFiltersInput,
)

from tests.unit.support import HALLUCINATION, OPENAI_MAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any
Path = tuple[str | int, ...]

TOOLS = {"tools": [{"type": "function"}], "tool_choice": "auto"}
PARAMETERS = {
    "temperature": 0.5,
    "top_p": 0.9,
    "frequency_penalty": 0.1,
    "presence_penalty": 0.1,
    "max_tokens": 9,
    "max_completion_tokens": 9,
    "top_k": 9,
    "thinking_budget": 9,
    "stop": ["\n"],
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "s", "description": "d", "schema": {"type": "object"}, "strict": True},
    },
    "tool_config": TOOLS,
    "thinking_level": "low",
    "reasoning_effort": "low",
    "verbosity": "low",
}
# Each kind of what a task holds that can be given back: its model, with all fields there are, and what sends it.
RECEIVED: dict[str, tuple[type[Model], Json, Callable[[Any], Model]]] = {
    "llm-generation": (
        StoredLlmGenerationRunConfig,
        {
            "experiment_type": "llm_generation",
            "ai_integration_id": OPENAI_MAIN,
            "messages": [
                {
                    "role": "assistant",
                    "content": "x",
                    "tool_call_id": "c0",
                    "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": "{}"}, "id": "c1"}],
                }
            ],
            "model_name": "gpt-4o",
            "input_variable_format": "mustache",
            "invocation_parameters": PARAMETERS,
            "provider_parameters": {"seed": 1},
            "tool_config": TOOLS,
            "prompt_version_id": "UHJvbXB0VmVyc2lvbjox",
        },
        lambda received: check_run_configuration(received, Dialect()),
    ),
    "template-evaluation": (
        StoredTemplateEvaluationRunConfig,
        {
            "experiment_type": "template_evaluation",
            "ai_integration_id": OPENAI_MAIN,
            "template": "Is {output} true?",
            "provide_explanation": True,
            "model_name": "gpt-4o",
            "classification_choices": {"yes": 1},
            "column_mapping": {"output": "o"},
            "evaluator_version_id": "RXZhbHVhdG9yVmVyc2lvbjox",
            "invocation_parameters": PARAMETERS,
            "provider_parameters": {"seed": 1},
        },
        lambda received: check_run_configuration(received, Dialect()),
    ),
    "agent-call": (
        StoredAgentCallRunConfig,
        {"experiment_type": "agent_call", "integration_id": "SW50ZWdyYXRpb246MQ==", "input_template": {"a": "b"}},
        lambda received: check_run_configuration(received, Dialect()),
    ),
    "evaluator": (
        TaskEvaluator,
        {
            "evaluator_id": HALLUCINATION,
            "evaluator_name": "Hallucination Eval",
            "query_filter": "a = 1",
            "column_mappings": {"output": "o"},
            "evaluator_version_id": "RXZhbHVhdG9yVmVyc2lvbjoxOmFCY0Q=",
            "query_mappings": [{"variable_name": "v", "query_ids": ["A"], "attribute_path": "p"}],
        },
        lambda received: check_evaluators([received], Dialect())[0],
    ),
    "query-filters": (
        TaskQueryFilters,
        {"filters": [{"id": "A", "filter": "a = 1"}], "expression": "A"},
        lambda received: check_query_filters("query_filters", received),
    ),
}
# The server fills it in, and takes it from nobody.
OF_THE_SERVER = {"evaluator_name"}


def optional_in(model: object, at: Path = ()) -> Iterator[Path]:
    """Yield the paths of all optional fields in a complete model, at any depth."""
    if isinstance(model, list):
        for index, item in enumerate(model):
            yield from optional_in(item, (*at, index))
    elif isinstance(model, Model):
        assert [field for field, _ in model.present()] == list(model.fields()), f"{at} has to have all fields"
        for field, value in model.present():
            place = (*at, field.json_name)
            if not field.required:
                yield place
            yield from optional_in(value, place)


def without(body: Json, place: Path) -> Json:
    """Return a copy of some JSON that lacks one field."""
    copied = copy.deepcopy(body)
    *above, name = place
    inner = copied
    for step in above:
        inner = inner[step]
    del inner[name]
    return copied


# Filled in by the client, since the vendor's contract requires it (J3).
FILLED_IN = ("llm-generation", ("input_variable_format",))
ABSENT = [
    (kind, place)
    for kind, (model, body, _) in RECEIVED.items()
    for place in ((), *optional_in(model.from_dict(body)))
    if (kind, tuple(place)) != FILLED_IN
]


@pytest.mark.parametrize(("kind", "place"), ABSENT, ids=[".".join(map(str, (kind, *place))) for kind, place in ABSENT])
def test_received_fields_are_sent_and_absent_ones_are_not(kind: str, place: Path) -> None:
    model, full, give_back = RECEIVED[kind]
    body = without(full, place) if place else full

    sent = give_back(model.from_dict(body)).to_dict()

    assert sent == {name: value for name, value in body.items() if name not in OF_THE_SERVER}


@pytest.mark.parametrize("kind", RECEIVED)
def test_the_least_that_can_come_is_sent_as_it_came(kind: str) -> None:
    model, full, give_back = RECEIVED[kind]
    body = {field.json_name: full[field.json_name] for field in model.fields() if field.required}
    body = {name: [{"role": "user"}] if name == "messages" else value for name, value in body.items()}

    sent = give_back(model.from_dict(body)).to_dict()

    filled_in = {"input_variable_format": "f_string"} if kind == FILLED_IN[0] else {}
    assert sent == filled_in | {name: value for name, value in body.items() if name not in OF_THE_SERVER}


def test_named_filters_that_hold_no_models_are_refused() -> None:
    filters: Any = [{"id": "A", "filter": "x = 1"}]

    with pytest.raises(InvalidArgumentError, match=r"^query_filters: filters\[0\] has to be TaskQueryFilterInput, not"):
        check_query_filters("query_filters", TaskQueryFiltersInput(filters=filters))
