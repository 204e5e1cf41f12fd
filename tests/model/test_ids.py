"""Ids and names are told apart for any text: no ordinary name is taken for an id."""

from __future__ import annotations

import base64
import itertools
import string

import pytest
from axtasks.mock import ids as ids_of_the_server
from axtasks.resolution.ids import parse_id
from hypothesis import example, given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic

# Names that a simpler test takes for ids: base64 of a text with a colon.
BY_CHANCE = ["ajoa", "ajob", "ajpa", "ajpz", "OjEy", "MTI6MzA=", "aHR0cDovL2E=", "Og=="]
OF_THE_DOCUMENTS = ["sp_abc123", "proj_abc123", "ds_xyz789", "task_abc123", "run_abc123", "ev_abc123", "exp_abc123"]
DAMAGED = ["RXZhbaGWx9yOjEyMzQ1", "", "VGFzazoxMjM0NQ==\n", "VGFzazoxMjM0NQ", "VGFzazoxMjM0NR=="]
ALPHABET = string.ascii_letters + string.digits + "+/="

WORDS = st.from_regex(r"[A-Z][A-Za-z0-9]{0,20}", fullmatch=True)
DIGITS = st.text(string.digits, min_size=1, max_size=20)
RESTS = st.just("") | st.text(max_size=20).map(":{}".format)
PAYLOADS = st.builds("{}:{}{}".format, WORDS, DIGITS, RESTS)
IDS = PAYLOADS.map(lambda text: base64.b64encode(text.encode()).decode())


@pytest.mark.parametrize("name", [*BY_CHANCE, *OF_THE_DOCUMENTS, *DAMAGED], ids=repr)
def test_names_that_simpler_tests_take_for_ids_are_names(name: str) -> None:
    assert parse_id(name) is None


def test_no_name_of_four_small_letters_is_an_id() -> None:
    """All 17,576 names that begin with an a; a simpler test takes 104 of them for ids."""
    names = ("a" + "".join(rest) for rest in itertools.product(string.ascii_lowercase, repeat=3))

    assert [name for name in names if parse_id(name) is not None] == []


@deterministic(100)
@given(st.text() | st.text(ALPHABET) | st.text(ALPHABET, min_size=8, max_size=8))
@example("\ud800")
def test_an_id_has_a_word_and_digits_in_canonical_base64(text: str) -> None:
    found = parse_id(text)

    if found is not None:
        decoded = base64.b64decode(text).decode()
        assert base64.b64encode(decoded.encode()).decode() == text == found.text
        word, digits = decoded.split(":")[:2]
        assert word == found.kind
        assert word[0] in string.ascii_uppercase
        assert set(digits) <= set(string.digits)


@deterministic(100)
@given(PAYLOADS)
def test_word_and_digits_in_base64_are_an_id_with_any_rest(payload: str) -> None:
    text = base64.b64encode(payload.encode()).decode()

    found = parse_id(text)

    assert found is not None
    assert (found.text, found.kind) == (text, payload.partition(":")[0])


@deterministic(100)
@given(IDS, st.data())
def test_a_damaged_id_is_no_id(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    blank = data.draw(st.sampled_from(" \n\t\r\u00a0\u200b"))

    assert parse_id(text[:place] + blank + text[place:]) is None
    assert parse_id(text + "=") is None
    assert parse_id(text[:-1]) is None or len(text) % 4 == 1
    if text.endswith("="):
        assert parse_id(text.rstrip("=")) is None


@deterministic(100)
@given(IDS | st.text(ALPHABET) | st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_the_client_and_the_server_accept_the_same_ids(text: str) -> None:
    """The parsers of ids in client and mock share no code, and agree on every text."""
    assert (parse_id(text) is None) == (ids_of_the_server.parse(text) is None)
