"""Random calls of both clients return what a small model of the documents predicts."""

from __future__ import annotations

from tests.dialects import BETA, DOCUMENTS
from tests.model.model import run_sequences

SEQUENCES = {DOCUMENTS: 32, BETA: 12}
ABOUT_RUNS = {DOCUMENTS: 12, BETA: 6}


def test_both_clients_match_the_model(contract: str) -> None:
    run_sequences(sequences=SEQUENCES[contract], steps=40)


def test_runs_are_triggered_once(contract: str) -> None:
    run_sequences(sequences=ABOUT_RUNS[contract], steps=30, about_runs=True)
