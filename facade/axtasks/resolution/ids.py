"""Tell ids from names, and ids of one kind from those of another."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from axtasks.errors import InvalidArgumentError, WrongKindError

_TEXT = re.compile(r"([A-Z][A-Za-z0-9]*):[0-9]+(?::.*)?", re.ASCII | re.DOTALL)
RUN = "run"
# The words that ids of the documents begin with, and what each stands for. `Entity` is the documents' placeholder
# for any kind; it and every word that is not listed here pass as any kind.
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


class ResourceId(NamedTuple):
    """An id with the word it begins with and, where that word is known, what it stands for."""

    text: str
    kind: str
    noun: str | None


def parse_id(value: str) -> ResourceId | None:
    """The id that a value is, or None for a name.

    An id is strict base64 (standard alphabet, right padding, no blanks, no stray bits) of UTF-8 text `Word:digits`, its
    word capitalised, and anything after a second colon. Ids are opaque; this looks inside only to tell them from names.

    Args:
        value: a name or an id.
    """
    try:
        raw = base64.b64decode(value.encode("ascii"), validate=True)
        match = _TEXT.fullmatch(raw.decode("utf-8"))
    except (UnicodeError, binascii.Error):
        return None
    # What encodes otherwise has bits behind its last byte, which readers of base64 let through.
    if match is None or base64.b64encode(raw).decode("ascii") != value:
        return None
    return ResourceId(value, match[1], _NOUNS.get(match[1]))


def is_id(value: str) -> bool:
    """Tell whether a text is taken for an id; any other text is a name.

    Args:
        value: what is given for a task, space, project, dataset, experiment or evaluator.
    """
    return parse_id(value) is not None


def a(noun: str) -> str:
    """The noun with its article, for messages."""
    return f"{'an' if noun[0] in 'AEIOaeio' else 'a'} {noun}"


def expect_kind(resource_id: ResourceId, noun: str) -> str:
    """The id's text, once it is not known to be of another kind.

    Args:
        resource_id: the id.
        noun: what it should stand for, such as `project`.

    Raises:
        WrongKindError: the id says it stands for something else.
    """
    if resource_id.noun is not None and resource_id.noun != noun:
        raise WrongKindError(
            f"{resource_id.text!r} is the id of {a(resource_id.noun)}, not of {a(noun)}",
            noun=noun,
            value=resource_id.text,
        )
    return resource_id.text


def expect_id(value: str, noun: str) -> str:
    """An id that is taken as it is, whatever its form, once it is not known to be of another kind.

    Args:
        value: an id; names are not looked up.
        noun: what it should stand for, such as `run`.

    Raises:
        InvalidArgumentError: it could not be a segment of a path.
        WrongKindError: the id says it stands for something else.
    """
    if value in {"", ".", ".."}:
        raise InvalidArgumentError(f"{value!r} is not the id of {a(noun)}")
    resource_id = parse_id(value)
    return value if resource_id is None else expect_kind(resource_id, noun)
