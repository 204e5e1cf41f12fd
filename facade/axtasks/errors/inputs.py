"""Errors about what a caller gives: arguments, names and ids. Nothing was sent that changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .root import AxError

if TYPE_CHECKING:
    from collections.abc import Sequence


class InvalidArgumentError(AxError, ValueError):
    """An argument that cannot be sent. Nothing was written."""


class NotApplicableError(InvalidArgumentError):
    """Fields that do not apply to the task at hand. Nothing was written.

    Attributes:
        fields: the fields that do not apply.
        task_type: the type of the task, as the contract spells it.
        valid: the fields that would.
    """

    def __init__(self, message: str, *, fields: Sequence[str], task_type: str, valid: Sequence[str]) -> None:
        super().__init__(message)
        self.fields = tuple(fields)
        self.task_type = task_type
        self.valid = tuple(valid)


class NotInContractError(InvalidArgumentError):
    """Something that the dialect of the contract in use does not have. Nothing was written.

    Attributes:
        lacking: what it does not have, such as `query_filters` or `evaluators[0].query_mappings`.
        contract: the dialect in use.
    """

    def __init__(self, message: str, *, lacking: Sequence[str], contract: str) -> None:
        super().__init__(message)
        self.lacking = tuple(lacking)
        self.contract = contract


class ResolutionError(AxError, LookupError):
    """A name or an id that does not lead to one resource.

    Attributes:
        noun: what was looked for, such as `project`.
        value: the name or id as it was given.
    """

    def __init__(self, message: str, *, noun: str, value: str) -> None:
        super().__init__(message)
        self.noun = noun
        self.value = value


class UnknownNameError(ResolutionError):
    """Nothing bears that name. Names are matched exactly.

    Attributes:
        near: existing names that are close to it, nearest first.
    """

    def __init__(self, message: str, *, noun: str, value: str, near: Sequence[str]) -> None:
        super().__init__(message, noun=noun, value=value)
        self.near = tuple(near)


class AmbiguousNameError(ResolutionError):
    """Several things bear that name.

    Attributes:
        candidates: their ids.
    """

    def __init__(self, message: str, *, noun: str, value: str, candidates: Sequence[str]) -> None:
        super().__init__(message, noun=noun, value=value)
        self.candidates = tuple(candidates)


class SpaceRequiredError(ResolutionError):
    """A name was given without what it has to be looked up in."""


class WrongKindError(ResolutionError):
    """An id that says it belongs to something else."""
