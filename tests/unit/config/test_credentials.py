"""Tests of API keys from a file or a program, fetched once."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AsyncAxClient, AxClient, ConfigurationError, DeadlineExceededError
from axtasks.config import credentials as axtasks_keys
from axtasks.config.credentials import KEY_SOURCES, CommandSecret, Secret
from axtasks.config.settings import ENVIRONMENT, ProfileSource, resolve_settings
from axtasks.profiles import check_settings, create_profile, profile_path, read_profile

from tests.unit.support import API_KEY, CHAT_QUALITY, ClientKind, Stage, Stopwatch, outcome, waiting_program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from axtasks.config.settings import Settings

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

KEY = "key-of-a-file-77"
VARIABLES = {name: ENVIRONMENT[name] for name in KEY_SOURCES}


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Return a file with a key and a line break."""
    path = tmp_path / "key"
    path.write_text(f"\n {KEY}\r\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a program that prints a key and counts its starts."""
    path = tmp_path / "fetch key.py"
    path.write_text(
        "import pathlib, sys\nwith pathlib.Path(sys.argv[1]).open('a') as file: file.write('.')\nprint(*sys.argv[2:])\n"
    )
    return path


def command(program: Path, *words: str) -> list[str]:
    return [sys.executable, str(program), str(program.with_suffix(".count")), *words]


def runs(program: Path) -> int:
    count = program.with_suffix(".count")
    return len(count.read_text()) if count.exists() else 0


def settled(environment: dict[str, str] | None = None, profile: str | None = None, **arguments: object) -> Settings:
    return resolve_settings(
        arguments,
        environment=environment or {},
        profile=None if profile is None else ProfileSource(profile, read_profile),
    )


def test_a_file_holds_it(key_file: Path) -> None:
    assert settled(api_key_file=key_file).api_key.reveal() == KEY
    assert settled({"ARIZE_API_KEY_FILE": str(key_file)}).api_key.reveal() == KEY


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"two words", "character 4 of 9 is a blank"),
        (b"\xff\xfe\x00planted", "character 1 of"),
        (None, "cannot be read: .*No such file"),
    ],
    ids=["empty", "blank", "words", "bytes", "missing"],
)
def test_a_file_without_a_key_is_told_and_not_shown(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=message) as caught:
        settled(api_key_file=path)
    assert "words" not in str(caught.value)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"api_key_file": "~nobody-here/key"}, "^the API key file ~nobody-here/key cannot be read: "),
        (
            {"api_key_command": ["~nobody-here/tool"]},
            "^the program '~nobody-here/tool' of .* cannot be run: ",
        ),
    ],
    ids=["file", "command"],
)
def test_a_home_folder_that_is_not_there_is_told(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        settled(**given).api_key.reveal()


@pytest.mark.posix
@pytest.mark.parametrize(("mode", "warns"), [(0o600, False), (0o640, False), (0o644, True), (0o604, True)])
def test_a_file_that_everybody_can_read_is_warned_about_once(
    key_file: Path, mode: int, warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    key_file.chmod(mode)

    with caplog.at_level(logging.WARNING, "axtasks.keys"):
        for _ in range(2):
            assert settled(api_key_file=key_file).api_key.reveal() == KEY

    told = [record.getMessage() for record in caplog.records if str(key_file) in record.getMessage()]
    assert len(told) == int(warns)
    assert stat.S_IMODE(key_file.stat().st_mode) == mode


@pytest.mark.programs
@pytest.mark.both_clients
def test_a_program_prints_it_when_it_is_first_needed(client_kind: ClientKind, program: Path, stage: Stage) -> None:
    settled(api_key_command=command(program, KEY))
    assert runs(program) == 0

    client_kind.ask(stage.recorder, lambda ax: ax.spaces.list(), api_key=None, api_key_command=command(program, KEY))

    assert runs(program) == 1
    assert stage.sent[-1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.programs
@pytest.mark.both_clients
def test_a_program_that_takes_all_the_time_leaves_a_write_unsent(
    client_kind: ClientKind, stage: Stage, tmp_path: Path
) -> None:
    told = tmp_path / "told"

    with pytest.raises(DeadlineExceededError, match="getting the API key took all the time there was"):
        client_kind.ask(
            stage.recorder,
            lambda ax: ax.tasks.delete(CHAT_QUALITY),
            api_key=None,
            api_key_command=waiting_program(told),
            timeout=0.1,
            clock=Stopwatch().clock,
        )
    told.touch()
    assert stage.sent == []


@pytest.mark.parametrize("key", [b"bytes-of-a-key", 12345678], ids=["bytes", "number"])
def test_a_key_that_is_no_text_is_refused(key: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"the API key has to be text, not (bytes|int)"):
        AxClient(api_key=key)


@pytest.mark.programs
def test_the_program_runs_once_for_many_threads(program: Path, stage: Stage) -> None:
    ax = stage.client(api_key=None, api_key_command=command(program, KEY))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: ax.spaces.list(), range(16)))

    assert runs(program) == 1
    assert {sent.headers["authorization"] for sent in stage.sent} == {f"Bearer {KEY}"}


@pytest.mark.programs
def test_the_program_runs_once_for_many_tasks(program: Path, stage: Stage) -> None:
    import asyncio

    ax = stage.async_client(api_key=None, api_key_command=command(program, KEY))

    async def play() -> None:
        await asyncio.gather(*(ax.spaces.list() for _ in range(16)))

    outcome(play())

    assert runs(program) == 1


def test_a_failed_program_is_the_error_of_all_waiting_callers(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each waiting caller would start the program again, one after another."""
    import asyncio

    is_over, ran = threading.Event(), []

    def fail(words: Sequence[str]) -> tuple[int, Secret]:
        is_over.wait(10)
        ran.append(words)
        return 1, Secret("")

    monkeypatch.setattr(axtasks_keys, "_run", fail)
    ax = stage.async_client(api_key=None, api_key_command=["tool"])

    async def play() -> list[object]:
        calls = [asyncio.ensure_future(ax.spaces.list()) for _ in range(4)]
        await asyncio.sleep(0)
        is_over.set()
        first: list[object] = await asyncio.gather(*calls, return_exceptions=True)
        return [*first, *await asyncio.gather(ax.spaces.list(), return_exceptions=True)]

    assert {type(each) for each in outcome(play())} == {ConfigurationError}
    assert ran == [("tool",)] * 2


@pytest.mark.programs
def test_a_command_as_text_is_split_into_words_without_a_shell(program: Path) -> None:
    words = f"{sys.executable} '{program}' '{program.with_suffix('.count')}' $HOME;x>y"

    assert settled({"ARIZE_API_KEY_COMMAND": words}).api_key.reveal() == "$HOME;x>y"


@pytest.mark.programs
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise SystemExit(3)", "failed with exit code 3; run it by hand"),
        ("pass", "printed nothing"),
        ("print('planted planted')", "character 8 of 15 is a blank"),
        ("import sys; sys.stdout.buffer.write(b'planted' + bytes([255]))", "character 8 of 8 is"),
        ("import sys; print('planted', file=sys.stderr); sys.exit(1)", "exit code 1"),
        ("print('planted'); raise SystemExit(1)", "exit code 1"),
    ],
    ids=["fails", "nothing", "words", "bytes", "says-why", "prints-and-fails"],
)
def test_a_program_that_gives_no_key_is_named_and_nothing_of_it_is_shown(
    client_kind: ClientKind, code: str, message: str, capfd: pytest.CaptureFixture[str], stage: Stage
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        client_kind.ask(
            stage.recorder,
            lambda ax: ax.spaces.list(),
            api_key=None,
            api_key_command=[sys.executable, "-c", code, "planted"],
        )

    assert repr(sys.executable) in str(caught.value)
    assert "planted" not in f"{caught.value!r} {capfd.readouterr()}"
    assert stage.sent == []


@pytest.mark.programs
def test_a_program_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axtasks_keys, "COMMAND_SECONDS", 0.1)
    secret = CommandSecret([sys.executable, "-c", "import time; print('planted', flush=True); time.sleep(60)"])

    with pytest.raises(ConfigurationError, match=r"was not done after 0\.1 seconds") as caught:
        secret.reveal()
    assert "planted" not in repr(caught.value)


@pytest.mark.programs
@pytest.mark.parametrize("words", ["/nowhere/at all", ["/nowhere/at-all"], ["a\0b"]], ids=ascii)
def test_a_program_that_is_not_there_is_told(words: Any) -> None:
    with pytest.raises(ConfigurationError, match="of api_key_command cannot be run"):
        settled(api_key_command=words).api_key.reveal()


@pytest.mark.programs
@pytest.mark.parametrize("words", ["'unfinished", [""], 5], ids=ascii)
def test_an_invalid_command_is_refused_at_once(words: Any) -> None:
    with pytest.raises(ConfigurationError, match="api_key_command"):
        settled(api_key_command=words).api_key.reveal()


@pytest.mark.programs
def test_a_program_that_failed_is_run_again_next_time(program: Path) -> None:
    secret = CommandSecret(command(program))
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="printed nothing"):
            secret.reveal()

    assert runs(program) == 2
    assert not secret.is_known


@pytest.mark.parametrize("place", ["argument", "environment", "profile"])
@pytest.mark.parametrize(
    "pair",
    [("api_key", "api_key_file"), ("api_key", "api_key_command"), ("api_key_file", "api_key_command")],
    ids="+".join,
)
def test_two_sources_in_one_place_are_refused(place: str, pair: tuple[str, str], tmp_path: Path) -> None:
    environment = {"ARIZE_DIRECTORY": str(tmp_path)}
    arguments: dict[str, Any] = {}
    if place == "argument":
        arguments = dict.fromkeys(pair, "x")
    elif place == "environment":
        environment |= {VARIABLES[name]: "x" for name in pair}
    else:
        path = profile_path("work", environment=environment)
        path.parent.mkdir()
        path.write_text("[auth]\n" + "".join(f'{name} = "x"\n' for name in pair))

    form = {"argument": "{}", "environment": "{}", "profile": "{} of profile 'work'"}[place]
    names = [form.format(VARIABLES[name] if place == "environment" else name) for name in pair]
    with pytest.raises(ConfigurationError, match=f"^{' and '.join(names)} are both given"):
        settled(environment, "work" if place == "profile" else None, **arguments)


@pytest.mark.programs
@pytest.mark.parametrize("sooner", list(VARIABLES))
def test_any_argument_overrides_any_variable(sooner: str, key_file: Path, program: Path) -> None:
    arguments: dict[str, Any] = {"api_key": KEY, "api_key_file": key_file, "api_key_command": command(program, KEY)}

    for variable in VARIABLES.values():
        assert settled({variable: "elsewhere"}, **{sooner: arguments[sooner]}).api_key.reveal() == KEY, variable


@pytest.mark.programs
def test_a_profile_may_name_a_file_or_a_program(key_file: Path, program: Path, tmp_path: Path) -> None:
    environment = {"ARIZE_DIRECTORY": str(tmp_path / "arize"), "NAMED": str(key_file)}
    create_profile("file", {"api_key_file": "${NAMED}"}, environment=environment)
    create_profile("text", {"api_key_command": subprocess.list2cmdline(["echo", KEY])}, environment=environment)
    words = ", ".join(f"'{word}'" for word in command(program, KEY))
    profile_path("list", environment=environment).write_text(f"[auth]\napi_key_command = [{words}]\n")

    assert [settled(environment, name).api_key.reveal() for name in ("file", "text", "list")] == [KEY] * 3


def test_a_profile_names_one_source(tmp_path: Path) -> None:
    check_settings({"api_key_file": str(tmp_path / "on another machine")})

    with pytest.raises(ConfigurationError, match="api_key and api_key_command are both given"):
        check_settings({"api_key": "x", "api_key_command": "y"})
    with pytest.raises(ConfigurationError, match="api_key_file and api_key_command are both given"):
        check_settings({"api_key_file": "x", "api_key_command": "y"})


@pytest.mark.parametrize("kind", [AxClient, AsyncAxClient])
def test_a_client_takes_them_all(kind: Any, key_file: Path) -> None:
    assert kind(api_key_file=key_file).base_url
    assert kind(api_key_command=["echo", API_KEY]).base_url
    assert Secret(KEY).is_known
