"""Tests of evaluator arguments: a name, an id, a model, an evaluator of a task, or a dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from axtasks import InvalidArgumentError, UnknownNameError, WrongKindError
from axtasks.mock import default_world as known
from axtasks_api.models import TaskEvaluator, TaskEvaluatorInput

from tests.unit.support import CHAT_PROD, CHAT_QUALITY, GOLDEN_SET, HALLUCINATION, ClientKind, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

TOXICITY = known.TOXICITY_EU
MAPPINGS = {"input": "attributes.input.value"}
STORED = {
    "evaluator_id": HALLUCINATION,
    "evaluator_name": "Hallucination Eval",
    "query_filter": None,
    "column_mappings": MAPPINGS,
}
# What is given, and the entry of the body that comes of it.
FORMS: list[tuple[str, Any, dict[str, Any]]] = [
    ("name", "Hallucination Eval", {"evaluator_id": HALLUCINATION}),
    ("id", HALLUCINATION, {"evaluator_id": HALLUCINATION}),
    ("model", TaskEvaluatorInput(HALLUCINATION), {"evaluator_id": HALLUCINATION}),
    (
        "model-with-all",
        TaskEvaluatorInput(HALLUCINATION, query_filter="a", column_mappings=MAPPINGS),
        {"evaluator_id": HALLUCINATION, "query_filter": "a", "column_mappings": MAPPINGS},
    ),
    (
        "model-with-null",
        TaskEvaluatorInput(HALLUCINATION, query_filter=None),
        {"evaluator_id": HALLUCINATION, "query_filter": None},
    ),
    ("stored", TaskEvaluator.from_dict(STORED), {"evaluator_id": HALLUCINATION, "column_mappings": MAPPINGS}),
    (
        "stored-with-what-a-newer-server-adds",
        TaskEvaluator.from_dict(STORED | {"evaluator_version": 3}),
        {"evaluator_id": HALLUCINATION, "column_mappings": MAPPINGS},
    ),
    ("dict", {"evaluator_id": HALLUCINATION}, {"evaluator_id": HALLUCINATION}),
    (
        "dict-with-all",
        {"evaluator_id": HALLUCINATION, "query_filter": "", "column_mappings": {}},
        {"evaluator_id": HALLUCINATION, "query_filter": "", "column_mappings": {}},
    ),
    ("dict-with-nulls-and-a-name", STORED, {"evaluator_id": HALLUCINATION, "column_mappings": MAPPINGS}),
]
WRONG: list[tuple[str, Any, str]] = [
    ("C6-none-at-all", [], "evaluators needs at least one entry"),
    ("C17-none-at-all", (), "evaluators needs at least one entry"),
    ("not-a-list", "Hallucination Eval", "evaluators has to be a list, not str"),
    ("one-dict", {"evaluator_id": HALLUCINATION}, "evaluators has to be a list, not dict"),
    ("null", None, "evaluators has to be a list, not None"),
    ("empty-name", [""], r"evaluators\[0\] must not be empty"),
    ("number", [HALLUCINATION, 5], r"evaluators\[1\] has to be a name, an id, .* or a dict, not int"),
    ("dict-without-id", [{"query_filter": "a"}], r"evaluators\[0\]: evaluator_id: is required but missing"),
    (
        "dict-with-a-name-only",
        [{"evaluator_name": "Hallucination Eval"}],
        r"evaluators\[0\]: evaluator_id: is required",
    ),
    ("dict-with-a-typo", [STORED | {"filter": "a"}], r"evaluators\[0\]: filter: is not a known field"),
    ("dict-with-a-near-typo", [STORED | {"query_filters": "a"}], "did you mean 'query_filter'"),
    ("dict-with-a-wrong-type", [STORED | {"query_filter": 5}], r"evaluators\[0\]: query_filter: expected a string"),
    ("dict-with-a-wrong-type-inside", [STORED | {"column_mappings": {"a": 5}}], "column_mappings.a: expected a string"),
    (
        "model-with-a-text-for-a-map",
        [TaskEvaluatorInput(HALLUCINATION, column_mappings=cast("Any", "x"))],
        r"evaluators\[0\] holds what cannot be sent: ",
    ),
    (
        "model-with-a-number-for-a-text",
        [TaskEvaluatorInput(HALLUCINATION, query_filter=cast("Any", 5))],
        r"evaluators\[0\]: query_filter: expected a string, got 5",
    ),
    ("C7-name-twice", ["a", "a"], "evaluators: 'a' stands there more than once"),
    ("C7-id-twice", [HALLUCINATION, HALLUCINATION], "stands there more than once"),
    ("C7-id-and-dict", [HALLUCINATION, {"evaluator_id": HALLUCINATION}], "stands there more than once"),
]
WRONG_KIND: list[tuple[str, Any]] = [
    ("id", CHAT_PROD),
    ("model", TaskEvaluatorInput(CHAT_PROD)),
    ("dict", {"evaluator_id": CHAT_PROD}),
]


def create(*evaluators: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_evaluation_task(
        "Fresh", task_type="template_evaluation", project=CHAT_PROD, evaluators=list(evaluators)
    )


def update(*evaluators: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.update(CHAT_QUALITY, evaluators=list(evaluators))


@pytest.mark.parametrize(("given", "entry"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_an_evaluator_is_sent_whatever_form_it_is_given_in(
    given: Any, entry: dict[str, Any], stage: Stage, client_kind: ClientKind
) -> None:
    for call in (create, update):
        task = client_kind.ask(stage.recorder, call(given), space="demo")

        assert stage.writes[-1].json["evaluators"] == [entry]
        assert [evaluator.evaluator_name for evaluator in task.evaluators] == ["Hallucination Eval"]


@pytest.mark.parametrize(("given", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_invalid_evaluators_are_refused_without_a_request(
    given: Any, message: str, stage: Stage, client_kind: ClientKind
) -> None:
    def create_with(ax: Any) -> Any:
        return ax.tasks.create_evaluation_task(
            "Fresh", task_type="template_evaluation", project="chat-prod", evaluators=given
        )

    for call in (create_with, lambda ax: ax.tasks.update("Chat Quality Monitor", evaluators=given)):
        with pytest.raises(InvalidArgumentError, match=message):
            client_kind.ask(stage.recorder, call, space="demo")
        assert stage.sent == []


@pytest.mark.parametrize("given", [case[1] for case in WRONG_KIND], ids=[f"C13-{case[0]}" for case in WRONG_KIND])
def test_an_id_of_another_kind_is_refused_without_a_request(given: Any, stage: Stage, client_kind: ClientKind) -> None:
    for call in (create, update):
        with pytest.raises(WrongKindError, match="is the id of a project, not of an evaluator"):
            client_kind.ask(stage.recorder, call(given), space="demo")
        assert stage.sent == []


@pytest.mark.parametrize("call", [create, update])
def test_c7_an_evaluator_given_by_name_and_by_id_is_refused_before_anything_is_written(
    call: Callable[..., Callable[[Any], Any]], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(InvalidArgumentError, match=f"'{HALLUCINATION}' stands there more than once"):
        client_kind.ask(stage.recorder, call("Hallucination Eval", HALLUCINATION), space="demo")
    assert stage.writes == []


@pytest.mark.parametrize("call", [create, update])
def test_an_unknown_name_is_refused_before_anything_is_written(
    call: Callable[..., Callable[[Any], Any]], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(
        UnknownNameError, match="no evaluator is named 'Halucination Eval' in space 'demo'; did you mean 'Hallucinatio"
    ):
        client_kind.ask(stage.recorder, call("Halucination Eval"), space="demo")
    assert stage.writes == []


@pytest.mark.parametrize("call", [create, update])
def test_a_name_without_a_space_is_looked_up_over_everything(
    call: Callable[..., Callable[[Any], Any]], stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, call("Hallucination Eval"))

    assert [sent.query for sent in stage.sent if sent.path == "/v2/evaluators"] == [
        {"name": "Hallucination Eval", "limit": "100"}
    ]
    assert [it["evaluator_id"] for it in stage.writes[-1].json["evaluators"]] == [HALLUCINATION]


def test_several_names_are_resolved_in_their_order_with_the_space_looked_up_once(
    stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, create("Relevance Eval", TOXICITY, "Hallucination Eval"), space="demo")

    assert [entry["evaluator_id"] for entry in stage.writes[0].json["evaluators"]] == [
        known.RELEVANCE,
        TOXICITY,
        HALLUCINATION,
    ]
    assert stage.calls.count("GET /v2/spaces") == 1


def test_evaluators_of_one_task_can_be_given_to_another(stage: Stage, client_kind: ClientKind) -> None:
    task = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(CHAT_QUALITY))

    made = client_kind.ask(stage.recorder, create(*task.evaluators))
    again = client_kind.ask(stage.recorder, create_named("Fresh too", *task.to_dict()["evaluators"]))

    assert made.to_dict()["evaluators"] == again.to_dict()["evaluators"] == task.to_dict()["evaluators"]


def create_named(name: str, *evaluators: Any) -> Callable[[Any], Any]:
    return lambda ax: ax.tasks.create_evaluation_task(
        name,
        task_type="template_evaluation",
        dataset=GOLDEN_SET,
        experiment_ids=[known.BASELINE],
        evaluators=evaluators,
    )
