"""`ax` on a terminal: the progress line of a wait, questions, interrupts, colours, shell completion."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.cli.terminal_support import AX, Terminal, shown, variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

# The contract of the server does not matter here.
pytestmark = pytest.mark.one_contract

Opened = Callable[..., Terminal]

RUN_SECONDS = 100
UNTIL_STARTED, UNTIL_ENDED = 50, 100
QUICKLY = ("--poll-interval", "0.2")
# Python notices a signal that comes just before a sleep only after it, so the sleep is not too long.
RARELY = ("--poll-interval", "2")
ESCAPE = "\x1b"
CLEAR = "\x15"  # control-U deletes the typed line
ASKED = "[y/N]:"
READY = "ready> "
# True in a bash that is recent enough for the completion.
RECENT_ENOUGH = "((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) && complete > /dev/null"
# The words that a shell reads from the completion's output.
WORDS: dict[str, Callable[[str], list[str]]] = {
    "bash": lambda answer: [line.partition(",")[2] for line in answer.splitlines()],
    "zsh": lambda answer: answer.splitlines()[1::3],
    "fish": lambda answer: [line.partition(",")[2].partition("\t")[0] for line in answer.splitlines()],
}


@pytest.fixture
def mock() -> Mock:
    """A mock whose runs advance only when the test moves its clock."""
    return Mock(run_seconds=RUN_SECONDS, clock=Clock(datetime(2026, 3, 10, 15, tzinfo=UTC), frozen=True))


@pytest.fixture
def opened(ax: Ax) -> Iterator[Opened]:
    """Return a function that opens a terminal with `ax` or another program, configured for the mock."""
    terminals: list[Terminal] = []

    def open_with(*arguments: str, program: tuple[str, ...] = AX, columns: int = 120, **environment: str) -> Terminal:
        terminals.append(Terminal([*program, *arguments], folder=ax.folder, columns=columns, environment=environment))
        return terminals[-1]

    yield open_with
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def run_id(ax: Ax) -> str:
    """The id of a pending run."""
    return ax.tasks("trigger-run", known.CHAT_QUALITY, "--quiet").stdout.strip()


def status_of(ax: Ax, run_id: str) -> str:
    """Return the status of a run in the world."""
    run = ax.mock.world.task_runs.get(run_id)
    assert run is not None
    return str(run.status)


def in_shell(rest: str, *arguments: str) -> tuple[str, ...]:
    """Return a shell command that runs `ax` with redirections."""
    return ("/bin/sh", "-c", f"{shlex.join([*AX, *arguments])} {rest}")


@pytest.mark.programs
class TestLiveLine:
    def test_it_is_rewritten_in_place_until_the_run_has_ended(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """The line has the status, elapsed time, counts and next poll; the final status replaces it."""
        terminal = opened("tasks", "wait-for-run", run_id, *QUICKLY)

        for status, passing in (("pending", UNTIL_STARTED), ("running", UNTIL_ENDED)):
            terminal.sees(f"\r{ESCAPE}[K{run_id}: {status} after ")
            terminal.sees(" s, 0 succeeded, 0 in error, 0 skipped, next poll in 0.2 s")
            assert len(terminal.lines) == 1
            ax.mock.clock.advance(passing)
        terminal.sees(f"\r{ESCAPE}[K", f" {run_id}: completed after ")

        assert terminal.ends() == 0
        assert re.fullmatch(
            rf"\S+ \S+Z {run_id}: completed after \d+ s, \d{{4}} succeeded, \d+ in error, \d+ skipped",
            terminal.lines[0],
        )
        assert terminal.lines[1].split() == ["id", run_id]
        assert "next poll" not in "\n".join(terminal.lines)

    def test_the_elapsed_time_grows(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "wait-for-run", run_id, *QUICKLY)

        first = int(terminal.found(r"pending after (\d+) s"))
        while int(terminal.found(r"pending after (\d+) s")) == first:
            pass
        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0

    def test_the_next_poll_is_shown_as_planned(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """With the default interval the first polls are close together."""
        terminal = opened("tasks", "wait-for-run", run_id)

        assert float(terminal.found(r"next poll in (\S+) s")) < 1
        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0

    @pytest.mark.parametrize("columns", [70, 40, 12])
    def test_it_fits_terminals_of_any_width(self, ax: Ax, opened: Opened, run_id: str, columns: int) -> None:
        """The line never wraps, as a second row could not be rewritten; the status is always visible."""
        terminal = opened("tasks", "wait-for-run", run_id, *QUICKLY, program=AX, columns=columns)

        for status, passing in (("pending", UNTIL_STARTED), ("running", UNTIL_ENDED)):
            terminal.sees(status, "\r")
            (line,) = shown(terminal.received.rpartition("\r")[0], columns=columns)
            assert status in line
            assert len(line) < columns
            ax.mock.clock.advance(passing)

        assert terminal.ends() == 0
        assert not [line for line in terminal.lines if "next poll" in line]

    def test_the_width_is_that_of_the_terminal(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """With standard output in a file, the terminal's width still counts."""
        arguments = in_shell("> run.json", "tasks", "wait-for-run", run_id, *QUICKLY, "-o", "json")
        terminal = opened(program=arguments, columns=50)

        terminal.sees("pending", "\r")
        assert len(terminal.lines) == 1
        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0
        assert json.loads((ax.folder / "run.json").read_text())["status"] == "completed"
        assert "next poll" not in "".join(terminal.lines)

    def test_each_of_several_runs_gets_a_line(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "wait-for-run", run_id, known.CHAT_QUALITY_RUN, *QUICKLY)

        terminal.sees("1 of 2 runs ended", "pending", "next poll")
        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0
        assert [line.split(" ")[2:4] for line in terminal.lines[:2]] == [
            [f"{known.CHAT_QUALITY_RUN}:", "completed"],
            [f"{run_id}:", "completed"],
        ]

    def test_errors_replace_the_line(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "wait-for-run", run_id, *QUICKLY)

        terminal.sees("pending", "next poll")
        ax.mock.faults.add("operation=get_task_run, status:404")

        assert terminal.ends() == 4
        assert terminal.lines[0].startswith("Error: ")

    def test_a_triggered_run_is_followed_too(self, ax: Ax, opened: Opened) -> None:
        terminal = opened("tasks", "trigger-run", known.CHAT_QUALITY, "--wait", *QUICKLY)

        run_id = terminal.found(r"Triggered run (\S+)\.\r\n")
        terminal.sees("pending", "next poll")
        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0
        assert f"Z {run_id}: completed after " in terminal.lines[1]

    def test_quiet_shows_none(self, ax: Ax, opened: Opened, run_id: str) -> None:
        ax.mock.clock.advance(UNTIL_ENDED)
        terminal = opened("tasks", "wait-for-run", run_id, "--quiet")

        assert terminal.ends() == 0
        assert terminal.received == f"{run_id}\r\n"

    def test_a_dumb_terminal_gets_a_line_per_status(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "wait-for-run", run_id, *QUICKLY, TERM="dumb")

        for status, passing in (("pending", UNTIL_STARTED), ("running", UNTIL_ENDED), ("completed", 0)):
            terminal.sees(f"{run_id}: {status} after ")
            ax.mock.clock.advance(passing)

        assert terminal.ends() == 0
        assert ESCAPE not in terminal.received

    def test_a_backfill_shows_its_bar_before_a_window_is_settled(self, opened: Opened) -> None:
        terminal = opened("tasks", "backfill", known.SUPPORT_CHECKS, "--from", "2026-03-01", "--to", "2026-03-02")

        terminal.sees(f"[{30 * '.'}] 0%, 0 windows settled")
        terminal.presses("c")

        assert terminal.ends() == 130

    def test_a_log_gets_a_line_per_status(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """With standard error in a file, though standard output is a terminal."""
        log = ax.folder / "log"
        terminal = opened(program=in_shell("2> log", "tasks", "wait-for-run", run_id, *QUICKLY))

        ax.mock.clock.advance(UNTIL_ENDED)

        assert terminal.ends() == 0
        assert f"{run_id}: completed after " in log.read_text()
        assert "\r" not in log.read_text()
        assert ESCAPE not in log.read_text()


@pytest.mark.programs
class TestInterrupt:
    """Control-C during a wait leaves the run alone, and prints how to continue."""

    @pytest.mark.parametrize(
        ("command", "interval"), [("trigger-run", QUICKLY), ("wait-for-run", RARELY)], ids=["often", "rarely"]
    )
    def test_the_run_goes_on(
        self, ax: Ax, opened: Opened, run_id: str, command: str, interval: tuple[str, str]
    ) -> None:
        subject = (known.CHAT_QUALITY, "--wait") if command == "trigger-run" else (run_id,)
        terminal = opened("tasks", command, *subject, *interval)
        if command == "trigger-run":
            run_id = terminal.found(r"Triggered run (\S+)\.\r\n")

        terminal.sees("next poll")
        terminal.presses("c")

        assert terminal.ends() == 130
        assert terminal.lines[-3:] == [
            "Stopped waiting; the run goes on.",
            f"To wait again: ax tasks wait-for-run {run_id}",
            f"To cancel:     ax tasks cancel-run {run_id}",
        ]
        assert status_of(ax, run_id) == "pending"

    def test_the_printed_commands_work(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "wait-for-run", run_id)
        terminal.sees("next poll")
        terminal.presses("c")
        terminal.ends()
        again, cancel = (shlex.split(line.partition(": ")[2])[1:] for line in terminal.lines[-2:])

        ended = opened(*again, "--timeout", "0.1").ends()
        cancelled = ax(*cancel, "--force")

        assert (ended, cancelled.exit_code) == (7, 0)
        assert status_of(ax, run_id) == "cancelled"

    def test_the_printed_commands_name_the_same_server(self, ax: Ax, opened: Opened, run_id: str) -> None:
        url = f"http://{os.environ['ARIZE_API_HOST']}"
        terminal = opened("tasks", "wait-for-run", run_id, "--base-url", url, ARIZE_API_HOST="elsewhere.invalid")
        terminal.sees("next poll")
        terminal.presses("c")

        assert terminal.ends() == 130
        assert terminal.lines[-2:] == [
            f"To wait again: ax tasks wait-for-run {run_id} --base-url {url}",
            f"To cancel:     ax tasks cancel-run {run_id} --base-url {url}",
        ]
        assert status_of(ax, run_id) == "pending"

    def test_runs_that_have_not_ended_are_printed(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """A run that has ended is shown."""
        other = ax.tasks("trigger-run", known.CHAT_QUALITY, "--quiet").stdout.strip()
        terminal = opened("tasks", "wait-for-run", known.CHAT_QUALITY_RUN, run_id, other)
        terminal.sees("1 of 3 runs ended", "pending", "next poll")
        terminal.presses("c")

        assert terminal.ends() == 130
        assert any(line.split()[2:4] == [f"{known.CHAT_QUALITY_RUN}:", "completed"] for line in terminal.lines)
        told = terminal.lines.index("Stopped waiting; the runs go on.")
        assert terminal.lines[told : told + 4] == [
            "Stopped waiting; the runs go on.",
            f"To wait again: ax tasks wait-for-run {run_id} {other}",
            f"To cancel:     ax tasks cancel-run {run_id}",
            f"To cancel:     ax tasks cancel-run {other}",
        ]

    @pytest.mark.usefixtures("ax")
    def test_a_job_that_is_interrupted_says_the_same(self, run_id: str) -> None:
        command = [*AX, "tasks", "wait-for-run", run_id, *RARELY]
        with subprocess.Popen(
            command, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            first = process.stderr.readline()
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=30)

        assert f"Z {run_id}: pending after " in first
        assert (process.returncode, stdout) == (130, "")
        assert stderr.splitlines()[0] == "Stopped waiting; the run goes on."


@pytest.mark.programs
class TestQuestions:
    """Deletions and cancellations are done only after a clear yes."""

    def test_yes_deletes(self, ax: Ax, opened: Opened) -> None:
        terminal = opened("tasks", "delete", "Nightly Summaries", "--space", "demo")
        terminal.sees("Delete task 'Nightly Summaries' and all its runs? This cannot be undone. [y/N]:")
        terminal.types("Y\r")

        assert terminal.ends() == 0
        assert terminal.lines[-1] == "Deleted task 'Nightly Summaries'."
        assert "Nightly Summaries" not in ax.task_names

    def test_yes_cancels(self, ax: Ax, opened: Opened, run_id: str) -> None:
        terminal = opened("tasks", "cancel-run", run_id)
        terminal.sees(f"Cancel run {run_id}? [y/N]:")
        terminal.types("yes\r")

        assert terminal.ends() == 0
        assert terminal.lines[1] == f"Cancelled run {run_id}."
        assert status_of(ax, run_id) == "cancelled"

    @pytest.mark.parametrize(
        ("command", "answer"), [("delete", "n"), ("delete", ""), ("cancel-run", "No")], ids=["n", "return", "No"]
    )
    def test_no_does_nothing(self, ax: Ax, opened: Opened, run_id: str, command: str, answer: str) -> None:
        before = sorted(ax.task_names)
        terminal = opened("tasks", command, {"delete": known.CHAT_QUALITY, "cancel-run": run_id}[command])
        terminal.sees(ASKED)
        terminal.types(f"{answer}\r")

        assert terminal.ends() == 1
        assert terminal.lines[1:] == ["Nothing was done."]
        assert sorted(ax.task_names) == before
        assert status_of(ax, run_id) == "pending"

    @pytest.mark.parametrize(("command", "key"), [("delete", "c"), ("cancel-run", "d")])
    def test_an_interrupted_question_does_nothing(
        self, ax: Ax, opened: Opened, run_id: str, command: str, key: str
    ) -> None:
        """Control-C and control-D are no answer; the message after them is on a line of its own."""
        before = sorted(ax.task_names)
        terminal = opened("tasks", command, {"delete": known.CHAT_QUALITY, "cancel-run": run_id}[command])
        terminal.sees(ASKED)

        assert terminal.leaves_by(key) == 130
        assert terminal.lines[1:] == ["Interrupted."]
        assert sorted(ax.task_names) == before
        assert status_of(ax, run_id) == "pending"

    def test_what_is_no_answer_is_asked_again(self, ax: Ax, opened: Opened) -> None:
        terminal = opened("tasks", "delete", known.CHAT_QUALITY)
        terminal.sees(ASKED)
        terminal.types("perhaps\r")
        terminal.sees("invalid input", ASKED)
        assert known.CHAT_QUALITY in [task.id for task in ax.mock.world.tasks.all()]
        terminal.types("y\r")

        assert terminal.ends() == 0
        assert known.CHAT_QUALITY not in [task.id for task in ax.mock.world.tasks.all()]

    def test_force_does_not_ask(self, ax: Ax, opened: Opened) -> None:
        terminal = opened("tasks", "delete", known.CHAT_QUALITY, "--force")

        assert terminal.ends() == 0
        assert terminal.lines == [f"Deleted task '{known.CHAT_QUALITY}'."]
        assert known.CHAT_QUALITY not in [task.id for task in ax.mock.world.tasks.all()]

    def test_a_question_is_not_in_the_output(self, ax: Ax, opened: Opened, run_id: str) -> None:
        """With standard output in a file, the question is on the terminal and not in the file."""
        terminal = opened(program=in_shell("> run.csv", "tasks", "cancel-run", run_id, "-o", "csv"))
        terminal.sees(ASKED)
        terminal.types("y\r")

        assert terminal.ends() == 0
        written = (ax.folder / "run.csv").read_text()
        assert written.startswith("id,")
        assert len(written.splitlines()) == 2

    def test_the_name_in_a_question_does_not_steer_the_terminal(self, ax: Ax, opened: Opened) -> None:
        assert ax.tasks("update", known.CHAT_QUALITY, "--name", f"a{ESCAPE}[2Kb\rc").exit_code == 0

        terminal = opened("tasks", "delete", known.CHAT_QUALITY)
        terminal.sees(ASKED)
        terminal.types("n\r")
        terminal.ends()

        assert ESCAPE not in terminal.received


@pytest.mark.programs
class TestColours:
    LISTING = ("tasks", "list-runs", known.CHAT_QUALITY_EU)

    def test_a_terminal_gets_some(self, opened: Opened) -> None:
        terminal = opened(*self.LISTING)

        assert terminal.ends() == 0
        assert f"{ESCAPE}[31mfailed" in terminal.received

    @pytest.mark.parametrize(
        ("command", "setting"), [("list-runs", "NO_COLOR=1"), ("get-run", "TERM=dumb"), ("list", "TERM=dumb")]
    )
    def test_none_where_they_are_not_wanted(self, opened: Opened, setting: str, command: str) -> None:
        name, _, value = setting.partition("=")
        subject = {"list-runs": [known.CHAT_QUALITY_EU], "get-run": [known.CHAT_QUALITY_RUN], "list": []}[command]
        terminal = opened("tasks", command, *subject, **{name: value})

        assert terminal.ends() == 0
        assert ESCAPE not in terminal.received

    def test_the_same_is_shown_without_them(self, opened: Opened) -> None:
        coloured, plain = opened(*self.LISTING), opened(*self.LISTING, NO_COLOR="1")

        assert coloured.ends() == plain.ends() == 0
        assert coloured.lines == plain.lines

    @pytest.mark.parametrize("output", ["json", "csv"])
    def test_data_has_none(self, opened: Opened, output: str) -> None:
        terminal = opened(*self.LISTING, "-o", output)

        assert terminal.ends() == 0
        assert ESCAPE not in terminal.received

    def test_a_pipe_gets_plain_text(self, ax: Ax, opened: Opened) -> None:
        """Output to a pipe is neither cut nor coloured, though the pipe starts at a terminal."""
        terminal = opened(program=in_shell("| cat > piped", *self.LISTING), columns=40)

        assert terminal.ends() == 0
        piped = (ax.folder / "piped").read_text()
        assert ESCAPE not in piped
        assert ax(*self.LISTING).stdout == piped

    def test_help_has_none(self, opened: Opened) -> None:
        terminal = opened("tasks", "--help")

        assert terminal.ends() == 0
        assert ESCAPE not in terminal.received


@pytest.mark.programs
class TestCompletion:
    """Completion by real shells, with the script of `ax completion`."""

    @pytest.fixture
    def bash(self, ax: Ax, opened: Opened) -> Terminal | None:
        """A bash with the completion loaded; None on machines without bash 4.4 or later."""
        bash = shutil.which("bash")
        if bash is None or subprocess.run([bash, "-c", RECENT_ENOUGH], check=False).returncode:
            return None
        program = ax.folder / "bin" / "ax"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.join(AX)} "$@"\n')
        program.chmod(0o755)
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        terminal = opened("--norc", "--noprofile", "-i", program=(bash,), PATH=path, TERM="dumb", INPUTRC=os.devnull)
        terminal.types("PS1='rea''dy> '; bind 'set bell-style none'\r")
        terminal.sees(READY)
        terminal.types('eval "$(ax completion bash)" && echo load""ed\r')
        terminal.sees("loaded", READY)
        return terminal

    def test_bash_completes(self, bash: Terminal | None) -> None:
        """Commands, options and values are completed; several matches are listed."""
        if bash is None:  # the completions themselves are checked below
            return
        for typed, rest in (
            ("ax ta", "sks "),
            ("ax tasks trig", "ger-run "),
            ("ax tasks get-run --verb", "ose "),
            ("ax tasks list --task-type run", "_experiment "),
            ("ax tasks list-runs X --status comp", "leted "),
            ("ax profiles create x --api-key-e", "nv "),
        ):
            bash.types(f"{CLEAR}{typed}\t")
            bash.sees(typed + rest)
        bash.types(f"{CLEAR}ax tasks create\t\t")
        bash.sees("create ", "create-evaluation", "create-run-experiment")

    def test_bash_completes_files_where_one_is_wanted(self, ax: Ax, bash: Terminal | None) -> None:
        if bash is None:
            return
        (ax.folder / "results.csv").touch()
        bash.types("ax tasks list --output resu\t")

        bash.sees("resu" + "lts.csv")

    @pytest.mark.parametrize(
        ("shell", "typed", "offered"),
        [
            ("bash", ["tasks", "w"], {"wait-for-run"}),
            ("zsh", ["tasks", "create-"], {"create-evaluation", "create-run-experiment"}),
            (
                "fish",
                ["tasks", "list-runs", "--status", ""],
                {"pending", "running", "completed", "failed", "cancelled"},
            ),
            ("zsh", ["tasks", "wait-for-run", "--no"], {"--no-exit-status"}),
            ("fish", ["tasks", "get", "-o", "c"], {"csv"}),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    @pytest.mark.usefixtures("environment")
    def test_every_shell_gets_completions(self, typed: list[str], offered: set[str], shell: str) -> None:
        """Each shell's protocol gets the right completions."""
        asked = {
            "_AX_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(["ax", *typed]),
            "COMP_CWORD": typed[-1] if shell == "fish" else str(len(typed)),
        }
        finished = subprocess.run(AX, env=variables(**asked), capture_output=True, text=True, check=True)

        assert set(WORDS[shell](finished.stdout)) == offered
        assert finished.stderr == ""


def test_the_terminal_shows_lines() -> None:
    """The terminal of these tests handles rewriting, erasing and wrapping."""
    assert shown("abc\rx\x1b[K\r\ndef\r\n", columns=10) == ["x", "def"]
    assert shown("abcdef\rx", columns=4) == ["abcd", "xf"]
