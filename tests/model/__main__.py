"""`make fuzz`: run schemathesis, with the project's requests and checks, against `ax mock serve` with a small world."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks.mock.worldfiles.writer import dump_world

from tests.dialects import BETA, DOCUMENTS, spoken
from tests.model import hooks
from tests.model.contract import ROOT, SOURCES
from tests.model.generator import KEY
from tests.model.response_counts import LEAST_SHARE, ResponseCounts
from tests.model.servers import NOW, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator

BUILD = {DOCUMENTS: Path("build") / "fuzz", BETA: Path("build") / "fuzz" / BETA}


@contextmanager
def serving(world: Path) -> Iterator[str]:
    """Serve a mock of the current contract for the `with` block; yield its URL."""
    command = [str(Path(sys.executable).with_name("ax")), "mock", "serve", "--port", "0", "--world", str(world)]
    command += ["--clock-start", NOW.isoformat(), "--frozen", "--contract", spoken.contract]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server has no output")
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


def run(seed: int | None, max_examples: int, *, phases: str | None = None) -> int:
    """Run schemathesis; return its exit code, or 1 if too few requests succeed."""
    build = BUILD[spoken.contract]
    folder = ROOT / build
    folder.mkdir(parents=True, exist_ok=True)
    world = folder / "world.json"
    world.write_text(json.dumps(dump_world(small_world(spoken.contract))), encoding="utf-8")
    counts = folder / "reach.json"
    counts.unlink(missing_ok=True)
    if seed is not None:
        # Examples that failed before are not tried first.
        shutil.rmtree(ROOT / "build" / "schemathesis", ignore_errors=True)
    program = str(Path(sys.executable).with_name("st"))
    with serving(world) as url:
        source = SOURCES[spoken.contract].relative_to(ROOT)
        command = [program, "run", str(source), "--url", url, "-H", f"Authorization: {KEY}"]
        command += ["--max-examples", str(max_examples), "--report", "junit,har", "--report-dir", str(build)]
        command += ["--report-junit-path", str(build / "junit.xml"), "--report-har-path", str(build / "requests.har")]
        command += [] if seed is None else ["--seed", str(seed), "--generation-database", "none"]
        command += [] if phases is None else ["--phases", phases]
        variables = {hooks.URL: url, hooks.COUNTS_FILE: str(counts), hooks.SEED: str(seed or 0)}
        variables[hooks.CONTRACT] = spoken.contract
        loaded = {"SCHEMATHESIS_HOOKS": hooks.__name__, "PYTHONPATH": str(ROOT)}
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables, **loaded}, check=False).returncode
    return report(counts) or code


def report(counts: Path) -> int:
    """Print the counts of responses; return 1 if an operation has too few successes."""
    responses = ResponseCounts.from_json(counts.read_text(encoding="utf-8"))
    print(f"\nResponses to the requests\n\n{responses.report()}\n")
    failing = ", ".join(responses.below_minimum())
    if failing:
        print(f"Fewer than {LEAST_SHARE:.0%} of the requests that fit the schemas succeeded for: {failing}")
    return 1 if failing else 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--seed", default="", help="the seed of all choices; random by default")
    parser.add_argument("--max-examples", type=int, default=100, help="the most requests for each operation and phase")
    parser.add_argument("--phases", help="some of examples, coverage, fuzzing, stateful")
    parser.add_argument("--contract", choices=BUILD, default=DOCUMENTS, help="the contract of the mock")
    options = parser.parse_args()
    spoken.contract = options.contract
    return run(int(options.seed) if options.seed else None, options.max_examples, phases=options.phases)


if __name__ == "__main__":
    sys.exit(main())
