"""Tests of the search for planted keys in the suite's output."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.planted import TOKENS, files_that_show, shows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
QUIETLY = ("-q", "-p", "no:cacheprovider")
WATCHED = "from tests.planted_watch import watch as pytest_configure\n"
LEAKS = {
    "printed": "def test_it(): print(TOKEN)",
    "on-standard-error": "def test_it():\n import sys\n print(TOKEN, file=sys.stderr)",
    "logged": "def test_it():\n import logging\n logging.getLogger('any').warning(TOKEN)",
    "failed": "def test_it(): assert TOKEN == ''",
    "named": "@pytest.mark.parametrize('one', [TOKEN])\ndef test_it(one): pass",
    "in-a-file": "def test_it(tmp_path): (tmp_path / 'traffic.har').write_text(TOKEN)",
    "by-a-program": "def test_it():\n import subprocess\n subprocess.run(['echo', TOKEN], check=True)",
    "by-a-fixture": "@pytest.fixture\ndef one():\n yield\n print(TOKEN)\ndef test_it(one): pass",
}
QUIET = {
    "nothing": "def test_it(): print('***')",
    "a-holder": "def test_it(tmp_path):\n (tmp_path / 'profiles').mkdir()\n"
    " (tmp_path / 'profiles' / 'x.toml').write_text(TOKEN)",
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that is removed after the test, since keys are meant to leak into it."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def session(folder: Path, tests: Mapping[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run a pytest session over tests, each in a file of its name."""
    (folder / "conftest.py").write_text(WATCHED)
    for name, body in tests.items():
        text = f"import pytest\nfrom tests.planted import TOKENS\nTOKEN = TOKENS[0]\n{body}\n"
        (folder / f"test_{name.replace('-', '_')}.py").write_text(text)
    ini, left = folder / "empty.ini", folder / "left"
    ini.write_text("[pytest]\n")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *QUIETLY,
            "-c",
            ini,
            f"--rootdir={folder}",
            f"--basetemp={left}",
            *options,
            folder,
        ],
        cwd=ROOT,
        # Loading the plugins of everything that is installed takes longer than the session.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def found_by(done: subprocess.CompletedProcess[str]) -> str:
    """Return the part of the report that names the found keys."""
    return done.stdout.partition("planted keys found")[2]


@pytest.mark.programs
def test_each_kind_of_leak_is_told(folder: Path) -> None:
    """All share one session, since a session takes longer than its tests."""
    done = session(folder, LEAKS)

    assert done.returncode == 1
    places = {leak: f"test_{leak.replace('-', '_')}.py" for leak in LEAKS} | {"in-a-file": "the file "}
    assert [leak for leak, place in places.items() if place not in found_by(done)] == []


@pytest.mark.programs
@pytest.mark.parametrize("leak", ["printed", "in-a-file"])
@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "in-a-worker"])
def test_a_leak_fails_a_session_that_passed(leak: str, options: tuple[str, ...], folder: Path) -> None:
    done = session(folder, {leak: LEAKS[leak]}, *options)

    assert "1 passed" in done.stdout
    assert done.returncode == 1
    assert found_by(done)


@pytest.mark.programs
def test_a_session_without_a_leak_passes(folder: Path) -> None:
    done = session(folder, QUIET)

    assert done.returncode == 0
    assert not found_by(done)


@pytest.mark.parametrize("number", range(len(TOKENS)))
def test_each_token_is_seen_in_each_spelling(number: int) -> None:
    token = TOKENS[number]
    escaped = "".join(f"\\u{ord(character):04X}" for character in token)

    assert all(shows(f"a{one}b") for one in (token, token.upper(), quote(token, safe=""), escaped))
    assert not shows(token[:-1])


def test_nothing_that_is_kept_in_the_project_has_one() -> None:
    """This covers snapshots, recordings, documents and code, but for the list of the keys."""
    folders = [ROOT / name for name in ("facade", "generated", "spec", "tests", ".ci", ".github")]
    shown = [path for folder in folders if folder.is_dir() for path in files_that_show(folder)]
    shown += [path for path in ROOT.glob("*.*") if path.is_file() and shows(path.read_text(errors="replace"))]

    assert shown == [ROOT / "tests" / "planted.py"]
