"""Print the table of the nasty server for each engine: `make engines ENGINES="direct httpx-given"`."""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.e2e.engines import memory
from tests.e2e.engines.engine import ENGINES, OWN
from tests.e2e.engines.table import cases_here, lines, mended, notes, run_cases
from tests.e2e.engines.verdict import WRONG

os.environ["ARIZE_TASKS_NO_ALPHA_WARNING"] = "1"


def main() -> int:
    """Run the cases and print the tables; return the exit code: 1 if a cell is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.engines", description=__doc__)
    parser.add_argument(
        "engines", nargs="*", metavar="engine", default=[*ENGINES], help=f"of {', '.join(ENGINES)} (default: all)"
    )
    parser.add_argument("--case", action="append", default=[], help="a part of the name of a case; may be repeated")
    parser.add_argument(
        "--memory",
        action="store_true",
        help="measure the memory of clients that are sent something without end instead",
    )
    options = parser.parse_args()
    if unknown := {*options.engines} - {*ENGINES}:
        parser.error(f"no such engine: {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    wrong = 0
    for name in options.engines:
        began = time.monotonic()
        told = [f"Engine {name}"]
        if options.memory:
            usages = memory.measure_all(ENGINES[name]) if ENGINES[name].kind == OWN else []
            told += memory.lines(usages)
            wrong += sum(not usage.is_right for usage in usages)
        else:
            judged = run_cases(ENGINES[name], cases_here(options.case))
            told += [*lines(judged), "", *notes(judged), *mended(judged, ENGINES[name])]
            wrong += sum(verdict.word == WRONG for _, verdict in judged)
        sys.stdout.write("\n".join([*told, f"{time.monotonic() - began:.0f} s", "", ""]))
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    code = main()
    # Exit without waiting for threads that look up slow names or never end.
    os._exit(code)
