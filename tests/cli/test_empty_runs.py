"""Tests of runs that evaluated nothing: the message of the command line, and its exit code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import default_world as known
from axtasks.mock.world.model import AiIntegration
from axtasks.mock.world.settings import Settings

from tests.cli.tasks_support import tasks
from tests.conftest import BETA, DOCUMENTS

if TYPE_CHECKING:
    from axtasks.mock import Mock

    from tests.cli.support import Ax

LABELLED = "$GOLDEN_REVIEW"
UNMATCHED = "$CHAT_QUALITY --data-start-time 2100-01-01 --data-end-time 2100-01-02"
ATTEMPT = "$NIGHTLY_SUMMARIES --experiment-name attempt"
# What is triggered a second time or over nothing, and what is said of it by the documents.
SENTENCES = [
    pytest.param(LABELLED, "evaluated nothing and skipped 120; give --override-evaluations to", id="all labelled"),
    pytest.param(UNMATCHED, "evaluated nothing, as nothing matched; give another window (--data-start", id="no match"),
    pytest.param(f"{ATTEMPT} --example-ids nowhere", "ran no example; give --example-ids that are", id="no example"),
]


def second_run(ax: Ax) -> str:
    """Return the id of a run whose data has labels already."""
    for _ in range(2):
        run_id = tasks(ax, f"trigger-run {LABELLED} -q").stdout.strip()
        tasks(ax, f"get-run {run_id} -q")
    return run_id


@pytest.mark.one_contract(DOCUMENTS)
@pytest.mark.parametrize(("task", "said"), SENTENCES)
def test_an_empty_run_has_a_message_with_the_remedy(ax: Ax, task: str, said: str) -> None:
    """Standard error names the remedy; the run completed, so the exit code is 0."""
    if task == LABELLED:
        tasks(ax, f"trigger-run {task} --wait")

    finished = tasks(ax, f"trigger-run {task} --wait -o json")

    assert (finished.exit_code, finished.json["status"]) == (0, "completed")
    assert f"Run {finished.json['id']} {said}" in finished.stderr


@pytest.mark.one_contract(DOCUMENTS)
def test_experiments_without_results(ax: Ax, mock: Mock) -> None:
    """The message for experiments without results asks for others."""
    baseline = mock.world.experiments.remove(known.BASELINE)
    mock.world.add(replace(baseline, results=0))

    finished = tasks(ax, f"trigger-run {LABELLED} --wait")

    assert "its experiments have no results; give others with --experiment-ids" in finished.stderr


@pytest.mark.one_contract(DOCUMENTS)
def test_unusable_credentials(ax: Ax, mock: Mock) -> None:
    """The message points to the credentials; the exit code is that of a failed run."""
    integration = mock.world.ai_integrations.remove(known.OPENAI_MAIN)
    assert isinstance(integration, AiIntegration)
    mock.world.add(replace(integration, is_usable=False))

    finished = tasks(ax, f"trigger-run {ATTEMPT} --wait --empty-ok")

    assert finished.exit_code == 6
    assert "failed before anything was evaluated; look at the credentials and the model" in finished.stderr


@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize(("options", "code"), [("", 6), ("--empty-ok", 0), ("--no-exit-status", 0)])
def test_empty_runs_that_the_server_cancelled_are_recognized(ax: Ax, options: str, code: int) -> None:
    """The message names every remedy, and `--empty-ok` treats the run as completed."""
    tasks(ax, f"trigger-run {LABELLED} --wait")

    finished = tasks(ax, f"trigger-run {LABELLED} --wait {options}")

    assert finished.exit_code == code
    for cure in ("--override-evaluations", "--data-start-time", "credentials"):
        assert cure in finished.stderr.splitlines()[-1]


@pytest.mark.one_contract(BETA)
@pytest.mark.parametrize(("options", "code"), [("", 6), ("--empty-ok", 0)])
def test_waiting_for_an_empty_run(ax: Ax, options: str, code: int) -> None:
    """`wait-for-run` takes `--empty-ok`, too."""
    finished = tasks(ax, f"wait-for-run {second_run(ax)} {options}")

    assert finished.exit_code == code
    assert "the server cancelled it" in finished.stderr


@pytest.mark.one_contract(BETA)
def test_a_run_cancelled_on_request_is_not_an_empty_run(ax: Ax) -> None:
    """`--empty-ok` does not cover runs that were cancelled on request; no remedy is named for them."""
    finished = tasks(ax, "wait-for-run $CANCELLED_RUN --empty-ok")

    assert finished.exit_code == 6
    assert "evaluated nothing" not in finished.stderr


@pytest.mark.both_contracts
def test_reading_an_empty_run(ax: Ax, mock: Mock) -> None:
    """`get-run` prints the message, too, unless `--quiet` is given or the run evaluated data."""
    mock.world.settings = Settings(empty_runs="completed")
    run_id = second_run(ax)

    assert "--override-evaluations" in tasks(ax, f"get-run {run_id}").stderr
    assert tasks(ax, f"get-run {run_id} -q").stderr == ""
    assert tasks(ax, "get-run $CHAT_QUALITY_RUN").stderr == ""


def test_empty_ok_without_waiting_is_warned_about(ax: Ax) -> None:
    """A warning says that `--empty-ok` needs `--wait`."""
    assert "Warning: --empty-ok does nothing without --wait." in tasks(ax, f"trigger-run {LABELLED} --empty-ok").stderr
