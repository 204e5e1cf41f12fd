"""Tests of the order of settings: arguments, then the environment, then the profile, then defaults."""

from __future__ import annotations

import copy
import itertools
import pickle
from typing import TYPE_CHECKING

import pytest
from axtasks import AsyncAxClient, AxClient, ConfigurationError, InvalidArgumentError, RetryPolicy, Timeouts
from axtasks.config.credentials import Secret
from axtasks.config.endpoint import ENDPOINTS
from axtasks.config.settings import ENVIRONMENT, ProfileSource, Settings, resolve_settings
from axtasks.profiles import read_profile

from tests.unit.support import API_KEY, ClientKind, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

# Each way to name the server, with a value and the address it makes.
OVERRIDES = {
    "base_url": ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
    "api_host": ("arize.example:8443", "https://arize.example:8443"),
    "single_host": ("private.example", "https://private.example"),
    "region": ("eu-west-1a", "https://api.eu-west-1a.arize.com"),
    "base_domain": ("corp.example", "https://api.corp.example"),
}
NO_HOSTS = "a/b a?b a#b user@a a\\b a..b .a a%b :80 a: a:x a:99999 a:0 [::1".split()  # noqa: SIM905  shorter so
IN_ENVIRONMENT = [name for name in ENDPOINTS if name in ENVIRONMENT]

WORK_PROFILE = ProfileSource("work", read_profile)


def settle(
    arguments: dict[str, str | int | None] | None = None,
    environment: dict[str, str] | None = None,
    profile: ProfileSource | None = None,
    timeout: float | Timeouts | None = None,
) -> Settings:
    return resolve_settings(
        {"api_key": API_KEY, **(arguments or {})},
        timeout=timeout,
        environment=environment or {},
        profile=profile,
    )


def write_profile(home: Path, text: str) -> dict[str, str]:
    """Return an environment whose profile `work` has this text."""
    (home / "profiles").mkdir()
    (home / "profiles" / "work.toml").write_text(text, encoding="utf-8")
    return {"ARIZE_DIRECTORY": str(home)}


def test_with_nothing_but_a_key_the_vendors_server_is_meant() -> None:
    settings = settle()

    assert settings.base_url == "https://api.arize.com"
    assert settings.space is None
    assert settings.timeouts == Timeouts(connect=10, read=30, total=120)
    assert settings.retry == RetryPolicy()
    assert settings.on_ambiguous == "reconcile"
    assert settings.user_agent.startswith("ax-tasks/")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_argument_names_the_server(name: str) -> None:
    value, url = OVERRIDES[name]

    assert settle({name: value}).base_url == url


@pytest.mark.parametrize("name", IN_ENVIRONMENT)
def test_a_variable_names_the_server(name: str) -> None:
    value, url = OVERRIDES[name]

    assert settle({}, {ENVIRONMENT[name]: value}).base_url == url


def test_two_arguments_that_name_a_server_are_refused_by_name() -> None:
    for one, other in itertools.combinations(ENDPOINTS, 2):
        with pytest.raises(ConfigurationError, match=f"{one} and {other} are both given"):
            settle({one: OVERRIDES[one][0], other: OVERRIDES[other][0]})


def test_two_variables_that_name_a_server_are_refused_by_name() -> None:
    for one, other in itertools.combinations(IN_ENVIRONMENT, 2):
        variables = {ENVIRONMENT[name]: OVERRIDES[name][0] for name in (one, other)}
        with pytest.raises(ConfigurationError, match=f"{' and '.join(variables)} are both given"):
            settle({}, variables)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_argument_that_names_a_server_replaces_any_variable(name: str) -> None:
    value, url = OVERRIDES[name]

    for variable in IN_ENVIRONMENT:
        assert settle({name: value}, {ENVIRONMENT[variable]: "elsewhere"}).base_url == url, variable


@pytest.mark.parametrize(
    ("name", "read"),
    [("api_key", lambda s: s.api_key.reveal()), ("space", lambda s: s.space), ("api_host", lambda s: s.base_url[8:])],
    ids=["api_key", "space", "api_host"],
)
def test_an_argument_overrides_environment_profile_and_default_in_this_order(
    name: str, read: Callable[[Settings], str | None], tmp_path: Path
) -> None:
    section = {"api_key": "[auth]\napi_key = 'of-profile'", "api_host": "[routing]\napi_host = 'of-profile'"}
    environment = write_profile(tmp_path, section.get(name, ""))
    variable = {ENVIRONMENT[name]: "of-environment"}

    def resolved(argument: str | None, variables: dict[str, str]) -> object:
        arguments = {"api_key": None if name == "api_key" else API_KEY, name: argument}
        return read(
            resolve_settings(
                arguments, environment=environment | variables, profile=ProfileSource("work", read_profile)
            )
        )

    assert resolved("of-argument", variable) == "of-argument"
    assert resolved(None, variable) == "of-environment"
    if name in section:
        assert resolved(None, {}) == "of-profile"
        assert resolved(None, {ENVIRONMENT[name]: ""}) == "of-profile"


@pytest.mark.parametrize(
    ("arguments", "environment", "url"),
    [
        pytest.param({"api_scheme": "http"}, {}, "http://api.arize.com", id="argument"),
        pytest.param({}, {"ARIZE_API_SCHEME": "http"}, "http://api.arize.com", id="environment"),
        pytest.param({"api_scheme": "https"}, {"ARIZE_API_SCHEME": "http"}, "https://api.arize.com", id="both"),
        pytest.param({"api_scheme": "http", "region": "us"}, {}, "http://api.us.arize.com", id="with-region"),
        pytest.param({"base_url": "https://h"}, {"ARIZE_API_SCHEME": "http"}, "https://h", id="base-url-has-its-own"),
    ],
)
def test_the_scheme_goes_with_any_host(
    arguments: dict[str, str | int | None], environment: dict[str, str], url: str
) -> None:
    assert settle(arguments | {"allow_http": True}, environment).base_url == url


@pytest.mark.parametrize("scheme", ["ftp", "HTTP", "https://", "ws"])
def test_another_scheme_is_refused(scheme: str) -> None:
    with pytest.raises(ConfigurationError, match="api_scheme has to be one of https, http"):
        settle({"api_scheme": scheme})


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ({"single_host": "h", "single_port": 8443}, {}),
        ({"single_host": "h", "single_port": "8443"}, {}),
        ({}, {"ARIZE_SINGLE_HOST": "h", "ARIZE_SINGLE_PORT": "8443"}),
    ],
    ids=["number", "text", "environment"],
)
def test_a_single_host_may_have_a_port(arguments: dict[str, str | int | None], environment: dict[str, str]) -> None:
    assert settle(arguments, environment).base_url == "https://h:8443"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 ", "²", "٣", "9" * 5000, "0000070000"])
def test_an_invalid_port_is_refused(port: str) -> None:
    with pytest.raises(ConfigurationError, match="single_port has to be a port number"):
        settle({"single_host": "h", "single_port": port})


def test_a_port_without_its_host_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="single_port is given without single_host"):
        settle({"single_port": 8443})
    with pytest.raises(ConfigurationError, match="ARIZE_SINGLE_PORT is given without ARIZE_SINGLE_HOST"):
        settle({}, {"ARIZE_SINGLE_PORT": "8443"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ARIZE_API_HOST", "http://127.0.0.1:8765"),
        ("ARIZE_API_SCHEME", "ftp"),
        ("ARIZE_REGION", "us:1"),
        ("ARIZE_ALLOW_HTTP", "maybe"),
        ("ARIZE_TASKS_CONTRACT", "gamma"),
        ("ARIZE_CA_FILE", "nothing.pem"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{variable} has to be .*, not '{value}'"):
        settle({}, {variable: value})


def test_two_ports_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="single_host has to be a host name, without a port"):
        settle({"single_host": "h:80", "single_port": 8443})


@pytest.mark.parametrize("host", [*NO_HOSTS, "a b", "a\nb", "ä", "a" * 64])
def test_an_invalid_host_is_refused(host: str) -> None:
    for name in ENDPOINTS[1:]:
        with pytest.raises(ConfigurationError, match=f"{name} has to be a host name"):
            settle({name: host})


def test_a_region_has_no_port() -> None:
    with pytest.raises(ConfigurationError, match="region has to be a host name, without a port"):
        settle({"region": "us:8443"})


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://localhost", "http://localhost"),
        ("https://h.example:1/", "https://h.example:1"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://10.0.0.1:80", "http://10.0.0.1:80"),
    ],
)
def test_a_base_url_is_scheme_and_host(text: str, url: str) -> None:
    assert settle({"base_url": text, "allow_http": True}).base_url == url


@pytest.mark.parametrize(
    "text", ["h", "ftp://h", "http:/h", "//h", "http://", "http://h/v2", "http://k@h", "http://h?a"]
)
def test_any_other_base_url_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url has to"):
        settle({"base_url": text})


def test_a_profile_without_a_key_is_named() -> None:
    def read(name: str, *, environment: Mapping[str, str], need_key: bool) -> Mapping[str, object]:
        del name, environment, need_key
        return {"contract": "beta"}

    with pytest.raises(ConfigurationError, match=r"^no API key, and profile 'work' has none: pass api_key="):
        resolve_settings({}, environment={}, profile=ProfileSource("work", read))


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_the_error_says_how_to_give_one(key: str | None) -> None:
    with pytest.raises(ConfigurationError, match=r"no API key: pass api_key=\.\.\., or set ARIZE_API_KEY"):
        settle({"api_key": key})


@pytest.mark.parametrize(
    ("end", "position"), [("\n", 13), (" ", 13), ("\r\n", 13), ("ä", 13), ("\x00", 13), ("\x7f", 13), ("-\t", 14)]
)
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(end: str, position: int) -> None:
    with pytest.raises(ConfigurationError, match=f"its character {position} of") as caught:
        settle({"api_key": "planted-key-" + end})

    assert "planted" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), "5", True])
def test_a_timeout_that_is_no_positive_number_is_refused(timeout: float) -> None:
    with pytest.raises(ConfigurationError, match="timeout has to be a positive number of seconds"):
        settle(timeout=timeout)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (2.5, Timeouts(connect=2.5, read=2.5, total=2.5)),
        (20, Timeouts(connect=10, read=20, total=20)),
        (600, Timeouts(connect=10, read=30, total=600)),
        (Timeouts(read=3), Timeouts(connect=10, read=3, total=120)),
    ],
    ids=["short", "middling", "long", "in-steps"],
)
def test_a_timeout_is_for_the_whole_call_unless_given_in_steps(given: float | Timeouts, meant: Timeouts) -> None:
    assert settle(timeout=given).timeouts == meant


@pytest.mark.both_clients
@pytest.mark.parametrize("step", ["connect", "read", "total"])
def test_a_step_may_last_for_ever_but_no_uncountable_time(step: str, client_kind: ClientKind, stage: Stage) -> None:
    for_ever = {"connect": float("inf"), "read": float("inf"), "total": float("inf")}
    assert client_kind.ask(stage.recorder, lambda ax: ax.spaces.list(), timeout=Timeouts(**for_ever)).items

    with pytest.raises(InvalidArgumentError, match=rf"timeout\.{step} is more seconds than can be counted"):
        Timeouts(**{step: 10**400})
    with pytest.raises(ConfigurationError, match="timeout is more seconds than can be counted"):
        settle(timeout=10**5000)


@pytest.mark.parametrize("value", [0, -1, float("nan"), "5"], ids=repr)
def test_a_step_that_is_no_positive_number_of_seconds_is_refused(value: float) -> None:
    for step in ("connect", "read", "total"):
        with pytest.raises(InvalidArgumentError, match=rf"timeout\.{step} has to be a positive number of seconds"):
            Timeouts(**{step: value})


def test_the_environment_of_the_process_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARIZE_API_KEY", API_KEY)
    monkeypatch.setenv("ARIZE_REGION", "eu-west-1a")
    monkeypatch.setenv("ARIZE_SPACE", "demo")

    client = AxClient()

    assert (client.base_url, client.space) == ("https://api.eu-west-1a.arize.com", "demo")


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_a_client_that_cannot_be_set_up_is_not_made(kind: type[AxClient] | type[AsyncAxClient]) -> None:
    with pytest.raises(ConfigurationError, match="no API key"):
        kind()
    with pytest.raises(ConfigurationError, match="region and base_domain"):
        kind(api_key=API_KEY, region="us", base_domain="corp.example")


def test_the_key_does_not_show_in_settings() -> None:
    settings = settle()

    assert API_KEY not in f"{settings!r} {settings} {settings.api_key} {settings.api_key!r} {[settings.api_key]}"
    assert settings.api_key.reveal() == API_KEY


@pytest.mark.parametrize("attempt", [pickle.dumps, copy.copy, copy.deepcopy])
def test_the_key_cannot_be_carried_away(attempt: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match="a secret cannot be pickled"):
        attempt(Secret(API_KEY))


def test_a_key_is_taken_out_of_what_repeats_it_unless_it_is_too_short_to_be_one() -> None:
    assert Secret(API_KEY).redact(f"Bearer {API_KEY}!".encode()) == b"Bearer ***!"
    assert Secret("demo").redact(b"the demo space") == b"the demo space"


def test_the_environment_says_how_often_a_request_may_be_sent() -> None:
    assert settle(environment={"ARIZE_TASKS_ATTEMPTS": "7"}).retry == RetryPolicy(attempts=7)


def test_a_policy_that_is_given_comes_before_the_environment() -> None:
    settings = resolve_settings(
        {"api_key": API_KEY}, retry=RetryPolicy(attempts=2), environment={"ARIZE_TASKS_ATTEMPTS": "7"}
    )

    assert settings.retry.attempts == 2


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "٣", "9" * 5000])
def test_a_number_of_attempts_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="ARIZE_TASKS_ATTEMPTS has to be a whole number of at least 1"):
        settle(environment={"ARIZE_TASKS_ATTEMPTS": text})


class TestContract:
    @pytest.mark.parametrize("given", ["documents", "beta", "auto", "Beta", " AUTO "])
    def test_the_contract_is_one_of_three_names_in_any_case(self, given: str) -> None:
        settings = resolve_settings({"api_key": Secret(API_KEY), "contract": given}, environment={})

        assert settings.contract == given.strip().lower()

    def test_the_contract_is_detected_by_default(self) -> None:
        assert resolve_settings({"api_key": Secret(API_KEY)}, environment={}).contract == "auto"

    def test_the_contract_argument_overrides_the_environment(self) -> None:
        environment = {"ARIZE_TASKS_CONTRACT": "beta"}

        assert resolve_settings({"api_key": Secret(API_KEY)}, environment=environment).contract == "beta"
        chosen = resolve_settings({"api_key": Secret(API_KEY), "contract": "documents"}, environment=environment)
        assert chosen.contract == "documents"

    def test_a_profile_has_it_beside_the_server(self, tmp_path: Path) -> None:
        (tmp_path / "profiles").mkdir()
        profile = tmp_path / "profiles" / "work.toml"
        profile.write_text(f'[auth]\napi_key = "{API_KEY}"\n[routing]\ncontract = "beta"\n', encoding="utf-8")
        profile.chmod(0o600)

        settings = resolve_settings(
            {}, environment={"ARIZE_DIRECTORY": str(tmp_path)}, profile=ProfileSource("work", read_profile)
        )

        assert settings.contract == "beta"

    def test_the_profile_is_named_that_has_another(self) -> None:
        def read(name: str, *, environment: Mapping[str, str], need_key: bool) -> Mapping[str, object]:
            del name, environment, need_key
            return {"contract": "gamma"}

        with pytest.raises(ConfigurationError, match=r"^contract of profile 'work' has to be one of .*, not 'gamma'"):
            resolve_settings({"api_key": Secret(API_KEY)}, environment={}, profile=ProfileSource("work", read))

    def test_an_unknown_contract_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(ConfigurationError, match="contract has to be one of documents, beta, auto, not 'gamma'"):
            resolve_settings({"api_key": Secret(API_KEY), "contract": "gamma"}, environment={})
