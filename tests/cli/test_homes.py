"""Tests of an unusable home folder, which stops no command that does not need it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from axtasks import ConfigurationError
from axtasks.profiles import profile_names

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.support import Ax

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract


def forbidden(folder: Path) -> str:
    """Return a home whose name is too long for the system, whoever runs the test."""
    return str(folder / ("x" * 300))


def no_folder(folder: Path) -> str:
    """Return a home that is a file."""
    (folder / "file").touch()
    return str(folder / "file")


def none(folder: Path) -> str:
    """Return a home that does not exist."""
    return str(folder / "nothing")


def unknown(_: Path) -> None:
    """Give no home, for a user that the system does not know."""


HOMES = {home.__name__: home for home in (forbidden, no_folder, none, unknown)}
# Commands with their exit codes where the home is no folder but could be made, and where it cannot be.
COMMANDS = {
    "tasks list -q": (0, 0),
    "tasks list --profile work": (1, 1),
    "profiles list": (0, 1),
    "profiles show work": (1, 1),
    "profiles use work": (1, 1),
    "profiles create work --api-key-env KEY": (0, 1),
    "completion zsh": (0, 0),
}


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works_or_names_the_path(
    command: str, home: str, ax: Ax, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = HOMES[home](tmp_path)
    if path is None:
        monkeypatch.delenv("HOME")
        monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    else:
        monkeypatch.setenv("HOME", path)
    usable, unusable = COMMANDS[command]

    finished = ax(*command.split())

    if home == "no_folder" and command.startswith("profiles create"):
        usable = 1
    if home == "unknown" and command.startswith("profiles create"):
        unusable = 2
    assert finished.exit_code == (usable if home in {"none", "no_folder"} else unusable), finished.stderr
    assert "unexpected" not in finished.stderr
    if finished.exit_code:
        assert (path or "the home folder is unknown: set HOME or ARIZE_DIRECTORY") in finished.stderr


def test_files_that_are_no_profiles_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    for name in ("a.toml", ".b.toml", "c.toml~", "d e.toml", "f"):
        (tmp_path / "profiles" / name).touch()

    assert profile_names(environment={"ARIZE_DIRECTORY": str(tmp_path)}) == ["a"]


def test_the_reason_is_told_in_python_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"the profiles in .* cannot be read: File name too long"):
        profile_names(environment={"ARIZE_DIRECTORY": forbidden(tmp_path)})
