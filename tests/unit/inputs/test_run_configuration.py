"""Tests of run configurations given as a model, as a dict, or as a stored configuration."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, cast

import pytest
from axtasks import (
    UNSET,
    InvalidArgumentError,
    LlmGenerationRunConfig,
    LLMMessage,
    StoredLlmGenerationRunConfig,
    StoredTemplateEvaluationRunConfig,
    TemplateEvaluationRunConfig,
)
from axtasks.contract.dialect import Dialect
from axtasks.inputs.run_configuration import check_run_configuration
from axtasks.mock import default_world as known
from axtasks_api.codec import UnknownVariant
from axtasks_api.models import InputVariableFormat, InvocationParams, MessageRole, Task

from tests.unit.support import (
    GOLDEN_SET,
    JUDGE_CONFIGURATION,
    LLM_CONFIGURATION,
    OPENAI_MAIN,
    TASK,
    ClientKind,
    Stage,
    answer,
    one_after_another,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.models import ToolCall

A_MESSAGE = LLMMessage(MessageRole.USER, content="x")
LLM_MODEL = LlmGenerationRunConfig(
    ai_integration_id=OPENAI_MAIN,
    messages=[LLMMessage(MessageRole.USER, content="{{input}}")],
    input_variable_format=InputVariableFormat.MUSTACHE,
)
JUDGE_MODEL = TemplateEvaluationRunConfig(
    ai_integration_id=OPENAI_MAIN, template="Is {output} true?", provide_explanation=False
)
RICH: dict[str, Any] = {
    "experiment_type": "llm_generation",
    "ai_integration_id": OPENAI_MAIN,
    "model_name": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "assistant",
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "tool", "content": "4", "tool_call_id": "c1"},
    ],
    "input_variable_format": "mustache",
    "invocation_parameters": {
        "temperature": 0.5,
        "stop": ["\n"],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"type": "object"}}},
    },
    "provider_parameters": {"free": {"form": None}},
    "tool_config": {"tools": [{"type": "function", "x": None}], "tool_choice": "auto"},
}
ACCEPTED: list[tuple[str, Any, dict[str, Any]]] = [
    ("llm-model", LLM_MODEL, LLM_CONFIGURATION),
    ("judge-model", JUDGE_MODEL, JUDGE_CONFIGURATION),
    ("llm-dict", LLM_CONFIGURATION, LLM_CONFIGURATION),
    ("judge-dict", JUDGE_CONFIGURATION, JUDGE_CONFIGURATION),
    ("everything", RICH, RICH),
    ("tag-in-capitals", LLM_CONFIGURATION | {"experiment_type": "LLM_GENERATION"}, LLM_CONFIGURATION),
    (
        "nulls-are-left-out",
        LLM_CONFIGURATION | {"model_name": None, "prompt_version_id": None, "tool_config": None},
        LLM_CONFIGURATION,
    ),
]
LLM, JUDGE = LLM_CONFIGURATION, JUDGE_CONFIGURATION
REFUSED: list[tuple[str, Any, str]] = [
    ("text", "llm_generation", "run_configuration has to be LlmGenerationRunConfig, Template.* or a dict, not str"),
    ("null", None, "run_configuration has to be .* not NoneType"),
    ("list", [LLM], "run_configuration has to be .* not list"),
    (
        "no-tag",
        {"ai_integration_id": "x"},
        "experiment_type has to be one of llm_generation, template_evaluation.*, not No",
    ),
    ("unknown-tag", LLM | {"experiment_type": "agent_run"}, "experiment_type has to be one of .*, not 'agent_run'"),
    ("tag-of-wrong-type", LLM | {"experiment_type": 5}, "experiment_type has to be one of .*, not 5"),
    (
        "unknown-field",
        LLM | {"mesages": []},
        r"\(llm_generation\): mesages: is not a known field; did you mean 'messages",
    ),
    (
        "field-of-the-other",
        LLM | {"template": "x"},
        r"run_configuration \(llm_generation\): template: is not a known fi",
    ),
    (
        "other-way-round",
        JUDGE | {"messages": []},
        r"run_configuration \(template_evaluation\): messages: is not a known",
    ),
    ("missing", {k: v for k, v in JUDGE.items() if k != "template"}, r"\(template_evaluation\): template: is required"),
    ("null-for-required", JUDGE | {"template": None}, r"\(template_evaluation\): template: is required but missing"),
    ("wrong-type", JUDGE | {"provide_explanation": "no"}, r"provide_explanation: expected true or false, got 'no'"),
    (
        "nested-list",
        LLM | {"messages": [LLM["messages"][0], {"content": "x"}]},
        r"messages\[1\].role: is required but m",
    ),
    ("nested-enum", LLM | {"messages": [{"role": "boss"}]}, r"messages\[0\].role: expected one of "),
    (
        "nested-unknown",
        LLM | {"messages": [{"role": "user", "contents": "x"}]},
        r"messages\[0\].contents: is not a known",
    ),
    (
        "deeply-nested",
        RICH | {"invocation_parameters": {"response_format": {"type": "yaml"}}},
        r"invocation_parameters.response_format.type: expected one of ",
    ),
    ("list-that-is-none", LLM | {"messages": "hi"}, r"\(llm_generation\): messages: expected an array, got 'hi'"),
    (
        "map",
        JUDGE | {"classification_choices": {"yes": "1"}},
        r"classification_choices.yes: expected a number, got '1'",
    ),
    ("unknown-variant", UnknownVariant("agent_run", {}), "unknown kind 'agent_run' can be read but not sent"),
]


def create(configuration: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_run_experiment_task(
        "Fresh", dataset="golden-set", run_configuration=configuration
    )


def update(configuration: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.update("Nightly Summaries", run_configuration=configuration)


@pytest.mark.both_contracts
@pytest.mark.parametrize("call", [create, update])
@pytest.mark.parametrize(("given", "sent"), [case[1:] for case in ACCEPTED], ids=[case[0] for case in ACCEPTED])
def test_a_configuration_is_sent_as_the_contract_says(
    call: Callable[[Any], Callable[[Any], Any]], given: Any, sent: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    before = copy.deepcopy(given)

    client_kind.ask(stage.recorder, call(given), space="demo")

    assert stage.writes[0].json["run_configuration"] == sent
    assert given == before


@pytest.mark.parametrize(("given", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_an_invalid_configuration_is_refused_by_variant_and_field_without_a_request(
    given: Any, message: str, stage: Stage, client_kind: ClientKind
) -> None:
    for call in (create, update):
        with pytest.raises(InvalidArgumentError, match=message):
            client_kind.ask(stage.recorder, call(given), space="demo")
        assert stage.sent == []


@pytest.mark.both_contracts
@pytest.mark.parametrize("given", [LLM_CONFIGURATION, JUDGE_CONFIGURATION, RICH], ids=["llm", "judge", "everything"])
@pytest.mark.parametrize("as_dict", [False, True], ids=["model", "dict"])
def test_a_stored_configuration_can_be_sent_back_unchanged(
    given: dict[str, Any], as_dict: bool, stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, update(given), space="demo")
    stored = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(known.NIGHTLY_SUMMARIES))
    back = stored.to_dict()["run_configuration"] if as_dict else stored.run_configuration

    changed = client_kind.ask(stage.recorder, update(back), space="demo")
    made = client_kind.ask(stage.recorder, create(back), space="demo")

    wanted = stored.to_dict()["run_configuration"]
    assert changed.to_dict()["run_configuration"] == made.to_dict()["run_configuration"] == wanted


@pytest.mark.parametrize(
    ("given", "kind"),
    [(LLM_CONFIGURATION, StoredLlmGenerationRunConfig), (JUDGE_CONFIGURATION, StoredTemplateEvaluationRunConfig)],
    ids=["llm", "judge"],
)
def test_a_task_comes_with_a_stored_configuration_of_its_kind(
    given: dict[str, Any], kind: type[object], stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, update(given), space="demo")

    task = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(known.NIGHTLY_SUMMARIES))

    assert type(task.run_configuration) is kind


def test_unknown_fields_of_a_newer_server_are_not_sent_back() -> None:
    received = copy.deepcopy(RICH)
    received["revision"] = 3
    received["prompt_version_id"] = None
    received["messages"][0]["id"] = "m1"
    received["messages"][1]["tool_calls"][0]["index"] = 0
    received["invocation_parameters"]["response_format"]["revision"] = 3
    received["tool_config"]["revision"] = 3
    stored = Task.from_dict(TASK | {"run_configuration": received}).run_configuration

    assert check_run_configuration(stored, Dialect()).to_dict() == RICH
    assert Task.from_dict(TASK | {"run_configuration": received}).to_dict()["run_configuration"] == received


def test_giving_back_does_not_change_what_was_received() -> None:
    received = Task.from_dict(TASK | {"run_configuration": RICH | {"revision": 3}}).run_configuration
    assert received is not None

    check_run_configuration(received, Dialect())

    assert not isinstance(received, UnknownVariant)
    assert received.to_dict() == RICH | {"revision": 3}


def test_a_configuration_of_an_unknown_kind_can_be_read_but_not_given_back(client_kind: ClientKind) -> None:
    novel = {"experiment_type": "agent_run", "agent": "a"}
    transport = one_after_another(answer(TASK | {"type": "run_experiment", "run_configuration": novel}))
    task = client_kind.ask(transport, lambda ax: ax.tasks.get(known.NIGHTLY_SUMMARIES))

    for given, message in ((task.run_configuration, "can be read but not sent"), (novel, "has to be one of")):
        with pytest.raises(InvalidArgumentError, match=message):
            client_kind.ask(transport, update(given), space="demo")
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"messages": [A_MESSAGE, {"role": "user"}]},
            r": messages\[1\] has to be LLMMessage, not dict \(.*\); use LLMMessage\(.*\), or give .* as a dict$",
        ),
        (
            {"messages": [LLMMessage(MessageRole.ASSISTANT, tool_calls=[cast("ToolCall", {})])]},
            r"^run_configuration: messages\[0\]\.tool_calls\[0\] has to be ToolCall, not dict \({}\); use ToolCall\(",
        ),
        (
            {"invocation_parameters": {"temperature": 1}},
            r"^run_configuration: invocation_parameters has to be InvocationParams, not dict .* use InvocationParams\(",
        ),
        ({"messages": "hi"}, r"^run_configuration: messages has to be a list of LLMMessage, not str \('hi'\)$"),
        ({"messages": None}, "^run_configuration: messages has to be a list of LLMMessage, not None$"),
        ({"provider_parameters": 5}, "^run_configuration holds what cannot be sent: 'int' object is not iterable$"),
        ({"model_name": 5}, "^run_configuration: model_name: expected a string, got 5$"),
        ({"input_variable_format": "mustach"}, "^run_configuration: input_variable_format: expected one of "),
    ],
    ids=[
        *["a-dict-inside", "a-dict-further-inside", "a-dict-for-a-model", "a-text", "none", "no-dict"],
        "a-number",
        "unknown",
    ],
)
def test_a_model_that_holds_something_else_than_its_fields_say_is_refused_without_a_request(
    wrong: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    given: dict[str, Any] = {"ai_integration_id": OPENAI_MAIN, "messages": [], **wrong}

    with pytest.raises(InvalidArgumentError, match=message):
        client_kind.ask(stage.recorder, update(LlmGenerationRunConfig(**given)), space="demo")
    assert stage.sent == []


@pytest.mark.parametrize("as_model", [False, True], ids=["dict", "model"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "x cannot be sent as JSON: float (nan)"),
        ([1, {"y": float("-inf")}], "x[1].y cannot be sent as JSON: float (-inf)"),
        ({"y": {1}}, "x.y cannot be sent as JSON: set ({1})"),
    ],
    ids=["nan", "further-inside", "a-set"],
)
def test_a_value_that_json_lacks_is_named_by_its_path(
    value: object, said: str, as_model: bool, stage: Stage, client_kind: ClientKind
) -> None:
    parameters = {"x": value}
    given = (
        LlmGenerationRunConfig(ai_integration_id=OPENAI_MAIN, messages=[A_MESSAGE], provider_parameters=parameters)
        if as_model
        else LLM_CONFIGURATION | {"provider_parameters": parameters}
    )

    with pytest.raises(InvalidArgumentError) as caught:
        client_kind.ask(stage.recorder, update(given), space="demo")
    assert str(caught.value) == f"run_configuration: provider_parameters.{said}"
    assert stage.sent == []


def test_a_value_that_contains_itself_is_refused(stage: Stage, client_kind: ClientKind) -> None:
    parameters: dict[str, Any] = {}
    parameters["x"] = parameters

    with pytest.raises(InvalidArgumentError, match="cannot be sent as JSON"):
        client_kind.ask(stage.recorder, update(LLM_CONFIGURATION | {"provider_parameters": parameters}), space="demo")
    assert stage.writes == []


def test_a_model_keeps_the_nulls_its_caller_put_in(stage: Stage) -> None:
    model = LlmGenerationRunConfig(
        ai_integration_id=OPENAI_MAIN, messages=[LLMMessage(MessageRole.USER, content="x")], prompt_version_id=None
    )

    stage.client().tasks.create_run_experiment_task("Fresh", dataset=GOLDEN_SET, run_configuration=model)

    assert stage.writes[0].json["run_configuration"]["prompt_version_id"] is None


@pytest.mark.one_contract
def test_model_parameters_of_any_name_are_sent(stage: Stage) -> None:
    parameters = InvocationParams(temperature=0.2)
    parameters.additional_properties = {"seed": 7}
    model = LlmGenerationRunConfig(
        ai_integration_id=OPENAI_MAIN,
        messages=[LLMMessage(MessageRole.USER, content="x")],
        invocation_parameters=parameters,
    )

    stage.client().tasks.create_run_experiment_task("Fresh", dataset=GOLDEN_SET, run_configuration=model)

    assert stage.writes[0].json["run_configuration"]["invocation_parameters"] == {"temperature": 0.2, "seed": 7}


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        (["Be brief.", "Answer {input}"], InputVariableFormat.F_STRING),
        (["Be brief.", "{{input}}"], InputVariableFormat.MUSTACHE),
        (["{{ user.name }}", None], InputVariableFormat.MUSTACHE),
        (['Answer {input} as {{"a": 1}}'], InputVariableFormat.F_STRING),
    ],
)
def test_a_variable_format_that_is_missing_is_filled_in(
    contents: list[str | None], expected: InputVariableFormat
) -> None:
    messages = [LLMMessage(MessageRole.USER, content=content) for content in contents]
    model = LlmGenerationRunConfig(ai_integration_id=OPENAI_MAIN, messages=messages)

    for given in (model, model.to_dict()):
        assert (
            cast("LlmGenerationRunConfig", check_run_configuration(given, Dialect())).input_variable_format == expected
        )
    assert model.input_variable_format is UNSET


@pytest.mark.one_contract
def test_parameters_of_one_s_own_are_passed_on(stage: Stage, client_kind: ClientKind) -> None:
    given = LLM_CONFIGURATION | {"invocation_parameters": {"house_parameter": {"any": ["thing", None]}}}

    made = client_kind.ask(stage.recorder, create(given), space="demo")
    again = client_kind.ask(stage.recorder, update(made.run_configuration), space="demo")

    assert again.to_dict()["run_configuration"]["invocation_parameters"] == given["invocation_parameters"]


def test_response_only_fields_of_a_model_call_are_not_sent_back(stage: Stage, client_kind: ClientKind) -> None:
    stored = {**LLM_CONFIGURATION, "invocation_parameters": {"temperature": 0.5, "service_tier": "flex"}}

    client_kind.ask(stage.recorder, create(StoredLlmGenerationRunConfig.from_dict(stored)), space="demo")
    client_kind.ask(stage.recorder, update(stored), space="demo")

    sent = [each.json["run_configuration"]["invocation_parameters"] for each in stage.writes]
    assert sent == [{"temperature": 0.5}] * 2
