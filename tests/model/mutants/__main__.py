"""Changes the code in small ways, one at a time, and reports the changes that no test notices.

    python -m tests.model.mutants [--seed N] [--most N] [--jobs N]

Every surviving change is written as a patch to build/mutants/. The program fails if tests notice fewer than 85 %.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tests.model.planted.bug import PACKAGE, ROOT, copy_code
from tests.model.planted.suite_run import FEWER_PLUGINS, SuiteRunError, check_imported, run_suite

from .covered import COVERED
from .equivalent import EQUIVALENT
from .mutant import Mutant, mutants_of, sample

if TYPE_CHECKING:
    from collections.abc import Sequence

SURVIVORS = ROOT / "build" / "mutants"
LEAST_SHARE = 0.85
# A change that makes tests run longer than this counts as noticed.
MOST_SECONDS = 240


def main(arguments: Sequence[str]) -> int:
    """Try a sample of changes and print the results; return the exit code.

    Args:
        arguments: the command line.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.model.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the seed of the sample")
    parser.add_argument("--most", type=int, default=400, help="the most changes to try")
    parser.add_argument("--jobs", type=int, default=1, help="the number of changes to try at the same time")
    parser.add_argument("--only", nargs="*", default=list(COVERED), choices=COVERED, help="files to change")
    options = parser.parse_args(arguments)
    chosen = sample(options.only, seed=options.seed, most=options.most)
    possible = sum(sum(1 for _ in mutants_of(file)) for file in options.only)
    print(f"{len(chosen)} of {possible} changes to {len(options.only)} files, seed {options.seed}", flush=True)
    shutil.rmtree(SURVIVORS, ignore_errors=True)
    SURVIVORS.mkdir(parents=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder, str(number)).resolve() for number in range(options.jobs)]
        for copy in copies:
            copy_code(copy)
            check_imported(copy)
        for tests in sorted({COVERED[file] for file in options.only}):
            if failing_test := run_suite(copies[0], (*FEWER_PLUGINS, *tests)).failing_test:
                print(f"{failing_test} fails without any change")
                return 1
        survivors = try_all(chosen, copies)
    return summary(chosen, survivors, time.monotonic() - started)


def try_all(mutants: Sequence[Mutant], copies: Sequence[Path]) -> list[Mutant]:
    """Return the changes that no test noticed; print and save each as it is found.

    Args:
        mutants: the changes to try.
        copies: folders with copies of the code, each for one change at a time.
    """
    free: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def survives(mutant: Mutant) -> bool:
        copy = free.get()
        path = copy / PACKAGE / mutant.file
        try:
            path.write_text(mutant.changed(), encoding="utf-8")
            unnoticed = is_unnoticed(mutant, copy)
        finally:
            shutil.copy2(ROOT / PACKAGE / mutant.file, path)
            free.put(copy)
        if unnoticed:
            taken, put = mutant.lines()
            (SURVIVORS / f"{mutant.id}.diff").write_text(mutant.diff(), encoding="utf-8")
            print(f"survived: {mutant.file}:{mutant.place[0]}\n    - {taken}\n    + {put}", flush=True)
        return unnoticed

    with ThreadPoolExecutor(len(copies)) as pool:
        return [mutant for mutant, survived in zip(mutants, pool.map(survives, mutants), strict=True) if survived]


def is_unnoticed(mutant: Mutant, copy: Path) -> bool:
    """Return True if all tests of a file pass although it is changed.

    Args:
        mutant: the change.
        copy: a folder with a copy of the code that has the change.
    """
    try:
        found = run_suite(copy, (*FEWER_PLUGINS, *COVERED[mutant.file]), most_seconds=MOST_SECONDS)
    except SuiteRunError:
        # The tests could not even be collected.
        return False
    return found.failing_test is None and found.seconds < MOST_SECONDS


def summary(chosen: Sequence[Mutant], survivors: Sequence[Mutant], seconds: float) -> int:
    """Print the score, and return the exit code.

    Args:
        chosen: the changes that were tried.
        survivors: the changes that no test noticed.
        seconds: the duration.
    """
    known = {each[:3]: each.reason for each in EQUIVALENT}
    equivalent = [mutant for mutant in survivors if (mutant.file, *mutant.lines()) in known]
    share = 1 - len(survivors) / len(chosen)
    print(
        f"\n{len(chosen)} changes in {seconds / 60:.0f} min: {len(chosen) - len(survivors)} noticed ({share:.1%}),"
        f" {len(survivors)} survived, of which {len(equivalent)} have no effect"
    )
    for file in COVERED:
        of_file = [mutant for mutant in chosen if mutant.file == file]
        if of_file:
            print(f"  {file:24} {len(of_file) - len([m for m in survivors if m.file == file]):4} of {len(of_file):4}")
    for mutant in equivalent:
        print(f"  no difference: {mutant.id}: {known[mutant.file, *mutant.lines()]}")
    return int(share < LEAST_SHARE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
