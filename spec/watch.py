"""Generates on every save below spec/, shows what changed and whom it breaks, and runs the tests of what changed.

It goes on until it is stopped. What it compares with is the last commit, unless another base is named.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from spec.generator.__main__ import GENERATED, PACKAGES, SPEC
from spec.generator.package import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PAUSE_SECONDS = 0.5
WATCHED = (".yaml", ".py", ".jinja")
TESTS = ROOT / "tests"
# They read every model, or the contract itself.
ALWAYS = ("contract/test_dialects.py", "contract/test_generated.py", "contract/test_overlays.py")
# Folders of tests that are quick enough to be looked through for what changed.
QUICK = ("contract", "unit")
# What all models and operations are made of; a change there is a change of all.
SHARED = ("base.py", "codec.py", "spelled.py", "operation.py", "types.py", "client.py")

Stamps = dict[Path, int]


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line until it is stopped, or for as many rounds as it is told."""
    parser = argparse.ArgumentParser(prog="python -m spec.watch", description=__doc__)
    parser.add_argument("--base", default="HEAD", help="git ref or file to compare with (default: HEAD)")
    parser.add_argument("--rounds", type=int, help="stop after so many saves (default: never)")
    options = parser.parse_args(arguments)
    saves = changes(stamps(SPEC), lambda: stamps(SPEC), lambda: time.sleep(PAUSE_SECONDS))
    say("Watching spec/; stop with Ctrl-C.")
    done = 0
    try:
        while options.rounds is None or done < options.rounds:
            one_round(next(saves), options.base)
            done += 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def one_round(saved: Iterable[Path], base: str) -> bool:
    """Generates, compares and tests; returns whether all went well.

    Args:
        saved: the files that were saved.
        base: what to compare with.
    """
    say(f"Saved: {', '.join(sorted(path.relative_to(ROOT).as_posix() for path in saved))}")
    before = contents()
    if not run("spec.generator"):
        return False
    after = contents()
    made = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    say(f"Generated: {len(made)} files changed.")
    run("spec.diff", "--base", base)
    tests = affected(made, TESTS)
    say(f"Testing: {' '.join(tests)}" if tests else "Nothing to test.")
    return not tests or run("pytest", "-q", "-p", "no:cacheprovider", *tests)


def changes(known: Stamps, look: Callable[[], Stamps], wait: Callable[[], None]) -> Iterator[set[Path]]:
    """The files of each save, once there is no more of it to come.

    Args:
        known: when each file was last changed, to begin with.
        look: tells when each file was last changed.
        wait: lets some time pass.
    """
    while True:
        wait()
        now = look()
        if now == known:
            continue
        while True:
            wait()
            settled = look()
            if settled == now:
                break
            now = settled
        yield {path for path in {*known, *now} if known.get(path) != now.get(path)}
        known = now


def stamps(folder: Path) -> Stamps:
    """Return the time of the last change of each watched file."""
    found: Stamps = {}
    for path in folder.rglob("*"):
        if path.suffix in WATCHED:
            try:
                found[path] = path.stat().st_mtime_ns
            except FileNotFoundError:
                continue  # An editor was just replacing it.
    return found


def contents() -> dict[Path, bytes]:
    """The generated modules as they are."""
    return {path: path.read_bytes() for package in PACKAGES for path in package.rglob("*.py")}


def affected(made: Iterable[Path], tests: Path) -> list[str]:
    """The test files that are about what changed: those that name a model or an operation of it.

    Args:
        made: the generated modules that changed.
        tests: the folder of the tests.
    """
    names = {path.name for path in made}
    if not names:
        return []
    files = [file for folder in QUICK for file in sorted((tests / folder).rglob("test_*.py"))]
    if not names & set(SHARED):
        words = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(named(made))) or r"(?!)")
        about = {file for file in files if words.search(file.read_text(encoding="utf-8"))}
        files = [file for file in files if file in about or file.relative_to(tests).as_posix() in ALWAYS]
    return [file.relative_to(tests.parent).as_posix() for file in files]


def named(made: Iterable[Path]) -> Iterator[str]:
    """Yield the names by which programs call the models and operations of these modules."""
    for path in made:
        if path.parent.name == "models" and path.stem != "__init__":
            yield "".join(word.title() for word in path.stem.split("_"))
            if path.exists():
                yield from re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        elif path.is_relative_to(GENERATED) and "api" in path.parts and path.stem != "__init__":
            yield path.stem


def run(module: str, *arguments: str) -> bool:
    """Run a module of ours, or of the environment, and return whether it ended well."""
    return subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=False).returncode == 0


def say(text: str) -> None:
    """Shows a line at once, also when it goes into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
