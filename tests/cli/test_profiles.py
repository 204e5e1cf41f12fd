"""Tests of `ax profiles`, which lists, shows, writes and chooses profiles, and never shows a key."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from axtasks.extras import install_command
from axtasks.mock import default_world as known
from axtasks.profiles import active_profile, create_profile, profile_names, profile_path, use_profile

if TYPE_CHECKING:
    from pathlib import Path

    from axtasks.mock import MockServer

    from tests.cli.support import Ax

KEY = "planted-key-5b1e"
# Gives a command a terminal of its own, and copies between that and the standard streams.
ON_A_TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
AX = "from axtasks.cli import main; main(prog_name='ax')"

EVERYTHING = f"""
[profile]
name = "work"
[auth]
auth_method = "oauth"
api_key = "{KEY}"
since = 2026-03-01T00:00:00Z
[auth.oauth]
access_token = "{KEY}"
refresh_token = "${{REFRESH}}"
user_email = "{KEY}@example.com"
[routing]
region = "${{REGION:us}}"
[network]
proxy_url = "http://user:{KEY}@proxy:3128/a"
[transport]
stream_max_workers = 8
ratio = 0.5
[transport.headers]
Authorization = "Bearer {KEY}"
X-Plain = "plain"
[other]
api_token = ["{KEY}", {{deep = "{KEY}"}}]
mixed_secret = "{KEY}-${{ONE}}${{TWO:{KEY}}}${{THREE:}}"
pin_password = 1234
enabled = true
at = 2026-03-01
"""


@pytest.fixture
def bare(ax: Ax, monkeypatch: pytest.MonkeyPatch) -> Ax:
    """Run `ax` without any setting in the environment."""
    for name in ("ARIZE_API_KEY", "ARIZE_API_HOST", "ARIZE_API_SCHEME"):
        monkeypatch.delenv(name)
    return ax


def write(text: str, name: str = "work", mode: int = 0o600) -> Path:
    """Write a profile with a text."""
    path = profile_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


class TestList:
    def test_none_is_said_on_standard_error(self, bare: Ax) -> None:
        finished = bare("profiles", "list")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", "No profiles.\n")

    def test_the_active_one_is_marked(self, bare: Ax) -> None:
        for name in ("work", "play"):
            create_profile(name, {"api_key": KEY})
        use_profile("work")

        finished = bare("profiles", "list", "-o", "json")

        assert finished.json == {
            "profiles": [
                {"name": "play", "active": False, "path": str(profile_path("play"))},
                {"name": "work", "active": True, "path": str(profile_path("work"))},
            ]
        }
        assert finished.stderr == ""

    def test_the_one_of_the_environment_goes_before_the_chosen_one(
        self, bare: Ax, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("work", "play"):
            create_profile(name, {"api_key": KEY})
        use_profile("work")
        monkeypatch.setenv("ARIZE_PROFILE", "play")

        rows = csv.DictReader(io.StringIO(bare("profiles", "list", "-o", "csv").stdout))

        assert {row["name"]: row["active"] for row in rows} == {"play": "true", "work": "false"}

    def test_one_of_the_environment_that_is_not_there_is_noted(self, bare: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        create_profile("work", {"api_key": KEY})
        monkeypatch.setenv("ARIZE_PROFILE", "wrok")

        finished = bare("profiles", "list")

        assert finished.stderr == "Note: ARIZE_PROFILE names profile 'wrok', which is not there.\n"

    def test_a_table_has_a_line_for_each(self, bare: Ax) -> None:
        create_profile("work", {"api_key": KEY})

        lines = bare("profiles", "list").stdout.splitlines()

        assert len(lines) == 2
        assert lines[1].split() == ["work", "false", str(profile_path("work"))]

    def test_quiet_prints_names_alone(self, bare: Ax) -> None:
        for name in ("work", "play"):
            create_profile(name, {"api_key": KEY})

        assert bare("profiles", "list", "-q").stdout == "play\nwork\n"
        assert bare("profiles", "list", "-q", "--columns", "name", "-o", "csv").stdout.split() == [
            "name",
            "play",
            "work",
        ]

    def test_one_that_was_chosen_and_is_gone_is_noted(self, bare: Ax) -> None:
        path = create_profile("work", {"api_key": KEY})
        create_profile("play", {"api_key": KEY})
        use_profile("work")
        path.unlink()

        finished = bare("profiles", "list")

        assert finished.exit_code == 0
        assert "play" in finished.stdout
        assert "Note: the active profile is 'work', which is not there; there are: play" in finished.stderr

    def test_files_that_cannot_be_read_are_listed_all_the_same(self, bare: Ax) -> None:
        write("[broken")

        assert bare("profiles", "list", "-q").stdout == "work\n"


class TestShow:
    def test_everything_is_shown_but_secrets(self, bare: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        path = write(EVERYTHING)
        monkeypatch.setenv("ONE", "value-of-one")

        finished = bare("profiles", "show", "work", "-o", "json")

        assert finished.exit_code == 0
        assert finished.json == {
            "name": "work",
            "active": False,
            "path": str(path),
            "settings": {
                "profile": {"name": "work"},
                "auth": {
                    "auth_method": "oauth",
                    "api_key": "***",
                    "since": "***",
                    "oauth": {"access_token": "***", "refresh_token": "${REFRESH}", "user_email": "***"},
                },
                "routing": {"region": "${REGION:us}"},
                "network": {"proxy_url": "http://***@proxy:3128/a"},
                "transport": {
                    "stream_max_workers": 8,
                    "ratio": 0.5,
                    "headers": {"Authorization": "***", "X-Plain": "plain"},
                },
                "other": {
                    "api_token": ["***", {"deep": "***"}],
                    "mixed_secret": "***${ONE}${TWO:***}${THREE}",
                    "pin_password": "***",
                    "enabled": True,
                    "at": "2026-03-01",
                },
            },
            "variables": {
                "REFRESH": "not set",
                "REGION": "not set",
                "ONE": "set",
                "TWO": "not set",
                "THREE": "not set",
            },
        }

    @pytest.mark.parametrize("output", ["table", "json", "jsonl", "csv"])
    def test_no_secret_appears_in_any_format(self, bare: Ax, monkeypatch: pytest.MonkeyPatch, output: str) -> None:
        write(EVERYTHING)
        monkeypatch.setenv("REFRESH", f"refresh-{KEY}")

        for extra in ([], ["--verbose"], ["--debug"]):
            finished = bare("profiles", "show", "work", "-o", output, *extra)
            assert finished.exit_code == 0
            assert KEY not in finished.stdout + finished.stderr
            assert "***" in finished.stdout

    def test_people_get_a_line_per_setting(self, bare: Ax) -> None:
        create_profile("work", {"api_key": "${MY_KEY}", "region": "eu-west-1a"})
        use_profile("work")

        lines = [line.split() for line in bare("profiles", "show").stdout.splitlines()]

        for line in (["name", "work"], ["active", "true"], ["api_key", "${MY_KEY}"], ["MY_KEY", "not", "set"]):
            assert line in lines

    def test_an_empty_name_is_not_taken_for_none(self, bare: Ax) -> None:
        create_profile("work", {"api_key": "${MY_KEY}"})
        use_profile("work")

        finished = bare("profiles", "show", "")

        assert finished.exit_code == 2
        assert "'[NAME]': it is empty; leave it out for the default" in finished.stderr

    def test_without_a_name_it_is_the_one_that_commands_fall_back_on(
        self, bare: Ax, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("work", "play", "default"):
            create_profile(name, {"api_key": KEY})

        assert bare("profiles", "show", "-q").stdout == "default\n"
        use_profile("work")
        assert bare("profiles", "show", "-q").stdout == "work\n"
        monkeypatch.setenv("ARIZE_PROFILE", "play")
        assert bare("profiles", "show", "-q").stdout == "play\n"
        assert bare("profiles", "show", "work", "-q").stdout == "work\n"

    def test_without_any_it_is_refused_with_what_to_do(self, bare: Ax) -> None:
        finished = bare("profiles", "show")

        assert finished.exit_code == 2
        assert "no profile is active: give a NAME; `ax profiles list` shows which there are" in finished.stderr

    @pytest.mark.parametrize(
        ("name", "said"),
        [("gone", "there is no profile 'gone'"), ("../work", "cannot be the name"), ("broken", "cannot be read")],
    )
    def test_one_that_cannot_be_read_is_an_error(self, bare: Ax, name: str, said: str) -> None:
        write("[broken", "broken")

        finished = bare("profiles", "show", name)

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert said in finished.stderr


class TestCreate:
    def test_a_key_from_a_variable_is_not_copied(self, bare: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MY_KEY", KEY)

        finished = bare("profiles", "create", "work", "--api-key-env", "MY_KEY", "--region", "eu-west-1a")

        path = profile_path("work")
        assert (finished.exit_code, finished.stdout) == (0, "")
        assert finished.stderr == f"Created profile 'work' in {path}.\n"
        assert tomllib.loads(path.read_text(encoding="utf-8")) == {
            "profile": {"name": "work"},
            "auth": {"auth_method": "api-key", "api_key": "${MY_KEY}"},
            "routing": {"region": "eu-west-1a"},
        }

    def test_a_variable_that_is_not_set_is_noted(self, bare: Ax) -> None:
        finished = bare("profiles", "create", "work", "--api-key-env", "MY_KEY")

        assert finished.exit_code == 0
        assert "Note: the variable of --api-key-env is not set at the moment." in finished.stderr

    @pytest.mark.parametrize("source", ["file", "stdin"])
    def test_a_key_is_copied_from_a_file_or_standard_input(self, bare: Ax, source: str) -> None:
        (bare.folder / "key.txt").write_text(f"\ufeff{KEY}\r\n", encoding="utf-8")

        finished = bare(
            "profiles", "create", "work", "--api-key-file", {"file": "key.txt", "stdin": "-"}[source], stdin=f"{KEY}\n"
        )

        assert finished.exit_code == 0
        assert KEY not in finished.stdout + finished.stderr
        assert tomllib.loads(profile_path("work").read_text(encoding="utf-8"))["auth"]["api_key"] == KEY
        assert stat.S_IMODE(profile_path("work").stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        ("options", "routing"),
        [
            ("--region us", {"region": "us"}),
            ("--base-domain corp.example", {"base_domain": "corp.example"}),
            ("--single-host h --single-port 8443", {"single_host": "h", "single_port": "8443"}),
            ("--api-host localhost:1 --api-scheme http", {"api_host": "localhost:1", "api_scheme": "http"}),
            ("--region ${REGION:us}", {"region": "${REGION:us}"}),
        ],
    )
    def test_each_way_of_naming_the_server_is_written(self, bare: Ax, options: str, routing: dict[str, str]) -> None:
        finished = bare("profiles", "create", "work", "--api-key-env", "HOME", *options.split())

        assert finished.exit_code == 0
        assert tomllib.loads(profile_path("work").read_text(encoding="utf-8"))["routing"] == routing

    @pytest.mark.parametrize("given", ["~/company.pem", "${CERTIFICATES}/company.pem", "/etc/company.pem"])
    def test_the_file_of_authorities_is_written_as_it_is_given(self, bare: Ax, given: str) -> None:
        bare("profiles", "create", "work", "--api-key-env", "HOME", "--ca-file", given)

        assert tomllib.loads(profile_path("work").read_text(encoding="utf-8"))["security"] == {"ca_file": given}

    def test_a_file_of_authorities_in_the_folder_at_hand_is_found_from_any_other(self, bare: Ax) -> None:
        bare("profiles", "create", "work", "--api-key-env", "HOME", "--ca-file", "company.pem")

        written = tomllib.loads(profile_path("work").read_text(encoding="utf-8"))["security"]
        assert written == {"ca_file": str(bare.folder / "company.pem")}

    def test_it_is_made_the_active_one_when_told_to(self, bare: Ax) -> None:
        assert bare("profiles", "create", "play", "--api-key-env", "HOME").exit_code == 0
        assert active_profile() is None

        finished = bare("profiles", "create", "work", "--api-key-env", "HOME", "--use")

        assert active_profile() == "work"
        assert finished.stderr.endswith("Profile 'work' is now the active one.\n")

    def test_one_that_is_there_is_replaced_only_with_force(self, bare: Ax) -> None:
        before = create_profile("work", {"api_key": KEY}).read_bytes()

        refused = bare("profiles", "create", "work", "--api-key-env", "HOME")
        assert refused.exit_code == 2
        assert "give --force to replace it" in refused.stderr
        assert profile_path("work").read_bytes() == before

        assert bare("profiles", "create", "work", "--api-key-env", "HOME", "--force").exit_code == 0
        assert "${HOME}" in profile_path("work").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("", "Missing argument 'NAME'"),
            ("work", "on: give --api-key-env, --api-key-file or --api-key-command"),
            ("../work --api-key-env HOME", "cannot be the name of a profile: it may have letters, digits, _, -"),
            ("work --api-key-env HOME --api-key-file key.txt", "cannot both be given"),
            ("work --api-key-file nowhere.txt", "nowhere.txt"),
            ("work --api-key-file empty.txt", "a profile needs an api_key"),
            ("work --api-key-file two-lines.txt", "the API key cannot be sent"),
            ("work --api-key-file binary.txt", "--api-key-file is not text"),
            (f"work --api-key {KEY}", "No such option"),
            ("work --api-key-env HOME --region a --base-domain b", "--region and --base-domain are both given"),
            ("work --api-key-env HOME --region a --api-host b", "--api-host and --region are both given"),
            ("work --api-key-env HOME --single-port 1", "--single-port is given without --single-host"),
            ("work --api-key-env HOME --single-host h --single-port x", "--single-port has to be a port number"),
            ("work --api-key-env HOME --api-scheme ftp", "--api-scheme has to be one of https, http"),
        ],
    )
    def test_wrong_use_writes_nothing(self, bare: Ax, arguments: str, said: str) -> None:
        (bare.folder / "key.txt").write_text(KEY, encoding="utf-8")
        (bare.folder / "empty.txt").write_text("\n", encoding="utf-8")
        (bare.folder / "two-lines.txt").write_text(f"{KEY}\n{KEY}", encoding="utf-8")
        (bare.folder / "binary.txt").write_bytes(b"\xff\xfe\x00" + KEY.encode())

        finished = bare("profiles", "create", *arguments.split())

        assert finished.exit_code == 2
        assert said in finished.stderr
        assert KEY not in finished.stdout + finished.stderr
        assert profile_names() == []

    @pytest.mark.parametrize("text", [f"{KEY}", "A:b", "", "A}B", "A B"])
    def test_an_invalid_variable_name_is_refused_without_being_shown(self, bare: Ax, text: str) -> None:
        """It may be the key by mistake."""
        finished = bare("profiles", "create", "work", "--api-key-env", text)

        assert finished.exit_code == 2
        assert "has to be the name of an environment variable, not a key" in finished.stderr
        assert KEY not in finished.stderr

    def test_without_the_toml_writer_the_extra_is_named(self, bare: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "tomli_w", None)

        finished = bare("profiles", "create", "work", "--api-key-env", "HOME")

        assert finished.exit_code == 1
        assert install_command("cli") in finished.stderr

    @pytest.mark.programs
    @pytest.mark.usefixtures("bare")
    @pytest.mark.parametrize("answer", ["key", "interrupt"])
    def test_on_a_terminal_the_key_is_asked_for_without_being_shown(self, answer: str) -> None:
        command = [sys.executable, "-c", ON_A_TERMINAL, sys.executable, "-c", AX, "profiles", "create", "work"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            shown = b""
            # The blank is written when the terminal has stopped showing what is typed.
            while not shown.endswith(b"API key: "):
                piece = os.read(process.stdout.fileno(), 1024)
                assert piece, shown
                shown += piece
            process.stdin.write({"key": f"{KEY}\n".encode(), "interrupt": b"\x03"}[answer])
            process.stdin.flush()
            while piece := os.read(process.stdout.fileno(), 1024):
                shown += piece

        assert KEY.encode() not in shown
        if answer == "key":
            assert process.returncode == 0
            assert KEY in profile_path("work").read_text(encoding="utf-8")
        else:
            assert process.returncode == 130
            assert profile_names() == []


class TestUse:
    def test_a_profile_is_made_the_active_one(self, bare: Ax) -> None:
        create_profile("work", {"api_key": KEY})

        finished = bare("profiles", "use", "work")

        assert (finished.exit_code, finished.stdout) == (0, "")
        assert finished.stderr == "Profile 'work' is now the active one.\n"
        assert active_profile() == "work"
        assert bare("profiles", "use", "work", "-q").stderr == ""

    def test_one_that_is_not_there_is_refused(self, bare: Ax) -> None:
        create_profile("work", {"api_key": KEY})

        finished = bare("profiles", "use", "gone")

        assert finished.exit_code == 1
        assert "there is no profile 'gone'" in finished.stderr
        assert "there are: work" in finished.stderr
        assert active_profile() is None

    def test_a_variable_that_goes_before_it_is_noted(self, bare: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        create_profile("work", {"api_key": KEY})
        monkeypatch.setenv("ARIZE_PROFILE", "play")

        assert "Note: ARIZE_PROFILE is set to another one" in bare("profiles", "use", "work").stderr
        monkeypatch.setenv("ARIZE_PROFILE", "work")
        assert "Note" not in bare("profiles", "use", "work").stderr


class TestFallingBackOnOne:
    """Tests of other commands, which take the key and the server from a profile."""

    @pytest.fixture
    def local(self, bare: Ax, server: MockServer) -> Ax:
        """Run `ax` with a profile `local` for the mock, and one for no server."""
        host = server.url.removeprefix("http://")
        create_profile("local", {"api_key": KEY, "api_host": host, "api_scheme": "http"})
        create_profile("nowhere", {"api_key": KEY, "api_host": "127.0.0.1:9", "api_scheme": "http"})
        return bare

    def test_the_active_one(self, local: Ax) -> None:
        use_profile("local")

        assert local("spaces", "get", known.DEMO, "-q").stdout.strip() == known.DEMO

    def test_the_named_one_goes_before_the_active_one(self, local: Ax, monkeypatch: pytest.MonkeyPatch) -> None:
        use_profile("nowhere")

        assert local("spaces", "list").exit_code == 8
        assert local("spaces", "list", "--profile", "local").exit_code == 0
        monkeypatch.setenv("ARIZE_PROFILE", "local")
        assert local("spaces", "list").exit_code == 0
        assert local("spaces", "list", "--profile", "nowhere").exit_code == 8
        monkeypatch.setenv("ARIZE_PROFILE", "")
        assert local("spaces", "list").exit_code == 8, "an empty variable is none"

    def test_the_environment_goes_before_any(
        self, local: Ax, server: MockServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use_profile("nowhere")
        monkeypatch.setenv("ARIZE_API_HOST", server.url.removeprefix("http://"))

        assert local("spaces", "list").exit_code == 0

    def test_the_environment_alone_is_enough(self, ax: Ax) -> None:
        assert profile_names() == []
        assert ax("spaces", "list").exit_code == 0

    def test_a_named_one_that_is_missing_is_a_configuration_error(self, local: Ax) -> None:
        finished = local("spaces", "list", "--profile", "gone")

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert "there is no profile 'gone'" in finished.stderr

    @pytest.mark.parametrize(
        ("text", "way_out"),
        [
            ('[auth]\nauth_method = "oauth"\n', "put an api_key into it, or set ARIZE_API_KEY"),
            (f'[auth]\napi_key = "{KEY}"\n[security]\nrequest_verify = false\n', "ARIZE_CA_FILE or SSL_CERT_FILE"),
        ],
        ids=["oauth", "unchecked-certificates"],
    )
    def test_an_unsupported_profile_is_refused_with_an_alternative(self, bare: Ax, text: str, way_out: str) -> None:
        write(text)

        finished = bare("spaces", "list", "--profile", "work")

        assert finished.exit_code == 1
        assert way_out in finished.stderr

    @pytest.mark.programs
    def test_a_key_that_others_can_read_is_warned_about_on_standard_error(self, local: Ax) -> None:
        path = profile_path("local")
        path.chmod(0o644)

        shown = subprocess.run(
            [sys.executable, "-c", AX, "spaces", "list", "--profile", "local", "-o", "json"],
            capture_output=True,
            text=True,
            check=True,
        )

        assert json.loads(shown.stdout)["spaces"]
        assert shown.stderr.count(f"chmod 600 {path}") == 1
        assert local.folder.exists()


@pytest.mark.parametrize("command", ["list", "show", "create", "use"])
def test_help_has_an_example(bare: Ax, command: str) -> None:
    shown = bare("profiles", command, "--help").stdout

    assert f"\n    ax profiles {command}" in shown or f"\n  ax profiles {command}" in shown
