"""Tests of output files: written whole or not at all, with clear errors."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axtasks.cli.errors import OutputError
from axtasks.cli.files import check_target, write_whole

from tests.cli.output_support import ax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("environment")
OLD = b"what was there before"


@pytest.fixture
def umask() -> Iterator[int]:
    """Set an unusual umask."""
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


@pytest.mark.parametrize(
    ("name", "options", "confirmed"),
    [
        ("tasks", ["-o", "out.csv"], "Wrote 2 tasks to 'out.csv'.\n"),
        ("nameless", ["-o", "out.jsonl"], "Wrote 1 thing to 'out.jsonl'.\n"),
        ("none", ["-o", "out.json"], "Wrote no tasks to 'out.json'.\n"),
        ("monitor", ["-o", "out.pq"], "Wrote the task to 'out.pq'.\n"),
        ("tasks", ["-o", "out.JSON", "--query", "tasks[].id"], "Wrote what the query found to 'out.JSON'.\n"),
    ],
)
def test_a_file_is_confirmed(name: str, options: list[str], confirmed: str) -> None:
    """Standard output is empty, and standard error says what was written where."""
    finished = ax(name, *options)

    assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", confirmed)
    assert [path.name for path in Path.cwd().iterdir()] == [options[1]]


def test_a_file_is_replaced() -> None:
    """The new content takes the place of the old, however long that was."""
    path = Path("out.csv")
    path.write_bytes(OLD * 1000)

    write_whole(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(Path.cwd().iterdir()) == [path.resolve()]


def test_the_mode_of_a_new_file_is_the_usual_one(umask: int) -> None:
    write_whole(Path("out.csv"), b"new")

    assert stat.S_IMODE(Path("out.csv").stat().st_mode) == 0o666 & ~umask


@pytest.mark.usefixtures("umask")
def test_the_mode_of_a_replaced_file_stays() -> None:
    """A file that others may not read does not become one they may."""
    Path("out.csv").write_bytes(OLD)
    Path("out.csv").chmod(0o604)

    write_whole(Path("out.csv"), b"new")

    assert stat.S_IMODE(Path("out.csv").stat().st_mode) == 0o604


def test_a_link_stays_a_link() -> None:
    """The file a link points to is written, in its own folder."""
    Path("folder").mkdir()
    Path("folder/real.csv").write_bytes(OLD)
    Path("out.csv").symlink_to("folder/real.csv")

    write_whole(Path("out.csv"), b"new")

    assert Path("out.csv").is_symlink()
    assert Path("folder/real.csv").read_bytes() == b"new"


def test_a_link_to_a_file_that_is_not_there_yet() -> None:
    """The file is made where the link points."""
    Path("out.csv").symlink_to("real.csv")

    write_whole(Path("out.csv"), b"new")

    assert (Path("out.csv").is_symlink(), Path("real.csv").read_bytes()) == (True, b"new")


def folder() -> None:
    Path("out.csv").mkdir()


def pipe() -> None:
    os.mkfifo("out.csv")


def circle() -> None:
    Path("out.csv").symlink_to("other.csv")
    Path("other.csv").symlink_to("out.csv")


def link_to_nowhere() -> None:
    Path("out.csv").symlink_to("nowhere/real.csv")


@pytest.mark.parametrize(
    ("prepare", "target", "reason"),
    [
        pytest.param(folder, "out.csv", "it is a folder", id="folder"),
        pytest.param(pipe, "out.csv", "it is not a regular file", id="pipe"),
        pytest.param(circle, "out.csv", "it is a symbolic link that leads back to itself", id="circle of links"),
        pytest.param(link_to_nowhere, "out.csv", "there is no folder", id="broken link"),
        pytest.param(Path, "nowhere/out.csv", "there is no folder", id="no folder"),
        pytest.param(lambda: Path("file").touch(), "file/out.csv", "there is no folder", id="folder that is a file"),
        pytest.param(Path, "x" * 300 + ".csv", "File name too long", id="name too long"),
    ],
)
def test_targets_that_cannot_be_written(prepare: Callable[[], object], target: str, reason: str) -> None:
    """The command ends before it changes anything, and says why."""
    prepare()

    finished = ax("change", "-o", target)

    assert (finished.exit_code, finished.stdout) == (5, "")
    assert finished.stderr.startswith(f"Error: cannot write '{target}': ")
    assert reason in finished.stderr
    assert "changed" not in finished.stderr


@pytest.mark.parametrize(
    ("forbidden", "reason"), [(".", "may not be written to"), ("out.csv", "the file may not be written to")]
)
def test_places_that_may_not_be_written(forbidden: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only folder or file is refused beforehand."""
    Path("out.csv").write_bytes(OLD)
    readonly = Path(forbidden).resolve()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != readonly)

    with pytest.raises(OutputError, match=reason):
        check_target(Path("out.csv"))


@pytest.mark.parametrize("old", [OLD, None], ids=["over a file", "new"])
@pytest.mark.parametrize("failing", ["fsync", "replace", "open"])
def test_after_a_failure_all_is_as_before(old: bytes | None, failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any failure, the old file is unchanged, and no partial file remains."""
    if old is not None:
        Path("out.csv").write_bytes(old)

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace"), "open": (os, "open")}[failing], fail)

    finished = ax("tasks", "-o", "out.csv")

    monkeypatch.undo()
    assert finished.exit_code == 5
    assert finished.stdout == ""
    assert finished.stderr.startswith("Error: cannot write 'out.csv': No space left on device. The file is as it was.")
    assert "only its output is missing" in finished.stderr


@pytest.mark.parametrize("old", [OLD, None], ids=["over a file", "new"])
@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()], ids=["error", "Ctrl-C"]
)
def test_nothing_stays_behind(
    old: bytes | None, failing: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is unchanged after a failure or an interrupt."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "out.csv"
    if old is not None:
        path.write_bytes(old)

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[failing], fail)
        with pytest.raises((OutputError, KeyboardInterrupt)):
            write_whole(path, b"new")

    assert [file.read_bytes() for file in folder.iterdir()] == ([] if old is None else [old])
