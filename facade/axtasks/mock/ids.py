"""Identifiers: strict base64 of `Type:number` with an optional random part behind."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import string
from dataclasses import dataclass
from enum import Enum

RANDOM_LENGTH = 4
RANDOM_CHARACTERS = string.ascii_letters + string.digits + "+/"
PAYLOAD = re.compile(r"([A-Z][A-Za-z0-9]*):([0-9]+)(?::(.*))?", re.DOTALL)


class IdKind(Enum):
    """A kind of identifier: the word for what it stands for, and its prefixes (the first is given out)."""

    SPACE = ("space", "Space")
    PROJECT = ("project", "Model", "Project")
    DATASET = ("dataset", "Dataset")
    DATASET_VERSION = ("dataset version", "DatasetVersion")
    EXPERIMENT = ("experiment", "Experiment")
    EVALUATOR = ("evaluator", "Evaluator")
    EVALUATOR_VERSION = ("evaluator version", "EvaluatorVersion")
    AI_INTEGRATION = ("AI integration", "LlmIntegration")
    PROMPT = ("prompt", "Prompt")
    PROMPT_VERSION = ("prompt version", "PromptVersion")
    TASK = ("task", "OnlineTask", "Task")
    TASK_RUN = ("task run", "TaskRun")
    USER = ("user", "User")
    ORGANIZATION = ("organization", "Organization")

    def __init__(self, noun: str, *prefixes: str) -> None:
        self.noun = noun
        self.prefixes = prefixes

    @property
    def one(self) -> str:
        """The noun with its article, for messages."""
        return f"{'an' if self.noun[0] in 'AEIOaeio' else 'a'} {self.noun}"


KIND_OF_PREFIX: dict[str, IdKind] = {prefix: kind for kind in IdKind for prefix in kind.prefixes}


@dataclass(frozen=True, slots=True)
class ParsedId:
    """A decoded identifier; `kind` is None for an unknown prefix."""

    kind: IdKind | None
    number: int


def encode(kind: IdKind, number: int, rest: str) -> str:
    """The identifier with this content."""
    return base64.b64encode(f"{kind.prefixes[0]}:{number}:{rest}".encode()).decode()


def parse(text: str) -> ParsedId | None:
    """Decode an identifier; None for text that is not one."""
    try:
        raw = base64.b64decode(text, validate=True)
        found = PAYLOAD.fullmatch(raw.decode())
    except (binascii.Error, ValueError):
        return None
    # The comparison refuses what base64 readers let through: stray bits behind the last full byte.
    if found is None or base64.b64encode(raw).decode() != text:
        return None
    return ParsedId(KIND_OF_PREFIX.get(found[1]), int(found[2][-18:]))


def derived(kind: IdKind, number: int, seed: int) -> str:
    """The identifier that a thing with this number always gets from this seed."""
    digest = hashlib.blake2b(f"{seed}:{kind.noun}:{number}".encode(), digest_size=RANDOM_LENGTH).digest()
    return encode(kind, number, "".join(RANDOM_CHARACTERS[byte % len(RANDOM_CHARACTERS)] for byte in digest))
