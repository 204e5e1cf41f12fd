"""Carrying out the shell commands that README.md shows, or telling that they can be carried out."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from axtasks import profiles as profile_files
from axtasks.cli.options import PROFILE_VARIABLE
from axtasks.cli.output.formats import VALUES_VARIABLE
from axtasks.config import settings as config
from axtasks.resources import stage

from tests.docs.readme import ROOT

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


def commands(text: str) -> list[list[str]]:
    """The commands of a block, split into words."""
    return [words for line in text.replace("\\\n", " ").splitlines() if (words := shlex.split(line, comments=True))]


def make_targets() -> dict[str, str]:
    """The targets of the Makefile that are for people, each with its explanation."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z-]+):.*?## (.*)$", makefile, flags=re.MULTILINE))


def exports(text: str) -> dict[str, str]:
    """The environment variables that a block exports."""
    return dict(words[1].split("=", 1) for words in commands(text) if words[0] == "export")


def run_attempts(words: list[str], *, server: str) -> str:
    """What a command prints.

    Args:
        words: the command; one that is not known here is an error.
        server: where a mock listens, for requests.
    """
    match words:
        case ["make", *targets]:
            assert targets
            assert set(targets) <= set(make_targets())
            return ""
        case ["pip", "install", what]:
            check_installable(what)
            return ""
        case ["export", assignment]:
            assert assignment.partition("=")[0] in VARIABLES
            return ""
        case ["ax", "mock", "serve", *options]:
            return first_line_of(["mock", "serve", *options])
        case ["ax", *arguments]:
            goes_to_file = arguments[:2] == ["mock", "export"] and ">" in arguments
            if goes_to_file:
                arguments = ["mock", "export", "--url", server]
            done = subprocess.run([*ax(), *arguments], capture_output=True, text=True, check=True, timeout=30)
            return "" if goes_to_file else done.stdout
        case ["curl", *arguments]:
            return request(arguments, server=server)
    raise AssertionError(f"not known how to check this command: {shlex.join(words)}")


def check_installable(what: str) -> None:
    """Nothing, if this is the project itself with extras that it has."""
    found = re.fullmatch(r"\.(?:\[([a-z,]+)\])?", what)
    assert found, what
    extras: Mapping[str, list[str]] = PROJECT["project"]["optional-dependencies"]
    assert set((found[1] or "").split(",")) - {""} <= set(extras)


def ax() -> list[str]:
    """How the command `ax` is started: as its entry point says, whether or not it is on the path."""
    module, _, function = PROJECT["project"]["scripts"]["ax"].partition(":")
    return [sys.executable, "-c", f"import sys; from {module} import {function} as run; sys.argv[0] = 'ax'; run()"]


def first_line_of(arguments: list[str]) -> str:
    """The first line that a command prints which goes on until it is interrupted; it has to end well then."""
    # Whatever port is shown may be taken here.
    if "--port" not in arguments:
        arguments = [*arguments, "--port", "0"]
    with subprocess.Popen([*ax(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")
    return line


def request(arguments: list[str], *, server: str) -> str:
    """The body that a call of curl would print."""
    method, data, url = None, None, ""
    rest = iter(arguments)
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-d":
                data = next(rest).encode()
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
    return text
