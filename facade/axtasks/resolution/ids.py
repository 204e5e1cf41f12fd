"""Tell ids from names, and ids of one kind from those of another."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, NamedTuple

from axtasks.errors import BadRequestError, InvalidArgumentError, WrongKindError

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun

    from axtasks.engine.effects import Flow


_TEXT = re.compile(r"([A-Z][A-Za-z0-9]*):[0-9]+(?::.*)?", re.ASCII | re.DOTALL)
# Ids are opaque, but none is several words.
_WORDS = re.compile(r"[\w.,:()-]+(?: [\w.,:()-]+)+", re.ASCII)
RUN = "run"
# The nouns by the word an id begins with, from the ids in the documents. `Entity`, the documents' placeholder for any
# kind, and all words not listed here pass as any kind.
_NOUNS = {
    "AnnotationConfig": "annotation config",
    "Dataset": "dataset",
    "DatasetVersion": "dataset version",
    "Evaluator": "evaluator",
    "EvaluatorVersion": "evaluator version",
    "Experiment": "experiment",
    "LlmIntegration": "AI integration",
    "Model": "project",
    "OnlineTask": "task",
    "Organization": "organization",
    "Project": "project",
    "Prompt": "prompt",
    "PromptVersion": "prompt version",
    "Space": "space",
    "Task": "task",
    "TaskRun": RUN,
    "User": "user",
}


# Kinds that are parts of another: each of their ids is one of that.
_PARTS = {"AI integration": "integration"}


class ResourceId(NamedTuple):
    """An id, the word it begins with, and the noun for it; None for an unknown word."""

    text: str
    kind: str
    noun: str | None


def parse_id(value: str) -> ResourceId | None:
    """Parse an id; return None for a name.

    An id is strict base64 (standard alphabet, right padding, no blanks, no stray bits) of UTF-8 text `Word:digits`, its
    word capitalised, and anything after a second colon. Ids are opaque; they are parsed only to tell them from names.
    """
    try:
        raw = base64.b64decode(value.encode("ascii"), validate=True)
        match = _TEXT.fullmatch(raw.decode("utf-8"))
    except (UnicodeError, binascii.Error):
        return None
    # Decoders of base64 accept stray bits after the last byte; encoding it again shows them.
    if match is None or base64.b64encode(raw).decode("ascii") != value:
        return None
    return ResourceId(value, match[1], _NOUNS.get(match[1]))


def is_id(value: str) -> bool:
    """Tell whether a text is taken for an id; any other text is a name.

    Args:
        value: what is given for a task, a space or another thing that has a name.
    """
    return parse_id(value) is not None


def with_article(noun: str) -> str:
    """Return the noun with its article, for messages."""
    return f"{'an' if noun[0] in 'AEIOaeio' else 'a'} {noun}"


def expect_kind(resource_id: ResourceId, noun: str) -> str:
    """Return the text of an id; raise WrongKindError if it is known to be of another kind than the noun."""
    if resource_id.noun is not None and noun not in {resource_id.noun, _PARTS.get(resource_id.noun)}:
        raise WrongKindError(
            f"{resource_id.text!r} is the id of {with_article(resource_id.noun)}, not of {with_article(noun)}",
            noun=noun,
            value=resource_id.text,
        )
    return resource_id.text


def expect_id(value: str, noun: str) -> str:
    """Return an id of any form; raise WrongKindError if it is known to be of another kind than the noun."""
    if value in {"", ".", ".."}:
        raise InvalidArgumentError(f"{value!r} is not the id of {with_article(noun)}")
    resource_id = parse_id(value)
    if resource_id is None and _WORDS.fullmatch(value):
        raise InvalidArgumentError(only_by_id(value, noun))
    return value if resource_id is None else expect_kind(resource_id, noun)


def only_by_id(value: str, noun: str) -> str:
    """Return the message for a name where there are no names."""
    kind = with_article(noun)
    return f"{value!r} is not the id of {kind}, and {kind} is found here by its id alone, not by a name"


def explain_name(flow: Flow[TaskRun], run_id: str) -> Flow[TaskRun]:
    """Return the run that a flow reads; raise InvalidArgumentError if the server refused what is no id at all."""
    try:
        return (yield from flow)
    except BadRequestError as error:
        if is_id(run_id):
            raise
        raise InvalidArgumentError(only_by_id(run_id, RUN)) from error
