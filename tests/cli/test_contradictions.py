"""Tests of contradicting options: refused, with messages that name the options and their source."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from axtasks.cli.options import CONTRADICTIONS
from axtasks.config.settings import ENVIRONMENT
from axtasks.mock import default_world as known

from tests.cli.tasks_support import arguments_of, assert_usage_error
from tests.cli.test_help import PLAIN

if TYPE_CHECKING:
    from tests.cli.support import Ax

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

PAIRS = [
    ("tasks wait-for-run $CHAT_QUALITY_RUN", "--no-exit-status", "--fail-on-errors"),
    ("tasks wait-for-run $CHAT_QUALITY_RUN", "--no-exit-status", "--empty-ok"),
    ("tasks trigger-run $CHAT_QUALITY --wait", "--no-exit-status", "--fail-on-errors"),
    *[
        (f"{kind} list", "--all", "--limit 3")
        for kind in ("tasks", "spaces", "projects", "datasets", "experiments", "evaluators")
    ],
    *[(f"{kind} list", "--all-spaces", "--space demo") for kind in ("tasks", "projects", "datasets", "evaluators")],
    (f"spec check --har {__file__}", "--base-url http://127.0.0.1:1", ""),
    (f"spec check --har {__file__}", "--profile work", ""),
    *[("spec check --overlay -", option, "") for option in ("-o json", "--columns kind", "--query a", "-q")],
]


@pytest.mark.parametrize(("command", "first", "second"), PAIRS)
def test_options_that_contradict_each_other_are_refused(ax: Ax, command: str, first: str, second: str) -> None:
    """Both orders are refused, and nothing is sent."""
    for options in (f"{first} {second}", f"{second} {first}"):
        assert_usage_error(ax(*arguments_of(f"{command} {options}")), "--")
    assert ax.mock.journal.exchanges() == []


def test_every_contradiction_is_of_options_that_there_are() -> None:
    """Each pair in the table belongs to at least one command that has both options."""
    names = [{param.name for param in command.params if isinstance(param, click.Option)} for command in PLAIN.values()]

    assert [pair for pair in CONTRADICTIONS if not any({*pair[:2]} <= each for each in names)] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tasks delete 'Old Monitor' --force", "Give --space"),
        ("experiments get baseline", "give --dataset"),
        ("tasks update $CHAT_QUALITY --sampling-rate 0.5 --run-configuration {}", "--run-configuration"),
        ("tasks list --base-url http://arize.example", "ARIZE_ALLOW_HTTP=true, or a profile made with --allow-http"),
        ("tasks list --name ''", "--name must not be empty"),
        ("tasks list --project a --dataset b", "--project and --dataset exclude each other"),
        ("tasks trigger-run $NIGHTLY_SUMMARIES --example-ids a --max-examples 1", "--example-ids and --max-examples"),
        ("tasks get nowhere", "no task is named 'nowhere' in any space (names are matched exactly"),
    ],
)
def test_messages_speak_of_options(ax: Ax, line: str, said: str) -> None:
    finished = ax(*arguments_of(line))

    assert finished.exit_code != 0
    assert said in finished.stderr
    assert "=..." not in finished.stderr


def test_an_unknown_default_space_is_said_to_be_one(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT["space"], "dmo")

    said = ax("projects", "list").stderr

    assert "no space is named 'dmo'; did you mean 'demo'" in said
    assert "; it is the default space, of ARIZE_SPACE\n" in said


@pytest.mark.parametrize("kind", ["tasks", "projects", "datasets", "evaluators"])
def test_all_spaces_are_listed_whatever_the_default_is(ax: Ax, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = ax(kind, "list", "--all", "-q").stdout
    monkeypatch.setenv(ENVIRONMENT["space"], known.ARCHIVE)

    assert ax(kind, "list", "--all", "-q").stdout != everything
    assert ax(kind, "list", "--all", "-q", "--all-spaces").stdout == everything


@pytest.mark.parametrize("word", ["null", "None", " NULL "])
@pytest.mark.parametrize("command", ["tasks update $CHAT_QUALITY", "tasks trigger-run $NIGHTLY_SUMMARIES"])
def test_the_word_null_is_no_filter(ax: Ax, command: str, word: str) -> None:
    assert_usage_error(
        ax(*arguments_of(command), "--query-filter", word), 'is no filter; leave the option out, or give ""'
    )


def test_a_null_in_json_clears_the_filter_of_an_evaluator(ax: Ax) -> None:
    evaluator = '[{"evaluator_id": "$HALLUCINATION", "query_filter": %s}]'
    command = arguments_of("tasks update $CHAT_QUALITY -o text --query evaluators[0].query_filter --evaluators")

    assert ax(*command, *arguments_of(repr(evaluator % '"a = 1"'))).stdout == "a = 1\n"
    assert ax(*command, *arguments_of(repr(evaluator % "null"))).stdout == "\n"


@pytest.mark.programs
def test_an_argument_that_the_locale_cannot_read_says_so(ax: Ax) -> None:
    variables = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command: list[str | bytes] = [sys.executable, "-m", "axtasks", "tasks", "list", "--name", "Caf\u00e9".encode()]

    done = subprocess.run(command, env=variables, cwd=ax.folder, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"could not be read as text in ascii, the encoding of the locale" in done.stderr
