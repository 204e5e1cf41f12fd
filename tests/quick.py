"""Lint the files changed since main, and run their tests, without starting programs: `make quick`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[1]
# The tests of what is below a folder, or of a file; the first that fits counts.
TESTS_OF = {
    "facade/axtasks/cli/": "tests/cli",
    "facade/axtasks/mock/": "tests/mock",
    "facade/axtasks/testing/": "tests/testing",
    "facade/": "tests/unit",
    "generated/": "tests/contract",
    "spec/": "tests/contract",
    ".github/": "tests/contract",
    ".ci/": "tests/contract",
    "Makefile": "tests/contract",
    "pyproject.toml": "tests/contract",
    "README.md": "tests/docs",
    "docs/": "tests/docs",
    "CHANGELOG.md": "tests/docs",
}
CHOSEN = "not programs and not slow"
# Plugins that take a while to import, and what needs them.
PLUGINS = ("schemathesis", "hypothesispytest")
NEED_PLUGINS = "tests/model"
# Needs a browser and a library of its own.
LEFT_OUT = "tests/e2e/browser/"


def main(arguments: Sequence[str] | None = None) -> int:
    """Lint and test, and print the results.

    Returns:
        the exit code: 0 if nothing was wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.quick", description=__doc__)
    parser.add_argument("--workers", default="2", help="how many processes run the tests (default: 2)")
    parser.add_argument("parts", nargs="*", help="folders below tests/, or paths (default: what changed)")
    options = parser.parse_args(arguments)
    changed = list(changed_files())
    print(f"Changed since main: {len(changed)} files")
    linted = lint([path for path in changed if path.endswith(".py")])
    tests = named_tests(options.parts) if options.parts else affected_tests(changed)
    print(f"Testing: {' '.join(tests)}" if tests else "No tests are about what changed.", flush=True)
    # 5: all of them start programs, or are slow.
    tested = not tests or run(pytest_command(tests, options.workers), passes=(0, 5))
    if not linted:
        print("The lint found something: see above.")
    return 0 if linted and tested else 1


def changed_files() -> Iterator[str]:
    """Yield the files changed since this branch left main, new ones included, by their paths from ROOT."""
    on_main = git("branch", "--show-current").strip() == "main"
    ref = "origin/main" if on_main else "main"
    base = git("merge-base", "HEAD", ref).strip() or "HEAD"
    differing = git("diff", "--name-only", "--no-renames", "-z", base)
    new = git("ls-files", "--others", "--exclude-standard", "-z")
    yield from filter(None, dict.fromkeys([*differing.split("\0"), *new.split("\0")]))


def git(*arguments: str) -> str:
    """Return the output of a git command; empty if it fails, as where there is no such branch."""
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout


def lint(files: Iterable[str]) -> bool:
    """Check style and formatting of files; return True if both are right."""
    present = [file for file in files if (ROOT / file).exists()]
    if not present:
        return True
    ruff = [sys.executable, "-m", "ruff"]
    checked = run([*ruff, "check", "--quiet", "--force-exclude", *present])
    return run([*ruff, "format", "--check", "--force-exclude", *present]) and checked


def named_tests(parts: Iterable[str]) -> list[str]:
    """Return the paths of the requested tests, given as folders below tests/ or as paths."""
    found = []
    for part in parts:
        path = next((path for path in (f"tests/{part}", part) if (ROOT / path).exists()), None)
        if path is None:
            folders = ", ".join(sorted({file.parent.name for file in ROOT.glob("tests/*/test_*.py")}))
            sys.exit(f"There are no tests {part!r}: expected a path, or of {folders}.")
        found.append(path)
    return found


def affected_tests(changed: Iterable[str]) -> list[str]:
    """Return the paths of the tests for files.

    Args:
        changed: the files, by their paths from ROOT.
    """
    found = dict.fromkeys(path for file in changed if (path := affected_by(file)))
    return [path for path in found if not any(path.startswith(f"{folder}/") for folder in found)]


def affected_by(file: str) -> str | None:
    """Return the path of the tests for a file; None if there are none."""
    if file.startswith(LEFT_OUT):
        return None
    if file.startswith("tests/"):
        path = Path(file)
        if path.name.startswith("test_"):
            return file if (ROOT / file).exists() else None
        # What tests share is tested by all tests of its folder.
        return next((folder.as_posix() for folder in path.parents if any((ROOT / folder).rglob("test_*.py"))), None)
    return next((tests for start, tests in TESTS_OF.items() if file.startswith(start)), None)


def pytest_command(tests: Sequence[str], workers: str) -> list[str]:
    """Return the command that runs tests with minimal plugins."""
    needed = any(path.startswith(NEED_PLUGINS) or path == "tests" for path in tests)
    without = () if needed else PLUGINS
    left_out = [word for plugin in without for word in ("-p", f"no:{plugin}")]
    return [sys.executable, "-m", "pytest", "-q", "-n", workers, "-m", CHOSEN, *left_out, *tests]


def run(command: Sequence[str], *, passes: tuple[int, ...] = (0,)) -> bool:
    """Run a command in the project's folder; return True if its exit code means success."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode in passes


if __name__ == "__main__":
    sys.exit(main())
