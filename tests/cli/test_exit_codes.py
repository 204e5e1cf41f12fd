"""Tests of every documented exit code, each by all of its causes; no other codes exist."""

from __future__ import annotations

from functools import partial
from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from axtasks.cli.errors import Exit, exit_codes

from tests.cli.support import RUN_CONFIGURATION
from tests.cli.tasks_support import (
    Journal,
    Servers,
    answering,
    in_a_process,
    journal_of,
    servers,
    tasks,
    use_virtual_time,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

CASES = [
    ("list", Exit.DONE),
    ("list --help", Exit.DONE),
    ("list -h", Exit.DONE),
    ("list --name nobody", Exit.DONE),
    ("delete $CHAT_QUALITY --force", Exit.DONE),
    ("wait-for-run $CHAT_QUALITY_RUN", Exit.DONE),
    ("wait-for-run $FAILED_RUN --no-exit-status", Exit.DONE),
    ("list --profile nowhere", Exit.UNEXPECTED),
    ("list --base-url nowhere", Exit.UNEXPECTED),
    ("", Exit.USAGE),
    ("nonsense", Exit.USAGE),
    ("list --nonsense", Exit.USAGE),
    ("list --limit 0", Exit.USAGE),
    ("list --profile ''", Exit.USAGE),
    ("list --base-url ''", Exit.USAGE),
    ("list -o yaml", Exit.USAGE),
    ("update 'A Name' --name x", Exit.USAGE),
    ("get 'A Name'", Exit.REFUSED),
    ("update $CHAT_QUALITY", Exit.USAGE),
    (f"update $CHAT_QUALITY --run-configuration '{RUN_CONFIGURATION}'", Exit.USAGE),
    ("delete $CHAT_QUALITY", Exit.USAGE),
    ("cancel-run $CHAT_QUALITY_RUN", Exit.USAGE),
    ("get 'A Name' --space demo", Exit.REFUSED),
    ("get 'A Name' --space sandbox", Exit.REFUSED),
    ("get $DEMO", Exit.REFUSED),
    ("get-run VGFza1J1bjo5OTk6eA==", Exit.REFUSED),
    ("list --cursor nonsense", Exit.REFUSED),
    ("cancel-run $CHAT_QUALITY_RUN --force", Exit.REFUSED),
    ("update $CHAT_QUALITY --name 'Golden Set Review'", Exit.REFUSED),
    ("trigger-run $SUPPORT_CHECKS", Exit.REFUSED),
    ("list -o nowhere/tasks.json", Exit.OUTPUT),
    ("list -o folder.json", Exit.OUTPUT),
    ("trigger-run $CHAT_QUALITY -o nowhere/run.json", Exit.OUTPUT),
    ("list -o json --query 'length(`1`)'", Exit.OUTPUT),
    ("wait-for-run $FAILED_RUN", Exit.RUN_FAILED),
    ("wait-for-run $CANCELLED_RUN", Exit.RUN_FAILED),
    ("wait-for-run $CHAT_QUALITY_RUN --fail-on-errors", Exit.RUN_FAILED),
    ("trigger-run $CHAT_QUALITY --wait --timeout 1", Exit.WAIT_TIMEOUT),
    ("list --base-url http://127.0.0.1:1", Exit.NETWORK),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server in its initial state for every test. Its runs take a minute."""
    with servers(partial(Journal, run_seconds=60)) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


@pytest.mark.parametrize(("line", "code"), CASES, ids=[f"{case[1].value}: {case[0] or 'tasks'}" for case in CASES])
def test_codes(ax: Ax, mock: Journal, line: str, code: Exit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each failure gives its reason on standard error."""
    use_virtual_time(monkeypatch, mock)
    (ax.folder / "folder.json").mkdir()

    finished = tasks(ax, line)

    assert finished.exit_code == code
    assert finished.stderr or code in {Exit.DONE, Exit.RUN_FAILED}


@pytest.mark.parametrize("word", ["invalid", "revoked", "expired"])
def test_authentication(ax: Ax, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARIZE_API_KEY", f"an-{word}-key")

    finished = tasks(ax, "list")

    assert (finished.exit_code, finished.stdout) == (Exit.DENIED, "")
    assert f"the API key is {word}" in finished.stderr


def test_permission(ax: Ax) -> None:
    with answering(403, {"type": "about:blank", "title": "Access forbidden", "status": 403, "detail": "no"}) as url:
        finished = tasks(ax, f"delete $CHAT_QUALITY --force --base-url {url}")

    assert (finished.exit_code, finished.stdout) == (Exit.DENIED, "")


def test_no_key(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARIZE_API_KEY")

    assert tasks(ax, "list").exit_code == Exit.UNEXPECTED


def test_an_answer_that_is_none(ax: Ax) -> None:
    with answering(200, b"hello") as url:
        assert tasks(ax, f"list --base-url {url}").exit_code == Exit.UNEXPECTED


def test_a_broken_connection(ax: Ax) -> None:
    with answering(hangs_up=True) as url:
        assert tasks(ax, f"list --base-url {url}").exit_code == Exit.NETWORK


def test_an_interrupt(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt during a request has an exit code of its own."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("axtasks.cli.commands.tasks.list.listing", interrupt)

    finished = tasks(ax, "list")

    assert (finished.exit_code, finished.stdout, finished.stderr) == (Exit.INTERRUPTED, "", "Interrupted.\n")


def test_an_output_that_fails_changes_nothing(ax: Ax, mock: Journal) -> None:
    """Foreseeable errors of the output are reported before anything is sent."""
    finished = tasks(ax, "delete $CHAT_QUALITY --force")
    refused = tasks(ax, "trigger-run $GOLDEN_REVIEW -o nowhere/run.json")

    assert (finished.exit_code, refused.exit_code) == (Exit.DONE, Exit.OUTPUT)
    assert [asked.method for asked in mock.asked] == ["DELETE"]


@pytest.mark.programs
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("tasks", "list", "--limit", "0"), Exit.USAGE, id="usage"),
        pytest.param(("tasks", "get-run", "VGFza1J1bjo5OTk6eA=="), Exit.REFUSED, id="refused"),
        pytest.param(("tasks", "list", "-o", "nowhere/x.csv"), Exit.OUTPUT, id="output"),
    ],
)
def test_a_process_exits_with_the_documented_code(ax: Ax, arguments: tuple[str, ...], code: Exit) -> None:
    """A process exits with these codes, too."""
    del ax

    assert in_a_process(*arguments).exit_code == code


@pytest.mark.parametrize("arguments", [("--help",), ("tasks", "--help")])
def test_help_lists_them_all(ax: Ax, arguments: tuple[str, ...]) -> None:
    finished = ax(*arguments)

    assert [int(line.split()[0]) for line in exit_codes().splitlines()] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 143]
    assert indent(exit_codes(), "  ") in finished.stdout
