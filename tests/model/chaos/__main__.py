"""Makes calls to a mock that fails at random, and prints verdicts: `make chaos SEED=1 SEEDS=5 ENGINE=httpx RATE=0.2`.

A seed decides all figures of a line but the last: time is virtual, so the load of the machine has no effect.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NeverEndsError

from tests.dialects import BETA, DOCUMENTS
from tests.engines import ALL_ENGINES, DIRECT, carried_by
from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.simulated_user import run_user
from tests.model.chaos.tables import Columns, print_defects, print_line, print_row, print_titles
from tests.model.chaos.verdict import DEFECTS, Verdict

# Concurrent users, half of them with each client. Each has a mock of its own, so that a seed decides the results.
USERS = 4
MOST_SECONDS = 1800
COLUMNS: Columns = (
    ("seed", 4),
    ("calls", 7),
    ("writes", 8),
    ("requests", 10),
    ("struck", 8),
    *((defect, len(defect) + 2) for defect in DEFECTS),
    ("ambiguous", 11),
    ("other errors", 14),
    ("longest", 9),
    ("took", 8),
)


def main() -> int:
    """Run each seed and print a line for it; return 1 if a verdict is not good."""
    parser = argparse.ArgumentParser(prog="make chaos", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="the number of seeds")
    parser.add_argument("--operations", type=int, default=5000, help="the number of calls for each seed")
    parser.add_argument("--rate", type=float, default=0.2, help="the share of requests that a fault strikes")
    parser.add_argument("--contract", choices=(DOCUMENTS, BETA), default=DOCUMENTS, help="the contract of the mock")
    parser.add_argument("--engine", choices=ALL_ENGINES, default=DIRECT, help="the HTTP engine of the client")
    options = parser.parse_args()
    print_titles(COLUMNS)
    verdicts: list[Verdict] = []
    with carried_by(options.engine):
        for seed in range(options.seed, options.seed + options.seeds):
            verdict = run_users(seed, options.operations, options.rate, options.contract)
            verdicts.append(verdict)
            print_row(figures(str(seed), verdict), COLUMNS)
    total = Verdict.sum(verdicts)
    print_row(figures("all", total), COLUMNS)
    for title, counts in (("other errors", total.errors), ("in doubt", total.doubts)):
        print_line(f"\n{title}: {'; '.join(f'{number} {what}' for what, number in counts.most_common()) or 'none'}")
    print_defects(total.defects)
    return 0 if all(verdict.is_good for verdict in (*verdicts, total)) else 1


def run_users(seed: int, operations: int, rate: float, contract: str) -> Verdict:
    """Return the verdict on all users of a seed."""
    adapters = list(ADAPTERS.values())
    share, rest = divmod(operations, USERS)
    with ThreadPoolExecutor(USERS) as pool:
        parts = [
            pool.submit(
                run_user,
                adapters[user % len(adapters)],
                seed=seed * USERS + user,
                operations=share + (user < rest),
                rate=rate,
                contract=contract,
            )
            for user in range(USERS)
        ]
        try:
            return Verdict.sum(part.result(MOST_SECONDS) for part in parts)
        except NeverEndsError:
            # Threads cannot be ended: their stacks are printed, and the process exits.
            faulthandler.dump_traceback()
            print_line(f"seed {seed}: a call has not come back after {MOST_SECONDS} seconds")
            os._exit(1)


def figures(name: str, verdict: Verdict) -> list[object]:
    """Return the figures of a line of the table."""
    return [
        name,
        verdict.operations,
        verdict.writes,
        verdict.requests,
        f"{verdict.struck / max(1, verdict.requests):.1%}",
        *map(verdict.count, DEFECTS),
        f"{verdict.ambiguous:.2%}",
        verdict.errors.total(),
        f"{verdict.longest_seconds:.1f} s",
        f"{verdict.seconds:.0f} s",
    ]


if __name__ == "__main__":
    sys.exit(main())
