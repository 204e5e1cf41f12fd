"""Reading the profile files of the vendor's command line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTORY_VARIABLE = "ARIZE_DIRECTORY"
DEFAULT_DIRECTORY = "~/.arize"
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}")
_ROUTING = ("region", "single_host", "single_port", "base_domain", "api_host", "api_scheme")


def read_profile(name: str, *, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of a profile, by the names that arguments have.

    Args:
        name: the profile's name, as in `profiles/<name>.toml`.
        environment: what `${VARIABLE}` and `${VARIABLE:default}` stand for.

    Raises:
        ConfigurationError: there is no such profile, it cannot be read, or it asks for what this client does not do.
    """
    folder = Path(environment.get(DIRECTORY_VARIABLE) or DEFAULT_DIRECTORY).expanduser() / "profiles"
    if not re.fullmatch(r"[\w.-]+", name) or name.startswith("."):
        raise ConfigurationError(f"{name!r} cannot be the name of a profile")
    path = folder / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
        raise ConfigurationError(f"there is no profile {name!r} in {folder}; there are: {known}") from None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"profile {path} cannot be read: {error}") from error
    auth, routing = (_section(content, section, path) for section in ("auth", "routing"))
    method = auth.get("auth_method", "api-key")
    if method != "api-key":
        raise ConfigurationError(
            f"profile {path} signs in by {method!r}, which this client does not do: put an api_key into it, or set"
            " ARIZE_API_KEY"
        )
    found = {key: routing[key] for key in _ROUTING if key in routing} | (
        {"api_key": auth["api_key"]} if "api_key" in auth else {}
    )
    return {key: _expand(value, key, path, environment) for key, value in found.items()}


def _section(content: Mapping[str, object], name: str, path: Path) -> dict[str, str]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        raise ConfigurationError(f"profile {path}: {name} has to be a section, written [{name}]")
    return {key: str(value) for key, value in section.items() if value != "" and not isinstance(value, dict)}


def _expand(text: str, key: str, path: Path, environment: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        value = environment.get(match[1], match[2])
        if value is None:
            raise ConfigurationError(
                f"profile {path}: {key} needs the environment variable {match[1]}, which is not set"
            )
        return value

    return _PLACEHOLDER.sub(value_of, text)
