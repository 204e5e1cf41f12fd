"""Tests of experiments by name: taken wherever ids are, within the dataset; else an error asks for an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AxError, InvalidArgumentError, NotApplicableError, UnknownNameError
from axtasks.mock import default_world as known

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.support import ClientKind, Stage

pytestmark = pytest.mark.both_clients

TAKERS: dict[str, Callable[[Any, list[str]], Any]] = {
    "create": lambda ax, experiments: ax.tasks.create_evaluation_task(
        "Fresh",
        task_type="template_evaluation",
        evaluators=["Hallucination Eval"],
        dataset="golden-set",
        space="demo",
        experiment_ids=experiments,
    ),
    "trigger": lambda ax, experiments: ax.tasks.trigger_run(known.GOLDEN_REVIEW, experiment_ids=experiments),
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("given", [["baseline"], [known.BASELINE, "candidate-b"], ["candidate-b", "baseline"]], ids=str)
def test_names_stand_for_ids(taker: str, given: list[str], stage: Stage, client_kind: ClientKind) -> None:
    ids = {"baseline": known.BASELINE, "candidate-b": known.CANDIDATE}

    client_kind.ask(stage.recorder, lambda ax: TAKERS[taker](ax, given))

    (sent,) = stage.writes
    assert sent.json["experiment_ids"] == [ids.get(name, name) for name in given]


@pytest.mark.parametrize("taker", TAKERS)
def test_ids_alone_take_no_look_up(taker: str, stage: Stage, client_kind: ClientKind) -> None:
    client_kind.ask(stage.recorder, lambda ax: TAKERS[taker](ax, [known.BASELINE]))

    assert not [call for call in stage.calls if "experiments" in call]


@pytest.mark.parametrize("taker", TAKERS)
def test_an_unknown_name_is_told_with_its_dataset(taker: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError, match=r"no experiment is named 'baselin' in dataset .* mean 'baseline'"):
        client_kind.ask(stage.recorder, lambda ax: TAKERS[taker](ax, ["baselin"]))

    assert stage.writes == []


@pytest.mark.parametrize("task", [known.CHAT_QUALITY, known.NIGHTLY_SUMMARIES], ids=["over a project", "experiment"])
def test_a_task_without_experiments_takes_none_by_name(task: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotApplicableError, match="experiment_ids does not apply"):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.trigger_run(task, experiment_ids=["baseline"]))

    assert stage.writes == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda ax, name: ax.tasks.get_run(name),
        lambda ax, name: ax.tasks.cancel_run(name),
        lambda ax, name: ax.tasks.wait_for_run(name),
        lambda ax, name: ax.tasks.wait_for_runs([name]),
        lambda ax, name: ax.tasks.trigger_run(known.NIGHTLY_SUMMARIES, experiment_name="x", evaluation_task_ids=[name]),
        lambda ax, name: ax.tasks.trigger_run(known.NIGHTLY_SUMMARIES, experiment_name="x", dataset_version_id=name),
        lambda ax, name: ax.evaluators.get(known.HALLUCINATION, version_id=name),
        lambda ax, name: ax.spaces.list(organization=name),
    ],
    ids=["get-run", "cancel-run", "wait", "wait for several", "tasks to trigger", "dataset version", "version", "org"],
)
def test_a_name_is_refused_where_only_an_id_will_do(
    ask: Callable[[Any, str], Any], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(InvalidArgumentError, match=r"'last night' is not the id of .* by its id alone, not by a name"):
        client_kind.ask(stage.recorder, lambda ax: ask(ax, "last night"))

    assert stage.calls == []


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("get_run", "latest"),
        ("cancel_run", "latest"),
        ("wait_for_run", "latest"),
        ("wait_for_runs", ["latest"]),
    ],
)
def test_a_word_that_the_server_refuses_is_told_to_be_no_id(
    method: str, given: object, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(AxError, match="'latest' is not the id of a run, and a run is found here by its id alone"):
        client_kind.ask(stage.recorder, lambda ax: getattr(ax.tasks, method)(given))
