"""Snapshots of command output: tables, JSON, rows, progress of waiting, and each kind of error.

The mock's clock is frozen and its random seed is fixed, so ids and times are always the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.snapshot_support import FOLDER, assert_snapshot, kept_names
from tests.cli.support import RUN_CONFIGURATION
from tests.cli.tasks_support import Journal, answering, tasks, use_virtual_time

if TYPE_CHECKING:
    from tests.cli.support import Ax, Finished

CREATE = "create -n Fresh --task-type template_evaluation --evaluator 'Hallucination Eval:input=a,output=b' -s demo"
OUTPUTS = {
    "table-of-tasks": "list --space demo",
    "table-with-more-to-come": "list --limit 2",
    "table-of-chosen-columns": "list -s demo --columns name,sampling_rate,evaluators.column_mappings",
    "table-of-runs": "list-runs 'Chat Quality Monitor' -s demo-eu",
    "nothing": "list --name nobody",
    "task-over-a-project": "get $CHAT_QUALITY",
    "task-over-a-dataset": "get $GOLDEN_REVIEW",
    "task-that-runs-experiments": "get $NIGHTLY_SUMMARIES",
    "run": "get-run $EXPERIMENT_RUN",
    "json-of-tasks": "list -s demo-eu -o json",
    "json-of-a-task": "get $NIGHTLY_SUMMARIES -o json",
    "json-of-a-run": "get-run $CHAT_QUALITY_RUN -o json",
    "json-of-several-runs": "wait-for-run $CHAT_QUALITY_RUN $EXPERIMENT_RUN -o json",
    "json-lines": "list -s demo -o jsonl --columns id,name,query_filter",
    "csv": "list -s demo -o csv",
    "quiet": "list -s demo -q",
    "query": "list -s demo --query 'tasks[].{name: name, type: type}' -o table",
    "created": f"{CREATE} --project chat-prod --sampling-rate 0.1",
    "updated": "update $CHAT_QUALITY --query-filter '' --sampling-rate 0.25",
    "deleted": "delete 'Chat Quality Monitor' -s demo --force",
    "triggered": "trigger-run $CHAT_QUALITY --timeout 3 --poll-interval 1",
    "waited": "trigger-run $NIGHTLY_SUMMARIES --experiment-name fresh --wait",
    "waited-for-failure": "wait-for-run $FAILED_RUN",
    "written-to-a-file": "list -s demo -o tasks.csv",
}
ERRORS = {
    "usage-create-without-evaluators": "create -n x --task-type code_evaluation --project chat-prod",
    "usage-create-without-source": f"{CREATE}",
    "usage-create-with-options-of-evaluation": (
        f"create -n x --task-type run_experiment --dataset x --run-configuration '{RUN_CONFIGURATION}'"
        " --sampling-rate 0.5 --evaluator x"
    ),
    "usage-nothing-to-update": "update $CHAT_QUALITY",
    "usage-json-of-the-wrong-kind": "update $CHAT_QUALITY --evaluators '{}'",
    "usage-no-file": "update $CHAT_QUALITY --evaluators @evaluators.json",
    "usage-no-time": "trigger-run $CHAT_QUALITY --data-start-time yesterday",
    "usage-no-format": "list -o yaml",
    "usage-no-such-column": "list --columns nmae",
    "usage-no-terminal": "delete $CHAT_QUALITY",
    "usage-window": "trigger-run $CHAT_QUALITY --data-start-time 2024-01-01 --data-end-time 2024-02-01",
    "not-applicable": "update $NIGHTLY_SUMMARIES --sampling-rate 0.5",
    "space-required": "update 'Chat Quality Monitor' --name x",
    "ambiguous-task": "get 'Chat Quality Monitor'",
    "unknown-name": "get 'chat quality moniter' -s demo",
    "ambiguous-name": "get x -s sandbox",
    "another-kind": "get $CHAT_PROD",
    "bad-request": "cancel-run $CHAT_QUALITY_RUN -f",
    "bad-request-verbose": "cancel-run $CHAT_QUALITY_RUN -f --verbose",
    "not-found": "get-run VGFza1J1bjo5OTk6eA==",
    "conflict": "update $CHAT_QUALITY --name 'Golden Set Review'",
    "unprocessable": "trigger-run $SUPPORT_CHECKS",
    "unprocessable-verbose": "trigger-run $SUPPORT_CHECKS -v",
    "output": "list -o nowhere/tasks.json",
    "query": "list --query 'length(`1`)'",
    "wait-timeout": "trigger-run $CHAT_QUALITY --wait --timeout 30",
    "network": "list --base-url http://127.0.0.1:1 --verbose",
    "address": "list --base-url nowhere",
    "profile": "list --profile nowhere",
}
# What a server answers where the mock would not.
ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "permission": (403, {"title": "Access forbidden", "detail": "the key may not list tasks"}),
    "rate-limit": (429, {"title": "Rate limit exceeded", "detail": "300 a minute are enough"}),
    "server": (503, {"title": "Service Unavailable", "detail": "back soon"}),
    "undecodable": (200, {"tasks": 3}),
}
OTHER_ERRORS = {"authentication", "no-key", "interrupted", *(f"{name}-verbose" for name in ANSWERS)}

# What is kept is what the documents have; answers of the newer dialect have more fields.
pytestmark = pytest.mark.one_contract


@pytest.fixture
def mock() -> Journal:
    """Return a new mock for every test, since its numbers count requests. Its runs take a minute."""
    return Journal(run_seconds=60)


@pytest.fixture(autouse=True)
def _surroundings(mock: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set virtual time, and lines of 80 characters."""
    monkeypatch.setenv("COLUMNS", "80")
    use_virtual_time(monkeypatch, mock)


def told(line: str, finished: Finished) -> str:
    """Return a command with its whole output and exit code."""
    # Systems number their errors differently, and every test has a folder of its own.
    stderr = re.sub(r"\[Errno \d+\]", "[Errno ...]", finished.stderr).replace(str(Path.home().parent), "/...")
    parts = {"standard output": finished.stdout, "standard error": stderr}
    shown = "".join(f"--- {name}\n{text}" for name, text in parts.items() if text)
    return f"$ ax tasks {line}\n{shown}--- exit code {int(finished.exit_code)}\n"


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs(ax: Ax, name: str) -> None:
    assert_snapshot(f"outputs/{name}", told(OUTPUTS[name], tasks(ax, OUTPUTS[name])))


@pytest.mark.parametrize("name", ERRORS)
def test_errors(ax: Ax, name: str) -> None:
    finished = tasks(ax, ERRORS[name])

    assert (finished.exit_code != 0, "Traceback" in finished.stderr) == (True, False)
    assert_snapshot(f"errors/{name}", told(ERRORS[name], finished))


@pytest.mark.parametrize("name", ANSWERS)
def test_errors_of_other_servers(ax: Ax, name: str) -> None:
    status, body = ANSWERS[name]
    content = {"type": "about:blank", **body, "status": status} if status >= 400 else body
    with answering(status, content, headers={"x-request-id": "req_000001", "retry-after": "3"}) as url:
        finished = tasks(ax, f"list --verbose --base-url {url}")

    assert_snapshot(f"errors/{name}-verbose", told("list --verbose", finished))


@pytest.mark.parametrize(("name", "key"), [("authentication", "an-invalid-key"), ("no-key", "")])
def test_errors_of_keys(ax: Ax, name: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARIZE_API_KEY", key)

    assert_snapshot(f"errors/{name}", told("list -v", tasks(ax, "list -v")))


def test_an_interrupt(ax: Ax, mock: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    use_virtual_time(monkeypatch, mock, on_pause=interrupt)
    line = "trigger-run $CHAT_QUALITY --wait"

    assert_snapshot("errors/interrupted", told(line, tasks(ax, line)))


@pytest.mark.parametrize(("folder", "names"), [("outputs", set(OUTPUTS)), ("errors", set(ERRORS) | OTHER_ERRORS)])
def test_there_is_no_snapshot_of_what_is_gone(folder: str, names: set[str]) -> None:
    assert kept_names(folder) == names, f"look through {FOLDER / folder}"


def test_a_difference_says_how_to_renew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPDATE_SNAPSHOTS", raising=False)

    with pytest.raises(AssertionError, match="UPDATE_SNAPSHOTS=1"):
        assert_snapshot("outputs/nothing", "something else")
