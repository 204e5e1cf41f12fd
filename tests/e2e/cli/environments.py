"""Run every command of `ax` in unusual environments: `python -m tests.e2e.cli.environments [NAME ...]`.

A command may not end with a traceback or an unexpected error, and has its usual exit code or one for what the
environment lacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.mock import Mock, MockServer
from axtasks.mock import default_world as known

from tests.cli.support import RUN_CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOBODY = 65534
EVALUATE = ["--task-type", "template_evaluation", "--project", "chat-prod", "-s", "demo", "--evaluator"]
OF_TODAY = ["--contract", "beta"]
# Each command with its exit code in a normal environment.
COMMANDS: dict[str, tuple[list[str], int]] = {
    "tasks list": ([], 0),
    "tasks get": ([known.CHAT_QUALITY], 0),
    "tasks list-runs": ([known.CHAT_QUALITY], 0),
    "tasks get-run": ([known.CHAT_QUALITY_RUN], 0),
    "tasks create": (["-n", "One", *EVALUATE, "Hallucination Eval"], 0),
    "tasks create-evaluation": (["-n", "Two", *EVALUATE, "Hallucination Eval"], 0),
    "tasks create-run-experiment": (
        ["-n", "Three", "--dataset", known.GOLDEN_SET, "--run-configuration", RUN_CONFIGURATION],
        0,
    ),
    "tasks update": ([known.CHAT_QUALITY, "--sampling-rate", "0.5"], 0),
    "tasks trigger-run": ([known.CHAT_QUALITY, "--wait"], 0),
    "tasks backfill": ([known.CHAT_QUALITY, "--from", "2026-01-01", "--to", "2026-01-08", "--dry-run"], 0),
    "tasks wait-for-run": ([known.CHAT_QUALITY_RUN], 0),
    "tasks cancel-run": ([known.CHAT_QUALITY_RUN, "--force"], 4),
    "tasks delete": ([known.SUPPORT_CHECKS, "--force"], 0),
    "spaces list": ([], 0),
    "spaces get": (["demo"], 0),
    "projects list": ([], 0),
    "projects get": ([known.CHAT_PROD], 0),
    "datasets list": ([], 0),
    "datasets get": ([known.GOLDEN_SET], 0),
    "experiments list": ([], 0),
    "experiments get": ([known.BASELINE], 0),
    "evaluators list": ([], 0),
    "evaluators get": ([known.HALLUCINATION], 0),
    "ai-integrations list": (OF_TODAY, 0),
    "ai-integrations get": ([known.OPENAI_MAIN, *OF_TODAY], 0),
    "integrations list": (OF_TODAY, 0),
    "integrations get": ([known.SUPPORT_AGENT, *OF_TODAY], 0),
    "prompts list": (OF_TODAY, 0),
    "prompts get": ([known.SUMMARIZE, *OF_TODAY], 0),
    "api": (["GET", "/v2/tasks"], 0),
    "spec check": ([], 0),
    "profiles create": (["work", "--api-key-env", "ARIZE_API_KEY"], 0),
    "profiles use": (["work"], 0),
    "profiles list": ([], 0),
    "profiles show": (["work"], 0),
    "completion": (["zsh"], 0),
    "mock export": (["--help"], 0),
    "mock serve": (["--help"], 0),
}
OUTPUT = 5


@dataclass(frozen=True)
class Environment:
    """An environment for a program.

    Attributes:
        variables: environment variables; None for one that is removed.
        flags: flags of Python.
        redirected: redirections of a shell.
        folder: the working folder and the home; a writable one when None.
        is_nobody: true if another user runs the program, who may not enter the home.
        is_bare: true if only the variables for the server are set.
    """

    variables: Mapping[str, str | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    redirected: str = ""
    folder: str | None = None
    is_nobody: bool = False
    is_bare: bool = False


ENVIRONMENTS: dict[str, Environment] = {
    "no-home": Environment({"HOME": "/dev/null/none"}),
    "other-user": Environment(is_nobody=True),
    "read-only": Environment(folder="/proc"),
    "no-utf-8": Environment({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "cp1252": Environment({"PYTHONIOENCODING": "cp1252"}),
    "dumb-terminal": Environment({"TERM": "dumb"}),
    "closed-stdin": Environment(redirected="<&-"),
    "closed-stdout": Environment(redirected=">&-"),
    "closed-stderr": Environment(redirected="2>&-"),
    "bare": Environment(is_bare=True),
    "optimized": Environment(flags=("-OO",)),
    "isolated": Environment(flags=("-I", "-P")),
    "no-terminal": Environment({"TERM": None}),
    "ci": Environment({"CI": "true"}),
}
# Environments without profiles, since no file can be written or read.
WITHOUT_FILES = ("no-home", "other-user", "read-only", "bare")


def run(name: str, command: str, server: MockServer, folder: Path) -> str | None:
    """Run a command in an environment, and return a description of what is wrong; None if nothing is."""
    environment, (arguments, code) = ENVIRONMENTS[name], COMMANDS[command]
    program = [sys.executable, *environment.flags, "-m", "axtasks", *command.split(), *arguments]
    if environment.redirected:
        program = ["/bin/sh", "-c", f'"$0" "$@" {environment.redirected}', *program]
    home = environment.folder or str(folder)
    own = {"HOME": home, "ARIZE_API_KEY": "any-key-will-do", "ARIZE_TASKS_NO_ALPHA_WARNING": "1"}
    own |= {"ARIZE_API_HOST": server.url.removeprefix("http://"), "ARIZE_API_SCHEME": "http"}
    kept = {} if environment.is_bare else {key: value for key, value in os.environ.items() if key[:6] != "ARIZE_"}
    changed = {key: value for key, value in (kept | own | dict(environment.variables)).items() if value is not None}
    if environment.is_bare:
        del changed["HOME"]
    if environment.is_nobody:
        program = [*_shut(folder), *program]
    try:
        done = subprocess.run(
            program,
            env=changed,
            cwd="/" if environment.is_nobody else home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
    finally:
        folder.chmod(0o700)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    allowed = {code}
    if environment.redirected == ">&-":
        allowed.add(OUTPUT)
    if command.startswith("profiles") and (name in WITHOUT_FILES or command == "profiles show"):
        allowed |= {0, 1, 2}
    flaws = [word for word in ("Traceback", "unexpected ") if word in said]
    if done.returncode in allowed and not flaws:
        return None
    return f"{name}: ax {command}: exit code {done.returncode}, not {sorted(allowed)}: {said[-400:]}"


def _shut(folder: Path) -> list[str]:
    """Give a folder to another user, and return the prefix of a command that keeps root out too."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and setpriv:
        # Root can enter any folder unless it loses these capabilities.
        os.chown(folder, NOBODY, NOBODY)
        return [setpriv, "--bounding-set=-dac_override,-dac_read_search"]
    folder.chmod(0o000)
    return []


def flaws_of(name: str, commands: Iterator[str] | list[str]) -> list[str]:
    """Run commands in an environment, on one server, and return what is wrong."""
    with tempfile.TemporaryDirectory() as folder, MockServer(Mock(run_seconds=0)) as server:
        return [flaw for command in commands if (flaw := run(name, command, server, Path(folder))) is not None]


def main() -> int:
    """Run every command in the named environments, or in all; return 1 if anything is wrong."""
    found = 0
    for name in sys.argv[1:] or ENVIRONMENTS:
        flaws = flaws_of(name, list(COMMANDS))
        found += len(flaws)
        sys.stdout.write(
            f"{name}: {len(COMMANDS)} commands, {len(flaws)} flaws\n" + "".join(f"  {flaw}\n" for flaw in flaws)
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
