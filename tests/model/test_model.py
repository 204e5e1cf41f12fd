"""Random calls of both clients return what a small model of the documents predicts."""

from __future__ import annotations

from tests.dialects import BETA, DOCUMENTS
from tests.model.model import run_sequences

SEQUENCES = {DOCUMENTS: 32, BETA: 12}
ABOUT_RUNS = {DOCUMENTS: 12, BETA: 6}


def test_both_clients_do_what_the_documents_say(contract: str) -> None:
    run_sequences(sequences=SEQUENCES[contract], steps=40)


def test_runs_are_made_once(contract: str) -> None:
    run_sequences(sequences=ABOUT_RUNS[contract], steps=30, about_runs=True)
