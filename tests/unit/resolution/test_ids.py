"""Tests of ids, told from names and from ids of other kinds by their base64 content."""

from __future__ import annotations

import base64

import pytest
from axtasks.errors import InvalidArgumentError, WrongKindError
from axtasks.resolution.ids import expect_id, expect_kind, parse_id, with_article

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

# Every id that the documents show, with the word it begins with and what that stands for.
IDS = [
    ("T25saW5lVGFzazo0NTpxUndY", "OnlineTask", "task"),
    ("T25saW5lVGFzazoyNzYwMDppNi9l", "OnlineTask", "task"),
    ("VGFzazoxMjM0NQ==", "Task", "task"),
    ("VGFza1J1bjo5OTpxUndY", "TaskRun", "run"),
    ("TW9kZWw6MTIzOmFCY0Q=", "Model", "project"),
    ("UHJvamVjdDoxMjM0NQ==", "Project", "project"),
    ("RGF0YXNldDo1NjpxUndY", "Dataset", "dataset"),
    ("RGF0YXNldFZlcnNpb246MTphQmNE", "DatasetVersion", "dataset version"),
    ("RXhwZXJpbWVudDoxOmFCY0Q=", "Experiment", "experiment"),
    ("RXZhbHVhdG9yOjEyOmFCY0Q=", "Evaluator", "evaluator"),
    ("RXZhbHVhdG9yVmVyc2lvbjoxMjM0NQ==", "EvaluatorVersion", "evaluator version"),
    ("TGxtSW50ZWdyYXRpb246MTI6YUJjRA==", "LlmIntegration", "AI integration"),
    ("U3BhY2U6NDkzOkJaSkc=", "Space", "space"),
    ("VXNlcjoxOm5OYkM=", "User", "user"),
    ("T3JnYW5pemF0aW9uOjEyMzQ1", "Organization", "organization"),
    ("UHJvbXB0OjEyMzQ1", "Prompt", "prompt"),
    ("UHJvbXB0VmVyc2lvbjoxMjM0NQ==", "PromptVersion", "prompt version"),
    ("RW50aXR5OjEyMzQ1", "Entity", None),
]
FALSE_FRIENDS = ["ajoa", "ajob", "ajpa", "ajpz", "OjEy", "MTI6MzA=", "aHR0cDovL2E=", "Og=="]
CLI_PAGE_NAMES = ["sp_abc123", "proj_abc123", "ds_xyz789", "task_abc123", "run_abc123", "ev_abc123", "exp_abc123"]
NAMES = [
    *((text, f"base64-by-chance-{text}") for text in FALSE_FRIENDS),
    *((text, f"cli-page-{text}") for text in CLI_PAGE_NAMES),
    ("", "empty"),
    ("VGFzazoxMjM0NQ==\n", "id-and-newline"),
    ("VGFzazoxMjM0NQ== ", "id-and-space"),
    (" VGFzazoxMjM0NQ==", "space-and-id"),
    ("VGFzazox\nMjM0NQ==", "newline-within-id"),
    ("VGFzazoxMjM0NQ=", "half-the-padding"),
    ("VGFzazoxMjM0NQ", "no-padding"),
    ("VGFzazoxMjM0NQ===", "too-much-padding"),
    ("RXZhbaGWx9yOjEyMzQ1", "no-length-of-base64"),
    ("VGFzazoxMjM0NQ==x", "text-after-padding"),
    ("VGFzazoxMjM0NR==", "stray-bits-behind-the-last-byte"),
    ("Qualität", "not-ascii"),
    ("Relevance Monitor", "words"),
]
DECODED_NAMES = [
    ("Task", "no-colon"),
    ("Task:", "no-digits"),
    ("Task:abc", "letters-for-digits"),
    ("Task:12a", "letters-after-digits"),
    (":12", "no-word"),
    ("task:12", "small-letter-first"),
    ("My_Task:12", "underscore-in-word"),
    ("12:30", "digits-for-word"),
    ("Task :12", "blank-in-word"),
    ("Täsk:12", "word-not-ascii"),
    ("Task:١٢", "digits-not-ascii"),
    (" Task:12", "blank-before-word"),
    ("Task:12 ", "blank-after-digits"),
]


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize(("text", "kind", "noun"), IDS, ids=[f"{kind}-{text}" for text, kind, _ in IDS])
def test_an_id_of_the_documents_is_recognised_with_its_kind(text: str, kind: str, noun: str | None) -> None:
    found = parse_id(text)

    assert found is not None
    assert (found.text, found.kind, found.noun) == (text, kind, noun)


@pytest.mark.parametrize("text", [text for text, _ in NAMES], ids=[title for _, title in NAMES])
def test_text_that_is_no_strict_base64_of_an_id_is_a_name(text: str) -> None:
    assert parse_id(text) is None


@pytest.mark.parametrize("decoded", [text for text, _ in DECODED_NAMES], ids=[title for _, title in DECODED_NAMES])
def test_base64_of_something_else_is_a_name(decoded: str) -> None:
    assert parse_id(encoded(decoded)) is None


def test_base64_that_is_no_text_is_a_name() -> None:
    assert parse_id(encoded(b"Task:12:\xff")) is None


def test_base64_of_the_other_alphabet_is_a_name() -> None:
    both = encoded("Task:12:\u00bf\u00ff>>>???")

    assert parse_id(both) is not None
    assert "+" in both or "/" in both
    assert parse_id(both.replace("+", "-").replace("/", "_")) is None


@pytest.mark.parametrize("rest", ["", "a", "i6/e", "a:b", "a+b", "ä", "a\nb"])
def test_anything_may_follow_a_second_colon(rest: str) -> None:
    assert parse_id(encoded(f"Task:12:{rest}")) is not None


@pytest.mark.parametrize(("text", "noun"), [(text, noun) for text, _, noun in IDS if noun])
def test_an_id_passes_as_its_own_kind_and_both_kinds_are_named_where_another_is_wanted(text: str, noun: str) -> None:
    assert expect_id(text, noun) == text
    for wanted in {"project", "run", "space"} - {noun}:
        with pytest.raises(
            WrongKindError, match=f"is the id of {with_article(noun)}, not of {with_article(wanted)}"
        ) as caught:
            expect_id(text, wanted)

        assert (caught.value.noun, caught.value.value) == (wanted, text)
        assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize("text", ["RW50aXR5OjEyMzQ1", encoded("Novelty:7"), encoded("Novelty:7:x")])
def test_an_id_whose_word_says_nothing_passes_as_any_kind(text: str) -> None:
    found = parse_id(text)

    assert found is not None
    for noun in ("project", "dataset", "task", "run", "space", "evaluator", "experiment"):
        assert expect_kind(found, noun) == text


@pytest.mark.parametrize("text", ["run_abc123", "anything", "a/b"])
def test_where_only_ids_are_taken_their_form_is_left_to_the_server(text: str) -> None:
    assert expect_id(text, "run") == text


def test_a_text_with_a_blank_is_a_name() -> None:
    with pytest.raises(
        InvalidArgumentError, match="'last night' is not the id of a run, and a run is found here by its"
    ):
        expect_id("last night", "run")


@pytest.mark.parametrize("text", ["", ".", ".."])
def test_text_that_cannot_be_a_path_segment_is_no_id(text: str) -> None:
    with pytest.raises(InvalidArgumentError, match="is not the id of a run"):
        expect_id(text, "run")
