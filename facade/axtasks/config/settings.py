"""Settings of a client: argument before environment before profile before default."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast

from axtasks._version import __version__
from axtasks.contract.dialect import AUTO, CONTRACTS
from axtasks.errors import ConfigurationError, InvalidArgumentError
from axtasks.validation import seconds

from .credentials import KEY_SOURCES, RedactedDict, key_source
from .endpoint import DEFAULT_SCHEME, base_url, check_endpoint
from .options import Limits, NameMemory, RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.contract.dialect import ContractChoice

    from .credentials import KeySource, Secret


MOST_DIGITS = 10
ATTEMPTS_VARIABLE = "ARIZE_TASKS_ATTEMPTS"
# What becomes of a write whose answer was lost: find out, or leave it to the caller.
ON_AMBIGUOUS = ("reconcile", "raise")
OnAmbiguous = Literal["reconcile", "raise"]
# Each setting with the environment variable that gives it, named as the vendor's own tools name it.
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
    """How a client is set up.

    Attributes:
        api_key: the key, which does not show itself.
        base_url: scheme and host of the server, without a path.
        space: name or id of the space that names are looked up in by default.
        contract: the dialect of the contract that the server speaks, or that it is to be found out.
        timeouts: how long a call may take.
        retry: when a request is sent again.
        on_ambiguous: what becomes of a write whose answer was lost.
        limits: the most it takes from a server.
        names: how many names are remembered, and for how long; None for none.
        ca_file: certificates of the authorities that are trusted instead of the usual ones.
        user_agent: how the client names itself.
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


class SettingsSource(NamedTuple):
    """One place that settings come from.

    Attributes:
        origin: the place, for messages.
        values: what it gives but for the key, by the names that arguments have.
        key: where it says the key comes from.
    """

    origin: str
    values: Mapping[str, str]
    key: KeySource | None

    @classmethod
    def of(cls, origin: str, given: Mapping[str, object]) -> SettingsSource:
        """The place with what it gives.

        Raises:
            ConfigurationError: it says twice where the key comes from.
        """
        values = {name: str(value) for name, value in given.items() if name not in KEY_SOURCES and value is not None}
        return cls(origin, values, key_source(origin, given))


class ProfileReader(Protocol):
    """Reads the settings of a profile, as `profiles.read_profile` does."""

    def __call__(self, name: str, *, environment: Mapping[str, str], need_key: bool) -> Mapping[str, object]:
        """Returns the settings by the names that arguments have.

        Args:
            name: the profile's name.
            environment: environment variables.
            need_key: whether the profile has to provide the key.
        """
        ...


class ProfileSource(NamedTuple):
    """A profile to fall back on.

    Attributes:
        name: the profile's name.
        read: reads it.
    """

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
    environment: Mapping[str, str] | None = None,
    profile: ProfileSource | None = None,
) -> Settings:
    """The settings that come of all sources.

    Args:
        arguments: what was passed in by name; None for what was not.
        timeout: the most seconds a call may take in all, or `Timeouts`; the defaults when None.
        retry: when a request is sent again; the default policy when None.
        on_ambiguous: what becomes of a write whose answer was lost: "reconcile" or "raise".
        limits: the most to take from a server; the defaults when None.
        remember_names: whether names are remembered, or how many and for how long.
        environment: environment variables; those of the process when None.
        profile: a profile of the vendor's command line to fall back on; none when None.

    Raises:
        ConfigurationError: the key is missing or unusable, it is not clear which server is meant, or it would not be
            safe to send the key there.
    """
    variables = RedactedDict(os.environ if environment is None else environment)
    refuse_unverified(variables.get(VERIFY_VARIABLE) or TRUE[0], f"the environment variable {VERIFY_VARIABLE}")
    given = RedactedDict(
        {name: variables[variable] for name, variable in ENVIRONMENT.items() if variables.get(variable)}
    )
    sources = [SettingsSource.of("argument", arguments), SettingsSource.of("environment", given)]
    if profile is not None:
        need_key = not any(source.key for source in sources)
        of_profile = profile.read(profile.name, environment=variables, need_key=need_key)
        sources.append(SettingsSource.of(f"profile {profile.name!r}", of_profile))

    def first(name: str) -> str | None:
        return next((source.values[name] for source in sources if source.values.get(name)), None)

    key = next((source.key for source in sources if source.key), None)
    if key is None:
        raise ConfigurationError(
            "no API key: pass api_key=..., or set ARIZE_API_KEY; it may also come from a file or a program"
            " (api_key_file, api_key_command)"
        )
    return Settings(
        api_key=key.key(),
        base_url=check_endpoint(
            base_url(((source.origin, source.values) for source in sources), first("api_scheme") or DEFAULT_SCHEME),
            allow_http=parse_bool("allow_http", first("allow_http") or FALSE[0]),
        ),
        space=first("space"),
        contract=parse_contract(first("contract") or AUTO),
        timeouts=timeouts_of(timeout),
        retry=retry_of(retry, attempts=variables.get(ATTEMPTS_VARIABLE)),
        on_ambiguous=on_ambiguous_of(on_ambiguous),
        limits=limits_of(limits),
        names=name_memory_of(remember_names),
        ca_file=_readable(first("ca_file")),
        user_agent=f"ax-tasks/{__version__} python/{sys.version.split()[0]}",
    )


def refuse_unverified(verify: str, where: str) -> None:
    """Nothing, unless certificates are not to be checked.

    Args:
        verify: whether they are.
        where: what says so, for messages.

    Raises:
        ConfigurationError: they are not.
    """
    if verify.strip().lower() not in TRUE:
        raise ConfigurationError(
            f"{where} turns off the check of certificates, and this client always checks them, since anybody on the way"
            " could read the API key otherwise: take that out; if the server's certificate comes from an authority of"
            " your own, name that authority's certificate: ca_file=..., ARIZE_CA_FILE or SSL_CERT_FILE"
        )


def parse_bool(name: str, text: str) -> bool:
    """Whether a text says yes.

    Raises:
        ConfigurationError: it says neither yes nor no.
    """
    word = text.strip().lower()
    if word not in (*TRUE, *FALSE):
        raise ConfigurationError(f"{name} has to be true or false, not {text!r}")
    return word in TRUE


def parse_contract(choice: str) -> ContractChoice:
    """The dialect that a setting means.

    Raises:
        ConfigurationError: there is no such dialect.
    """
    found: dict[str, ContractChoice] = {contract: contract for contract in CONTRACTS}
    word = choice.strip().lower()
    if word not in found:
        raise ConfigurationError(f"contract has to be one of {', '.join(CONTRACTS)}, not {choice!r}")
    return found[word]


def limits_of(limits: Limits | None) -> Limits:
    """The limits that an argument means.

    Raises:
        ConfigurationError: it is something else.
    """
    if limits is not None and not isinstance(limits, Limits):
        raise ConfigurationError(f"limits has to be Limits, such as Limits(pages=100), not {limits!r}")
    return limits or Limits()


def name_memory_of(choice: NameMemory | bool) -> NameMemory | None:
    """The memory of names that an argument means; None for none.

    Raises:
        ConfigurationError: it is something else.
    """
    if isinstance(choice, NameMemory):
        return choice
    if not isinstance(choice, bool):
        raise ConfigurationError(
            f"remember_names has to be True, False or NameMemory, such as NameMemory(seconds=60), not {choice!r}"
        )
    return NameMemory() if choice else None


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
        if attempts and not (attempts.isascii() and attempts.isdigit() and 0 < len(attempts.lstrip("0")) < MOST_DIGITS):
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


def _readable(ca_file: str | None) -> str | None:
    path = None if ca_file is None else os.path.expanduser(ca_file)  # noqa: PTH111  # it is handed on as text
    if path is not None and not (os.path.isfile(path) and os.access(path, os.R_OK)):  # noqa: PTH113
        raise ConfigurationError(f"ca_file has to be a file of certificates that can be read, not {ca_file!r}")
    return path
