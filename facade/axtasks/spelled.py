"""How an answer spells the values that the dialects of the contract spell differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from axtasks_api_beta.codec import Model, OpenEnum, constant_text
from axtasks_api_beta.dialect import FORMER_SPELLING, SPELLING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Spelled(NamedTuple):
    """A value of an enum, or a tag, as an answer has it.

    Attributes:
        path: its place, such as `task_runs[3].status`.
        text: how it is spelled there.
        in_documents: how the documents spell it.
        in_beta: how the newer dialect spells it.
    """

    path: str
    text: str
    in_documents: str
    in_beta: str


def spelled(value: object, raw: object, path: str = "") -> Iterator[Spelled]:
    """All values in an answer that the dialects spell differently.

    Args:
        value: a model, or what its fields hold.
        raw: the JSON that it was decoded from.
        path: where it stands.
    """
    if isinstance(value, OpenEnum):
        yield from _one(type(value).__name__, value.value, raw, path)
    elif isinstance(value, list) and isinstance(raw, list):
        for index, (item, of_item) in enumerate(zip(value, raw, strict=False)):
            yield from spelled(item, of_item, f"{path}[{index}]")
    elif isinstance(value, Model) and isinstance(raw, dict):
        below = f"{path}." if path else ""
        for field in type(value).fields():
            place, of_field = f"{below}{field.json_name}", raw.get(field.json_name)
            if field.constant is not None:
                yield from _one(f"{type(value).__name__}.{field.json_name}", field.constant, of_field, place)
            else:
                yield from spelled(getattr(value, field.name), of_field, place)


def _one(domain: str, name: str, raw: object, path: str) -> Iterator[Spelled]:
    in_documents, in_beta = constant_text(name, domain, FORMER_SPELLING), constant_text(name, domain, SPELLING)
    if isinstance(raw, str) and in_beta != in_documents:
        yield Spelled(path, raw, in_documents, in_beta)
