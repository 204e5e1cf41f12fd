"""Tests of `make quick`, which runs the tests of changed files, without those that start a program."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from spec.generator.package import ROOT
from tests.quick import CHOSEN, TESTS_OF, affected_tests, changed_files, named_tests, pytest_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        pytest.param(["facade/axtasks/polling/outcome.py"], ["tests/unit"], id="the client"),
        pytest.param(["facade/axtasks/cli/iostreams.py"], ["tests/cli"], id="the command line"),
        pytest.param(["facade/axtasks/mock/mock.py"], ["tests/mock"], id="the mock"),
        pytest.param(["spec/openapi.yaml", "generated/axtasks_api/codec.py"], ["tests/contract"], id="the contract"),
        pytest.param(["tests/unit/test_errors.py"], ["tests/unit/test_errors.py"], id="a test"),
        pytest.param(["tests/unit/support.py", "tests/unit/test_errors.py"], ["tests/unit"], id="what tests share"),
        pytest.param(["tests/e2e/interop/command.py"], ["tests/e2e"], id="a program of the tests"),
        pytest.param(["tests/conftest.py", "tests/unit/test_errors.py"], ["tests"], id="what all tests share"),
        pytest.param(["tests/unit/test_gone.py"], [], id="a test that is gone"),
        pytest.param(["tests/e2e/browser/test_page_in_browser.py"], [], id="the browser"),
        pytest.param(["LICENSE"], [], id="what no test is about"),
    ],
)
def test_tests_are_those_of_the_part_that_changed(changed: list[str], tests: list[str]) -> None:
    assert affected_tests(changed) == tests


def test_each_part_has_tests() -> None:
    assert [part for part in TESTS_OF if not (ROOT / part).exists()] == []
    assert [tests for tests in TESTS_OF.values() if not any((ROOT / tests).glob("test_*.py"))] == []


def test_parts_are_named_by_their_folder_or_by_a_path() -> None:
    assert named_tests(["unit", "tests/cli/test_api.py"]) == ["tests/unit", "tests/cli/test_api.py"]
    with pytest.raises(SystemExit, match=r"no tests 'unti': expected a path, or of .*\bunit\b"):
        named_tests(["unti"])


@pytest.mark.parametrize(("tests", "loaded"), [("tests/unit", False), ("tests/model/test_ids.py", True)])
def test_plugins_are_loaded_only_for_the_tests_that_need_them(tests: str, *, loaded: bool) -> None:
    command = pytest_command([tests], "2")

    assert CHOSEN in command
    assert ("no:schemathesis" not in command) is loaded


@pytest.mark.programs
def test_changed_files_are_those_that_differ_from_main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits of the branch, uncommitted changes and new files count; later commits of main do not."""

    def git(*words: str) -> None:
        names = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(["git", *names, *words], cwd=tmp_path, check=True, capture_output=True)

    def commit(name: str) -> None:
        (tmp_path / name).write_text("first", encoding="utf-8")
        git("add", name)
        git("commit", "-m", name)

    git("init", "--initial-branch", "main")
    for name in ("edited", "kept"):
        commit(name)
    git("switch", "--create", "topic")
    commit("committed")
    git("switch", "main")
    commit("came to main")
    git("switch", "topic")
    (tmp_path / "edited").write_text("second", encoding="utf-8")
    (tmp_path / "a new one").write_text("first", encoding="utf-8")
    monkeypatch.setattr("tests.quick.ROOT", tmp_path)

    assert set(changed_files()) == {"edited", "committed", "a new one"}


@pytest.mark.programs
def test_a_test_that_starts_a_program_without_the_marker_fails(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.programs import guard as pytest_configure\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = programs: starts a program\n", encoding="utf-8")
    start = "subprocess.run([sys.executable, '-c', ''], check=True)"
    (tmp_path / "test_some.py").write_text(
        "import subprocess, sys, pytest\n"
        f"def test_unmarked(): {start}\n"
        f"@pytest.mark.programs\ndef test_marked(): {start}\n"
        f"@pytest.fixture\ndef started(): {start}\n"
        "def test_with_a_fixture(started): pass\n",
        encoding="utf-8",
    )
    options = ("-q", "-p", "no:cacheprovider", "-c", str(tmp_path / "pytest.ini"), "--rootdir", str(tmp_path))
    command = [sys.executable, "-m", "pytest", *options, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "1 failed, 1 passed, 1 error" in done.stdout
    assert "This test starts a program: mark it with `@pytest.mark.programs`." in done.stdout
