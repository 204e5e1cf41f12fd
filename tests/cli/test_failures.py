"""Tests of error messages: one line for the cause, one for the remedy, more with --verbose and --debug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import axtasks
import pytest
from axtasks import AxError, Limits
from axtasks.cli.errors import ADVICE
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.tasks_support import CANCELLED_RUN, Journal, Servers, answering, servers, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

# Everything that could upset a terminal or forge a line.
HOSTILE = "first\nsecond\x1b[31m\r\u202ethird"
HARMLESS = r"first\nsecond\x1b[31m\r\u202ethird"


def problem(status: int, **changed: str) -> dict[str, Any]:
    """Return Problem Details of a status."""
    return {"type": "about:blank", "title": "Refused", "status": status, "detail": "not today", **changed}


def test_advice_is_about_errors_that_there_are() -> None:
    """The table lists only names of existing errors."""
    assert [name for name in ADVICE if not issubclass(getattr(axtasks, name), AxError)] == []


# What a server answers, with the exit code and what to do about it.
REFUSALS = [
    (400, 4, "The detail says what the API does not accept."),
    (401, 3, "Check the API key: ARIZE_API_KEY, or the profile's."),
    (403, 3, "Ask for the permission, or use another API key."),
    (404, 4, "Check the id; what the key may not read looks the same as what is not there."),
    (409, 4, "Choose another name."),
    (418, 4, "The detail says what the API does not accept."),
    (422, 4, "The detail says what the API does not accept."),
    (429, 4, "Wait, then try again."),
    (500, 4, "Try again later; look before repeating a command that changes something."),
    (503, 4, "Try again later; look before repeating a command that changes something."),
]
# Commands of every kind, with a request whose refusal they show.
COMMANDS = [
    ("list", "list_tasks", "GET /v2/tasks"),
    ("get $CHAT_QUALITY", "get_task", f"GET /v2/tasks/{known.CHAT_QUALITY}"),
    ("list-runs $CHAT_QUALITY", "list_task_runs", f"GET /v2/tasks/{known.CHAT_QUALITY}/runs"),
    ("get-run $CHAT_QUALITY_RUN", "get_task_run", f"GET /v2/task-runs/{known.CHAT_QUALITY_RUN}"),
    (
        "create-evaluation -n x --task-type template_evaluation --project $CHAT_PROD --evaluator $RELEVANCE",
        "create_task",
        "POST /v2/tasks",
    ),
    ("update $CHAT_QUALITY -n x", "update_task", f"PATCH /v2/tasks/{known.CHAT_QUALITY}"),
    ("delete $CHAT_QUALITY -f", "delete_task", f"DELETE /v2/tasks/{known.CHAT_QUALITY}"),
    ("trigger-run $CHAT_QUALITY", "trigger_task_run", f"POST /v2/tasks/{known.CHAT_QUALITY}/trigger"),
    ("cancel-run $CHAT_QUALITY_RUN -f", "cancel_task_run", f"POST /v2/task-runs/{known.CHAT_QUALITY_RUN}/cancel"),
    ("wait-for-run $CHAT_QUALITY_RUN", "get_task_run", f"GET /v2/task-runs/{known.CHAT_QUALITY_RUN}"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(Journal) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.mark.parametrize(("status", "code", "advice"), REFUSALS, ids=[str(case[0]) for case in REFUSALS])
class TestRefusals:
    def test_two_lines(self, ax: Ax, status: int, code: int, advice: str) -> None:
        with answering(status, problem(status)) as url:
            finished = tasks(ax, f"list --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (code, "")
        assert finished.stderr == f"Error: list_tasks was refused with {status}: Refused: not today\n{advice}\n"

    def test_a_body_that_is_no_problem(self, ax: Ax, status: int, code: int, advice: str) -> None:
        """The message quotes the body in one line."""
        with answering(status, b"<html>\n<b>Bad</b>", headers={"content-type": "text/html"}) as url:
            finished = tasks(ax, f"list --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (code, "")
        assert finished.stderr == f"Error: list_tasks was refused with {status}: <html> <b>Bad</b>\n{advice}\n"


@pytest.mark.parametrize(("line", "operation", "asked"), COMMANDS, ids=[case[0] for case in COMMANDS])
class TestEveryCommand:
    def test_the_detail_is_said(self, ax: Ax, line: str, operation: str, asked: str) -> None:
        del asked
        with answering(403, problem(403), headers={"x-request-id": "req-7"}) as url:
            finished = tasks(ax, f"{line} --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (3, "")
        assert finished.stderr == (
            f"Error: {operation} was refused with 403: Refused: not today [request id req-7]\n"
            "Ask for the permission, or use another API key.\n"
        )

    @pytest.mark.parametrize("flag", ["-v", "--verbose"])
    def test_verbose(self, ax: Ax, line: str, operation: str, asked: str, flag: str) -> None:
        """The log has requests and responses, without secrets."""
        headers = {
            "x-request-id": "req-7",
            "x-ratelimit-remaining": "0",
            "x-api-key": "a secret",
            "retry-after": "3",
            "set-cookie": "a secret",
        }
        with answering(403, problem(403, instance="/v2/x"), headers=headers) as url:
            finished = tasks(ax, f"{line} {flag} --base-url {url}")

        first, *details, last = finished.stderr.splitlines()
        assert first.startswith(f"Error: {operation} was refused with 403")
        assert details == [
            f"  {asked.replace('=', '%3D')} ({operation}) was answered with 403",
            "  request id: req-7",
            "  content-type: application/problem+json",
            "  x-request-id: req-7",
            "  x-ratelimit-remaining: 0",
            "  x-api-key: ***",
            "  retry-after: 3",
            "  type: about:blank",
            "  instance: /v2/x",
        ]
        assert last == "Ask for the permission, or use another API key."

    def test_debug(self, ax: Ax, line: str, operation: str, asked: str) -> None:
        """Standard error has a traceback, and then the same two lines."""
        del asked
        with answering(403, problem(403)) as url:
            finished = tasks(ax, f"{line} --debug --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (3, "")
        assert finished.stderr.startswith("Traceback (most recent call last):\n")
        assert "axtasks.errors.PermissionDeniedError" in finished.stderr
        assert finished.stderr.splitlines()[-2].startswith(f"Error: {operation} was refused with 403")

    def test_no_traceback_without_it(self, ax: Ax, line: str, operation: str, asked: str) -> None:
        del operation, asked
        with answering(hangs_up=True) as url:
            finished = tasks(ax, f"{line} --verbose --base-url {url}")

        assert finished.exit_code == 8
        assert "Traceback" not in finished.stderr


def test_a_hostile_detail_steers_nothing(ax: Ax) -> None:
    """A server's text is shown in one line, without control characters."""
    headers = {"x-note": "\x1b[31mred"}
    with answering(422, problem(422, detail=HOSTILE, instance=HOSTILE), headers=headers) as url:
        finished = tasks(ax, f"list -v --base-url {url}")

    assert f"Refused: {HARMLESS}\n" in finished.stderr
    assert f"  instance: {HARMLESS}\n" in finished.stderr
    assert r"  x-note: \x1b[31mred" in finished.stderr
    assert "\x1b" not in finished.stderr
    assert "\u202e" not in finished.stderr


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"<html>hello", "list_tasks was answered with 200, but not as the contract says", id="no JSON"),
        pytest.param({"tasks": 3}, "tasks", id="another shape"),
        pytest.param({"tasks": [{"id": 5}]}, "tasks[0].id: expected a string", id="a value of another type"),
    ],
)
class TestUndecodableAnswers:
    def test_what_is_said(self, ax: Ax, body: bytes | dict[str, Any], reason: str) -> None:
        with answering(200, body) as url:
            finished = tasks(ax, f"list --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert reason in finished.stderr.splitlines()[0]
        assert finished.stderr.splitlines()[1:] == [
            "The server does not speak the contract; --verbose shows its answer."
        ]

    def test_verbose_shows_the_answer(self, ax: Ax, body: bytes | dict[str, Any], reason: str) -> None:
        with answering(200, body, headers={"x-request-id": "req-7"}) as url:
            finished = tasks(ax, f"list -v --base-url {url}")

        assert reason in finished.stderr
        assert "  GET /v2/tasks (list_tasks) was answered with 200\n  request id: req-7\n" in finished.stderr
        assert ("  body: <html>hello\n" if isinstance(body, bytes) else '  body: {"tasks": ') in finished.stderr


@pytest.mark.parametrize("options", ["--all", "--limit 200"])
def test_a_repeated_cursor_ends_the_list(ax: Ax, options: str) -> None:
    """A server that repeats a cursor does not keep the command going for ever."""
    page = {"tasks": [], "pagination": {"has_more": True, "next_cursor": "again"}}
    with answering(200, page) as url:
        finished = tasks(ax, f"list {options} --base-url {url}")

    assert (finished.exit_code, finished.stdout) == (1, "")
    assert "the list of tasks goes in circles: cursor 'again' was followed before" in finished.stderr


def test_an_endless_list_ends_at_the_page_limit(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page limit of the client holds, and the message says how to go on."""
    monkeypatch.setattr("axtasks.config.settings.Limits", lambda: Limits(pages=1))

    finished = tasks(ax, "list --space $ARCHIVE --all")

    assert (finished.exit_code, finished.stdout) == (1, "")
    assert "the list of tasks has more than 1 pages; narrow it down, go on with --cursor " in finished.stderr
    assert "or go on from that cursor with --cursor." in finished.stderr


@pytest.mark.parametrize("options", ["--all", "--limit 200"])
def test_a_list_that_comes_back_to_its_beginning(ax: Ax, options: str) -> None:
    page = {"tasks": [], "pagination": {"has_more": True, "next_cursor": "again"}}
    with answering(200, page) as url:
        finished = tasks(ax, f"list {options} --cursor again --base-url {url}")

    assert finished.exit_code == 1
    assert "cursor 'again' was followed before" in finished.stderr


def test_a_status_that_this_version_does_not_know(ax: Ax, server: MockServer) -> None:
    """A run with an unknown status can be neither waited for nor called finished."""
    run = server.mock.world.task_runs.get(CANCELLED_RUN)
    assert run is not None
    run.status = "paused"

    shown = tasks(ax, "get-run $CANCELLED_RUN -o json")
    waited = tasks(ax, "wait-for-run $CANCELLED_RUN")

    assert (shown.exit_code, shown.json["status"]) == (0, "paused")
    assert (waited.exit_code, waited.stdout) == (1, "")
    assert "is in status paused, which this version does not know: upgrade ax-tasks" in waited.stderr


class TestTransport:
    @pytest.mark.parametrize("verbose", [False, True])
    def test_nobody_listens(self, ax: Ax, verbose: bool) -> None:
        finished = tasks(ax, f"get $CHAT_QUALITY --base-url http://127.0.0.1:1 {'-v' if verbose else ''}")

        first, *details, last = finished.stderr.splitlines()
        assert (finished.exit_code, finished.stdout) == (8, "")
        assert first.startswith("Error: http://127.0.0.1:1 was not reached for get_task (GET /v2/tasks/")
        assert details == (["  operation: get_task"] if verbose else [])
        assert last == "Check the network and the server's address."

    def test_a_server_that_speaks_plain_http_is_told_with_what_to_give(self, ax: Ax) -> None:
        with answering() as url:
            finished = tasks(ax, f"get $CHAT_QUALITY --base-url {url.replace('http:', 'https:')}")

        first, _ = finished.stderr.splitlines()
        assert finished.exit_code == 8
        assert first.endswith("plain http, give --base-url http://..., or ARIZE_API_SCHEME=http beside its host")

    def test_the_connection_breaks(self, ax: Ax) -> None:
        with answering(hangs_up=True) as url:
            finished = tasks(ax, f"delete $CHAT_QUALITY --force --base-url {url}")

        first, last = finished.stderr.splitlines()
        assert (finished.exit_code, finished.stdout) == (8, "")
        assert "was sent once, and it cannot be told whether it happened" in first
        assert "got no usable answer" in first
        assert last == "Look whether it happened, with the `get` and `list` commands, before doing it again."


class TestConfiguration:
    @pytest.mark.parametrize(
        ("variables", "said"),
        [
            pytest.param({"ARIZE_API_KEY": ""}, "no API key", id="no key"),
            pytest.param({"ARIZE_API_KEY": "a key\n"}, "the API key cannot be sent", id="a broken key"),
            pytest.param({"ARIZE_API_SCHEME": "ftp"}, "ARIZE_API_SCHEME has to be one of", id="scheme"),
            pytest.param(
                {"ARIZE_REGION": "eu-west-1a"}, "ARIZE_API_HOST and ARIZE_REGION are both given", id="two servers"
            ),
            pytest.param({"ARIZE_TASKS_CONTRACT": "gamma"}, "Error: ARIZE_TASKS_CONTRACT has to be", id="contract"),
            pytest.param({"ARIZE_PROFILE": "nowhere"}, "'nowhere'", id="profile"),
        ],
    )
    def test_an_unusable_setting_is_named_with_its_remedy(
        self, ax: Ax, variables: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

        finished = tasks(ax, "list")

        first, last = finished.stderr.splitlines()
        assert (finished.exit_code, finished.stdout) == (1, "")
        assert said in first
        assert last == "Check the environment variables ARIZE_*, or the profile (`ax profiles show`)."

    @pytest.mark.parametrize("url", ["127.0.0.1:8765", "ftp://x", "http://x/y"])
    def test_an_address_that_is_none(self, ax: Ax, url: str) -> None:
        finished = tasks(ax, f"list --base-url {url}")

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert "--base-url has to" in finished.stderr
        assert finished.stderr.endswith("`--help` shows what the command takes.\n")


class TestUnexpected:
    @pytest.fixture(autouse=True)
    def _broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("out of\nluck")

        monkeypatch.setattr("axtasks.cli.commands.tasks.list.listing", fail)

    def test_two_lines(self, ax: Ax) -> None:
        finished = tasks(ax, "list --verbose")

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert finished.stderr == ("Error: unexpected RuntimeError: out of\\nluck\n--debug shows where it happened.\n")

    def test_debug(self, ax: Ax) -> None:
        finished = tasks(ax, "list --debug")

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert finished.stderr.startswith("Traceback (most recent call last):\n")
        assert "in fail\n" in finished.stderr
        assert "Error: unexpected RuntimeError: out of\\nluck\n" in finished.stderr
