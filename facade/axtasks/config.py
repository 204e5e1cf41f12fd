"""How a client is set up: argument before environment before profile before default."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from ._version import __version__
from .arguments import seconds
from .errors import ConfigurationError, InvalidArgumentError
from .retry import RetryPolicy
from .timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_HOST = "api.arize.com"
DEFAULT_SCHEME = "https"
SCHEMES = ("https", "http")
ATTEMPTS_VARIABLE = "ARIZE_TASKS_ATTEMPTS"
# What becomes of a write whose answer was lost: find out, or leave it to the caller.
ON_AMBIGUOUS = ("reconcile", "raise")
OnAmbiguous = Literal["reconcile", "raise"]

# Each setting with the environment variable that gives it, named as the vendor's own tools name it.
ENVIRONMENT = {
    "api_key": "ARIZE_API_KEY",
    "api_host": "ARIZE_API_HOST",
    "api_scheme": "ARIZE_API_SCHEME",
    "single_host": "ARIZE_SINGLE_HOST",
    "single_port": "ARIZE_SINGLE_PORT",
    "region": "ARIZE_REGION",
    "base_domain": "ARIZE_BASE_DOMAIN",
    "space": "ARIZE_SPACE",
}
# What says where the server is. At most one may be given in one place.
ENDPOINTS = ("base_url", "api_host", "single_host", "region", "base_domain")
HIGHEST_PORT = 65535
# Shorter keys are no secrets, and could be part of ordinary words.
SHORTEST_HIDDEN_KEY = 8
_LABEL = r"[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]+))?")


class Secret:
    """A text that does not show itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text."""
        return self._text

    def hidden_in(self, content: bytes) -> bytes:
        """The content without this text, for messages: a server may repeat what it was sent.

        The text is found in either case, and also where characters of it are escaped as in JSON or in a URL.
        """
        if len(self._text) < SHORTEST_HIDDEN_KEY:
            return content
        forms = (rf"(?:\\?{re.escape(c)}|\\u00{ord(c):02x}|%{ord(c):02x})" for c in self._text)
        return re.sub("".join(forms).encode(), b"***", content, flags=re.IGNORECASE)

    def hidden_in_text(self, text: str) -> str:
        """The text without this one."""
        return self.hidden_in(text.encode(errors="replace")).decode()

    def __repr__(self) -> str:
        return "'***'"

    def __reduce__(self) -> str:
        raise TypeError("a secret cannot be pickled")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a client is set up.

    Attributes:
        api_key: the key, which does not show itself.
        base_url: scheme and host of the server, without a path.
        space: name or id of the space that names are looked up in by default.
        timeouts: how long a call may take.
        retry: when a request is sent again.
        on_ambiguous: what becomes of a write whose answer was lost.
        user_agent: how the client names itself.
    """

    api_key: Secret
    base_url: str
    space: str | None
    timeouts: Timeouts
    retry: RetryPolicy
    on_ambiguous: OnAmbiguous
    user_agent: str


def resolve_settings(
    arguments: Mapping[str, str | int | None],
    *,
    timeout: float | Timeouts | None = None,
    retry: RetryPolicy | None = None,
    on_ambiguous: OnAmbiguous = "reconcile",
    environment: Mapping[str, str] | None = None,
    profile: str | None = None,
) -> Settings:
    """The settings that come of all sources.

    Args:
        arguments: what was passed in by name; None for what was not.
        timeout: the most seconds a call may take in all, or `Timeouts`; the defaults when None.
        retry: when a request is sent again; the default policy when None.
        on_ambiguous: what becomes of a write whose answer was lost: "reconcile" or "raise".
        environment: environment variables; those of the process when None.
        profile: name of a profile of the vendor's command line to fall back on; none when None.

    Raises:
        ConfigurationError: the key is missing or unusable, or it is not clear which server is meant.
    """
    variables = os.environ if environment is None else environment
    sources: list[tuple[str, Mapping[str, str]]] = [
        ("argument", {name: str(value) for name, value in arguments.items() if value is not None}),
        ("environment", {name: variables[v] for name, v in ENVIRONMENT.items() if variables.get(v)}),
    ]
    if profile is not None:
        from .profiles import read_profile

        need_key = not any(values.get("api_key") for _, values in sources)
        sources.append((f"profile {profile!r}", read_profile(profile, environment=variables, need_key=need_key)))

    def first(name: str) -> str | None:
        return next((values[name] for _, values in sources if values.get(name)), None)

    return Settings(
        api_key=_usable_key(first("api_key")),
        base_url=_base_url(sources, first("api_scheme") or DEFAULT_SCHEME),
        space=first("space"),
        timeouts=timeouts_of(timeout),
        retry=retry_of(retry, attempts=variables.get(ATTEMPTS_VARIABLE)),
        on_ambiguous=on_ambiguous_of(on_ambiguous),
        user_agent=f"ax-tasks/{__version__} python/{platform.python_version()}",
    )


def timeouts_of(timeout: float | Timeouts | None) -> Timeouts:
    """The timeouts that an argument means; a number is for the whole call.

    Raises:
        ConfigurationError: it is no positive number.
    """
    if timeout is None or isinstance(timeout, Timeouts):
        return timeout or Timeouts()
    try:
        return Timeouts().within(seconds("timeout", timeout))
    except InvalidArgumentError as error:
        raise ConfigurationError(str(error)) from error


def retry_of(policy: RetryPolicy | None, *, attempts: str | None = None) -> RetryPolicy:
    """The policy that an argument means.

    Args:
        policy: the argument.
        attempts: how often a request may be sent, as the environment has it; for where no argument is given.

    Raises:
        ConfigurationError: one of them is something else.
    """
    if policy is None:
        if attempts and not (attempts.isascii() and attempts.isdigit() and int(attempts[:9]) > 0):
            raise ConfigurationError(f"{ATTEMPTS_VARIABLE} has to be a whole number of at least 1, not {attempts!r}")
        return RetryPolicy(attempts=int(attempts)) if attempts else RetryPolicy()
    if not isinstance(policy, RetryPolicy):
        raise ConfigurationError(f"retry has to be a RetryPolicy, such as RetryPolicy(attempts=2), not {policy!r}")
    return policy


def on_ambiguous_of(choice: str) -> OnAmbiguous:
    """The choice that an argument means.

    Raises:
        ConfigurationError: there is no such choice.
    """
    if choice not in ON_AMBIGUOUS:
        raise ConfigurationError(f"on_ambiguous has to be one of {', '.join(ON_AMBIGUOUS)}, not {choice!r}")
    return cast("OnAmbiguous", choice)


def _usable_key(key: str | None) -> Secret:
    if not key:
        raise ConfigurationError("no API key: pass api_key=..., or set ARIZE_API_KEY")
    for position, character in enumerate(key):
        # Said without the key, since messages end up in logs.
        if not "!" <= character <= "~":
            raise ConfigurationError(
                f"the API key cannot be sent: its character {position + 1} of {len(key)} is a blank, a control"
                " character or not ASCII (was it copied with a line break?)"
            )
    return Secret(key)


def _base_url(sources: list[tuple[str, Mapping[str, str]]], scheme: str) -> str:
    if scheme not in SCHEMES:
        raise ConfigurationError(f"api_scheme has to be one of {', '.join(SCHEMES)}, not {scheme!r}")
    for origin, values in sources:
        chosen = [name for name in ENDPOINTS if values.get(name)]
        if len(chosen) > 1:
            raise ConfigurationError(
                f"{' and '.join(chosen)} are both given as {origin}, and each names a server: give one"
            )
        if values.get("single_port") and not values.get("single_host"):
            raise ConfigurationError(f"single_port is given as {origin} without single_host")
        if chosen:
            return _url_of(chosen[0], values, scheme)
    return f"{scheme}://{DEFAULT_HOST}"


def _url_of(name: str, values: Mapping[str, str], scheme: str) -> str:
    value = values[name]
    if name == "base_url":
        given_scheme, separator, host = value.partition("://")
        if not separator or given_scheme not in SCHEMES:
            raise ConfigurationError(f"base_url has to begin with https:// or http://, not {value!r}")
        return f"{given_scheme}://{_host(name, host.rstrip('/'))}"
    host = _host(name, value, with_port=name != "region")
    if name == "region":
        host = f"api.{host}.arize.com"
    elif name == "base_domain":
        host = f"api.{host}"
    elif name == "single_host" and values.get("single_port"):
        port = values["single_port"]
        if not _is_port(port):
            raise ConfigurationError(f"single_port has to be a port number, not {port!r}")
        host = f"{_host(name, value, with_port=False)}:{port}"
    return f"{scheme}://{host}"


def _host(name: str, value: str, *, with_port: bool = True) -> str:
    match = _HOST.fullmatch(value)
    port = match and match["port"]
    if match is None or (port is not None and not (with_port and _is_port(port))):
        where = "with a port where one is needed" if with_port else "without a port"
        raise ConfigurationError(f"{name} has to be a host name, {where}, not {value!r}")
    return value


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) <= HIGHEST_PORT
