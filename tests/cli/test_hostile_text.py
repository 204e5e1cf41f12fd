"""Tests of output for people with hostile server text: no control of the terminal, no forged lines, limited length."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from axtasks.cli import iostreams

from tests import hostile
from tests.cli.output_support import on_terminal
from tests.cli.tasks_support import answering, arguments_of
from tests.unit.support import CHAT_QUALITY, CHAT_QUALITY_RUN, RUN, TASK

if TYPE_CHECKING:
    from tests.cli.support import Ax

# Of no contract in particular.
pytestmark = pytest.mark.one_contract

BAD = hostile.ALL
EVALUATOR = {"evaluator_id": BAD, "evaluator_name": BAD, "query_filter": BAD, "column_mappings": {BAD: BAD}}
BAD_TASK = TASK | {"name": BAD, "type": BAD, "query_filter": BAD, BAD: BAD, "evaluators": [EVALUATOR]}
SPACE = {"id": "U3BhY2U6MTpx", "name": BAD, "description": BAD, "created_at": TASK["created_at"]}
LAST = {"pagination": {"has_more": False, "next_cursor": None}}
TASKS = {"tasks": [BAD_TASK], "pagination": {"has_more": True, "next_cursor": BAD}}
BAD_RUN = RUN | {"id": BAD, "status": "failed", "failure_reason": BAD}
ENDED = BAD_RUN | {"id": CHAT_QUALITY_RUN, "num_successes": 1}
PROBLEM = {"title": BAD, "detail": BAD, "status": 400, "instance": BAD, BAD: BAD}
AS_TOLD = "--verbose --debug"

# The output, the command, the status and the body.
OUTPUTS: dict[str, tuple[str, int, Any]] = {
    "table": ("tasks list --limit 1", 200, TASKS),
    "columns": ("tasks list --limit 1 --columns name,evaluators.evaluator_name", 200, TASKS),
    "details": (f"tasks get {CHAT_QUALITY}", 200, BAD_TASK),
    "circle": ("tasks list --all", 200, TASKS),
    "ids": ("tasks list --quiet", 200, {"tasks": [BAD_TASK | {"id": BAD}], **LAST}),
    "json": ("tasks list --limit 1 -o json", 200, TASKS),
    "jsonl": ("tasks list --limit 1 -o jsonl", 200, TASKS),
    "csv": ("tasks list --limit 1 -o csv", 200, TASKS),
    "query": ("tasks list --limit 1 --query tasks[].name", 200, TASKS),
    "api": ("api GET /v2/tasks -v", 200, TASKS),
    "api-text": ("api GET /v2/tasks", 200, BAD.encode()),
    "api-refused": ("api GET /v2/tasks", 400, PROBLEM),
    "error": (f"tasks get {CHAT_QUALITY}", 400, PROBLEM),
    "verbose": (f"tasks get {CHAT_QUALITY} -v", 400, PROBLEM),
    "debug": (f"tasks get {CHAT_QUALITY} {AS_TOLD}", 400, PROBLEM),
    "undecodable": (f"tasks get {CHAT_QUALITY} {AS_TOLD}", 200, TASK | {"created_at": BAD}),
    "no-json": (f"tasks get {CHAT_QUALITY} {AS_TOLD}", 200, BAD.encode()),
    "no-problem": (f"tasks get {CHAT_QUALITY} {AS_TOLD}", 502, BAD.encode()),
    "live-lines": (f"tasks wait-for-run {CHAT_QUALITY_RUN}", 200, ENDED),
    "live-lines-of-several": (f"tasks wait-for-run {CHAT_QUALITY_RUN} {CHAT_QUALITY_RUN[:-2]}A=", 200, ENDED),
    "unknown-status": (f"tasks wait-for-run {CHAT_QUALITY_RUN} {AS_TOLD}", 200, ENDED | {"status": BAD}),
    "empty-run": (f"tasks get-run {CHAT_QUALITY_RUN}", 200, BAD_RUN),
    "names": ("tasks get Nope --space demo", 200, {"spaces": [SPACE], **LAST}),
    "written": (f"tasks update {CHAT_QUALITY} --sampling-rate 0.5", 200, BAD_TASK),
    "spec": ("spec check -o table", 200, TASKS),
}


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize("name", OUTPUTS)
def test_no_output_is_steered(name: str, terminal: bool, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    line, status, body = OUTPUTS[name]
    if terminal:
        on_terminal(monkeypatch)
        monkeypatch.setattr("axtasks.cli.commands.api.is_terminal", lambda: True)
        monkeypatch.setattr("axtasks.cli.progress.leads_to_terminal", lambda _: True)
    with answering(status, body, headers={"x-request-id": "\x9b2J", "server": "\x9b2J"}) as url:
        finished = ax(*arguments_of(line), "--base-url", url)

    assert finished.stdout or finished.stderr
    assert not hostile.steering(finished.stderr, live=terminal)
    if terminal or name not in {"csv", "api-text"}:
        assert not hostile.steering(finished.stdout, live=terminal)
    assert not [line for line in finished.stderr.splitlines() if line.startswith("Done.")]


@pytest.mark.parametrize("line", [f"tasks get {CHAT_QUALITY} {AS_TOLD}", "api GET /v2/tasks"])
def test_standard_error_is_short(line: str, ax: Ax) -> None:
    with answering(400, dict.fromkeys(("title", "detail", "instance", "hint"), "x" * 60000)) as url:
        finished = ax(*arguments_of(line), "--base-url", url)

    assert max(map(len, finished.stderr.splitlines())) < 5000
    assert finished.exit_code == 4


def test_a_program_gets_data_as_it_came(ax: Ax) -> None:
    with answering(200, TASKS) as url:
        finished = ax("tasks", "list", "--limit", "1", "-o", "json", "--base-url", url)

    assert json.loads(finished.stdout)["tasks"][0]["name"] == BAD


def test_a_message_of_click_is_printable_too(ax: Ax) -> None:
    finished = ax("tasks", "list", "--space", "a", "--space", BAD, BAD)

    assert finished.exit_code == 2
    assert not hostile.steering(finished.stderr)


@pytest.mark.parametrize(("command", "choice"), [("api", "get"), ("completion", "bash")])
def test_the_choices_of_an_argument_that_is_missing_are_indented_lines(command: str, choice: str, ax: Ax) -> None:
    assert f"Choose from:\n    {choice},\n" in ax(command).stderr


def test_lines_are_told_as_lines(capsys: pytest.CaptureFixture[str]) -> None:
    iostreams.tell("a\nb", "c")

    assert capsys.readouterr().err == "a\\nb\nc\n"
