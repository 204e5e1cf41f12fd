"""Random calls of both clients come to what a small model of the documents says."""

from __future__ import annotations

from tests.dialects import BETA, DOCUMENTS
from tests.model.model import play

STORIES = {DOCUMENTS: 32, BETA: 12}
ABOUT_RUNS = {DOCUMENTS: 12, BETA: 6}


def test_both_clients_do_what_the_documents_say(contract: str) -> None:
    play(stories=STORIES[contract], steps=40)


def test_runs_are_made_once(contract: str) -> None:
    play(stories=ABOUT_RUNS[contract], steps=30, about_runs=True)
