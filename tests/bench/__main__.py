"""The command of the benchmarks: `python -m tests.bench [--suite NAME] [--rounds N] [--out FILE] [--against FILE]`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

from tests.bench import client_suite, harness, mock_suite, scale_suite

SUITES: dict[str, harness.Suite] = {
    "client": client_suite.suite,
    "mock": mock_suite.suite,
    "scale": scale_suite.suite,
}
DEFAULT_ROUNDS = 5


def main() -> int:
    """Measure, write the results, and show them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, in interleaved rounds.")
    parser.add_argument("--suite", choices=SUITES, action="append", help="only this one; can be given several times")
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS, help="how often each case is measured")
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench"), help="folder for the results, a file per suite"
    )
    parser.add_argument("--against", type=Path, help="folder with the results of an earlier run to compare with")
    options = parser.parse_args()
    about = {"python": platform.python_version(), "machine": platform.machine(), "cpus": str(os.cpu_count())}
    for name in options.suite or SUITES:
        earlier_file = None if options.against is None else options.against / f"{name}.json"
        earlier = {} if earlier_file is None else harness.read_ratios(earlier_file)
        with SUITES[name]() as groups:
            results = harness.run(groups, options.rounds)
        harness.write(options.out / f"{name}.json", results, about)
        print(f"\n{name}: medians of {options.rounds} rounds, on {about['cpus']} CPUs with Python {about['python']}\n")
        print(harness.table(results, earlier))
    return 0


if __name__ == "__main__":
    sys.exit(main())
