"""Tests of the notice about the contract's stage: once a day on the command line, and never an obstacle."""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import TYPE_CHECKING

import pytest
from axtasks.cli.command import stage_notice

from tests.cli.tasks_support import in_a_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.support import Ax

HOUR = 60 * 60


@pytest.fixture
def shown(environment: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[..., int]:
    """Return how often successive commands show the notice, from an empty cache folder on."""
    del environment
    monkeypatch.setattr(sys, "platform", "linux")

    def commands(*stages: str, quiet: bool = False) -> int:
        caplog.clear()
        for stage in stages:
            with stage_notice(quiet=quiet):
                logging.getLogger("axtasks.alpha").warning("in %s", stage, extra={"stage": stage})
        return len(caplog.records)

    return commands


@pytest.fixture
def cache(shown: Callable[..., int], tmp_path: Path) -> Path:
    """Return the user's cache folder."""
    del shown
    return tmp_path / "home" / ".cache"


def test_once_for_each_stage(shown: Callable[..., int], cache: Path) -> None:
    assert shown("ALPHA", "ALPHA", "BETA", "ALPHA", "BETA") == 2
    assert sorted(file.name for file in (cache / "ax-tasks").iterdir()) == ["alpha-notice", "beta-notice"]


@pytest.mark.parametrize(
    ("hours", "times"),
    [(-23, 0), (-25, 1), (2, 1)],
    ids=["within a day", "a day later", "after the clock was set back"],
)
def test_again_after_a_day(shown: Callable[..., int], cache: Path, hours: int, times: int) -> None:
    shown("ALPHA")
    then = time.time() + hours * HOUR
    os.utime(cache / "ax-tasks" / "alpha-notice", (then, then))

    assert (shown("ALPHA"), shown("ALPHA")) == (times, 0)


def test_quiet_shows_nothing_and_counts_for_nothing(shown: Callable[..., int]) -> None:
    assert (shown("ALPHA", quiet=True), shown("ALPHA")) == (0, 1)


def test_the_notice_of_a_program_is_not_kept_back_once_a_command_ended(
    shown: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    shown("ALPHA", quiet=True)
    logging.getLogger("axtasks.alpha").warning("in %s", "ALPHA", extra={"stage": "ALPHA"})

    assert len(caplog.records) == 1


@pytest.mark.parametrize("name", [".cache", ".cache/ax-tasks"])
def test_an_unusable_cache_folder_shows_the_notice_each_time(shown: Callable[..., int], cache: Path, name: str) -> None:
    in_the_way = cache.parent / name
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("", encoding="utf-8")

    assert shown("ALPHA", "ALPHA") == 2


def test_a_missing_home_shows_the_notice(shown: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.home", lost)

    assert shown("ALPHA", "ALPHA") == 2


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        pytest.param("linux", "", ".cache", id="Linux"),
        pytest.param("linux", "XDG_CACHE_HOME", "given", id="Linux, elsewhere"),
        pytest.param("darwin", "XDG_CACHE_HOME", "Library/Caches", id="macOS"),
        pytest.param("win32", "LOCALAPPDATA", "given", id="Windows"),
    ],
)
def test_it_is_kept_where_the_system_has_such_things(
    shown: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    platform: str,
    variable: str,
    folder: str,
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "home" / "given"))

    shown("BETA")

    assert (tmp_path / "home" / folder / "ax-tasks" / "beta-notice").is_file()


def test_a_folder_that_is_not_named_in_full_is_not_used(
    shown: Callable[..., int], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "here")

    shown("ALPHA")

    assert (cache / "ax-tasks" / "alpha-notice").is_file()


@pytest.mark.programs
@pytest.mark.both_contracts
def test_the_second_command_of_a_day_says_nothing(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARIZE_TASKS_NO_ALPHA_WARNING")
    stage = {"documents": "ALPHA", "beta": "BETA"}[ax.mock.contract]

    first, second = (in_a_process("tasks", "list") for _ in range(2))

    assert (first.exit_code, first.stderr.count(f"The tasks API is in {stage} and")) == (0, 1)
    assert (second.exit_code, second.stderr) == (0, first.stderr.partition("\n")[2])
