"""Profiles of the vendor's command line: reading, choosing and writing them."""

from __future__ import annotations

import logging
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .config.credentials import KEY_SOURCES, MASK, RedactedDict, names_a_secret
from .errors import ConfigurationError
from .extras import install_command
from .text import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "MASK",
    "PLACEHOLDER",
    "PUBLIC_IN_AUTH",
    "active_profile",
    "check_settings",
    "chosen_profile",
    "create_profile",
    "names_a_secret",
    "profile_content",
    "profile_names",
    "profile_path",
    "profile_values",
    "read_profile",
    "texts_in",
    "use_profile",
]

DIRECTORY_VARIABLE = "ARIZE_DIRECTORY"
DEFAULT_DIRECTORY = "~/.arize"
ACTIVE_FILE = ".active_profile"
# The active profile as long as none was chosen.
DEFAULT_PROFILE = "default"
PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}")
# The keys of the section [auth] that are no secrets.
PUBLIC_IN_AUTH = ("auth_method", "api_key_file")
_NAME = re.compile(r"[\w-][\w.-]*")
_API_KEY_METHOD = "api-key"
_OVERRIDES = ("region", "single_host", "base_domain")
_ROUTING = (*_OVERRIDES, "single_port", "api_host", "api_scheme")
# Stands in the section [routing].
_DIALECT = ("contract",)
_SECURITY = ("ca_file", "allow_http")
_READABLE_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH
_logger = logging.getLogger("axtasks.profiles")
_warned: dict[Path, object] = {}


# Reading


def profile_path(name: str, *, environment: Mapping[str, str] | None = None) -> Path:
    """The file of a profile, whether or not there is one.

    Args:
        name: the profile's name.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: no profile can have that name, or the home folder is unknown.
    """
    # For callers without a type checker.
    if not isinstance(cast("object", name), str) or not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} cannot be the name of a profile: it may have letters, digits, _, - and, but for the first"
            " character, dots"
        )
    return _directory(environment) / "profiles" / f"{name}.toml"


def profile_names(*, environment: Mapping[str, str] | None = None) -> list[str]:
    """The names of the profiles there are, in alphabetical order.

    Args:
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: the home folder is unknown, or may not be entered.
    """
    folder = _directory(environment) / "profiles"
    try:
        files = list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ConfigurationError(f"the profiles in {folder} cannot be read: {error.strerror or error}") from error
    return sorted(file.stem for file in files if file.suffix == ".toml" and _NAME.fullmatch(file.stem))


def profile_content(name: str, *, environment: Mapping[str, str] | None = None) -> dict[str, object]:
    """The content of a profile as it stands in its file: by section, with secrets and placeholders.

    Args:
        name: the profile's name.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: there is no such profile, or it cannot be read.
    """
    path = profile_path(name, environment=environment)
    reason, mode = "", 0
    content = RedactedDict[object]()
    try:
        content = RedactedDict(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise _no_such_profile(name, environment) from None
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except RecursionError:
        reason = "it is nested too deeply"
    except (OSError, ValueError) as error:
        reason = str(error)
    if reason:
        # Raised outside of the handler, since the error there holds the whole file.
        raise ConfigurationError(f"profile {path} cannot be read: {reason}")
    if os.name == "posix" and mode & _READABLE_BY_OTHERS and _holds_key(content.get("auth")):
        # Only one thread can be the one that stored its marker.
        marker = object()
        if _warned.setdefault(path, marker) is marker:
            _logger.warning(
                "Profile %s holds a key and can be read by others; to change that: chmod 600 %s", path, path
            )
    return content


def read_profile(name: str, *, environment: Mapping[str, str], need_key: bool = True) -> dict[str, object]:
    """The settings of a profile, by the names that arguments have.

    Args:
        name: the profile's name, as in `profiles/<name>.toml`.
        environment: what `${VARIABLE}` and `${VARIABLE:default}` stand for.
        need_key: whether the profile has to provide the key. If not, how it signs in does not matter.

    Raises:
        ConfigurationError: there is no such profile, it cannot be read, or it asks for what this client does not do.
    """
    from .config.endpoint import DEFAULT_HOST
    from .config.settings import refuse_unverified

    content = profile_content(name, environment=environment)
    path = profile_path(name, environment=environment)
    auth, routing, security = (_section(content, section, path) for section in ("auth", "routing", "security"))
    if "request_verify" in security:
        verify = _expand(security, "request_verify", path, environment)
        refuse_unverified(str(verify), f"profile {path} (request_verify in [security])")
    settings = RedactedDict({key: routing[key] for key in (*_ROUTING, *_DIALECT) if key in routing})
    settings |= {key: security[key] for key in _SECURITY if key in security}
    # The vendor's tools write the default host into every profile, whatever server is meant.
    if any(key in settings for key in _OVERRIDES) and settings.get("api_host") == DEFAULT_HOST:
        del settings["api_host"]
    if need_key:
        method = _auth_method(content, auth)
        if method != _API_KEY_METHOD:
            raise ConfigurationError(
                f"profile {path} signs in by {method!r}, which this client does not do: put an api_key into it, or set"
                " ARIZE_API_KEY"
            )
        settings |= {key: auth[key] for key in KEY_SOURCES if key in auth}
    return RedactedDict({key: _expand(settings, key, path, environment) for key in settings})


def profile_values(name: str, *, environment: Mapping[str, str] | None = None) -> str | None:
    """The spelling of values that a profile asks the command line for; None if it has no `values` in [output].

    Args:
        name: the profile's name.
        environment: what `${VARIABLE}` and `${VARIABLE:default}` stand for; variables of the process when None.

    Raises:
        ConfigurationError: there is no such profile, it cannot be read, or it has another value.
    """
    path = profile_path(name, environment=environment)
    section = _section(profile_content(name, environment=environment), "output", path)
    if "values" not in section:
        return None
    values = str(_expand(section, "values", path, os.environ if environment is None else environment)).casefold()
    if values not in SPELLINGS:
        raise ConfigurationError(f"profile {path}: values has to be one of {', '.join(SPELLINGS)}, not {values!r}")
    return values


def texts_in(value: object) -> Iterator[str]:
    """Yield every text of a setting or of a whole section, at any depth."""
    # Dotted keys may nest more deeply than functions can call themselves.
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict | list):
            pending += reversed(list(inner.values()) if isinstance(inner, dict) else inner)


def _directory(environment: Mapping[str, str] | None) -> Path:
    # No local variable for the environment: tracebacks would show it, and there may be a key in it.
    directory = (os.environ if environment is None else environment).get(DIRECTORY_VARIABLE)
    try:
        return Path(directory or DEFAULT_DIRECTORY).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(f"the home folder is unknown: set HOME or {DIRECTORY_VARIABLE}") from error


def _no_such_profile(name: str, environment: Mapping[str, str] | None) -> ConfigurationError:
    folder = _directory(environment) / "profiles"
    return ConfigurationError(f"there is no profile {name!r} in {folder}; there are: {_joined_names(environment)}")


def _joined_names(environment: Mapping[str, str] | None) -> str:
    return ", ".join(profile_names(environment=environment)) or "none"


def _section(content: Mapping[str, object], name: str, path: Path) -> RedactedDict[str | list[str]]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        del section
        raise ConfigurationError(f"profile {path}: {name} has to be a section, written [{name}]")
    return RedactedDict(
        {
            key: [str(item) for item in value] if isinstance(value, list) else str(value)
            for key, value in section.items()
            if value != "" and not isinstance(value, dict)
        }
    )


def _auth_method(content: Mapping[str, object], auth: Mapping[str, object]) -> str:
    """Return how the profile signs in; old files have no `auth_method`, but the keys of one."""
    section = content.get("auth")
    only_oauth = isinstance(section, dict) and "oauth" in section and not any(key in auth for key in KEY_SOURCES)
    return str(auth.get("auth_method") or "") or ("oauth" if only_oauth else _API_KEY_METHOD)


def _expand(values: Mapping[str, str | list[str]], key: str, path: Path, environment: Mapping[str, str]) -> object:
    """Return the value of a key with its placeholders replaced."""
    # The value itself is never a local variable here: the traceback of the error would show it.
    matches = (match for text in texts_in(values[key]) for match in PLACEHOLDER.finditer(text))
    missing = next((match[1] for match in matches if match[2] is None and match[1] not in environment), None)
    if missing is not None:
        raise ConfigurationError(f"profile {path}: {key} needs the environment variable {missing}, which is not set")
    return _replace_placeholders(values[key], environment)


def _replace_placeholders(value: str | list[str], environment: Mapping[str, str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_replace_placeholders(text, environment)) for text in value]
    return PLACEHOLDER.sub(lambda match: environment.get(match[1], match[2]), value)


def _holds_key(auth: object) -> bool:
    """Return True if [auth] holds a key or a token itself, and not only the name of a variable."""
    secrets = {key: value for key, value in auth.items() if key not in PUBLIC_IN_AUTH} if isinstance(auth, dict) else {}
    return any(PLACEHOLDER.sub(lambda match: match[2] or "", text) for text in texts_in(secrets))


# Choosing


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
        return DEFAULT_PROFILE if _exists(DEFAULT_PROFILE, environment) else None
    if not _exists(name, environment):
        raise ConfigurationError(
            f"the active profile is {name!r}, which is not there; there are: {_joined_names(environment)}. Choose one"
            f" of them, or remove {_directory(environment) / ACTIVE_FILE}"
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
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}, which names the active profile, cannot be read: {error}") from error


def use_profile(name: str, *, environment: Mapping[str, str] | None = None) -> None:
    """Make a profile the active one, for `ax` and the vendor's tools alike.

    Args:
        name: the profile's name.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: there is no such profile, or that it is active cannot be written down.
    """
    path = profile_path(name, environment=environment)
    if not _exists(name, environment):
        raise _no_such_profile(name, environment)
    # The vendor's tools write no line break either.
    _write_private(path.parent.parent / ACTIVE_FILE, name)


def _exists(name: str, environment: Mapping[str, str] | None) -> bool:
    try:
        return os.access(profile_path(name, environment=environment), os.F_OK)
    except ConfigurationError:
        return False  # no file can have that name


# Writing


def create_profile(
    name: str,
    settings: Mapping[str, str | int],
    *,
    overwrite: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """Write a profile that only its owner can read, in the vendor's layout; return its file.

    Args:
        name: the profile's name.
        settings: `api_key`, `api_key_file` or `api_key_command`, what says where the server is, `contract`,
            `ca_file` and `allow_http`, by the names that arguments have. Values may contain `${VARIABLE}` and
            `${VARIABLE:default}`, which stand for environment variables whenever the profile is read.
        overwrite: whether to replace a profile of that name; nothing of it is kept.
        environment: environment variables; those of the process when None.

    Raises:
        ConfigurationError: the settings would not make a client, there is such a profile already, or it cannot be
            written.
        ImportError: tomli_w is not installed.
    """
    path = profile_path(name, environment=environment)
    texts = RedactedDict({key: _setting_text(key, value) for key, value in settings.items()})
    check_settings(texts)
    if not overwrite and os.access(path, os.F_OK):
        raise ConfigurationError(f"there is a profile {name!r} already, in {path}")
    try:
        import tomli_w
    except ImportError as error:
        raise ImportError(f"writing a profile needs tomli_w: {install_command('cli')}") from error
    routing = {key: texts[key] for key in (*_ROUTING, *_DIALECT) if key in texts}
    security = {key: texts[key] for key in _SECURITY if key in texts}
    content = {
        "profile": {"name": name},
        "auth": {"auth_method": _API_KEY_METHOD, **{key: texts[key] for key in KEY_SOURCES if key in texts}},
        **({"routing": routing} if routing else {}),
        **({"security": security} if security else {}),
    }
    _write_private(path, tomli_w.dumps(content))
    return path


def _setting_text(key: str, value: object) -> str:
    """Return a setting as text; raise ConfigurationError for what no profile can hold, such as None or a list."""
    if not isinstance(value, str | int | os.PathLike):
        # Without the value, which may be the key.
        raise ConfigurationError(f"{key} of a profile has to be text, not {type(value).__name__}")
    return str(value)


def check_settings(settings: Mapping[str, str]) -> None:
    """Check that a client can be set up with these settings, as far as can be told before variables are filled in.

    Args:
        settings: what `create_profile` takes.

    Raises:
        ConfigurationError: it cannot; the message does not show the key.
    """
    from .config.endpoint import DEFAULT_SCHEME
    from .config.settings import TRUE, resolve_settings
    from .contract.dialect import AUTO

    known = (*KEY_SOURCES, *_ROUTING, *_DIALECT, *_SECURITY)
    if unknown := sorted(set(settings) - set(known)):
        raise ConfigurationError(f"a profile does not have {', '.join(unknown)}; it has: {', '.join(known)}")
    if not any(settings.get(name) for name in KEY_SOURCES):
        raise ConfigurationError(
            "a profile needs an api_key, which may be written as ${VARIABLE}, an api_key_file or an api_key_command"
        )
    # The values of placeholders are not known yet, and files may be on another machine.
    stand_ins = {"api_scheme": DEFAULT_SCHEME, "single_port": "1", "allow_http": TRUE[0], "contract": AUTO}
    arguments = RedactedDict[object](
        {key: stand_ins.get(key, "x") if PLACEHOLDER.search(value) else value for key, value in settings.items()}
    )
    if PLACEHOLDER.search("".join(settings.get(key, "") for key in _ROUTING)):
        arguments["allow_http"] = TRUE[0]
    arguments.pop("ca_file", None)
    if arguments.pop("api_key_file", None):
        arguments["api_key_file" if "api_key" in arguments or "api_key_command" in arguments else "api_key"] = "x"
    resolve_settings(arguments, environment={})


def _write_private(path: Path, text: str) -> None:
    """Write a file, or the one that a link leads to, atomically. Its owner alone can read it, and folders made for it.

    Raises:
        ConfigurationError: it cannot be written.
    """
    import tempfile

    try:
        path = Path(os.path.realpath(path))
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
