"""Tests of the files in the guides about the mock."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import load_world

from tests.docs.pages import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.pages import Block

pytest_plugins = ["pytester"]


def block(name: str, kind: str) -> Block:
    """Return the one block of a kind on a page."""
    (found,) = [each for each in page(name).blocks if each.kind == kind]
    return found


def test_the_world_file_is_one() -> None:
    world = load_world(block("guides/worlds", "yaml").text)

    assert {task.name for task in world.tasks.all()} == {"Nightly", *(f"check-{n:03d}" for n in range(1, 51))}


@pytest.mark.programs
def test_the_settings_of_pytest_choose_the_contract(pytester: pytest.Pytester) -> None:
    shown = block("guides/pytest", "toml").text
    assert tomllib.loads(shown)
    pytester.makepyprojecttoml(shown)
    pytester.makepyfile("def test_contract(ax_mock): assert ax_mock.contract == 'beta'")

    done = pytester.runpytest_subprocess("-pno:schemathesis", "-pno:hypothesispytest", "-pno:xdist")

    done.assert_outcomes(passed=1)


@pytest.mark.programs
def test_the_workflow_is_one(tmp_path: Path) -> None:
    file = tmp_path / "tests.yml"
    file.write_text(block("guides/pytest", "yaml").text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
