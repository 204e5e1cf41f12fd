"""Deviations of a response from the contract, for strict clients."""

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
# JSON types of fields, with the Python types that they are decoded to.
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


def deviations(value: object, path: str = "", *, contract: Contract | None = None) -> Iterator[Deviation]:
    """Return all parts of a decoded response that the contract lacks.

    Args:
        value: a model, or the value of a field.
        path: its path.
        contract: the dialect that the server speaks; None accepts both.
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
    prefix = f"{path}." if path else ""
    for field, value in model.present():
        if field.json_name not in added:
            yield from _in_field(field, value, f"{prefix}{field.json_name}", contract)
        else:
            yield _unknown_field(f"{prefix}{field.json_name}")
    for name in getattr(model, "additional_properties", {}):
        yield _unknown_field(f"{prefix}{name}")


def _unknown_variant(path: str, tag: str | None) -> Deviation:
    return Deviation(path, f"a variant with the tag {tag!r} is unknown")


def _unknown_field(path: str) -> Deviation:
    return Deviation(path, "is not a known field")


def misspelled_values(model: object, content: bytes, contract: Contract | None) -> Iterator[Deviation]:
    """Return all values of a response, decoded as this model, that are spelled in the other dialect."""
    # A body that is not decoded to a model need not be JSON.
    if contract is None or not content or not isinstance(model, Model):
        return
    for value in enum_spellings(model, json.loads(content)):
        expected = value.in_documents if contract == DOCUMENTS else value.in_beta
        if value.text != expected:
            yield Deviation(value.path, f"{value.text!r} should be spelled {expected!r}")


def _in_field(field: Field, value: object, path: str, contract: Contract | None) -> Iterator[Deviation]:
    if value is None:
        if not field.nullable:
            yield Deviation(path, "is null, which it never should be")
        return
    type_name = field.type.removesuffix(" | None")
    reason = _type_mismatch(type_name, value)
    if reason is not None:
        yield Deviation(path, reason)
    elif type_name.startswith("list[") and isinstance(value, list):
        for index, item in enumerate(value):
            if (reason := _type_mismatch(type_name[len("list[") : -1], item)) is not None:
                yield Deviation(f"{path}[{index}]", reason)
    yield from deviations(value, path, contract=contract)


def _type_mismatch(type_name: str, value: object) -> str | None:
    """Return why a value is not of a plain type; None if it is, and for all other types."""
    allowed = _TYPES.get(type_name)
    if allowed is None or (isinstance(value, allowed) and (type_name == "bool" or not isinstance(value, bool))):
        return None
    return f"{value!r} is not of type {type_name}"


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
    """Return the error with all deviations of a response from the contract; None if there are none.

    `hide` redacts the API key. `content` is empty for a refusal: nothing in its problem has two spellings.
    """
    # Shortened after the key is redacted, lest half of it stays.
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
