"""Tests that the API key is never shown: by no command, no error, and no repeated server text."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import ssl
import subprocess
from functools import cache
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click
import pytest
from axtasks.cli import main
from axtasks.mock import Mock
from axtasks.mock import default_world as known
from axtasks.profiles import profile_path
from axtasks.text import MOST_CHARACTERS

from tests.cli.secrets_support import ANSWERS, KEY, PLACES, PROFILE, TRACE, Echo, echoing, planted, shows_key
from tests.cli.support import NEW_TASK, RUN_CONFIGURATION, Ax
from tests.cli.tasks_support import answering
from tests.cli.terminal_support import AX, variables
from tests.pairing import in_turn
from tests.unit.support import RUN, TASK
from tests.worlds import names_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.support import Finished
    from tests.unit.support import Json

CREATE = f"--name '{NEW_TASK}' --space demo"
EVALUATE = f"--task-type template_evaluation --evaluator 'Hallucination Eval' --project chat-prod {CREATE}"
EXPERIMENT = f"--dataset golden-set --run-configuration '{RUN_CONFIGURATION}' {CREATE}"
TRIGGER = f"{known.CHAT_QUALITY} --data-start-time 2026-03-01 --data-end-time 2026-03-02"
BACKFILL = f"{known.CHAT_QUALITY} --from 2026-03-01 --to 2026-03-02"

# Each command with arguments that work, and some that do not.
COMMANDS = {
    "tasks list": ("", "--space nowhere"),
    "tasks get": ("'Nightly Summaries' --space demo", "nothing --space demo"),
    "tasks list-runs": (known.CHAT_QUALITY, f"{known.CHAT_QUALITY} --cursor none"),
    "tasks get-run": (known.CHAT_QUALITY_RUN, known.CHAT_QUALITY),
    "tasks create": (EVALUATE, f"--task-type run_experiment {CREATE}"),
    "tasks create-evaluation": (EVALUATE, f"{EVALUATE} --query-filter x --dataset golden-set"),
    "tasks create-run-experiment": (EXPERIMENT, f"{EXPERIMENT} --dataset nothing"),
    "tasks update": (f"{known.CHAT_QUALITY} --sampling-rate 0.5", f"{known.GOLDEN_REVIEW} --sampling-rate 0.5"),
    "tasks delete": (f"{known.CHAT_QUALITY} --force", known.CHAT_QUALITY),
    "tasks trigger-run": (TRIGGER, f"{TRIGGER} --wait --timeout 0.01"),
    "tasks backfill": (f"{BACKFILL} --dry-run", f"{BACKFILL} --window 31d"),
    "tasks cancel-run": ("$NEW_RUN --force", f"{known.CHAT_QUALITY_RUN} --force"),
    "tasks wait-for-run": (known.CHAT_QUALITY_RUN, "VGFza1J1bjoxMDE6ZkV1Ug=="),
    "spaces list": ("", "--cursor none"),
    "spaces get": ("demo", "sandbox"),
    "projects list": ("--space demo", "--space nowhere"),
    "projects get": (known.CHAT_PROD, "chat-prod"),
    "datasets list": ("", "--limit 0"),
    "datasets get": ("golden-set --space demo", known.CHAT_PROD),
    "experiments list": ("--dataset golden-set --space demo", "--dataset golden-set"),
    "experiments get": (known.BASELINE, "baseline"),
    "evaluators list": ("--all", "--columns nothing"),
    "evaluators get": (known.RELEVANCE, f"{known.RELEVANCE} --version-id none"),
    "ai-integrations list": ("", "--cursor none"),
    "ai-integrations get": ("openai-main --space demo", known.SUPPORT_AGENT),
    "integrations list": ("--type agent", "--columns nothing"),
    "integrations get": (known.SUPPORT_AGENT, "nothing --space demo"),
    "prompts list": ("--all", "--cursor none"),
    "prompts get": (known.SUMMARIZE, f"{known.SUMMARIZE} --label nothing"),
    "api": ("GET /v2/tasks", "POST /v2/tasks --data '{}'"),
    "spec check": ("", "--har nothing"),
    "profiles list": ("", "--columns nothing"),
    "profiles show": (PROFILE, "nothing"),
    "profiles create": ("new --api-key-file key --use", f"{PROFILE} --api-key-file key"),
    "profiles use": (PROFILE, "nothing"),
    "completion": ("bash", "tcsh"),
}
WITHOUT_A_KEY = {"mock export", "mock serve"}
AS_TOLD = ("--verbose", "--debug")
# As little as there is to tell, and as much.
VERBOSITIES = ((), AS_TOLD)
FAILURES = {1, 3, 4, 8, 9}
AWAY = {name: given for name, (given, _) in COMMANDS.items() if name.split()[0] not in {"profiles", "completion"}}


# The groups of commands that only today's contract has.
OF_TODAY = ("ai-integrations", "integrations", "prompts")


@pytest.fixture
def mock(request: pytest.FixtureRequest) -> Mock:
    """Return a mock with runs that do not end during a test, of a contract that has the command of the test."""
    callspec = getattr(request.node, "callspec", None)
    group = "" if callspec is None else str(callspec.params.get("command", "")).partition(" ")[0]
    contract = "beta" if group in OF_TODAY else "documents"
    return Mock(run_seconds=3600, contract=contract, world=names_alike())


@cache
def certificates() -> ssl.SSLContext:
    """Cache the certificates of authorities: each client would load them, and none of these uses them."""
    return ssl.create_default_context()


@pytest.fixture(autouse=True)
def fast_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make clients start fast."""
    context = certificates()
    monkeypatch.setattr(ssl, "create_default_context", lambda *_, **__: context)


@pytest.fixture
def ax_without_server(environment: Path, mock: Mock) -> Ax:
    """Run `ax` without a server, and without any setting in the environment."""
    (environment / "key").write_text(f"{KEY}\n")
    return Ax(environment, mock)


@pytest.fixture
def folder(environment: Path) -> Path:
    """Return the folder of all files a command may write, with the key in a file for commands that take one."""
    (environment / "key").write_text(f"{KEY}\n")
    return environment.parent


@pytest.fixture
def echo() -> Iterator[Echo]:
    """Yield a server that repeats its requests."""
    with echoing() as server:
        yield server


TAKEN = {"bad-item", "thin-items"}
"""Answers that lack most fields, of which models are made all the same, and whose values are shown without the key."""


def all_commands(command: click.Command, path: str = "") -> Iterator[str]:
    """Yield the commands of the program with their full names."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from all_commands(found, f"{path} {name}".strip())


def has_option(command: str, flag: str) -> bool:
    """Return True if a command has an option."""
    found: click.Command = main
    for name in command.split():
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), name)
        assert inner is not None
        found = inner
    return any(flag in parameter.opts for parameter in found.params)


def options_of(command: str, flags: tuple[str, ...]) -> list[str]:
    """Return the given flags that a command has, and an output file if it can write one."""
    file = ["--output", "written.json"] if flags == AS_TOLD and has_option(command, "--output") else []
    return [*(flag for flag in flags if has_option(command, flag)), *file]


def run(ax: Ax, command: str, given: str, *options: str) -> Finished:
    """Run a command."""
    return ax(*command.split(), *shlex.split(given), *options)


def in_fresh_world(ax: Ax, given: str) -> str:
    """Return the arguments of a command, for a fresh world with a run that they may name."""
    ax.mock.start_over()
    if "$NEW_RUN" not in given:
        return given
    return given.replace("$NEW_RUN", ax.tasks("trigger-run", known.CHAT_QUALITY, "--quiet").stdout.strip())


def check_files(folder: Path, holders: list[Path]) -> None:
    """Check that only the key's sources, and the profile made to hold it, have the key."""
    allowed = {*holders, folder / "work" / "key", profile_path("new")}
    for path in folder.rglob("*"):
        if path.is_file() and path not in allowed:
            assert not shows_key(path.read_text()), path
    if profile_path("new").exists():
        assert profile_path("new").stat().st_mode & 0o777 == 0o600
        profile_path("new").unlink()


def test_every_command_is_tried() -> None:
    assert set(all_commands(main)) == set(COMMANDS) | WITHOUT_A_KEY


def test_the_key_would_be_seen() -> None:
    """The search of this module finds a key that is there."""
    assert TRACE in KEY.lower()
    assert shows_key(f"Bearer {KEY}")
    assert not shows_key("Bearer ***")


@pytest.mark.programs
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_it(ax: Ax, folder: Path, caplog: pytest.LogCaptureFixture, command: str) -> None:
    """This covers success and failure, every source of the key, and every level of verbosity."""
    works, fails = COMMANDS[command]
    elsewhere = [place for place in PLACES if place != "environment"]
    if not command.startswith("profiles"):
        # Where the key comes from is nothing to most commands: each place is met by some.
        elsewhere = [elsewhere[list(COMMANDS).index(command) % len(elsewhere)]]

    for place in ("environment", *elsewhere):
        with planted(place) as holders:
            for flags in VERBOSITIES if place == "environment" else (AS_TOLD,):
                options = options_of(command, flags)
                for given, is_to_work in ((works, True), (fails, False)):
                    finished = run(ax, command, in_fresh_world(ax, given), *options)
                    assert (finished.exit_code == 0) is is_to_work, finished
                    assert not shows_key(finished.stdout)
                    assert not shows_key(finished.stderr)
                    check_files(folder, holders)
    assert not shows_key(caplog.text)


@pytest.mark.parametrize("command", AWAY)
def test_no_command_shows_it_where_a_server_repeats_it(
    ax_without_server: Ax, folder: Path, echo: Echo, command: str
) -> None:
    """The key comes back in error bodies and headers, in a success of the wrong shape, and in invalid HTTP."""
    given = AWAY[command].replace("$NEW_RUN", known.CHAT_QUALITY_RUN)
    # Half of the answers for two commands, the other half for the next two.
    number = list(AWAY).index(command)
    answers = list(ANSWERS)[number // 2 % 2 :: 2]
    dialect = ("--contract", "beta") if command.split(maxsplit=1)[0] in OF_TODAY else ()

    with planted("environment") as holders:
        for at, echo.answering in enumerate(answers, number):
            finished = run(
                ax_without_server,
                command,
                given,
                "--base-url",
                echo.url,
                *dialect,
                *options_of(command, VERBOSITIES[at % 2]),
            )
            assert not shows_key(finished.stdout + finished.stderr), echo.answering
            is_taken = command in {"api", "tasks delete"} or echo.answering in TAKEN
            assert is_taken or finished.exit_code in FAILURES
            check_files(folder, holders)
    assert len(echo.heard) >= len(answers)
    assert all(f"authorization: Bearer {KEY}" in heard for heard in echo.heard)


@pytest.mark.parametrize("place", PLACES)
def test_it_is_hidden_wherever_it_comes_from(ax_without_server: Ax, echo: Echo, place: str) -> None:
    """Repeated keys are hidden in the same way for each source of the key."""
    with planted(place):
        for echo.answering in ANSWERS:
            finished = ax_without_server.tasks("get", known.CHAT_QUALITY, "--base-url", echo.url, *AS_TOLD)
            assert finished.exit_code in FAILURES or echo.answering in TAKEN, echo.answering
            assert "Traceback" in finished.stderr or finished.exit_code == 0
            assert not shows_key(finished.stdout + finished.stderr), echo.answering
    assert all(KEY in heard for heard in echo.heard)


@pytest.mark.parametrize("answering", ["problem", "escaped", "denied", "no-object", "late-in-value", "no-status"])
def test_text_around_a_redacted_key_is_kept(ax_without_server: Ax, echo: Echo, answering: str) -> None:
    """The key is replaced, and the text around it is kept."""
    echo.answering = answering
    with planted("environment"):
        finished = ax_without_server.tasks("get", known.CHAT_QUALITY, "--base-url", echo.url, "--verbose")

    assert "***" in finished.stderr


ENDED = RUN | {"status": "failed", "failure_reason": f"{KEY} was refused"}
# A message is cut within the key.
LONG = ENDED | {"failure_reason": "x" * (MOST_CHARACTERS - 13) + KEY}
LISTED = {"tasks": [TASK], "pagination": {"has_more": True, "next_cursor": KEY}}
NAMED = TASK | {"name": KEY}
# The command, the body of every answer, and what is told of it.
TOLD: dict[str, tuple[str, dict[str, Json], str]] = {
    "reason": (f"tasks wait-for-run {known.CHAT_QUALITY_RUN}", ENDED, "*** was refused\n"),
    "cut reason": (f"tasks wait-for-run {known.CHAT_QUALITY_RUN}", LONG, "xxx…\n"),
    "unknown status": (f"tasks wait-for-run {known.CHAT_QUALITY_RUN}", RUN | {"status": KEY}, "is in status ***"),
    "name": (f"tasks update {known.CHAT_QUALITY} --sampling-rate 0.5", NAMED, "Updated task '***'"),
    "question": (f"tasks delete {known.CHAT_QUALITY}", NAMED, "Delete task '***'"),
    "cursor": ("tasks list --limit 1", LISTED, "go on with --cursor ***,"),
    "body of one's own request": ("api GET /v2/tasks", NAMED, '"name": "***"'),
}


@pytest.mark.parametrize("case", TOLD)
def test_messages_about_a_success_do_not_show_the_key(ax_without_server: Ax, case: str) -> None:
    command, body, told = TOLD[case]
    with planted("environment"), answering(200, body) as url:
        finished = ax_without_server(*command.split(), "--base-url", url, "--contract", "documents", stdin="n\n")

    assert told in finished.stdout + finished.stderr
    assert not shows_key(finished.stdout + finished.stderr)


@pytest.mark.parametrize("command", AWAY)
def test_no_command_shows_it_where_nothing_answers(ax_without_server: Ax, folder: Path, command: str) -> None:
    given = AWAY[command].replace("$NEW_RUN", known.CHAT_QUALITY_RUN)
    with socket.socket() as deaf, planted("environment") as holders:
        # A port that is taken, and on which nobody listens.
        deaf.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        for flags in VERBOSITIES:
            finished = run(ax_without_server, command, given, "--base-url", closed, *options_of(command, flags))
            assert finished.exit_code == 8
            assert not shows_key(finished.stdout + finished.stderr)
        check_files(folder, holders)


@pytest.mark.parametrize(
    ("end", "place"), in_turn(["\n", " x", "\x7f", "é", "\u2028"], ["environment", "profile", "key-file"]), ids=ascii
)
def test_a_key_that_cannot_be_used_is_not_shown_either(
    ax_without_server: Ax, monkeypatch: pytest.MonkeyPatch, end: str, place: str
) -> None:
    """The message describes the error without the key."""
    command = ["tasks", "list"]
    if place == "environment":
        monkeypatch.setenv("ARIZE_API_KEY", KEY + end + KEY)
    elif place == "profile":
        escaped = "".join(f"\\u{ord(character):04x}" for character in KEY + end + KEY)
        write_profile(f'[auth]\napi_key = "{escaped}"\n')
        command += ["--profile", PROFILE]
    else:
        (ax_without_server.folder / "key").write_text(KEY + end + KEY, encoding="utf-8")
        command = ["profiles", "create", "new", "--api-key-file", "key"]

    finished = ax_without_server(*command, *AS_TOLD)

    assert finished.exit_code in {1, 2}
    assert f"character {len(KEY) + 1} of" in finished.stderr
    assert not shows_key(finished.stdout + finished.stderr)


@pytest.mark.parametrize(
    "text",
    [
        f"[auth]\napi_key = {KEY}\n",
        f'[auth]\napi_key = "{KEY}\n',
        f'[auth]\napi_key = "{KEY}"\napi_key = "{KEY}"\n',
        f'[auth]\napi_key = "{KEY}\\q"\n',
        f'auth = "{KEY}"\n',
        f'[auth]\napi_key = ["{KEY}", "{KEY}"]\n',
        f'[auth]\napi_key = {{inner = "{KEY}"}}\n',
        f'[auth]\nauth_method = "oauth"\n[auth.oauth]\naccess_token = "{KEY}"\nrefresh_token = "{KEY}"\n',
        f'[auth]\napi_key = "{KEY}"\n[security]\nrequest_verify = false\n',
        f'[auth]\napi_key = "{KEY}"\n[routing]\nregion = "us"\nsingle_host = "host"\n',
        f'[auth]\napi_key = "${{NOT_PLANTED}}{KEY}"\n',
        f'[auth]\napi_key = "{KEY}"\nother = [1, 2',
        f'[auth]\napi_key = "{KEY}"\n\x00',
    ],
    ids=[
        "no-quotes",
        "open-quote",
        "twice",
        "bad-escape",
        "no-section",
        "list",
        "table",
        "oauth",
        "not-verified",
        "two-servers",
        "missing-variable",
        "cut-off",
        "control-character",
    ],
)
def test_a_profile_that_cannot_be_used_does_not_show_it(ax_without_server: Ax, text: str) -> None:
    write_profile(text)

    for command in ("tasks list", "profiles show", "profiles list", "profiles use"):
        named = {"tasks list": ["--profile", PROFILE], "profiles list": []}.get(command, [PROFILE])
        for flags in VERBOSITIES:
            finished = ax_without_server(*command.split(), *named, *options_of(command, flags))
            assert finished.exit_code == 1 or command != "tasks list", command
            assert not shows_key(finished.stdout + finished.stderr), command


@pytest.mark.programs
def test_a_process_of_its_own_does_not_show_it(ax: Ax, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real standard error gets warnings and tracebacks, too."""
    monkeypatch.delenv("ARIZE_TASKS_NO_ALPHA_WARNING")
    with planted("readable"):
        for arguments in (("api", "GET", "/v2/nothing"), ("tasks", "list", "--base-url", echo.url)):
            finished = subprocess.run(
                [*AX, *arguments, *AS_TOLD], cwd=ax.folder, env=variables(), capture_output=True, text=True, check=False
            )
            assert "chmod 600" in finished.stderr
            assert not shows_key(finished.stdout + finished.stderr)


@pytest.mark.programs
def test_the_mock_does_not_show_it() -> None:
    """`ax mock serve` logs no request headers."""
    command = [*AX, "mock", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=variables(ARIZE_API_KEY=KEY), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", first)
        assert found, first
        said = [ask(f"{found[0]}{path}") for path in ("/v2/tasks", f"/v2/tasks?cursor={KEY[3:9]}", "/v2/nothing")]
        with socket.create_connection(("127.0.0.1", int(found[1])), timeout=30) as connection:
            connection.sendall(f"{KEY}\r\n\r\n".encode())
            said.append(connection.recv(65536).decode())
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)

    assert len(said) == 4
    assert process.returncode == 0
    assert not shows_key(first + stdout + stderr)


def write_profile(text: str) -> None:
    """Write a profile with a text."""
    path = profile_path(PROFILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def ask(url: str) -> str:
    """Return a server's response to a request with the key."""
    request = Request(url, headers={"Authorization": f"Bearer {KEY}"})  # noqa: S310  # loopback
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310  # loopback
            return str(response.read())
    except HTTPError as refused:
        with refused:
            return str(refused.read())
