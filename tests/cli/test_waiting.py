"""Tests of waiting without a terminal: one line per status, exit codes by outcome, and the alpha notice."""

from __future__ import annotations

import re
import signal
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.tasks_support import (
    CANCELLED_RUN,
    FAILED_RUN,
    NOW,
    Journal,
    Servers,
    arguments_of,
    assert_usage_error,
    in_a_process,
    journal_of,
    servers,
    tasks,
    use_virtual_time,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

RUN_SECONDS = 50  # a fifth of it pending
# How waiting for a run ends, by the run and what was asked for.
ENDINGS = [
    ("$CHAT_QUALITY_RUN", 0),
    ("$CHAT_QUALITY_RUN --fail-on-errors", 6),
    ("$EXPERIMENT_RUN --fail-on-errors", 6),
    ("$FAILED_RUN", 6),
    ("$FAILED_RUN --no-exit-status", 0),
    ("$CANCELLED_RUN", 6),
    ("$CANCELLED_RUN --fail-on-errors", 6),
    ("$CANCELLED_RUN --no-exit-status", 0),
    ("$CHAT_QUALITY_RUN $EXPERIMENT_RUN", 0),
    ("$CHAT_QUALITY_RUN $CANCELLED_RUN", 6),
    ("$CANCELLED_RUN $CHAT_QUALITY_RUN", 6),
    ("$CHAT_QUALITY_RUN $CANCELLED_RUN --no-exit-status", 0),
]
MISUSE = [
    ("", "RUN_ID"),
    ("$CHAT_QUALITY_RUN --timeout 0", "--timeout"),
    ("$CHAT_QUALITY_RUN --timeout nan", "'nan' is not a number"),
    ("$CHAT_QUALITY_RUN --timeout soon", "'soon' is not a valid number."),
    ("$CHAT_QUALITY_RUN --poll-interval 0", "--poll-interval"),
    ("$CHAT_QUALITY_RUN --poll-interval -1", "--poll-interval"),
    ("$CHAT_QUALITY_RUN --space demo", "--space"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(partial(Journal, run_seconds=RUN_SECONDS)) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


@pytest.fixture
def pauses(mock: Journal, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses between polls, which take no time here."""
    taken: list[float] = []
    use_virtual_time(monkeypatch, mock, on_pause=taken.append)
    return taken


def at(seconds: float) -> str:
    """Return the mock's time, in seconds after the start of the test."""
    return f"{NOW + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%SZ}"


def triggered(ax: Ax, task: str = "$CHAT_QUALITY") -> str:
    """Return the id of a new run."""
    return tasks(ax, f"trigger-run {task} -q").stdout.strip()


class TestWaitForRun:
    @pytest.mark.parametrize(("options", "code"), ENDINGS, ids=[case[0] for case in ENDINGS])
    def test_the_exit_code_follows_from_the_status_of_the_runs(self, ax: Ax, options: str, code: int) -> None:
        """Every exit code comes with the runs on standard output."""
        run_ids = [word for word in options.split() if word.startswith("$")]

        finished = tasks(ax, f"wait-for-run {options} -q")

        assert finished.exit_code == code
        assert len(finished.stdout.split()) == len(run_ids)
        assert finished.stderr == ""

    def test_one_line_per_status(self, ax: Ax, pauses: list[float]) -> None:
        """The number of polls does not matter; there are no escapes and no carriage returns."""
        run_id = triggered(ax)

        finished = tasks(ax, f"wait-for-run {run_id} --poll-interval 3 -o json")

        assert finished.stderr.splitlines() == [
            f"{at(0)} {run_id}: pending after 0 s, 0 succeeded, 0 in error, 0 skipped",
            f"{at(12)} {run_id}: running after 12 s, 0 succeeded, 0 in error, 0 skipped",
            f"{at(51)} {run_id}: completed after 51 s, 6252 succeeded, 19 in error, 172 skipped",
        ]
        assert finished.json["status"] == "completed"
        assert pauses == [3] * 17

    def test_pauses_grow_by_themselves(self, ax: Ax, pauses: list[float]) -> None:
        """Without --poll-interval they are short at first, and later a share of the run's age."""
        tasks(ax, f"wait-for-run {triggered(ax, '$GOLDEN_REVIEW')}")

        assert pauses == sorted(pauses)
        assert (pauses[0], pauses[-1]) == (0.15, 5)

    def test_earlier_runs_decide_when_to_poll(self, ax: Ax, mock: Journal, pauses: list[float]) -> None:
        for _ in range(6):
            triggered(ax, "$GOLDEN_REVIEW")
            mock.clock.advance(RUN_SECONDS + 1)

        tasks(ax, f"wait-for-run {triggered(ax, '$GOLDEN_REVIEW')}")

        assert len(pauses) <= 6
        assert RUN_SECONDS <= sum(pauses) <= RUN_SECONDS + 1

    def test_several_runs(self, ax: Ax, pauses: list[float]) -> None:
        """Each run has its progress lines, and all are shown in the given order."""
        first = triggered(ax)
        second = triggered(ax, "$GOLDEN_REVIEW")

        finished = tasks(ax, f"wait-for-run {second} {first} $FAILED_RUN --poll-interval 10 -o json")

        assert finished.exit_code == 6
        assert [run["id"] for run in finished.json["runs"]] == [second, first, FAILED_RUN]
        # The newer dialect also says why a run failed.
        told = [line.partition(",")[0] for line in finished.stderr.splitlines() if " after " in line]
        assert told == [
            f"{at(0)} {second}: pending after 0 s",
            f"{at(0)} {first}: pending after 0 s",
            f"{at(0)} {FAILED_RUN}: failed after 0 s",
            f"{at(10)} {second}: running after 10 s",
            f"{at(10)} {first}: running after 10 s",
            f"{at(50)} {second}: completed after 50 s",
            f"{at(50)} {first}: completed after 50 s",
        ]
        assert pauses == [10] * 5

    def test_a_run_that_is_named_twice_is_one_run(self, ax: Ax, mock: Journal) -> None:
        finished = tasks(ax, "wait-for-run $CHAT_QUALITY_RUN $CHAT_QUALITY_RUN -o json")

        assert finished.json["id"] == known.CHAT_QUALITY_RUN
        assert len(mock.asked) == 1

    @pytest.mark.usefixtures("pauses")
    def test_the_limit_is_for_all_together(self, ax: Ax, mock: Journal) -> None:
        """The second run gets the rest of the time; the first run's result is shown all the same."""
        first = triggered(ax)
        mock.clock.advance(20)
        second = triggered(ax)

        finished = tasks(ax, f"wait-for-run {first} {second} --timeout 40 --poll-interval 10")

        assert finished.exit_code == 7
        assert f"{at(50)} {first}: completed after 30 s" in finished.stderr
        assert f"1 of 2 runs had not ended after 40 seconds: {second} running; it goes on" in finished.stderr
        assert first in finished.stdout
        assert second not in finished.stdout

    @pytest.mark.usefixtures("pauses")
    def test_the_form_depends_on_how_many_are_asked_for(self, ax: Ax) -> None:
        """One finished run of two is shown in a list, as both would be."""
        line = f"wait-for-run {known.CHAT_QUALITY_RUN} {triggered(ax)} --timeout 1"

        document, table = tasks(ax, f"{line} -o json"), tasks(ax, line)

        assert (document.exit_code, table.exit_code) == (7, 7)
        assert [run["id"] for run in document.json["runs"]] == line.split()[1:3]
        assert [words.split()[0] for words in table.stdout.splitlines()] == ["ID", known.CHAT_QUALITY_RUN]

    @pytest.mark.usefixtures("pauses")
    @pytest.mark.parametrize(
        ("timeout", "status"), [(5, "pending"), (10, "running"), (49.5, "running")], ids=["pending", "edge", "running"]
    )
    def test_too_long(self, ax: Ax, mock: Journal, timeout: float, status: str) -> None:
        """The run goes on; the message says how to wait again, with and without --no-exit-status."""
        run_id = triggered(ax)

        finished = tasks(ax, f"wait-for-run {run_id} --timeout {timeout} --poll-interval 4 --no-exit-status")

        assert (finished.exit_code, finished.stdout) == (7, "")
        assert finished.stderr.endswith(
            f"Error: run {run_id} was still {status} after {timeout:g} seconds; it goes on, and can be waited for"
            " again\nWait again with `ax tasks wait-for-run`, or give a longer --timeout.\n"
        )
        assert mock.run(run_id).status == status

    @pytest.mark.usefixtures("pauses")
    @pytest.mark.parametrize("command", ["wait-for-run {}", "trigger-run $CHAT_QUALITY --wait"])
    @pytest.mark.parametrize(
        ("output", "shown"),
        [
            ("-q", "{}"),
            ("-o text --columns id,status", "{}\tpending"),
            ("-o json --query [id,status]", '["{}","pending"]'),
        ],
    )
    def test_scripts_get_a_run_that_took_too_long(self, ax: Ax, command: str, output: str, shown: str) -> None:
        run_id = triggered(ax) if "{}" in command else ""

        finished = tasks(ax, f"{command.format(run_id)} --timeout 5 {output}")

        assert finished.exit_code == 7
        found = re.search("VGFza1J1b[A-Za-z0-9=]+", finished.stderr)
        assert found is not None
        assert "".join(finished.stdout.split(" ")).replace("\n", "") == shown.format(found[0])

    @pytest.mark.parametrize(
        ("which", "said"),
        [
            pytest.param("VGFza1J1bjo5OTk6eA==", "404", id="unknown"),
            pytest.param("$CHAT_QUALITY", "is the id of a task, not of a run", id="another kind"),
        ],
    )
    def test_a_missing_run_is_reported(self, ax: Ax, which: str, said: str) -> None:
        finished = tasks(ax, f"wait-for-run {which}")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert said in finished.stderr

    @pytest.mark.parametrize(("options", "said"), MISUSE, ids=[case[0] or "nothing" for case in MISUSE])
    def test_wrong_use_sends_nothing(self, ax: Ax, mock: Journal, options: str, said: str) -> None:
        assert_usage_error(tasks(ax, f"wait-for-run {options}"), said)
        assert mock.asked == []

    def test_a_table_of_several(self, ax: Ax) -> None:
        lines = tasks(ax, "wait-for-run $CHAT_QUALITY_RUN $CANCELLED_RUN").stdout.splitlines()

        assert [line.split()[:2] for line in lines] == [
            ["ID", "STATUS"],
            [known.CHAT_QUALITY_RUN, "completed"],
            [CANCELLED_RUN, "cancelled"],
        ]


class TestTriggerAndWait:
    @pytest.mark.parametrize("flag", ["--wait", "-w"])
    def test_the_run_that_ended_is_shown(self, ax: Ax, pauses: list[float], flag: str) -> None:
        finished = tasks(ax, f"trigger-run $CHAT_QUALITY {flag} --poll-interval 20 --timeout 100 -o json")

        run_id = finished.json["id"]
        assert (finished.exit_code, finished.json["status"]) == (0, "completed")
        assert finished.stderr.splitlines() == [
            f"Triggered run {run_id}.",
            f"{at(0)} {run_id}: pending after 0 s, 0 succeeded, 0 in error, 0 skipped",
            f"{at(20)} {run_id}: running after 20 s, 0 succeeded, 0 in error, 0 skipped",
            f"{at(60)} {run_id}: completed after 60 s, 6252 succeeded, 19 in error, 172 skipped",
        ]
        assert pauses == [20, 20, 20]

    @pytest.mark.usefixtures("pauses")
    @pytest.mark.parametrize(("options", "code"), [("", 0), ("--fail-on-errors", 6)])
    def test_items_in_error(self, ax: Ax, options: str, code: int) -> None:
        finished = tasks(ax, f"trigger-run $CHAT_QUALITY --wait -o json {options}")

        assert finished.json["num_errors"] > 0
        assert finished.exit_code == code

    @pytest.mark.parametrize(("options", "code"), [("", 6), ("--no-exit-status", 0)])
    def test_somebody_cancels_meanwhile(
        self, ax: Ax, mock: Journal, options: str, code: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def cancel(_: float) -> None:
            (run,) = [run for run in mock.world.task_runs.all() if run.status == "pending"]
            tasks(ax, f"cancel-run {run.id} --force")

        use_virtual_time(monkeypatch, mock, on_pause=cancel)

        finished = tasks(ax, f"trigger-run $CHAT_QUALITY --wait --poll-interval 1 -o json {options}")

        assert (finished.exit_code, finished.json["status"]) == (code, "cancelled")
        assert ": cancelled after 1 s" in finished.stderr

    @pytest.mark.usefixtures("pauses")
    def test_too_long(self, ax: Ax) -> None:
        """Standard error has the id, as no run ended."""
        finished = tasks(ax, "trigger-run $CHAT_QUALITY --wait --timeout 5")

        assert (finished.exit_code, finished.stdout) == (7, "")
        assert "Triggered run VGFza1J1b" in finished.stderr

    @pytest.mark.programs
    @pytest.mark.usefixtures("ax")
    @pytest.mark.parametrize(
        ("line", "code", "shown"),
        [
            ("trigger-run $CHAT_QUALITY --wait --timeout 0.2", 7, ""),
            ("wait-for-run $CHAT_QUALITY_RUN -q", 0, f"{known.CHAT_QUALITY_RUN}\n"),
        ],
    )
    def test_without_a_standard_error(self, line: str, code: int, shown: str) -> None:
        """Runs are waited for without progress messages."""
        finished = in_a_process("tasks", *arguments_of(line), redirected="2>&-")

        assert (finished.exit_code, finished.stdout) == (code, shown)

    @pytest.mark.usefixtures("pauses")
    def test_quiet(self, ax: Ax) -> None:
        finished = tasks(ax, "trigger-run $CHAT_QUALITY --wait --quiet")

        assert (finished.exit_code, len(finished.stdout.split()), finished.stderr) == (0, 1, "")


@pytest.mark.posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
class TestInterrupted:
    """Tests of Ctrl-C and SIGTERM while waiting: runs go on, and the message says how to wait again."""

    @pytest.fixture(autouse=True)
    def _interrupted(self, mock: Journal, monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
        use_virtual_time(monkeypatch, mock, on_pause=lambda _: signal.raise_signal(number))

    def test_one_run(self, ax: Ax, mock: Journal, number: signal.Signals) -> None:
        run_id = triggered(ax)

        finished = tasks(ax, f"wait-for-run {run_id}")

        assert (finished.exit_code, finished.stdout) == (128 + number, "")
        assert finished.stderr.splitlines()[1:] == [
            "Stopped waiting; the run goes on.",
            f"To wait again: ax tasks wait-for-run {run_id}",
            f"To cancel:     ax tasks cancel-run {run_id}",
        ]
        assert mock.run(run_id).status == "pending"

    def test_several_runs(self, ax: Ax, number: signal.Signals) -> None:
        """The message names the runs that have not ended; the finished one is shown."""
        first = triggered(ax)
        second = triggered(ax)

        finished = tasks(ax, f"wait-for-run $CHAT_QUALITY_RUN {first} {second}")

        assert finished.exit_code == 128 + number
        assert known.CHAT_QUALITY_RUN in finished.stdout
        assert finished.stderr.splitlines()[-4:] == [
            "Stopped waiting; the runs go on.",
            f"To wait again: ax tasks wait-for-run {first} {second}",
            f"To cancel:     ax tasks cancel-run {first}",
            f"To cancel:     ax tasks cancel-run {second}",
        ]

    @pytest.mark.parametrize("quiet", ["", "--quiet"])
    def test_after_triggering(self, ax: Ax, mock: Journal, quiet: str, number: signal.Signals) -> None:
        """The message about waiting again is shown with --quiet, too."""
        finished = tasks(ax, f"trigger-run $CHAT_QUALITY --wait {quiet}")

        (run,) = [run for run in mock.world.task_runs.all() if run.status == "pending"]
        assert (finished.exit_code, finished.stdout) == (128 + number, "")
        assert f"To wait again: ax tasks wait-for-run {run.id}\n" in finished.stderr


def test_a_run_that_is_not_there_is_named_once_the_others_are_told(ax: Ax) -> None:
    finished = tasks(ax, "wait-for-run $CHAT_QUALITY_RUN VGFza1J1bjo5OTk6eA== -o json")

    assert finished.exit_code == 4
    assert [run["id"] for run in finished.json["runs"]] == [known.CHAT_QUALITY_RUN]
    assert "1 of 2 runs cannot be read: VGFza1J1bjo5OTk6eA==\n" in finished.stderr


@pytest.mark.programs
@pytest.mark.one_contract
class TestAlphaNotice:
    """Tests of the alpha notice, with each command as a program of its own, since pytest takes over logging here."""

    NOTICE = "The tasks API is in ALPHA and may change without notice."
    # Several requests, several runs, a refusal.
    LINES = ("list --all", "wait-for-run $CHAT_QUALITY_RUN $EXPERIMENT_RUN", "get-run VGFza1J1bjo5OTk6eA==")

    @pytest.fixture(autouse=True)
    def _unsilenced(self, ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        del ax
        monkeypatch.delenv("ARIZE_TASKS_NO_ALPHA_WARNING")

    @pytest.mark.parametrize("line", LINES)
    def test_once_on_standard_error(self, line: str) -> None:
        finished = in_a_process("tasks", *arguments_of(line))

        assert finished.stderr.count(self.NOTICE) == 1
        assert self.NOTICE not in finished.stdout

    @pytest.mark.parametrize(
        ("line", "flag"), [("list --limit 15", "-q"), ("wait-for-run $CHAT_QUALITY_RUN", "--quiet")]
    )
    def test_quiet(self, line: str, flag: str) -> None:
        finished = in_a_process("tasks", *arguments_of(line), flag)

        assert (finished.exit_code, finished.stderr) == (0, "")

    def test_the_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARIZE_TASKS_NO_ALPHA_WARNING", "1")

        finished = in_a_process("tasks", "get", known.CHAT_QUALITY)

        assert (finished.exit_code, finished.stderr) == (0, "")

    @pytest.mark.parametrize(
        "arguments", [("spaces", "list"), ("tasks", "list", "--limit", "0")], ids=["other groups", "wrong use"]
    )
    def test_not_where_no_task_is_asked_for(self, arguments: tuple[str, ...]) -> None:
        assert self.NOTICE not in in_a_process(*arguments).stderr
