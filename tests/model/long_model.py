"""A long run of the model test: `python -m tests.model.long_model --steps 50000 --seed 1`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from typing import TYPE_CHECKING

import click

from tests.dialects import BETA, DOCUMENTS, spoken
from tests.model.model import SHORTENING_SECONDS, run_sequences
from tests.model.model_runner import STATISTICS
from tests.model.model_script import ScriptError

if TYPE_CHECKING:
    from collections import Counter

SEQUENCES, STEPS = 20, 60
PROGRESS = 5


def main() -> int:
    """Run sequences until enough steps were made, and print the statistics."""
    parser = argparse.ArgumentParser(description="A long run of the model test.")
    parser.add_argument("--steps", type=int, default=50_000, help="the number of calls")
    parser.add_argument("--seed", type=int, default=1, help="the seed of all choices")
    parser.add_argument(
        "--shorten", type=float, default=SHORTENING_SECONDS, help="seconds for shrinking a failing sequence"
    )
    parser.add_argument("--contract", choices=(DOCUMENTS, BETA), default=DOCUMENTS, help="the contract of the mock")
    parser.add_argument("--round", type=int, default=0, help="the first round")
    given = parser.parse_args()
    spoken.contract = given.contract
    logging.getLogger("axtasks").setLevel(logging.ERROR)
    started = time.monotonic()
    failure, number = "", given.round
    while STATISTICS.steps < given.steps and not failure:
        try:
            # Each round has its own seed, so that a failing one can be repeated alone. Every other
            # round is about runs that are triggered once.
            is_odd = bool(number % 2)
            seed_number = given.seed * 1_000_000 + number
            run_sequences(
                sequences=SEQUENCES, steps=STEPS, seed_number=seed_number, shortening=given.shorten, about_runs=is_odd
            )
        except ScriptError as error:
            failure = str(error)
        number += 1
        if number % PROGRESS == 0:
            click.echo(f"{STATISTICS.steps} steps so far", err=True)
    seconds = time.monotonic() - started
    played = f"rounds {given.round} to {number - 1}"
    click.echo(f"seed {given.seed}: {STATISTICS.steps} steps in {played}, {STATISTICS.comparisons} full comparisons")
    click.echo(f"differences: {1 if failure else 0}")
    click.echo(f"rate: {STATISTICS.steps / seconds:.0f} steps a second, {seconds:.0f} seconds in all")
    for what, counts in (
        ("calls", STATISTICS.methods),
        ("outcomes", STATISTICS.outcomes),
        ("faults that struck", STATISTICS.faults),
    ):
        click.echo(f"{what}: {_listed(counts)}")
    if failure:
        click.echo(f"\nround {number - 1} ends with\n\n{failure}")
    return 1 if failure else 0


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


if __name__ == "__main__":
    sys.exit(main())
