"""Find the supported Pythons of this machine, and run a command of make on each.

They are looked for on the path and among those that pyenv has installed. Each has an environment of its own below
build/pythons/, which is kept. This module runs on a Python without any of the project's dependencies.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUPPORTED = ("3.11", "3.12", "3.13", "3.14")
VERSION_OF = "import sys; print('%d.%d' % sys.version_info[:2])"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command on each Python, or print the path of one.

    Returns:
        the exit code: 0 if the command succeeded on each Python that was found.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.pythons", description=__doc__)
    parser.add_argument("--path", choices=SUPPORTED, help="print the path of this Python, and run nothing")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="make, its options and targets")
    options = parser.parse_args(arguments)
    if options.path:
        found = find(options.path, os.environ)
        if found is None:
            sys.exit(f"Python {options.path} is needed, and found neither on the path nor in pyenv: install it first.")
        print(found)
        return 0
    return run_on_each(options.command)


def run_on_each(command: Sequence[str]) -> int:
    """Run a command of make on each Python that is found, and show the results.

    Returns:
        the exit code: 1 if it failed on one of them, or none was found.
    """
    results = {}
    for version in SUPPORTED:
        python = find(version, os.environ)
        if python is None:
            results[version] = "not found"
            continue
        print(f"Python {version}: {python}", flush=True)
        settings = (f"PYTHON={python}", f"VENV=build/pythons/{version}")
        code = subprocess.run([*command, *settings], check=False).returncode
        results[version] = "passed" if code == 0 else f"failed with exit code {code}"
    for version, result in results.items():
        print(f"Python {version}: {result}")
    return 0 if set(results.values()) in ({"passed"}, {"passed", "not found"}) else 1


def find(version: str, environment: Mapping[str, str]) -> Path | None:
    """Return the first interpreter of a version that runs; None if there is none.

    Args:
        version: such as `3.12`.
        environment: the environment variables, of which `PATH`, `PYENV_ROOT` and `HOME` say where to look.
    """
    return next((path for path in candidates(version, environment) if version_of(path) == version), None)


def candidates(version: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield possible paths of a version's interpreter: on the path first, then in pyenv, newest first."""
    if on_path := shutil.which(f"python{version}", path=environment.get("PATH", "")):
        yield Path(on_path)
    pyenv = Path(environment.get("PYENV_ROOT") or Path(environment.get("HOME", "")) / ".pyenv")
    releases = pyenv.glob(f"versions/{version}.*/bin/python")
    yield from sorted(releases, key=lambda path: re.findall(r"\d+", path.parts[-3])[-1].zfill(3), reverse=True)


def version_of(python: Path) -> str | None:
    """Return the version of an interpreter such as `3.12`; None if it does not run."""
    # A shim of pyenv is on the path even where the version that it stands for is not switched on.
    done = subprocess.run([python, "-c", VERSION_OF], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
