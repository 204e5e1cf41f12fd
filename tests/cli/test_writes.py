"""Tests of changing commands that fail in part: the output says whether the change was made."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from axtasks import TaskRun
from axtasks.mock import default_world as known
from axtasks.resources.bindings import Tasks

from tests.cli.support import RUN_CONFIGURATION
from tests.cli.tasks_support import arguments_of, assert_usage_error, tasks
from tests.cli.terminal_support import AX, unread
from tests.pairing import in_turn

if TYPE_CHECKING:
    from axtasks.mock import Mock

    from tests.cli.support import Ax

CREATE = "create -n Fresh --task-type template_evaluation --evaluator 'Hallucination Eval' -s demo"
OVER_PROJECT = f"{CREATE} --project chat-prod"
# What each makes, and how it tells of it.
WRITES = {
    "create": (OVER_PROJECT, "Created task 'Fresh' ("),
    "create an experiment": (
        f"create-run-experiment -n Fresh --dataset $GOLDEN_SET --run-configuration '{RUN_CONFIGURATION}'",
        "Created task 'Fresh' (",
    ),
    "update": ("update $CHAT_QUALITY --name Better", "Updated task 'Better' ("),
    "trigger": ("trigger-run $CHAT_QUALITY", "Triggered run "),
    "trigger and wait": ("trigger-run $CHAT_QUALITY --wait --timeout 60", "Triggered run "),
}
# What can only be known once there is something to show.
IMPOSSIBLE = {
    "columns of a query": ("--query '{n: name}' --columns name -o csv", "there is no 'name'"),
    "a query for something else": ("--query 'length(foo)'", "the query 'length(foo)' failed"),
}
GO_ON = "To wait for it: ax tasks wait-for-run "


def interrupt(*_: object, **__: object) -> None:
    """Raise an interrupt in place of a client's method."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("quiet", ["", "-q"], ids=["", "quiet"])
@pytest.mark.parametrize(("write", "output"), in_turn(WRITES, IMPOSSIBLE))
def test_a_change_is_reported_though_its_output_fails(ax: Ax, mock: Mock, write: str, output: str, quiet: str) -> None:
    """The exit code is not that of wrong use, after which nothing would have been changed."""
    (line, told), (options, reason) = WRITES[write], IMPOSSIBLE[output]

    finished = tasks(ax, f"{line} {options} {quiet}")

    assert finished.exit_code == 5
    assert reason in finished.stderr
    assert finished.stderr.count(told) == 1
    assert [each.method for each in mock.journal.exchanges() if each.method != "GET"] in (["POST"], ["PATCH"])


@pytest.mark.parametrize("quiet", ["", "-q"], ids=["", "quiet"])
def test_a_run_that_cannot_be_read_is_named_with_the_command_to_go_on(ax: Ax, mock: Mock, quiet: str) -> None:
    mock.faults.add("operation=get_task_run, fault=status:403")

    finished = tasks(ax, f"trigger-run $CHAT_QUALITY --wait {quiet}")

    (run_id,) = re.findall(r"^Triggered run (.+)\.$", finished.stderr, re.MULTILINE)
    assert finished.exit_code == 3
    assert f"{GO_ON}{run_id}\n" in finished.stderr


@pytest.mark.parametrize(
    ("line", "method", "command"),
    [
        (OVER_PROJECT, "create_evaluation_task", "ax tasks list --name Fresh --space demo"),
        (
            "trigger-run 'A Name' --contract beta",
            "trigger_run",
            "ax tasks list-runs 'A Name' --contract beta",
        ),
        ("update 'A Name' -s demo --name x", "update", "ax tasks get 'A Name' --space demo"),
        ("update -s demo --name x -- -dashed", "update", "ax tasks get --space demo -- -dashed"),
        ("delete $CHAT_QUALITY --force", "delete", f"ax tasks get {known.CHAT_QUALITY}"),
        ("trigger-run $CHAT_QUALITY", "trigger_run", f"ax tasks list-runs {known.CHAT_QUALITY}"),
        ("cancel-run $CHAT_QUALITY_RUN --force", "cancel_run", f"ax tasks get-run {known.CHAT_QUALITY_RUN}"),
    ],
    ids=["create", "trigger-by-contract", "update", "update-of-a-dashed-name", "delete", "trigger", "cancel"],
)
def test_an_interrupted_write_may_still_happen(
    ax: Ax, line: str, method: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tasks, method, interrupt)

    finished = tasks(ax, line)

    assert finished.exit_code == 130
    assert finished.stderr == (
        f"The server may still carry out the request. To see if it did: {command}\nInterrupted.\n"
    )


def test_an_id_that_a_server_made_up_is_quoted_for_the_shell(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    run = TaskRun.from_dict({"id": "$(boom)", "status": "pending"})
    monkeypatch.setattr(Tasks, "trigger_run", lambda *_, **__: run)
    monkeypatch.setattr(Tasks, "wait_for_run", interrupt)

    finished = tasks(ax, "trigger-run $CHAT_QUALITY --wait")

    assert finished.stderr.endswith(
        "To wait again: ax tasks wait-for-run '$(boom)'\nTo cancel:     ax tasks cancel-run '$(boom)'\n"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--name Other", "--name is given twice: only one of them would count"),
        ("-n Other", "--name is given twice"),
        ("--project support-bot", "--project is given twice"),
        ("-s demo", "--space is given twice"),
        ("--experiment-ids a --experiment-ids b", "--experiment-ids is given twice: give all in one, with commas"),
        ("--columns id --columns name", "--columns is given twice: give all in one, with commas"),
        ("-o json -o csv", "--output is given twice"),
        ("--is-continuous --no-continuous", "--is-continuous/--no-continuous is given twice"),
    ],
)
def test_an_option_given_twice_is_not_left_to_chance(ax: Ax, mock: Mock, options: str, said: str) -> None:
    assert_usage_error(tasks(ax, f"{OVER_PROJECT} {options}"), said)
    assert mock.journal.exchanges() == []


def test_flags_may_be_repeated(ax: Ax) -> None:
    finished = tasks(ax, f"{OVER_PROJECT} --evaluator 'Relevance Eval' -q -q -v -v")

    assert finished.exit_code == 0


@pytest.mark.programs
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("get-run VGFza1J1bjo5OTk6eA==", 4),
        ("trigger-run $CHAT_QUALITY", 0),
        ("list -o nowhere/x.csv", 5),
    ],
)
def test_the_exit_code_does_not_depend_on_whether_anybody_reads_what_is_said(ax: Ax, line: str, code: int) -> None:
    del ax
    program = [*AX, "tasks", *arguments_of(line)]
    with unread() as nobody:
        done = subprocess.run(program, stdout=subprocess.PIPE, stderr=nobody, check=False)

    assert done.returncode == code
    assert bool(done.stdout) == (code == 0)


@pytest.mark.programs
def test_a_refusal_is_one_though_nobody_reads_its_body(ax: Ax) -> None:
    del ax
    with unread() as nobody:
        done = subprocess.run([*AX, "api", "GET", "/v2/nothing"], stdout=nobody, stderr=subprocess.PIPE, check=False)

    assert done.returncode == 4
    assert b"Error: GET /v2/nothing was answered with 404" in done.stderr
