"""Tests of profiles: found, chosen, written for their owner alone, and refused with a reason."""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AxClient, ConfigurationError
from axtasks.extras import install_command
from axtasks.profiles import (
    active_profile,
    create_profile,
    profile_content,
    profile_names,
    profile_path,
    read_profile,
    use_profile,
)

from tests.unit.support import API_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

# What the vendor's tools write: all that is not empty, defaults included.
OF_THE_VENDOR = """
[profile]
name = "work"
[auth]
auth_method = "api-key"
api_key = "${KEY}"
[routing]
region = "eu-west-1a"
api_host = "api.arize.com"
api_scheme = "https"
app_host = "app.arize.com"
otlp_host = "otlp.arize.com"
flight_port = "443"
[security]
request_verify = true
[output]
format = "table"
"""


class Home:
    """A folder of profiles, and an environment that names it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"ARIZE_DIRECTORY": str(folder)}

    def write(self, text: str, name: str = "work", mode: int = 0o600) -> Path:
        path = profile_path(name, environment=self.environment)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def choose(self, text: str) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / ".active_profile").write_text(text, encoding="utf-8")

    def create(self, settings: Mapping[str, str | int], *, overwrite: bool = False) -> Path:
        return create_profile("work", settings, overwrite=overwrite, environment=self.environment)

    def read(self, *, need_key: bool = True, **variables: str) -> dict[str, object]:
        return read_profile("work", environment=self.environment | variables, need_key=need_key)

    @property
    def active(self) -> str | None:
        return active_profile(environment=self.environment)

    @property
    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "arize")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestFinding:
    def test_profiles_are_listed_by_name_and_other_files_are_not(self, home: Home) -> None:
        for name in ("work", "default", "a.b"):
            home.write("", name)
        (home.folder / "profiles" / ".hidden.toml").touch()
        (home.folder / "profiles" / "notes.txt").touch()

        assert profile_names(environment=home.environment) == ["a.b", "default", "work"]

    def test_without_a_folder_there_are_none(self, home: Home) -> None:
        assert profile_names(environment=home.environment) == []
        assert home.active is None

    def test_the_home_folder_is_where_they_are_unless_a_variable_says_otherwise(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert profile_path("work") == tmp_path / ".arize" / "profiles" / "work.toml"

        monkeypatch.setenv("ARIZE_DIRECTORY", str(tmp_path / "elsewhere"))

        assert profile_path("work") == tmp_path / "elsewhere" / "profiles" / "work.toml"

    @pytest.mark.parametrize(
        "text", ["work", "work\n", "  work  ", "\ufeffwork"], ids=["plain", "line", "blanks", "byte-order-mark"]
    )
    def test_the_active_one_is_the_one_that_was_chosen(self, home: Home, text: str) -> None:
        home.write("", "default")
        home.write("", "work")
        home.choose(text)

        assert home.active == "work"

    @pytest.mark.parametrize("text", [None, "", "\n"], ids=["no-file", "empty", "blank"])
    def test_as_long_as_none_was_chosen_it_is_the_default_one_if_there_is_one(
        self, home: Home, text: str | None
    ) -> None:
        home.write("", "work")
        if text is not None:
            home.choose(text)
        assert home.active is None

        home.write("", "default")

        assert home.active == "default"

    @pytest.mark.parametrize("name", ["gone", "../work"])
    def test_a_chosen_one_that_is_not_there_is_an_error_that_says_so(self, home: Home, name: str) -> None:
        home.write("", "work")
        home.choose(name)

        with pytest.raises(ConfigurationError, match=f"'{name}', which is not there; there are: work"):
            assert home.active

    def test_a_choice_that_cannot_be_read_is_an_error(self, home: Home) -> None:
        (home.folder / ".active_profile").mkdir(parents=True)

        with pytest.raises(ConfigurationError, match="names the active profile, cannot be read"):
            assert home.active

    def test_a_folder_that_may_not_be_entered_has_no_profiles(self, home: Home) -> None:
        """Containers often run with the home folder of another user."""
        home.folder.touch(mode=0o600)

        assert home.active is None

    @pytest.mark.posix
    def test_without_any_home_folder_none_is_active(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import pwd

        def unknown(uid: int) -> object:
            raise KeyError(uid)

        monkeypatch.delenv("HOME")
        monkeypatch.setattr(pwd, "getpwuid", unknown)

        assert active_profile() is None
        with pytest.raises(ConfigurationError, match="the home folder is unknown: set HOME or ARIZE_DIRECTORY"):
            profile_path("work")


class TestCreating:
    def test_a_profile_is_written_in_the_vendors_layout(self, home: Home) -> None:
        path = home.create({"api_key": API_KEY, "single_host": "arize.example", "single_port": 8443})

        assert tomllib.loads(path.read_text(encoding="utf-8")) == {
            "profile": {"name": "work"},
            "auth": {"auth_method": "api-key", "api_key": API_KEY},
            "routing": {"single_host": "arize.example", "single_port": "8443"},
        }
        assert profile_names(environment=home.environment) == ["work"]
        assert home.read() == {"api_key": API_KEY, "single_host": "arize.example", "single_port": "8443"}

    def test_placeholders_are_kept_until_it_is_read(self, home: Home) -> None:
        home.create({"api_key": "${KEY}", "region": "${REGION:us}", "api_scheme": "${SCHEME:https}"})

        assert home.read(KEY="one") == {"api_key": "one", "region": "us", "api_scheme": "https"}
        assert home.read(KEY="two", REGION="eu")["region"] == "eu"

    @pytest.mark.posix
    def test_only_the_owner_can_read_it_whatever_the_umask_allows(self, home: Home) -> None:
        before = os.umask(0)
        try:
            path = home.create({"api_key": API_KEY})
            use_profile("work", environment=home.environment)
        finally:
            os.umask(before)

        assert mode_of(path) == 0o600
        assert mode_of(home.folder / ".active_profile") == 0o600
        assert mode_of(home.folder / "profiles") == 0o700
        assert mode_of(home.folder) == 0o700

    @pytest.mark.posix
    def test_an_existing_profile_is_replaced_only_on_request(self, home: Home) -> None:
        path = home.write(OF_THE_VENDOR, mode=0o644)

        with pytest.raises(ConfigurationError, match="there is a profile 'work' already"):
            home.create({"api_key": API_KEY})
        assert path.read_text(encoding="utf-8") == OF_THE_VENDOR

        home.create({"api_key": API_KEY}, overwrite=True)
        assert home.read() == {"api_key": API_KEY}
        assert mode_of(path) == 0o600

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({}, "needs an api_key, which may be written as"),
            ({"api_key": ""}, "needs an api_key"),
            ({"api_key": f"{API_KEY}\n"}, "the API key cannot be sent"),
            (
                {"api_key": API_KEY, "colour": "red"},
                "does not have colour; it has: api_key, .*, region",
            ),
            ({"api_key": API_KEY, "region": "a", "base_domain": "b"}, "region and base_domain are both given"),
            ({"api_key": API_KEY, "region": "${A}", "api_host": "b"}, "api_host and region are both given"),
            ({"api_key": API_KEY, "single_port": "${A}"}, "single_port is given without single_host"),
            ({"api_key": API_KEY, "api_host": "a/b"}, "api_host has to be a host name"),
            ({"api_key": API_KEY, "api_scheme": "ftp"}, "api_scheme has to be one of"),
        ],
        ids=["nothing", "empty-key", "key", "unknown", "two-servers", "two-with-variable", "port", "host", "scheme"],
    )
    def test_a_profile_that_no_client_could_use_is_not_written(
        self, home: Home, settings: dict[str, str], message: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=message) as caught:
            home.create(settings)

        assert API_KEY not in str(caught.value)
        assert not home.folder.exists()

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"region": None}, "region of a profile has to be text, not NoneType$"),
            ({"api_key_command": ["pass", API_KEY]}, "api_key_command of a profile has to be text, not list$"),
            ({"api_key": API_KEY.encode()}, "api_key of a profile has to be text, not bytes$"),
        ],
        ids=["none", "list", "bytes"],
    )
    def test_what_is_no_text_is_not_written_as_its_repr(
        self, home: Home, settings: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ConfigurationError, match=message):
            home.create({"api_key": API_KEY} | settings)

        assert home.files == []

    @pytest.mark.parametrize("name", ["", "../work", "a/b", ".hidden"])
    def test_a_name_that_leads_elsewhere_is_refused(self, home: Home, name: str) -> None:
        with pytest.raises(ConfigurationError, match="cannot be the name of a profile"):
            create_profile(name, {"api_key": API_KEY}, environment=home.environment)

    def test_after_a_failure_everything_is_as_it_was(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        path = home.write(OF_THE_VENDOR)

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ConfigurationError, match=r"cannot be written: .*No space left on device"):
            home.create({"api_key": API_KEY}, overwrite=True)

        assert path.read_text(encoding="utf-8") == OF_THE_VENDOR
        assert home.files == ["profiles/work.toml"]

    def test_where_no_folder_can_be_made_the_error_says_where(self, home: Home) -> None:
        home.folder.touch()

        with pytest.raises(ConfigurationError, match=r"profiles/work.toml cannot be written"):
            home.create({"api_key": API_KEY})

    def test_without_the_toml_writer_the_error_names_the_extra(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "tomli_w", None)

        with pytest.raises(ImportError, match=re.escape(install_command("cli"))):
            home.create({"api_key": API_KEY})
        assert not home.folder.exists()


class TestChoosing:
    def test_the_chosen_one_is_active_and_written_as_the_vendors_tools_write_it(self, home: Home) -> None:
        home.write("", "default")
        home.create({"api_key": API_KEY})

        use_profile("work", environment=home.environment)

        assert home.active == "work"
        assert (home.folder / ".active_profile").read_bytes() == b"work"
        assert home.files == [".active_profile", "profiles/default.toml", "profiles/work.toml"]

    def test_a_missing_profile_cannot_be_chosen(self, home: Home) -> None:
        home.write("", "default")
        home.choose("default")

        with pytest.raises(ConfigurationError, match=r"there is no profile 'work' in .*; there are: default"):
            use_profile("work", environment=home.environment)
        assert home.active == "default"


class TestWarning:
    """Tests of the warning about a key that others can read."""

    @pytest.mark.parametrize(
        "auth",
        [
            f'api_key = "{API_KEY}"',
            'api_key = "${KEY:in-the-file}"',
            'api_key = "ak-${KEY}"',
            'auth_method = "oauth"\noauth = {access_token = "t"}',
        ],
        ids=["key", "default", "part-of-it", "token"],
    )
    @pytest.mark.posix
    def test_a_file_with_a_key_that_others_can_read_is_warned_about_once(
        self, home: Home, caplog: pytest.LogCaptureFixture, auth: str
    ) -> None:
        path = home.write(f"[auth]\n{auth}\n", mode=0o640)

        for _ in range(2):
            profile_content("work", environment=home.environment)

        assert [(record.name, record.levelname) for record in caplog.records] == [("axtasks.profiles", "WARNING")]
        assert f"chmod 600 {path}" in caplog.text
        assert API_KEY not in caplog.text

    @pytest.mark.parametrize(
        ("auth", "mode"),
        [
            pytest.param(f'api_key = "{API_KEY}"', 0o600, id="nobody-else-can-read-it"),
            pytest.param('api_key = "${KEY}"', 0o644, id="only-a-variable"),
            pytest.param('api_key = "${KEY:}"', 0o644, id="empty-default"),
            pytest.param('auth_method = "api-key"', 0o644, id="no-key"),
        ],
    )
    def test_other_files_are_not_warned_about(
        self, home: Home, caplog: pytest.LogCaptureFixture, auth: str, mode: int
    ) -> None:
        home.write(f"[auth]\n{auth}\n", mode=mode)

        profile_content("work", environment=home.environment)

        assert caplog.records == []


class TestWhatAProfileMayAskFor:
    OAUTH = '[auth]\nauth_method = "oauth"\n[auth.oauth]\naccess_token = "t"\n[routing]\nregion = "eu"\n'

    def test_a_file_of_the_vendors_tools_is_read_as_they_read_it(self, home: Home) -> None:
        """The region counts, although the vendor's tools write their default host beside it."""
        home.write(OF_THE_VENDOR)

        assert home.read(KEY="k") == {"api_key": "k", "region": "eu-west-1a", "api_scheme": "https"}

    def test_a_host_of_ones_own_beside_a_region_is_left_for_the_client_to_refuse(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home.write('[routing]\nregion = "eu"\napi_host = "arize.example"\n')
        monkeypatch.setenv("ARIZE_DIRECTORY", str(home.folder))

        with pytest.raises(ConfigurationError, match="api_host of profile 'work' and region of profile 'work' are"):
            AxClient(api_key=API_KEY, profile="work")

    def test_signing_in_by_oauth_does_not_matter_when_the_key_is_given(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home.write(self.OAUTH)
        monkeypatch.setenv("ARIZE_DIRECTORY", str(home.folder))

        assert AxClient(api_key=API_KEY, profile="work").base_url == "https://api.eu.arize.com"
        with pytest.raises(ConfigurationError, match="put an api_key into it, or set ARIZE_API_KEY"):
            AxClient(profile="work")

        monkeypatch.setenv("ARIZE_API_KEY", API_KEY)
        assert AxClient(profile="work").base_url == "https://api.eu.arize.com"

    def test_old_files_that_have_nothing_but_oauth_are_refused_too(self, home: Home) -> None:
        home.write(self.OAUTH.replace('auth_method = "oauth"\n', ""))

        with pytest.raises(ConfigurationError, match="signs in by 'oauth', which this client does not do"):
            home.read()

    def test_the_key_of_the_profile_is_not_read_when_it_is_not_needed(self, home: Home) -> None:
        home.write('[auth]\napi_key = "${NOT_SET}"\n[routing]\nregion = "eu"\n')

        assert home.read(need_key=False) == {"region": "eu"}

    @pytest.mark.parametrize("value", ["false", '"false"', '"No"', "0", '"${VERIFY:false}"', '"${OFF}"'])
    @pytest.mark.parametrize("need_key", [True, False], ids=["key-of-profile", "key-given"])
    def test_certificates_are_always_checked(self, home: Home, value: str, need_key: bool) -> None:
        home.write(f'[auth]\napi_key = "k"\n[security]\nrequest_verify = {value}\n')

        with pytest.raises(ConfigurationError, match=r"request_verify.*always checks.*ca_file.*SSL_CERT_FILE"):
            home.read(need_key=need_key, OFF="off")

    @pytest.mark.parametrize("value", ["true", '"True"', '"on"', "1", '""', '"${VERIFY:yes}"'])
    def test_asking_for_that_check_is_fine(self, home: Home, value: str) -> None:
        home.write(f'[auth]\napi_key = "k"\n[security]\nrequest_verify = {value}\n')

        assert home.read() == {"api_key": "k"}


def test_a_link_to_a_profile_stays_one(home: Home, tmp_path: Path) -> None:
    """Some keep such files in another folder, and only links to them here."""
    path = home.write(OF_THE_VENDOR)
    folder = tmp_path / "elsewhere" / "profiles"
    folder.mkdir(parents=True)
    kept = path.rename(folder / "kept.toml")
    path.symlink_to(kept)

    home.create({"api_key": API_KEY}, overwrite=True)

    assert path.is_symlink()
    assert tomllib.loads(kept.read_text())["auth"]["api_key"] == API_KEY
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
