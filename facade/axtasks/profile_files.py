"""Where the profile files of the vendor's command line are, which one is active, and writing them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTORY_VARIABLE = "ARIZE_DIRECTORY"
DEFAULT_DIRECTORY = "~/.arize"
ACTIVE_FILE = ".active_profile"
# The profile that counts as active as long as none was chosen.
DEFAULT_PROFILE = "default"
_NAME = re.compile(r"[\w-][\w.-]*")


def profile_path(name: str, *, environment: Mapping[str, str] | None = None) -> Path:
    """The file of a profile, whether or not there is one.

    Args:
        name: the profile's name.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: no profile can have that name, or the home folder is unknown.
    """
    # To a type checker it is nothing but text, which not everybody has.
    if not isinstance(cast("object", name), str) or not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} cannot be the name of a profile")
    return _directory(environment) / "profiles" / f"{name}.toml"


def profile_names(*, environment: Mapping[str, str] | None = None) -> list[str]:
    """The names of the profiles there are, in alphabetical order.

    Args:
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: the home folder is unknown.
    """
    files = (_directory(environment) / "profiles").glob("*.toml")
    return sorted(file.stem for file in files if _NAME.fullmatch(file.stem))


def active_profile(*, environment: Mapping[str, str] | None = None) -> str | None:
    """The name of the profile that was chosen with `use_profile` or the vendor's tools.

    As long as none was chosen, it is the one called `default`, if there is one; else None.

    Args:
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: the profile that was chosen is not there, or which one it is cannot be read.
    """
    name = chosen_profile(environment=environment)
    if name is None:
        return DEFAULT_PROFILE if _is_there(DEFAULT_PROFILE, environment) else None
    if not _is_there(name, environment):
        raise ConfigurationError(
            f"the active profile is {name!r}, which is not there; there are: {_known(environment)}. Choose one of them,"
            f" or remove {_directory(environment) / ACTIVE_FILE}"
        )
    return name


def chosen_profile(*, environment: Mapping[str, str] | None = None) -> str | None:
    """The name in `.active_profile`, whether or not there is such a profile; None when there is no name.

    Args:
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        path = _directory(environment) / ACTIVE_FILE
    except ConfigurationError:
        return None  # without a home folder there are no profiles
    # A home folder that may not be entered is another user's, as in many containers, and so are its profiles.
    if not os.access(path.parent, os.X_OK):
        return None
    try:
        return path.read_text(encoding="utf-8-sig").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}, which names the active profile, cannot be read: {error}") from error


def use_profile(name: str, *, environment: Mapping[str, str] | None = None) -> None:
    """Makes a profile the active one, for `ax` and the vendor's tools alike.

    Args:
        name: the profile's name.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: there is no such profile, or that it is active cannot be written down.
    """
    path = profile_path(name, environment=environment)
    if not _is_there(name, environment):
        raise no_such_profile(name, environment=environment)
    # The vendor's tools write no line break either.
    write_private(path.parent.parent / ACTIVE_FILE, name)


def no_such_profile(name: str, *, environment: Mapping[str, str] | None) -> ConfigurationError:
    """The error that says that there is no such profile, and which there are."""
    folder = _directory(environment) / "profiles"
    return ConfigurationError(f"there is no profile {name!r} in {folder}; there are: {_known(environment)}")


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner can read, so that it is there whole or not at all.

    Folders that are missing are made for the owner alone, too.

    Args:
        path: the file.
        text: all it shall hold.

    Raises:
        ConfigurationError: it cannot be written.
    """
    import tempfile

    try:
        missing = [folder for folder in path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  it is open already
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be written: {error}") from error


def _directory(environment: Mapping[str, str] | None) -> Path:
    # No variable for them here: it would be seen where variables are shown, and there may be a key among them.
    chosen = (os.environ if environment is None else environment).get(DIRECTORY_VARIABLE)
    try:
        return Path(chosen or DEFAULT_DIRECTORY).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(f"the home folder is unknown: set HOME or {DIRECTORY_VARIABLE}") from error


def _is_there(name: str, environment: Mapping[str, str] | None) -> bool:
    try:
        return os.access(profile_path(name, environment=environment), os.F_OK)
    except ConfigurationError:
        return False  # no file can have that name


def _known(environment: Mapping[str, str] | None) -> str:
    return ", ".join(profile_names(environment=environment)) or "none"
