"""Settings of a client: argument before environment before profile before default."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast

from axtasks._version import __version__
from axtasks.contract.dialect import AUTO, CONTRACTS
from axtasks.errors import ConfigurationError, InvalidArgumentError
from axtasks.validation import seconds

from .credentials import KEY_SOURCES, RedactedDict, select_key_source
from .endpoint import DEFAULT_SCHEME, check_endpoint, resolve_base_url
from .headers import parse_headers
from .options import Limits, NameMemory, RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from axtasks.contract.dialect import ContractChoice

    from .credentials import KeySource, Secret


MOST_DIGITS = 10
ATTEMPTS_VARIABLE = "ARIZE_TASKS_ATTEMPTS"
# After a write whose response was lost: find out what became of it, or leave that to the caller.
ON_AMBIGUOUS = ("reconcile", "raise")
OnAmbiguous = Literal["reconcile", "raise"]
# Setting -> environment variable, named as the vendor's own tools name it.
ENVIRONMENT = {
    "api_key": "ARIZE_API_KEY",
    "api_key_file": "ARIZE_API_KEY_FILE",
    "api_key_command": "ARIZE_API_KEY_COMMAND",
    "api_host": "ARIZE_API_HOST",
    "api_scheme": "ARIZE_API_SCHEME",
    "single_host": "ARIZE_SINGLE_HOST",
    "single_port": "ARIZE_SINGLE_PORT",
    "region": "ARIZE_REGION",
    "base_domain": "ARIZE_BASE_DOMAIN",
    "space": "ARIZE_SPACE",
    "ca_file": "ARIZE_CA_FILE",
    "allow_http": "ARIZE_ALLOW_HTTP",
    "contract": "ARIZE_TASKS_CONTRACT",
}
VERIFY_VARIABLE = "ARIZE_REQUEST_VERIFY"
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")


class Settings(NamedTuple):
    """The settings of a client.

    Attributes:
        api_key: the key, whose repr is redacted.
        base_url: scheme and host of the server, without a path.
        space: name or id of the default space for looking up names.
        contract: the dialect of the contract that the server speaks, or "auto" to detect it.
        timeouts: limits of a call.
        retry: the retry policy.
        on_ambiguous: the choice for a write whose response was lost.
        limits: the most it takes from a server.
        names: size and age of the name cache; None for no cache.
        ca_file: certificates of the authorities that are trusted instead of the usual ones.
        user_agent: the `User-Agent` header.
        headers: what else is sent with every request; its repr is redacted.
    """

    api_key: Secret
    base_url: str
    space: str | None
    contract: ContractChoice
    timeouts: Timeouts
    retry: RetryPolicy
    on_ambiguous: OnAmbiguous
    limits: Limits
    names: NameMemory | None
    ca_file: str | None
    user_agent: str
    headers: RedactedDict[str]


class SettingsSource(NamedTuple):
    """One source of settings: arguments, environment or profile.

    Attributes:
        shown: returns the name of a setting as the source has it, for messages.
        values: its settings but for the key, by argument name.
        key: its source of the key.
    """

    shown: Callable[[str], str]
    values: Mapping[str, str]
    key: KeySource | None

    @classmethod
    def of(cls, shown: Callable[[str], str], settings: Mapping[str, object]) -> SettingsSource:
        """Make a source; raise ConfigurationError if it has two keys."""
        values = {
            # A text is kept as it is, since ALL_SPACES is one of a class of its own.
            name: value if isinstance(value, str) else str(value)
            for name, value in settings.items()
            if name not in KEY_SOURCES and value is not None
        }
        return cls(shown, values, select_key_source(shown, settings))


class ProfileReader(Protocol):
    """Reads the settings of a profile, as `profiles.read_profile` does."""

    def __call__(self, name: str, *, environment: Mapping[str, str], need_key: bool) -> Mapping[str, object]:
        """Return the settings by argument name; `need_key` says that the profile has to provide the key."""
        ...


class ProfileSource(NamedTuple):
    """A profile to fall back on: its name, and the function that reads it."""

    name: str
    read: ProfileReader


def resolve_settings(
    arguments: Mapping[str, object],
    *,
    timeout: float | Timeouts | None = None,
    retry: RetryPolicy | None = None,
    on_ambiguous: OnAmbiguous = "reconcile",
    limits: Limits | None = None,
    remember_names: NameMemory | bool = True,
    default_headers: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    profile: ProfileSource | None = None,
) -> Settings:
    """Return the settings of a client: argument before environment before profile before default.

    The names are those of the arguments of `AxClient`; `environment` defaults to that of the process.

    Raises:
        ConfigurationError: the key is missing or unusable, it is not clear which server is meant, or it would not be
            safe to send the key there.
    """
    variables = RedactedDict(os.environ if environment is None else environment)
    refuse_unverified(variables.get(VERIFY_VARIABLE) or TRUE[0], f"the environment variable {VERIFY_VARIABLE}")
    from_environment = RedactedDict(
        {name: variables[variable] for name, variable in ENVIRONMENT.items() if variables.get(variable)}
    )
    sources = [SettingsSource.of(str, arguments), SettingsSource.of(ENVIRONMENT.__getitem__, from_environment)]
    if profile is not None:
        need_key = not any(source.key for source in sources)
        from_profile = profile.read(profile.name, environment=variables, need_key=need_key)
        whose = f"of profile {profile.name!r}"
        sources.append(SettingsSource.of(lambda name: f"{name} {whose}", from_profile))

    def first(name: str, default: str = "") -> tuple[str, str]:
        """Return a setting of the first source that has it: its name there, and its value."""
        source = next((source for source in sources if source.values.get(name)), None)
        return (name, default) if source is None else (source.shown(name), source.values[name])

    key = next((source.key for source in sources if source.key), None)
    if key is None:
        lacking = "" if profile is None else f", and profile {profile.name!r} has none"
        raise ConfigurationError(
            f"no API key{lacking}: pass api_key=..., or set ARIZE_API_KEY; it may also come from a file or a program"
            " (api_key_file, api_key_command)"
        )
    return Settings(
        api_key=key.load(),
        base_url=check_endpoint(
            resolve_base_url(
                ((source.shown, source.values) for source in sources), *first("api_scheme", DEFAULT_SCHEME)
            ),
            allow_http=parse_bool(*first("allow_http", FALSE[0])),
        ),
        space=first("space")[1] or None,
        contract=parse_contract(*first("contract", AUTO)),
        timeouts=parse_timeouts(timeout),
        retry=parse_retry(retry, attempts=variables.get(ATTEMPTS_VARIABLE)),
        on_ambiguous=parse_on_ambiguous(on_ambiguous),
        limits=parse_limits(limits),
        names=parse_name_memory(remember_names),
        ca_file=_check_ca_file(*first("ca_file")),
        user_agent=f"ax-tasks/{__version__} python/{sys.version.split()[0]}",
        headers=parse_headers(default_headers),
    )


def refuse_unverified(verify: str, where: str) -> None:
    """Raise ConfigurationError unless `verify` is a yes; `where` is the place of the setting, for the message."""
    if verify.strip().lower() not in TRUE:
        raise ConfigurationError(
            f"{where} turns off the check of certificates, and this client always checks them, since anybody on the way"
            " could read the API key otherwise: take that out; if the server's certificate comes from an authority of"
            " your own, name that authority's certificate: ca_file=..., ARIZE_CA_FILE or SSL_CERT_FILE"
        )


def parse_bool(name: str, text: str) -> bool:
    """Return a yes or no as a bool; raise ConfigurationError for other texts."""
    word = text.strip().lower()
    if word not in (*TRUE, *FALSE):
        raise ConfigurationError(f"{name} has to be true or false, not {text!r}")
    return word in TRUE


def parse_contract(name: str, choice: str) -> ContractChoice:
    """Return the dialect that a setting of this name chooses; raise ConfigurationError if there is no such dialect."""
    word = choice.strip().lower()
    if word not in CONTRACTS:
        raise ConfigurationError(f"{name} has to be one of {', '.join(CONTRACTS)}, not {choice!r}")
    return word


def parse_limits(limits: Limits | None) -> Limits:
    """Return the limits of an argument; raise ConfigurationError if it is something else."""
    if limits is not None and not isinstance(limits, Limits):
        raise ConfigurationError(f"limits has to be Limits, such as Limits(pages=100), not {limits!r}")
    return limits or Limits()


def parse_name_memory(choice: NameMemory | bool) -> NameMemory | None:
    """Return the options of the name cache, None for no cache; raise ConfigurationError if it is something else."""
    if isinstance(choice, NameMemory):
        return choice
    if not isinstance(choice, bool):
        raise ConfigurationError(
            f"remember_names has to be True, False or NameMemory, such as NameMemory(seconds=60), not {choice!r}"
        )
    return NameMemory() if choice else None


def parse_timeouts(timeout: float | Timeouts | None) -> Timeouts:
    """Return the timeouts of an argument, a number being for the whole call; raise ConfigurationError if it is none."""
    if timeout is None or isinstance(timeout, Timeouts):
        return timeout or Timeouts()
    try:
        return Timeouts().within(seconds("timeout", timeout))
    except InvalidArgumentError as error:
        raise ConfigurationError(str(error)) from error


def parse_retry(policy: RetryPolicy | None, *, attempts: str | None = None) -> RetryPolicy:
    """Return the policy of an argument, else one with the attempts that the environment has.

    Raises:
        ConfigurationError: one of them is something else.
    """
    if policy is None:
        if attempts and not (attempts.isascii() and attempts.isdigit() and 0 < len(attempts.lstrip("0")) < MOST_DIGITS):
            raise ConfigurationError(f"{ATTEMPTS_VARIABLE} has to be a whole number of at least 1, not {attempts!r}")
        return RetryPolicy(attempts=int(attempts)) if attempts else RetryPolicy()
    if not isinstance(policy, RetryPolicy):
        raise ConfigurationError(f"retry has to be a RetryPolicy, such as RetryPolicy(attempts=2), not {policy!r}")
    return policy


def parse_strict(choice: bool) -> bool:
    """Return the choice of an argument; raise ConfigurationError if it is neither True nor False."""
    # For callers without a type checker: a text such as "0" would count as True.
    if not isinstance(cast("object", choice), bool):
        raise ConfigurationError(f"strict has to be True or False, not {choice!r}")
    return choice


def parse_on_ambiguous(choice: str) -> OnAmbiguous:
    """Return the choice of an argument; raise ConfigurationError if there is no such choice."""
    if choice not in ON_AMBIGUOUS:
        raise ConfigurationError(f"on_ambiguous has to be one of {', '.join(ON_AMBIGUOUS)}, not {choice!r}")
    return cast("OnAmbiguous", choice)


def _check_ca_file(name: str, ca_file: str) -> str | None:
    path = os.path.expanduser(ca_file)  # noqa: PTH111  # it is passed on as text
    if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):  # noqa: PTH113
        raise ConfigurationError(f"{name} has to be a file of certificates that can be read, not {ca_file!r}")
    return path or None
