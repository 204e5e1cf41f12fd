"""`make drift` proves that generated/ is what spec/ makes, in both directions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import axtasks_api
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.programs

PACKAGE = Path(axtasks_api.__file__).parent
ROOT = PACKAGE.parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package to spoil."""
    copied = tmp_path / "generated" / "axtasks_api"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    return copied


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The finished generator."""
    command = [sys.executable, "-m", "spec.generator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(tree: Path) -> None:
    module = tree / "models" / "task.py"
    module.write_text(module.read_text(encoding="utf-8") + "# mended by hand\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(edit, "-# mended by hand", id="an edit"),
        pytest.param(lambda tree: (tree / "stale.py").touch(), "nothing makes it: stale.py", id="a stale file"),
        pytest.param(lambda tree: (tree / "codec.py").unlink(), "missing from the tree: codec.py", id="a lost file"),
    ],
)
def test_a_tree_that_was_changed_has_drifted(tree: Path, spoil: Callable[[Path], None], says: str) -> None:
    """Any difference turns it red and is named."""
    spoil(tree)

    finished = run("--check", "--out", str(tree))

    assert finished.returncode == 1
    assert says in finished.stdout
    assert "make generate" in finished.stdout


def test_an_untouched_tree_has_not_drifted_and_is_left_alone(tree: Path) -> None:
    """What is in the tree is what the contract makes; checking writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*")}

    finished = run("--check", "--out", str(tree))

    assert (finished.returncode, finished.stdout) == (0, "no drift\n")
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*")} == before
    assert [path.name for path in tree.parent.iterdir()] == ["axtasks_api"]


def test_generating_takes_stale_files_away(tree: Path) -> None:
    """The new package replaces the old one whole."""
    (tree / "stale.py").touch()

    finished = run("--out", str(tree))

    assert finished.returncode == 0, finished.stderr
    assert not (tree / "stale.py").exists()
    assert run("--check", "--out", str(tree)).returncode == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[]", "its top level is not a mapping", id="not a mapping"),
        pytest.param("openapi: [", "is not a contract", id="not YAML"),
        pytest.param("openapi: 3.1.1", "spec.yaml is no OpenAPI 3: the document: 'info' is missing", id="not OpenAPI"),
    ],
)
def test_a_contract_that_cannot_be_made_leaves_the_tree_alone(tree: Path, tmp_path: Path, text: str, says: str) -> None:
    """A failure is said, and nothing is half-written."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    before = contents(tree.parent)

    finished = run("--spec", str(spec), "--out", str(tree))

    assert finished.returncode == 1
    assert says in finished.stderr
    assert contents(tree.parent) == before
