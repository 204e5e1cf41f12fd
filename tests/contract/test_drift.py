"""Tests of `make drift`, which finds every difference between generated/ and the output of spec/."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import axtasks_api
import pytest

from spec.generator.trees import differences

pytestmark = pytest.mark.programs

PACKAGE = Path(axtasks_api.__file__).parent
ROOT = PACKAGE.parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of the package to spoil."""
    copied = tmp_path / "generated" / "axtasks_api"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the generator."""
    command = [sys.executable, "-m", "spec.generator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_tree_that_was_changed_has_drifted_and_is_replaced_whole(tree: Path) -> None:
    """Every difference is an error with its name; generating removes stale files."""
    task = tree / "models" / "task.py"
    task.write_text(task.read_text(encoding="utf-8") + "# mended by hand\n", encoding="utf-8")
    (tree / "stale.py").touch()
    (tree / "codec.py").unlink()

    checked = run("--check", "--out", str(tree))
    made = run("--out", str(tree))

    assert checked.returncode == 1
    for said in ("-# mended by hand", "nothing makes it: stale.py", "missing from the tree: codec.py", "make generate"):
        assert said in checked.stdout
    assert made.returncode == 0, made.stderr
    assert list(differences(PACKAGE, tree)) == []


def test_an_untouched_tree_has_not_drifted_and_is_left_alone(tree: Path) -> None:
    """Checking writes no file."""
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*")}

    finished = run("--check", "--out", str(tree))

    assert (finished.returncode, finished.stdout) == (0, "no drift\n")
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*")} == before
    assert [path.name for path in tree.parent.iterdir()] == ["axtasks_api"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[]", "its top level is not a mapping", id="not a mapping"),
        pytest.param("openapi: [", "is not a contract", id="not YAML"),
        pytest.param("openapi: 3.1.1", "spec.yaml is no OpenAPI 3: the document: 'info' is missing", id="not OpenAPI"),
    ],
)
def test_a_contract_that_cannot_be_made_leaves_the_tree_alone(tree: Path, tmp_path: Path, text: str, says: str) -> None:
    """The error is printed, and no file is written in part."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    before = contents(tree.parent)

    finished = run("--spec", str(spec), "--out", str(tree))

    assert finished.returncode == 1
    assert says in finished.stderr
    assert contents(tree.parent) == before
