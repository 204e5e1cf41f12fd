"""Random calls of both clients come to what a small model of the documents says."""

from __future__ import annotations

from tests.property.model import play


def test_both_clients_do_what_the_documents_say() -> None:
    play(stories=60, steps=40)
