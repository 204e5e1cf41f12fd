"""Deviations of a response from the contract, for strict clients: the parts that decoding has marked as unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api.codec import Model, OpenEnum, UnknownVariant, has, shorten
from axtasks_api.dialect import ADDED

from axtasks.errors import ContractViolationError, Deviation

from .dialect import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .dialect import Contract


LONGEST_REASON = 200


def deviations(value: object, path: str = "", *, contract: Contract | None = None) -> Iterator[Deviation]:
    """Return all parts of a decoded response that the contract does not know, and the fields that it requires.

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
            yield from deviations(value, f"{prefix}{field.json_name}", contract=contract)
        else:
            yield _unknown_field(f"{prefix}{field.json_name}")
    for field in type(model).fields():
        if field.required and not has(model, field.name):
            yield Deviation(f"{prefix}{field.json_name}", "is required but missing")
    for name in getattr(model, "additional_properties", {}):
        yield _unknown_field(f"{prefix}{name}")


def _unknown_variant(path: str, tag: str | None) -> Deviation:
    return Deviation(path, f"a variant with the tag {tag!r} is unknown")


def _unknown_field(path: str) -> Deviation:
    return Deviation(path, "is not a known field")


def contract_violation(
    model: object,
    *,
    contract: Contract | None,
    hide: Callable[[str], str],
    status_code: int,
    operation_id: str,
    request_id: str | None,
) -> ContractViolationError | None:
    """Return the error with all deviations of a response from the contract; None if there are none.

    `hide` redacts the API key.
    """
    # Shortened after the key is redacted, lest half of it stays.
    found = [
        Deviation(hide(path), shorten(hide(reason), most=LONGEST_REASON))
        for path, reason in deviations(model, contract=contract)
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
