"""Tests of integrations, prompts and versions of the beta dialect: found by name, and used in configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import ConflictError, InvalidArgumentError, NotInContractError, UnknownNameError, WrongKindError
from axtasks.mock import Mock
from axtasks.mock import default_world as known

from tests.unit.support import DEMO, LLM_CONFIGURATION, ClientKind, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.parametrize("contract", ["beta"], indirect=True)
BY_NAME = {name: value for name, value in LLM_CONFIGURATION.items() if name != "ai_integration_id"}
AGENT = {"experiment_type": "agent_call", "input_template": {"q": "{{dataset.input}}"}}

FOUND: dict[str, tuple[Callable[[Any], Any], str]] = {
    "ai-integration": (lambda ax: ax.ai_integrations.get("openai-main"), known.OPENAI_MAIN),
    "ai-integration-by-id": (lambda ax: ax.ai_integrations.get(known.OPENAI_MAIN), known.OPENAI_MAIN),
    "integration": (lambda ax: ax.integrations.get("support-agent"), known.SUPPORT_AGENT),
    "integration-of-models": (lambda ax: ax.integrations.get("openai-main"), known.OPENAI_MAIN),
    "integration-by-id": (lambda ax: ax.integrations.get(known.OPENAI_MAIN), known.OPENAI_MAIN),
    "prompt": (lambda ax: ax.prompts.get("summarize"), known.SUMMARIZE),
    "prompt-version": (
        lambda ax: ax.prompts.get_version(known.SUMMARIZE_VERSIONS[0]),
        known.SUMMARIZE_VERSIONS[0],
    ),
    "evaluator-version": (
        lambda ax: ax.evaluators.get_version(known.RELEVANCE_VERSION),
        known.RELEVANCE_VERSION,
    ),
}


@pytest.mark.both_clients
@pytest.mark.parametrize(("call", "identifier"), FOUND.values(), ids=FOUND)
def test_it_is_found_by_name_and_by_id(
    call: Callable[[Any], Any], identifier: str, stage: Stage, client_kind: ClientKind
) -> None:
    assert client_kind.ask(stage.recorder, call, space="demo").id == identifier


def test_an_evaluator_and_a_prompt_come_with_a_version(stage: Stage, client_kind: ClientKind) -> None:
    def version(call: Callable[[Any], Any]) -> str:
        identifier: str = client_kind.ask(stage.recorder, call, space="demo").version.id
        return identifier

    earlier, latest = known.SUMMARIZE_VERSIONS
    assert version(lambda ax: ax.evaluators.get("Hallucination Eval")) == known.HALLUCINATION_VERSION
    assert version(lambda ax: ax.prompts.get("summarize", version_id=earlier)) == earlier
    assert version(lambda ax: ax.prompts.get("summarize", label="production")) == latest


@pytest.mark.both_clients
def test_versions_are_listed_by_the_name_of_what_has_them(stage: Stage, client_kind: ClientKind) -> None:
    of_prompt = client_kind.ask(stage.recorder, lambda ax: ax.prompts.list_versions("summarize", limit=1), space="demo")
    of_evaluator = client_kind.ask(
        stage.recorder, lambda ax: ax.evaluators.list_versions("Hallucination Eval", space=DEMO), space="demo"
    )

    assert ([each.id for each in of_prompt.prompt_versions], of_prompt.pagination.has_more) == (
        [known.SUMMARIZE_VERSIONS[1]],
        True,
    )
    assert [each.id for each in of_evaluator.evaluator_versions] == [
        known.HALLUCINATION_VERSION,
        known.EARLIER_HALLUCINATION_VERSION,
    ]
    assert of_evaluator.evaluator_versions[0].template_config.llm_config.ai_integration_id == known.OPENAI_MAIN


def test_lists_are_filtered(stage: Stage, client_kind: ClientKind) -> None:
    def names(call: Callable[[Any], Any]) -> list[str]:
        return [each.name for each in client_kind.ask(stage.recorder, call).items]

    assert names(lambda ax: ax.integrations.list(type="agent")) == ["support-agent"]
    assert names(lambda ax: ax.ai_integrations.list(name="OPEN")) == ["openai-main"]
    assert names(lambda ax: ax.prompts.list(space=known.DEMO_EU)) == []
    assert names(lambda ax: ax.projects.list(project_type="harness")) == []


@pytest.mark.parametrize("given", ["openai-main", known.OPENAI_MAIN], ids=["name", "id"])
def test_a_configuration_names_its_ai_integration(given: str, stage: Stage, client_kind: ClientKind) -> None:
    configuration = {**BY_NAME, "ai_integration": given}

    made = client_kind.ask(
        stage.recorder,
        lambda ax: ax.tasks.create_run_experiment_task("Fresh", dataset="golden-set", run_configuration=configuration),
        space="demo",
    )

    assert made.run_configuration.ai_integration_id == known.OPENAI_MAIN
    assert configuration == {**BY_NAME, "ai_integration": given}


def test_a_configuration_names_the_integration_of_its_agent(stage: Stage, client_kind: ClientKind) -> None:
    configuration = {**AGENT, "integration": "support-agent"}

    changed = client_kind.ask(
        stage.recorder,
        lambda ax: ax.tasks.update("Nightly Summaries", run_configuration=configuration, space="demo"),
    )

    assert changed.run_configuration.integration_id == known.SUPPORT_AGENT
    assert changed.run_configuration.input_template == {"q": "{{input}}"}


REFUSED: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "unknown": ({"ai_integration": "openai"}, UnknownNameError, "no AI integration is named 'openai' .*openai-main"),
    "an-agent": ({"ai_integration": "support-agent"}, UnknownNameError, "no AI integration is named 'support-agent'"),
    "another-kind": ({"ai_integration": DEMO}, WrongKindError, "is the id of a space, not of an AI integration"),
    "no-text": ({"ai_integration": 5}, InvalidArgumentError, "ai_integration has to be text, not int"),
    "twice": (
        {"ai_integration": "a", "ai_integration_id": "b"},
        InvalidArgumentError,
        "ai_integration and ai_integration_id are given; give one of them",
    ),
}


@pytest.mark.parametrize(("fields", "kind", "says"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_integration_is_refused_before_anything_is_written(
    fields: dict[str, Any], kind: type[Exception], says: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(kind, match=says):
        client_kind.ask(
            stage.recorder,
            lambda ax: ax.tasks.create_run_experiment_task(
                "Fresh", dataset="golden-set", run_configuration=BY_NAME | fields
            ),
            space="demo",
        )
    assert stage.writes == []


def test_a_name_that_is_taken_is_a_conflict_whatever_its_status(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(ConflictError, match="refused with 422") as raised:
        client_kind.ask(
            stage.recorder, lambda ax: ax.tasks.update("Nightly Summaries", name="Golden Set Review"), space="demo"
        )

    assert raised.value.problem
    assert raised.value.problem.error_code == "NAME_TAKEN"


ONLY_TODAY: dict[str, tuple[Callable[[Any], Any], str]] = {
    "list": (lambda ax: ax.ai_integrations.list(), "list_ai_integrations"),
    "get-by-name": (lambda ax: ax.prompts.get("summarize"), "list_prompts"),
    "get-by-id": (lambda ax: ax.integrations.get(known.SUPPORT_AGENT), "get_integration"),
    "versions": (lambda ax: ax.evaluators.list_versions(known.HALLUCINATION), "list_evaluator_versions"),
    "a-named-integration": (
        lambda ax: ax.tasks.update(
            known.NIGHTLY_SUMMARIES, run_configuration={**BY_NAME, "ai_integration": "openai-main"}
        ),
        "list_ai_integrations",
    ),
}


@pytest.mark.both_clients
@pytest.mark.parametrize(("call", "operation"), ONLY_TODAY.values(), ids=ONLY_TODAY)
def test_a_client_that_speaks_the_documents_dialect_says_what_is_not_in_it(
    call: Callable[[Any], Any], operation: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(NotInContractError) as raised:
        client_kind.ask(stage.recorder, call, contract="documents", space=DEMO)

    assert str(raised.value) == (
        f"{operation} is not in the documents' contract, which this client was told to use"
        ' (contract="documents"): give contract="beta" or "auto" if the server speaks the newer one'
    )
    assert (raised.value.lacking, stage.writes) == ((operation,), [])


def test_a_name_that_cannot_be_looked_up_is_told_with_the_field_of_the_id(
    stage: Stage, client_kind: ClientKind
) -> None:
    call, _ = ONLY_TODAY["a-named-integration"]

    with pytest.raises(NotInContractError) as raised:
        client_kind.ask(stage.recorder, call, contract="documents", space=DEMO)

    assert raised.value.__notes__ == [
        "'openai-main' in run_configuration is a name, which needs beta: give the id, under ai_integration_id."
    ]


def test_a_client_that_was_not_told_the_dialect_detects_it_first(stage: Stage, client_kind: ClientKind) -> None:
    found = client_kind.ask(stage.recorder, lambda ax: ax.prompts.list(), contract="auto")

    assert len(found.prompts) == 2
    assert stage.calls == ["GET /v2/tasks", "GET /v2/prompts"]


def test_a_server_that_shows_the_documents_dialect_is_not_asked_for_what_it_lacks(client_kind: ClientKind) -> None:
    stage = Stage(spare=Mock(contract="documents"))

    with pytest.raises(NotInContractError, match=r"which the server speaks, as its answers show$"):
        client_kind.ask(stage.recorder, lambda ax: ax.prompts.list(), contract="auto")
    assert stage.calls == ["GET /v2/tasks"]
