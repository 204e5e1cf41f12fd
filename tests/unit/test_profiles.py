"""Tests of profiles of the vendor's command line, which are read only when one is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AxClient, ConfigurationError
from axtasks.profiles import read_profile

from tests.unit.support import API_KEY

if TYPE_CHECKING:
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

FULL = """
[profile]
name = "work"
[auth]
auth_method = "api-key"
api_key = "key-of-profile"
[routing]
api_host = "arize.example"
api_scheme = "http"
otlp_host = "otlp.arize.example"
[output]
format = "table"
[update]
enabled = false
"""


class Profiles:
    """A folder of profiles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "arize"
        (self.folder / "profiles").mkdir(parents=True)

    def write(self, text: str, name: str = "work") -> None:
        (self.folder / "profiles" / f"{name}.toml").write_text(text, encoding="utf-8")

    def read(self, name: str = "work", **environment: str) -> dict[str, object]:
        return read_profile(name, environment={"ARIZE_DIRECTORY": str(self.folder), **environment})


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    return Profiles(tmp_path)


def test_the_key_and_the_routing_are_read_and_the_rest_is_left_alone(profiles: Profiles) -> None:
    profiles.write(FULL)

    assert profiles.read() == {"api_key": "key-of-profile", "api_host": "arize.example", "api_scheme": "http"}


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ('region = "us-east-1b"', {"region": "us-east-1b"}),
        ('single_host = "h"\nsingle_port = 8443', {"single_host": "h", "single_port": "8443"}),
        ('base_domain = "corp.example"', {"base_domain": "corp.example"}),
        ('region = ""', {}),
    ],
    ids=["region", "single-host-and-port", "base-domain", "empty"],
)
def test_each_way_of_naming_the_server_is_read(profiles: Profiles, line: str, setting: dict[str, str]) -> None:
    profiles.write(f"[routing]\n{line}\n")

    assert profiles.read() == setting


@pytest.mark.parametrize(
    ("text", "environment", "value"),
    [
        ("${KEY}", {"KEY": "abc"}, "abc"),
        ("${KEY:other}", {"KEY": "abc"}, "abc"),
        ("${KEY:other}", {}, "other"),
        ("${KEY:}", {}, ""),
        ("a-${KEY}-${END:z}", {"KEY": "b"}, "a-b-z"),
        ("${KEY:http://h:80}", {}, "http://h:80"),
        ("$KEY", {"KEY": "abc"}, "$KEY"),
        ("${KEY}", {"KEY": "${OTHER}", "OTHER": "x"}, "${OTHER}"),
    ],
    ids=[
        "set",
        "set-with-default",
        "default",
        "empty-default",
        "within-text",
        "default-with-colons",
        "no-braces",
        "once",
    ],
)
def test_variables_are_filled_in(profiles: Profiles, text: str, environment: dict[str, str], value: str) -> None:
    profiles.write(f'[auth]\napi_key = "{text}"\n')

    assert profiles.read(**environment) == {"api_key": value}


def test_a_missing_variable_is_named_with_the_setting_that_needs_it(profiles: Profiles) -> None:
    profiles.write('[auth]\napi_key = "${NOT_THERE}"\n')

    with pytest.raises(ConfigurationError, match="api_key needs the environment variable NOT_THERE, which is not set"):
        profiles.read()


def test_a_profile_that_signs_in_by_oauth_is_refused(profiles: Profiles) -> None:
    profiles.write('[auth]\nauth_method = "oauth"\n[auth.oauth]\naccess_token = "t"\n')

    with pytest.raises(ConfigurationError, match="signs in by 'oauth', which this client does not do"):
        profiles.read()


def test_a_missing_profile_is_refused_with_the_names_of_those_there_are(profiles: Profiles) -> None:
    profiles.write("", "default")
    profiles.write("", "away")

    with pytest.raises(ConfigurationError, match=r"there is no profile 'work' in .*; there are: away, default"):
        profiles.read()


def test_without_any_profile_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there are: none"):
        read_profile("work", environment={"ARIZE_DIRECTORY": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("name", ["", ".", "..", "../work", "a/b", ".hidden", "a b", b"work", 5])
def test_a_name_that_leads_elsewhere_is_refused(profiles: Profiles, name: Any) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name of a profile"):
        profiles.read(name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[auth\n", "cannot be read"),
        (b"api_key = \xff\n", "cannot be read"),
        (b'auth = "key"\n', r"auth has to be a section, written \[auth\]"),
        (b"routing = 5\n", r"routing has to be a section, written \[routing\]"),
        (b"auth = " + b"[" * 5000, "cannot be read: it is nested too deeply"),
    ],
    ids=["no-toml", "no-text", "auth-is-text", "routing-is-a-number", "nested-lists"],
)
def test_a_file_that_is_no_profile_is_refused(profiles: Profiles, content: bytes, message: str) -> None:
    (profiles.folder / "profiles" / "work.toml").write_bytes(content)

    with pytest.raises(ConfigurationError, match=message):
        profiles.read()


def test_sections_may_be_nested_more_deeply_than_functions_can_call_themselves(profiles: Profiles) -> None:
    (profiles.folder / "profiles" / "work.toml").write_text(f"[auth]\napi_key = '{API_KEY}'\n{'a.' * 3000}b = 1\n")

    assert profiles.read()["api_key"] == API_KEY


def test_a_file_that_begins_with_a_byte_order_mark_is_read(profiles: Profiles) -> None:
    (profiles.folder / "profiles" / "work.toml").write_bytes(b"\xef\xbb\xbf" + FULL.encode())

    assert profiles.read()["api_key"] == "key-of-profile"


def test_a_client_finds_the_profile_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".arize" / "profiles").mkdir(parents=True)
    (tmp_path / ".arize" / "profiles" / "work.toml").write_text(FULL, encoding="utf-8")

    assert AxClient(profile="work", allow_http=True).base_url == "http://arize.example"


def test_the_environment_overrides_the_profile_and_an_argument_both(
    monkeypatch: pytest.MonkeyPatch, profiles: Profiles
) -> None:
    profiles.write(FULL)
    monkeypatch.setenv("ARIZE_DIRECTORY", str(profiles.folder))
    monkeypatch.setenv("ARIZE_REGION", "us")

    assert AxClient(profile="work", allow_http=True).base_url == "http://api.us.arize.com"
    assert AxClient(profile="work", base_domain="corp.example", allow_http=True).base_url == "http://api.corp.example"


def test_two_servers_in_one_profile_are_refused(monkeypatch: pytest.MonkeyPatch, profiles: Profiles) -> None:
    profiles.write('[routing]\nregion = "us"\nbase_domain = "corp.example"\n')
    monkeypatch.setenv("ARIZE_DIRECTORY", str(profiles.folder))

    with pytest.raises(ConfigurationError, match="region of profile 'work' and base_domain of profile 'work' are both"):
        AxClient(api_key=API_KEY, profile="work")


def test_a_bad_key_of_a_profile_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, profiles: Profiles
) -> None:
    profiles.write(f'[auth]\napi_key = "{API_KEY}\\n"\n')
    monkeypatch.setenv("ARIZE_DIRECTORY", str(profiles.folder))

    with pytest.raises(ConfigurationError, match="cannot be sent") as caught:
        AxClient(profile="work")
    assert API_KEY not in f"{caught.value} {caught.value!r}"


def test_without_a_named_profile_none_is_read(monkeypatch: pytest.MonkeyPatch, profiles: Profiles) -> None:
    profiles.write("[auth\n", "default")
    monkeypatch.setenv("ARIZE_DIRECTORY", str(profiles.folder))

    assert AxClient(api_key=API_KEY).base_url == "https://api.arize.com"
