"""Deviations of a response from the contract, for clients that are strict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from axtasks_api_beta.codec import Model, OpenEnum, UnknownVariant, shorten
from axtasks_api_beta.dialect import ADDED

from axtasks.errors import ContractViolationError, Deviation

from .dialect import DOCUMENTS, enum_spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks_api_beta.codec import Field

    from .dialect import Contract


LONGEST_REASON = 200
# Each JSON type that a field may have, with the Python types that it comes as.
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


def deviations(value: object, path: str = "", *, contract: Contract | None = None) -> Iterator[Deviation]:
    """Everything in a decoded answer that the contract does not know.

    Args:
        value: a model, or what its fields hold.
        path: where it stands.
        contract: the dialect that the server speaks; either is good while it is not known.
    """
    added = ADDED.get(type(value).__name__, frozenset()) if contract == DOCUMENTS else frozenset()
    match value:
        case Model():
            yield from _in_model(value, path, contract, added)
        case OpenEnum() if not value.is_known or value.value in added:
            known = ", ".join(member.value for member in type(value) if member.value not in added)
            yield Deviation(path, f"{value.value!r} is none of {known}")
        case UnknownVariant():
            yield _unknown_variant(path, value.tag)
        case list():
            for index, item in enumerate(value):
                yield from deviations(item, f"{path}[{index}]", contract=contract)


def _in_model(model: Model, path: str, contract: Contract | None, added: frozenset[str]) -> Iterator[Deviation]:
    tag = next((field.constant for field in model.fields() if field.constant is not None), None)
    if contract == DOCUMENTS and tag is not None and not ADDED.get(type(model).__name__, True):
        yield _unknown_variant(path, tag)
        return
    below = f"{path}." if path else ""
    for field, value in model.present():
        if field.json_name not in added:
            yield from _in_field(field, value, f"{below}{field.json_name}", contract)
        else:
            yield _unknown_field(f"{below}{field.json_name}")
    for name in getattr(model, "additional_properties", {}):
        yield _unknown_field(f"{below}{name}")


def _unknown_variant(path: str, tag: str | None) -> Deviation:
    return Deviation(path, f"a variant with the tag {tag!r} is unknown")


def _unknown_field(path: str) -> Deviation:
    return Deviation(path, "is not a known field")


def misspelled_values(model: object, content: bytes, contract: Contract | None) -> Iterator[Deviation]:
    """Every value that an answer does not spell as the contract does.

    Args:
        model: what was decoded of the answer.
        content: its body.
        contract: the dialect that the server speaks; nothing is wrong while it is not known.
    """
    # A body of which nothing was decoded says nothing, and need not be JSON.
    if contract is None or not content or not isinstance(model, Model):
        return
    for value in enum_spellings(model, json.loads(content)):
        right = value.in_documents if contract == DOCUMENTS else value.in_beta
        if value.text != right:
            yield Deviation(value.path, f"{value.text!r} should be spelled {right!r}")


def _in_field(field: Field, value: object, path: str, contract: Contract | None) -> Iterator[Deviation]:
    if value is None:
        if not field.nullable:
            yield Deviation(path, "is null, which it never should be")
        return
    kind = field.type.removesuffix(" | None")
    wrong = _unlike(kind, value)
    if wrong is not None:
        yield Deviation(path, wrong)
    elif kind.startswith("list[") and isinstance(value, list):
        for index, item in enumerate(value):
            if (wrong := _unlike(kind[len("list[") : -1], item)) is not None:
                yield Deviation(f"{path}[{index}]", wrong)
    yield from deviations(value, path, contract=contract)


def _unlike(kind: str, value: object) -> str | None:
    """What is wrong with a value of a plain type; None where nothing is, and for all other types."""
    allowed = _TYPES.get(kind)
    if allowed is None or (isinstance(value, allowed) and (kind == "bool" or not isinstance(value, bool))):
        return None
    return f"{value!r} is not of type {kind}"


def contract_violation(
    model: object,
    *,
    contract: Contract | None,
    content: bytes = b"",
    hide: Callable[[str], str],
    status_code: int,
    operation_id: str,
    request_id: str | None,
) -> ContractViolationError | None:
    """The error that names all places where an answer goes beyond the contract; None if it nowhere does.

    Args:
        model: the answer, decoded.
        contract: the dialect that the server speaks, if that is known.
        content: the body of the answer; empty for a refusal, whose problem has nothing that has two spellings.
        hide: takes the API key out of a text, which stays out of errors even where a server repeats it.
        status_code: the HTTP status.
        operation_id: the operation that was being carried out.
        request_id: what the server calls this exchange, if it said so.
    """
    # Cut only when the key is out, lest half of it stays.
    found = [
        Deviation(hide(path), shorten(hide(reason), most=LONGEST_REASON))
        for path, reason in (*deviations(model, contract=contract), *misspelled_values(model, content, contract))
    ]
    if not found:
        return None
    return ContractViolationError(
        f"{operation_id} was answered with {status_code}, but not as the contract says:"
        f" {'; '.join(str(deviation) for deviation in found)}",
        status_code=status_code,
        operation_id=operation_id,
        request_id=request_id,
        deviations=found,
        model=model,
    )
