"""Prints the table of the nasty server, one engine after the other: `make engines ENGINES="direct httpx-given"`."""

from __future__ import annotations

import argparse
import os
import sys
import time

from tests.e2e.engines.carriers import CARRIERS
from tests.e2e.engines.cell import WRONG
from tests.e2e.engines.table import cases_here, lines, notes, run

os.environ["ARIZE_TASKS_NO_ALPHA_WARNING"] = "1"


def main() -> int:
    """Play and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.engines", description=__doc__)
    parser.add_argument("engines", nargs="*", help=f"of {', '.join(CARRIERS)} (default: all)")
    parser.add_argument("--case", action="append", default=[], help="a part of the name of a case; may be repeated")
    options = parser.parse_args()
    wrong = 0
    for name in options.engines or CARRIERS:
        began = time.monotonic()
        judged = run(CARRIERS[name], cases_here(options.case))
        sys.stdout.write("\n".join([f"Engine {name}", *lines(judged), "", *notes(judged), ""]) + "\n")
        wrong += sum(verdict.word == WRONG for _, verdict in judged)
        sys.stdout.write(f"{len(judged)} cells in {time.monotonic() - began:.0f} s\n\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Threads that look up slow names, or that never end, are not waited for.
    os._exit(code)
