"""Dialects of the contract: which one a server speaks, and how requests are spelled in it. No I/O."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from axtasks_api.codec import Model, OpenEnum, constant_text, enum_text
from axtasks_api.dialect import ADDED, FORMER_SPELLING, SPELLING
from axtasks_api.operations import IDS
from axtasks_api.types import Unset

from axtasks.concurrency import SingleFlight
from axtasks.errors import (
    APIError,
    BadRequestError,
    InvalidArgumentError,
    NotInContractError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from axtasks_api.codec import Field
    from axtasks_api.operation import Operation, PreparedRequest

    from axtasks.errors import AxError


Contract = Literal["documents", "beta"]
ContractChoice = Literal["documents", "beta", "auto"]
# The dialect of the documents, the newer one, which has all of it and more, and to detect which.
DOCUMENTS: Final = "documents"
BETA: Final = "beta"
AUTO: Final = "auto"
CONTRACTS: tuple[ContractChoice, ...] = (DOCUMENTS, BETA, AUTO)
# The argument of operations whose fields stand for themselves in messages.
BODY = "body"


class Dialect:
    """The dialect that the server of a client speaks, as far as it is detected. Safe to share between threads.

    Attributes:
        detection_lock: held by the caller that detects the dialect.
        failed_detections: how often that failed.
    """

    def __init__(self, choice: ContractChoice = AUTO) -> None:
        self.detection_lock = SingleFlight()
        self.failed_detections = 0
        self._state = DialectState(None) if choice == AUTO else _chosen(choice)
        self._when_spoken: Callable[[Contract], None] | None = None

    @property
    def contract(self) -> Contract | None:
        """The dialect that requests are encoded in; None until it is detected."""
        return self._state.contract

    @property
    def is_certain(self) -> bool:
        """True if the dialect was chosen by the caller, or detected in a response."""
        return self._state.is_certain

    def when_spoken(self, tell: Callable[[Contract], None]) -> None:
        """Call a function with the dialect that requests are encoded in, as soon as there is one, and if it changes."""
        self._when_spoken = tell
        self._tell()

    def _tell(self) -> None:
        if self._when_spoken is not None and self._state.contract is not None:
            self._when_spoken(self._state.contract)

    def learn(self, contract: Contract) -> None:
        """Set the detected dialect, unless it is certain already."""
        if not self._state.is_certain:
            self._state = DialectState(contract, is_certain=True, because=_DETECTED)
            self._tell()

    def assume(self) -> None:
        """Assume the documents' dialect, until a response shows another."""
        if self._state.contract is None:
            self._state = _ASSUMED
            self._tell()

    def learn_from(self, model: object, content: bytes) -> None:
        """Detect the dialect in a response, decoded as this model, if a value in it is spelled differently in each."""
        if not isinstance(model, Model):
            return
        for value in enum_spellings(model, json.loads(content)):
            if value.text in {value.in_documents, value.in_beta}:
                self.learn(BETA if value.text == value.in_beta else DOCUMENTS)
                return

    def refuse(self, kind: str, values: Mapping[str, object]) -> None:
        """Raise NotInContractError for values that the known dialect lacks.

        Args:
            kind: the name of the class, or the id of the operation, that the values are for.
            values: fields of the one, or parameters of the other.
        """
        state = self._state
        if state.contract != DOCUMENTS or not (lacking := list(_added_in(kind, values))):
            return
        verb = "is" if len(lacking) == 1 else "are"
        raise NotInContractError(
            f"{', '.join(lacking)} {verb} not in the documents' contract, {state.because}: leave"
            f" {'it' if len(lacking) == 1 else 'them'} out{state.instead}",
            lacking=lacking,
            contract=DOCUMENTS,
        )

    def refuse_operation(self, operation_id: str) -> None:
        """Raise NotInContractError for an operation that the known dialect lacks."""
        state = self._state
        if state.contract == DOCUMENTS and is_newer(operation_id):
            instead = state.instead.removeprefix(", or ")
            raise NotInContractError(
                f"{operation_id} is not in the documents' contract, {state.because}{': ' if instead else ''}{instead}",
                lacking=[operation_id],
                contract=DOCUMENTS,
            )

    def lacks(self, model: type[Model], name: str | None = None) -> bool:
        """Return True if the dialect in use has no such field, or no such model at all."""
        return self.contract == DOCUMENTS and is_newer(model.__name__, name)

    def fields_of(self, model: type[Model]) -> list[Field]:
        """Return the fields that a model has in the dialect in use."""
        return [field for field in model.fields() if not self.lacks(model, field.name)]

    def list_names(self, names: Iterable[tuple[str, bool]]) -> str:
        """List names for a message, each given with True if only the newer dialect has it.

        Those are left out in the documents' dialect, and marked while the dialect is not detected.
        """
        mark = "" if self.contract == BETA else " (beta)"
        listed = (
            f"{name}{mark if newer else ''}" for name, newer in names if not (newer and self.contract == DOCUMENTS)
        )
        return ", ".join(listed)


class DialectState(NamedTuple):
    """A dialect, and how it is known.

    Attributes:
        contract: the dialect that requests are encoded in; None until it is detected.
        is_certain: True if it was chosen or detected, and is not merely assumed.
        because: how it is known, for messages.
        instead: what a caller can do other than leave values out, for messages.
    """

    contract: Contract | None
    is_certain: bool = False
    because: str = ""
    instead: str = ""


def _chosen(contract: Contract) -> DialectState:
    return DialectState(
        contract,
        is_certain=True,
        because=f'which this client was told to use (contract="{contract}")',
        instead=f', or give contract="{BETA}" or "{AUTO}" if the server speaks the newer one',
    )


_DETECTED = "which the server speaks, as its answers show"
_ASSUMED = DialectState(
    DOCUMENTS,
    because="which counts as the server's, since the account shows nothing that would tell",
    instead=f', or give contract="{BETA}" if the server speaks the newer one',
)


def is_newer(kind: str, name: str | None = None) -> bool:
    """Return True if only the newer dialect has a field of a model, or the whole model or operation."""
    added = ADDED.get(kind)
    return added is not None and (not added or name in added)


class RequestEncoder:
    """Encodes one request in the dialect of the server, and switches to the other spelling if that is refused.

    Attributes:
        request: the request as it is to be sent; set by `encode`.
        content: its body as JSON; None for no body at all.
        refusal: the refusal of the first spelling, once the other is in use.
    """

    request: PreparedRequest
    content: bytes | None

    def __init__(
        self, dialect: Dialect, operation: Operation[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self.refusal: APIError | None = None
        self._dialect = dialect
        self._operation = operation
        self._args = args
        self._kwargs = kwargs
        self._is_guess = False

    def needs_dialect(self) -> bool:
        """Return True if the request cannot be encoded before the dialect is detected."""
        return self._dialect.contract is None and self._depends_on_dialect()

    def encode(self) -> None:
        """Encode the request.

        Raises:
            NotInContractError: the dialect in use lacks a part of it.
            InvalidArgumentError: something in it is not of JSON, or no text that UTF-8 has.
        """
        self._is_guess = not self._dialect.is_certain and self._depends_on_dialect()
        try:
            self._use(self._encode_in(self._dialect.contract))
        except UnicodeEncodeError as error:
            # A server may have sent half of a surrogate pair as an id, which is followed.
            raise InvalidArgumentError(f"{self._operation.id} cannot be sent: {error}") from error

    def switch_spelling(self, error: AxError) -> bool:
        """Encode the request in the other spelling; return False if the error gives no reason to, or it was done.

        The server must not have acted on any attempt.
        """
        is_open = not self._dialect.is_certain or self._dialect.contract != DOCUMENTS
        if not (self._is_guess and self.refusal is None and is_open):
            return False
        if not isinstance(error, BadRequestError | UnprocessableEntityError):
            return False
        self.refusal = error
        self._use(self._encode_in(BETA))
        return True

    def confirm_spelling(self) -> None:
        """Learn the dialect from a success in the other spelling."""
        self._dialect.learn(BETA)

    def choose_error(self, error: AxError) -> AxError:
        """Return the more telling refusal if both spellings were refused; any other error as it is."""
        if self.refusal is None or not isinstance(error, APIError):
            return error
        # A wrong spelling makes the request malformed, so only the other refusal names what else is wrong.
        chosen, other = (self.refusal, error) if isinstance(error, BadRequestError) else (error, self.refusal)
        chosen.add_note(f"It was also sent in the other spelling of the contract, which was refused too: {other}")
        return chosen

    def _use(self, request: PreparedRequest) -> None:
        self.request, self.content = request, _encode_body(request)

    def _encode_in(self, contract: Contract | None) -> PreparedRequest:
        operation, args, kwargs = self._operation, self._args, self._kwargs
        self._dialect.refuse_operation(operation.id)
        # Path parameters alone are encoded alike in both.
        if not kwargs and all(type(value) is str for value in args):
            return operation.encode(*args)
        if contract == DOCUMENTS:
            self._dialect.refuse(operation.id, _named(args, kwargs))
        return operation.encode(*args, dialect=contract or BETA, **kwargs)

    def _depends_on_dialect(self) -> bool:
        """Return True if the dialects encode the request differently, or only one of them can."""
        if is_newer(self._operation.id) or any(map(_is_spelled_differently, (*self._args, *self._kwargs.values()))):
            return True
        return any(True for _ in _added_in(self._operation.id, _named(self._args, self._kwargs)))


def _encode_body(request: PreparedRequest) -> bytes | None:
    """Return the body as JSON; None for no body at all.

    Raises:
        InvalidArgumentError: something in it is not of JSON, such as a NaN or an object of a class.
    """
    if request.body is None:
        return None
    try:
        return json.dumps(request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent as JSON: {error}") from error


def _named(args: tuple[object, ...], kwargs: Mapping[str, object]) -> dict[str, object]:
    """Return the arguments by name; positional ones are path parameters, whose names do not matter here."""
    return {**{str(number): value for number, value in enumerate(args)}, **kwargs}


def _is_spelled_differently(value: object) -> bool:
    """Return True if the dialects spell a value, or a part of it, differently."""
    if isinstance(value, OpenEnum):
        domain = type(value).__name__
        return enum_text(value, domain, SPELLING) != enum_text(value, domain, FORMER_SPELLING)
    return isinstance(value, Model) and value.to_dict(SPELLING) != value.to_dict(FORMER_SPELLING)


def _added_in(kind: str, values: Mapping[str, object]) -> Iterator[str]:
    """Return the paths of all parts of fields or parameters that only the newer dialect has."""
    added = ADDED.get(kind, frozenset())
    for name, value in values.items():
        if isinstance(value, Unset):
            continue
        if name in added:
            yield f"{kind} by {name}" if kind in IDS else name
        else:
            yield from _added(value, "" if name == BODY else name)


def _added(value: object, path: str) -> Iterator[str]:
    """Return the paths of all parts of a value that only the newer dialect has."""
    if isinstance(value, OpenEnum):
        if value.value in ADDED.get(type(value).__name__, ()):
            yield f"{path} {value.value}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _added(item, f"{path}[{index}]")
    elif isinstance(value, Model):
        kind = type(value).__name__
        if ADDED.get(kind, True) == frozenset():
            # The whole class is new; messages name it by its tag, if it has one.
            yield " ".join([path, *(field.constant for field in type(value).fields() if field.constant is not None)])
            return
        prefix = f"{path}." if path else ""
        fields = {field.json_name: item for field, item in value.present()}
        yield from (f"{prefix}{inner_path}" for inner_path in _added_in(kind, fields))


class EnumSpelling(NamedTuple):
    """A value of an enum, or a tag, in a response.

    Attributes:
        path: its path, such as `task_runs[3].status`.
        text: its spelling there.
        in_documents: its spelling in the documents' dialect.
        in_beta: its spelling in the newer dialect.
    """

    path: str
    text: str
    in_documents: str
    in_beta: str


def enum_spellings(value: object, raw: object, path: str = "") -> Iterator[EnumSpelling]:
    """Return all values in a response that the dialects spell differently.

    Args:
        value: a model, or the value of a field.
        raw: the JSON that it was decoded from.
        path: its path.
    """
    if isinstance(value, OpenEnum):
        yield from _enum_spelling(type(value).__name__, value.value, raw, path)
    elif isinstance(value, list) and isinstance(raw, list):
        for index, (item, raw_item) in enumerate(zip(value, raw, strict=False)):
            yield from enum_spellings(item, raw_item, f"{path}[{index}]")
    elif isinstance(value, Model) and isinstance(raw, dict):
        prefix = f"{path}." if path else ""
        for field in type(value).fields():
            field_path, raw_field = f"{prefix}{field.json_name}", raw.get(field.json_name)
            if field.constant is not None:
                domain = f"{type(value).__name__}.{field.json_name}"
                yield from _enum_spelling(domain, field.constant, raw_field, field_path)
            elif field.json_name in raw:
                yield from enum_spellings(getattr(value, field.name), raw_field, field_path)


def _enum_spelling(domain: str, name: str, raw: object, path: str) -> Iterator[EnumSpelling]:
    in_documents, in_beta = constant_text(name, domain, FORMER_SPELLING), constant_text(name, domain, SPELLING)
    if isinstance(raw, str) and in_beta != in_documents:
        yield EnumSpelling(path, raw, in_documents, in_beta)
