"""Files that a command writes: whether they can be written, and writing them whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from secrets import token_hex

from .errors import OutputError

_NEW_FILE_MODE = 0o666  # what the umask takes from


def check_target(path: Path) -> None:
    """Check beforehand that a file, which need not exist, can be written.

    Raises:
        OutputError: it cannot.
    """
    try:
        reason = _hindrance(_target_of(path))
    except OSError as error:
        reason = error.strerror or str(error)
    if reason is not None:
        raise OutputError(f"cannot write {str(path)!r}: {reason}")


def _hindrance(target: Path) -> str | None:
    """Return the reason why a file cannot be written, or None."""
    folder = target.parent
    hindrances = (
        (target.is_symlink(), "it is a symbolic link that leads back to itself"),
        (target.is_dir(), "it is a folder"),
        (target.exists() and not target.is_file(), "it is not a regular file"),
        (not folder.is_dir(), f"there is no folder {str(folder)!r}"),
        (not os.access(folder, os.W_OK | os.X_OK), f"the folder {str(folder)!r} may not be written to"),
        (target.exists() and not os.access(target, os.W_OK), "the file may not be written to"),
    )
    return next((reason for hinders, reason in hindrances if hinders), None)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, which has all of its new content or, after any failure, its former content.

    A new file gets the mode the umask gives; one that is replaced keeps its mode. A symbolic link stays one: the file
    it points to is written.

    Raises:
        OutputError: it cannot be written.
    """
    check_target(path)
    target = _target_of(path)
    temporary = target.with_name(f".ax-{token_hex(6)}.tmp")
    try:
        _fill(temporary, content)
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}. The file is as it was. What the command asked for"
            " was done; only its output is missing."
        ) from error
    finally:
        # After success there is nothing left under this name.
        temporary.unlink(missing_ok=True)


def _fill(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _NEW_FILE_MODE), "wb") as file:  # noqa: PTH123  # fd
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _target_of(path: Path) -> Path:
    """Return the file that a path leads to; a link itself where links form a circle."""
    # Path.resolve refuses a circle up to Python 3.12 only.
    return Path(os.path.realpath(path))
