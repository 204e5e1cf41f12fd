"""Tests of the Makefile: environments of the named Python, other Pythons that it finds, and its help."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from spec.generator.package import ROOT
from tests.docs.shell import make_targets
from tests.lowest import PROJECT, lowest
from tests.pythons import SUPPORTED, find, run_on_each

if TYPE_CHECKING:
    from pathlib import Path

SHOW = "show: ; @echo $(VENV)"
# Settings of a make that runs the tests, such as VENV of another Python, would go on to the makes within.
UNSET = {"PATH": "/usr/bin:/bin"}


def interpreter(path: Path, version: str | None) -> Path:
    """Write a program that prints a version as a Python does; one that fails where it is None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{'exit 1' if version is None else f'echo {version}'}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def environment_of(folder: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    """Run make to print the environment of its targets."""
    make = shutil.which("make")
    assert make
    command = [make, "--no-print-directory", "-f", str(ROOT / "Makefile"), f"--eval={SHOW}", "show", *settings]
    return subprocess.run(command, cwd=folder, env=UNSET, capture_output=True, text=True, check=False)


@pytest.mark.programs
@pytest.mark.parametrize(
    ("made", "named", "used"),
    [
        pytest.param(None, None, ".venv", id="nothing is there yet"),
        pytest.param(None, "3.13", ".venv", id="a Python is named"),
        pytest.param("3.13.0", "3.13", ".venv", id="the Python of the environment is named"),
        pytest.param("3.11.7", "3.13", "build/pythons/3.13", id="another Python is named"),
        pytest.param("3.11.7", None, ".venv", id="no Python is named"),
    ],
)
def test_the_environment_is_of_the_python_that_is_named(
    tmp_path: Path, made: str | None, named: str | None, used: str
) -> None:
    if made:
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {made}\n", encoding="utf-8")
    settings = [f"PYTHON={interpreter(tmp_path / 'python', named)}"] if named else []

    assert environment_of(tmp_path, *settings).stdout == f"{used}\n"


@pytest.mark.programs
@pytest.mark.parametrize(("is_developed", "used"), [(False, "build/generate"), (True, ".venv")])
def test_generating_installs_nothing_else_of_development(tmp_path: Path, is_developed: bool, used: str) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements-dev.lock"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    if is_developed:
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv" / ".developed").touch()
    make = shutil.which("make")
    assert make

    command = [make, "--dry-run", "generate", "SPEC=their.yaml", "PACKAGE=their_api", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=tmp_path, env=UNSET, capture_output=True, text=True, check=True)

    assert f"{used}/bin/python -m spec.generator --spec 'their.yaml'" in done.stdout
    assert (
        "requirements-dev.lock openapi-python-client ruff pyyaml python-jsonpath" in done.stdout
    ) is not is_developed
    assert "--requirement requirements-dev.lock" not in done.stdout


@pytest.mark.programs
def test_help_has_every_target_that_is_described() -> None:
    make = shutil.which("make")
    assert make
    shown = subprocess.run(
        [make, "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert [tuple(line.split(maxsplit=2)[1:]) for line in shown.splitlines()] == list(make_targets().items())


def test_packages_for_generating_are_locked() -> None:
    named = re.search(r"^GENERATORS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    locked = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").lower()

    assert named
    assert [name for name in named[1].split() if f"\n{name}==" not in locked] == []


@pytest.mark.programs
def test_a_python_that_does_not_run_is_named(tmp_path: Path) -> None:
    done = environment_of(tmp_path, f"PYTHON={tmp_path / 'nowhere'}")

    assert done.returncode == 2
    assert f"PYTHON={tmp_path / 'nowhere'} cannot be run: name a Python 3.11 or newer" in done.stderr


@pytest.mark.programs
def test_a_python_is_looked_for_on_the_path_and_then_in_pyenv(tmp_path: Path) -> None:
    """Broken interpreters are skipped, and the newest release is taken."""
    on_path = interpreter(tmp_path / "bin" / "python3.11", "3.11")
    interpreter(tmp_path / "bin" / "python3.12", None)
    for release in ("3.12.9", "3.12.10"):
        interpreter(tmp_path / ".pyenv" / "versions" / release / "bin" / "python", "3.12")
    environment = {"PATH": str(on_path.parent), "HOME": str(tmp_path)}

    assert find("3.11", environment) == on_path
    assert find("3.12", environment) == tmp_path / ".pyenv" / "versions" / "3.12.10" / "bin" / "python"
    assert find("3.13", environment) is None


@pytest.mark.programs
def test_the_pythons_that_fail_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("3.12", "3.13"):
        interpreter(tmp_path / f"python{version}", version)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setattr("tests.pythons.SUPPORTED", ("3.12", "3.13", "3.14"))
    fails = "import sys; sys.exit('VENV=build/pythons/3.13' in sys.argv)"

    assert run_on_each([sys.executable, "-c", fails]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "Python 3.12: passed",
        "Python 3.13: failed with exit code 1",
        "Python 3.14: not found",
    ]


def test_the_pythons_are_those_that_the_project_supports() -> None:
    classifiers = PROJECT.read_text(encoding="utf-8")

    assert [version for version in SUPPORTED if f"Python :: {version}" not in classifiers] == []
    assert classifiers.count("Python :: 3.") == len(SUPPORTED)


def test_a_requirement_without_a_lower_bound_is_refused() -> None:
    tables = {"dependencies": ["one>=1.2,<2"], "optional-dependencies": {"extra": ["two>=3"]}}

    assert list(lowest({"project": tables, "dependency-groups": {"unit": ["one>=1.2,<2"]}})) == ["one==1.2", "two==3"]
    with pytest.raises(ValueError, match="found 'three'"):
        list(lowest({"project": tables, "dependency-groups": {"unit": ["three"]}}))
