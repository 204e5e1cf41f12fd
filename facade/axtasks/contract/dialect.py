"""Dialects of the contract: which one a server speaks, and how requests are spelled in it. No I/O."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from axtasks_api_beta.codec import Model, OpenEnum, constant_text, enum_text
from axtasks_api_beta.dialect import ADDED, FORMER_SPELLING, SPELLING
from axtasks_api_beta.operation import PreparedRequest
from axtasks_api_beta.operations import IDS
from axtasks_api_beta.types import Unset

from axtasks.concurrency import SingleFlight
from axtasks.errors import NotInContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from axtasks_api_beta.operation import Operation


class EnumSpelling(NamedTuple):
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


def enum_spellings(value: object, raw: object, path: str = "") -> Iterator[EnumSpelling]:
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
            yield from enum_spellings(item, of_item, f"{path}[{index}]")
    elif isinstance(value, Model) and isinstance(raw, dict):
        below = f"{path}." if path else ""
        for field in type(value).fields():
            place, of_field = f"{below}{field.json_name}", raw.get(field.json_name)
            if field.constant is not None:
                yield from _one(f"{type(value).__name__}.{field.json_name}", field.constant, of_field, place)
            else:
                yield from enum_spellings(getattr(value, field.name), of_field, place)


def _one(domain: str, name: str, raw: object, path: str) -> Iterator[EnumSpelling]:
    in_documents, in_beta = constant_text(name, domain, FORMER_SPELLING), constant_text(name, domain, SPELLING)
    if isinstance(raw, str) and in_beta != in_documents:
        yield EnumSpelling(path, raw, in_documents, in_beta)


Contract = Literal["documents", "beta"]
ContractChoice = Literal["documents", "beta", "auto"]
# The dialect of the documents, the newer one that has all of the older one, and to find out.
DOCUMENTS: Final = "documents"
BETA: Final = "beta"
AUTO: Final = "auto"
CONTRACTS: tuple[ContractChoice, ...] = (DOCUMENTS, BETA, AUTO)
# The argument of operations that is named by what is in it.
BODY = "body"


class DialectState(NamedTuple):
    """What is known of the dialect of a server.

    Attributes:
        contract: the dialect that requests are written in; None where it is still to be found out.
        is_certain: whether it was given or seen, and is not merely taken for it.
        because: how it is known, for messages.
        instead: what else a caller can do than leave things out, for messages.
    """

    contract: Contract | None
    is_certain: bool = False
    because: str = ""
    instead: str = ""


def _given(contract: Contract) -> DialectState:
    return DialectState(
        contract,
        is_certain=True,
        because=f'which this client was told to use (contract="{contract}")',
        instead=f', or give contract="{BETA}" or "{AUTO}" if the server speaks the newer one',
    )


_LEARNT = "which the server speaks, as its answers show"
_ASSUMED = DialectState(
    DOCUMENTS,
    because="which counts as the server's, since the account shows nothing that would tell",
    instead=f', or give contract="{BETA}" if the server speaks the newer one',
)


class Dialect:
    """Which dialect the server of a client speaks, as far as that is known. Safe to share between threads.

    Args:
        choice: the dialect, or that it is to be found out.
    """

    def __init__(self, choice: ContractChoice = AUTO) -> None:
        self.turn = SingleFlight()
        self._known = DialectState(None) if choice == AUTO else _given(choice)

    @property
    def contract(self) -> Contract | None:
        """The dialect that requests are written in; None where it is still to be found out."""
        return self._known.contract

    @property
    def is_certain(self) -> bool:
        """Whether the dialect was given, or seen in an answer."""
        return self._known.is_certain

    def learn(self, contract: Contract) -> None:
        """Notes the dialect that the server turned out to speak; what was certain before stays."""
        if not self._known.is_certain:
            self._known = DialectState(contract, is_certain=True, because=_LEARNT)

    def assume(self) -> None:
        """Takes the server for one of the documents' dialect, until it shows another."""
        if self._known.contract is None:
            self._known = _ASSUMED

    def see(self, outcome: object, content: bytes) -> None:
        """Learns the dialect from an answer, if that has anything that the two spell differently.

        Args:
            outcome: what was decoded of it.
            content: its body.
        """
        if not isinstance(outcome, Model):
            return
        for value in enum_spellings(outcome, json.loads(content)):
            if value.text in {value.in_documents, value.in_beta}:
                self.learn(BETA if value.text == value.in_beta else DOCUMENTS)
                return

    def refuse(self, kind: str, values: Mapping[str, object]) -> None:
        """Nothing, unless the dialect is known and does not have what was given.

        Args:
            kind: the name of the class, or the id of the operation, that the values are for.
            values: fields of the one, or parameters of the other.

        Raises:
            NotInContractError: it does not have all of it.
        """
        known = self._known
        if known.contract != DOCUMENTS or not (lacking := list(_added_in(kind, values))):
            return
        verb = "is" if len(lacking) == 1 else "are"
        raise NotInContractError(
            f"{', '.join(lacking)} {verb} not in the documents' contract, {known.because}: leave"
            f" {'it' if len(lacking) == 1 else 'them'} out{known.instead}",
            lacking=lacking,
            contract=DOCUMENTS,
        )

    def lacks(self, model: type[Model], name: str | None = None) -> bool:
        """Tell if the dialect in use has no such field, or no such model at all."""
        return self.contract == DOCUMENTS and is_newer(model.__name__, name)

    def named(self, names: Iterable[tuple[str, bool]]) -> str:
        """Lists names for a message: only those of the documents' where it is in use, and others marked where none is.

        Args:
            names: each with whether only the newer dialect has it.
        """
        mark = "" if self.contract == BETA else " (beta)"
        shown = (
            f"{name}{mark if newer else ''}" for name, newer in names if not (newer and self.contract == DOCUMENTS)
        )
        return ", ".join(shown)

    def written(
        self, operation: Operation[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> PreparedRequest:
        """A request in the dialect in use.

        Args:
            operation: what is asked for.
            args: its positional arguments.
            kwargs: its other arguments.

        Raises:
            NotInContractError: the dialect does not have all that was given.
        """
        if self.contract == DOCUMENTS and not _is_plain(args, kwargs):
            self.refuse(operation.id, _named(args, kwargs))
            if any(map(_is_tagged, (*args, *kwargs.values()))):
                from axtasks_api.operations import operation as in_documents

                # Each package has an UNSET of its own.
                given = {name: value for name, value in kwargs.items() if not isinstance(value, Unset)}
                return PreparedRequest(*in_documents(operation.id).encode(*args, **given))
        return operation.encode(*args, **kwargs)


def is_newer(kind: str, name: str | None = None) -> bool:
    """Tell if only the newer dialect has a field of a model, or the whole model."""
    added = ADDED.get(kind)
    return added is not None and (not added or name in added)


def is_told_apart(operation: Operation[..., Any], args: tuple[object, ...], kwargs: Mapping[str, object]) -> bool:
    """Whether the dialects write a request differently, or only one of them can.

    Args:
        operation: what is asked for.
        args: its positional arguments.
        kwargs: its other arguments.
    """
    if any(map(_is_tagged, (*args, *kwargs.values()))):
        return True
    return any(True for _ in _added_in(operation.id, _named(args, kwargs)))


def _is_plain(args: tuple[object, ...], kwargs: Mapping[str, object]) -> bool:
    """Whether there are only texts of the path, which all dialects have and write alike."""
    return not kwargs and all(type(value) is str for value in args)


def _named(args: tuple[object, ...], kwargs: Mapping[str, object]) -> dict[str, object]:
    """The arguments by name; those without one are texts of the path, and do not matter here."""
    return {**{str(number): value for number, value in enumerate(args)}, **kwargs}


def _is_tagged(value: object) -> bool:
    """Whether the dialects spell a value, or something in it, differently."""
    if isinstance(value, OpenEnum):
        domain = type(value).__name__
        return enum_text(value, domain, SPELLING) != enum_text(value, domain, FORMER_SPELLING)
    return isinstance(value, Model) and value.to_dict(SPELLING) != value.to_dict(FORMER_SPELLING)


def _added_in(kind: str, values: Mapping[str, object]) -> Iterator[str]:
    """Of some fields or parameters, the places of all that only the newer dialect has."""
    added = ADDED.get(kind, frozenset())
    for name, value in values.items():
        if isinstance(value, Unset):
            continue
        if name in added:
            yield f"{kind} by {name}" if kind in IDS else name
        else:
            yield from _added(value, "" if name == BODY else name)


def _added(value: object, path: str) -> Iterator[str]:
    """The places in a value that only the newer dialect has."""
    if isinstance(value, OpenEnum):
        if value.value in ADDED.get(type(value).__name__, ()):
            yield f"{path} {value.value}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _added(item, f"{path}[{index}]")
    elif isinstance(value, Model):
        kind = type(value).__name__
        if ADDED.get(kind, True) == frozenset():
            # All of the class is new; what it is called in messages is its tag, if it has one.
            yield " ".join([path, *(field.constant for field in type(value).fields() if field.constant is not None)])
            return
        below = f"{path}." if path else ""
        inner = {field.json_name: item for field, item in value.present()}
        yield from (f"{below}{place}" for place in _added_in(kind, inner))
