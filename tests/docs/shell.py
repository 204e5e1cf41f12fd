"""Runners and checks of the shell commands on the pages."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from axtasks import profiles as profile_files
from axtasks.cli import main
from axtasks.cli.options import PROFILE_VARIABLE
from axtasks.cli.output.formats import VALUES_VARIABLE
from axtasks.config import settings as config
from axtasks.resources import stage
from click.testing import CliRunner

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VARIABLES = {
    *config.ENVIRONMENT.values(),
    config.ATTEMPTS_VARIABLE,
    config.VERIFY_VARIABLE,
    stage.SILENCING_VARIABLE,
    profile_files.DIRECTORY_VARIABLE,
    PROFILE_VARIABLE,
    VALUES_VARIABLE,
}


SHOWN_ADDRESS = "http://127.0.0.1:8765"
"""Where pages say that the mock is; it listens elsewhere in tests."""


def commands(text: str) -> list[list[str]]:
    """Return the commands of a block, split into words; quoted text may go over several lines.

    A block that begins with `set -e` is a script, and one command of bash.
    """
    if text.startswith("set -e\n"):
        return [["bash", "-c", text]]
    found: list[list[str]] = []
    begun = ""
    for line in text.replace("\\\n", " ").splitlines():
        begun += line
        try:
            words = shlex.split(begun, comments=True)
        except ValueError:
            # The quotation goes on.
            begun += "\n"
            continue
        begun = ""
        if words:
            found.append(words)
    assert not begun, begun
    return found


def make_targets() -> dict[str, str]:
    """Return the documented targets of the Makefile, each with its explanation."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+):.*?## (.*)$", makefile, flags=re.MULTILINE))


def check_make(words: list[str]) -> None:
    """Fail unless these are documented targets of the Makefile, and variables that it reads."""
    variables = [word.partition("=")[0] for word in words if "=" in word]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert len(variables) < len(words)
    assert {word for word in words if "=" not in word} <= set(make_targets())
    assert [name for name in variables if f"$({name})" not in makefile] == []


def exports(text: str) -> dict[str, str]:
    """Return the environment variables that a block exports."""
    return dict(words[1].split("=", 1) for words in commands(text) if words[0] == "export")


def run_attempts(words: list[str], *, server: str) -> str:
    """Run a command and return its output.

    Args:
        words: the command; an unknown one is an error.
        server: the URL of a mock, for requests.
    """
    match words:
        case ["make", "demo"]:
            done = subprocess.run(
                [sys.executable, "-m", "axtasks.demo"], capture_output=True, text=True, timeout=600, check=True
            )
            return done.stdout
        case ["make", *targets]:
            check_make(targets)
        case ["pip", "install", what]:
            check_installable(what)
        case ["export", assignment]:
            assert assignment.partition("=")[0] in VARIABLES
        case ["ax", *arguments]:
            return run_ax([word.replace(SHOWN_ADDRESS, server) for word in arguments], server=server)
        case ["bash", "-c", script]:
            return output_of_script(script)
        case ["st", "run", contract, "--url", _, *options]:
            return try_made_up_requests(contract, options, server=server)
        case ["curl", *arguments]:
            return request(arguments, server=server)
        case _:
            raise AssertionError(f"not known how to check this command: {shlex.join(words)}")
    return ""


def run_ax(arguments: list[str], *, server: str) -> str:
    """Run `ax` in this process, and return its output; an empty text where it goes to a file."""
    file = None
    if ">" in arguments:
        *arguments, _, file = arguments
    if arguments[:2] == ["mock", "serve"]:
        return first_line_of(arguments)
    if arguments[:2] == ["mock", "export"]:
        arguments = [*arguments, "--url", server]
    done = CliRunner().invoke(main, arguments, prog_name="ax")
    assert done.exit_code == 0, (arguments, done.output, done.exception)
    if file is None:
        return done.stdout
    Path(file).write_text(done.stdout, encoding="utf-8")
    return ""


def output_of_script(script: str) -> str:
    """Run a script in a folder of its own with `ax` on the path, and return its output."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
    return done.stdout


def check_installable(what: str) -> None:
    """Fail unless this is the project itself with extras that it has."""
    found = re.fullmatch(r"\.(?:\[([a-z,]+)\])?", what)
    assert found, what
    extras: Mapping[str, list[str]] = PROJECT["project"]["optional-dependencies"]
    assert set((found[1] or "").split(",")) - {""} <= set(extras)


def ax() -> list[str]:
    """Return the command line of `ax`, by its entry point, whether or not it is on the path."""
    module, _, function = PROJECT["project"]["scripts"]["ax"].partition(":")
    return [sys.executable, "-c", f"import sys; from {module} import {function} as run; sys.argv[0] = 'ax'; run()"]


def first_line_of(arguments: list[str]) -> str:
    """Return the first line of a command that runs until it is interrupted; fail unless it exits cleanly."""
    # Whatever port is shown may be taken here; of two the last one counts.
    arguments = [*arguments, "--port", "0"]
    with subprocess.Popen([*ax(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            rest, errors = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert (process.returncode, rest, errors) == (0, "", "")
    return line


def try_made_up_requests(contract: str, options: list[str], *, server: str) -> str:
    """Run schemathesis with the project's settings and two examples of each operation; fail on any finding."""
    program = str(Path(sys.executable).with_name("st"))
    command = [program, "run", contract, "--url", server, *options, "--max-examples", "2", "--phases", "fuzzing"]
    # The same requests each time.
    command += ["--seed", "1", "--generation-database", "none"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def request(arguments: list[str], *, server: str) -> str:
    """Return the response body of a call of curl; an empty text where it goes to a file."""
    method, data, url, file = None, None, "", None
    rest = iter(arguments)
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-d":
                data = next(rest).encode()
            case "-o":
                file = next(rest)
            case _:
                assert not word.startswith("-"), word
                assert not url
                url = word
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1"
    query = f"?{parts.query}" if parts.query else ""
    wanted = Request(server + parts.path + query, data=data, method=method)  # noqa: S310  loopback
    with urlopen(wanted, timeout=10) as answer:  # noqa: S310  loopback
        assert 200 <= answer.status < 300
        text: str = answer.read().decode()
    if file is None:
        return text
    Path(file).write_text(text, encoding="utf-8")
    return ""
