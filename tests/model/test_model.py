"""Random calls of both clients come to what a small model of the documents says."""

from __future__ import annotations

from tests.dialects import BETA, DOCUMENTS
from tests.model.model import play

STORIES = {DOCUMENTS: 32, BETA: 12}


def test_both_clients_do_what_the_documents_say(contract: str) -> None:
    play(stories=STORIES[contract], steps=40)
