"""Tests of `make watch`, which generates on a save, reports changes, and runs related tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from spec.generator.package import ROOT
from spec.watch import TESTS, affected, changes

BETA = ROOT / "generated" / "axtasks_api"


def test_a_save_is_reported_once_and_only_when_it_is_over() -> None:
    """A file that is still being written is waited for; an unchanged file is not a save."""
    a, b = Path("a.yaml"), Path("b.yaml")
    looks = iter([{a: 1}, {a: 2}, {a: 3}, {a: 3, b: 1}, {a: 3, b: 1}, {a: 3, b: 1}, {b: 1}, {b: 1}, {b: 1}])
    waits: list[int] = []

    saves = changes({a: 1}, lambda: next(looks), lambda: waits.append(1))

    assert next(saves) == {a, b}
    assert len(waits) == 5
    assert next(saves) == {a}


def test_a_save_while_the_last_one_is_worked_on_is_not_lost() -> None:
    """Generating and testing may take longer than the time to the next save."""
    a = Path("a.yaml")
    present = {a: 1}
    waits = iter([{a: 2}, {a: 2}, {a: 3}, {a: 3}])

    saves = changes({a: 1}, lambda: dict(present), lambda: present.update(next(waits)))

    assert next(saves) == {a}
    present[a] = 3
    assert next(saves) == {a}


@pytest.mark.parametrize(
    ("made", "some", "none"),
    [
        pytest.param(
            "models/task_run.py", "unit/pagination/test_page.py", "unit/config/test_credentials.py", id="a model"
        ),
        pytest.param(
            "models/llm_message.py",
            "unit/inputs/test_run_configuration.py",
            "unit/config/test_credentials.py",
            id="an odd name",
        ),
        pytest.param(
            "api/tasks/list_tasks.py",
            "contract/test_generated.py",
            "unit/config/test_credentials.py",
            id="an operation",
        ),
        pytest.param("codec.py", "unit/config/test_credentials.py", "cli/test_api.py", id="what all are made of"),
    ],
)
def test_tests_that_name_what_changed_are_affected(made: str, some: str, none: str) -> None:
    found = affected([BETA / made], TESTS)

    assert f"tests/{some}" in found
    assert f"tests/{none}" not in found
    assert "tests/contract/test_dialects.py" in found


def test_nothing_made_affects_nothing() -> None:
    assert affected([], TESTS) == []


@pytest.mark.programs
def test_one_round(tmp_path: Path) -> None:
    """The checkout's contract is saved with a new field."""
    for folder in ("spec", "facade", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    about, other = tmp_path / "tests" / "unit" / "test_about.py", tmp_path / "tests" / "unit" / "test_other.py"
    about.parent.mkdir(parents=True)
    about.write_text(
        "from axtasks_api.models import TaskRun\n"
        "def test_it(): assert 'failure_hint' in [field.name for field in TaskRun.fields()]\n",
        encoding="utf-8",
    )
    other.write_text("def test_it(): assert False\n", encoding="utf-8")
    spec = tmp_path / "spec" / "openapi.yaml"
    base = shutil.copyfile(spec, tmp_path / "base.yaml")
    # Before what is installed: the packages of the checkout.
    paths = os.pathsep.join(str(tmp_path / folder) for folder in ("facade", "generated"))
    command = [sys.executable, "-m", "spec.watch", "--rounds", "1", "--base", str(base)]
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stdout
        first = watching.stdout.readline()
        field = "        num_skipped:\n"
        added = "        failure_hint:\n          type: string\n          description: Why.\n"
        spec.write_text(spec.read_text(encoding="utf-8").replace(field, added + field), encoding="utf-8")
        said = first + watching.stdout.read()

    assert watching.returncode == 0
    assert "Saved: spec/openapi.yaml" in said
    assert "Generated: 1 files changed." in said
    assert "TaskRun.failure_hint: was added [compatible for readers]" in said
    assert "Testing: tests/unit/test_about.py\n" in said
    assert "1 passed" in said
