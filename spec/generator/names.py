"""Names in Python for what a contract names: unique, and none that generated code has for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize

from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable

K = TypeVar("K")

PREFIX = "field_"
# The longest name of a module in bytes of UTF-8: with its ending, and what Python adds, it has to be one of a file.
LONGEST = 200
# What modules of models and of operations import, or define beside the class that bears the name.
_CLASSES = """
Any Cache Callable Client AuthenticatedClient DecodeError Define Field Fields FieldsOf Literal Mapping Members Model
OpenEnum OpenIntEnum Operation PreparedRequest Refusal Response ResponseModel RunOutcome Self Spelling Timestamp
UNSET UnexpectedStatus UnknownVariant Unset
"""
CLASSES_OF_OURS = frozenset(_CLASSES.split())
# Methods of models, and what stands in the bodies of their methods.
_ATTRIBUTES = """
additional_properties cls constant_text date decode_bool decode_constant decode_day decode_full_time decode_int
decode_int_enum
decode_known decode_known_tagged decode_known_variant decode_list decode_literal decode_map decode_null
decode_number decode_object decode_tagged decode_text decode_timestamp decode_union decode_variant encode_value
enum_text error fields from_dict has misfit model_dump model_dump_json new newer_fields others present reason_of
refuse_unknown result self spelling src_dict timestamp_text to_dict to_json
"""
ATTRIBUTES_OF_OURS = frozenset(_ATTRIBUTES.split())
# What stands in the functions of an operation.
_ARGUMENTS = """
body client content cookie_pairs decode_answer decode_nothing dialect encode_value enum_text exchange exchange_async
form_body headers json_text multipart_body operation path_segment path_text query_pairs query_text request_body
status_code styled_pairs styled_text timestamp_text url
"""
ARGUMENTS_OF_OURS = frozenset(_ARGUMENTS.split())
# Builtins that may be attributes, since no code in a class of models needs them.
ALLOWED = frozenset({"type", "format", "filter", "input", "object", "max", "min", "hash", "range", "set"})


class ClassNames:
    """The names of the classes of a package, and of their modules."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> tuple[str, str]:
        """Return a class name that nothing has yet, and its module."""
        # Builtins and keywords come with a "_".
        plain = as_read(str(ClassName(wanted, PREFIX)))
        if plain.endswith("_") or plain in CLASSES_OF_OURS:
            plain = plain.rstrip("_") + "Schema"
        # A module has up to one "_" more for each letter, and a number.
        plain = _cut(plain, LONGEST // 2 - len("_1000"))
        for number in range(1, len(self._taken) + 2):
            name = plain if number == 1 else f"{plain}{number}"
            module = module_name(name, PREFIX)
            if module.casefold() not in self._taken and name.casefold() not in self._taken:
                break
        self._taken |= {module.casefold(), name.casefold()}
        return name, module


def module_name(name: str, prefix: str) -> str:
    """Return the name of a module for what a contract names, which is no longer than that of a file may be."""
    return _cut(as_read(str(PythonIdentifier(name, prefix))), LONGEST)


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore")


def attributes(names: Iterable[str]) -> dict[str, str]:
    """Return the attribute of each property of a model."""
    listed = list(names)
    found = {name: _attribute(name, skip_snake_case=False) for name in listed}
    for name in listed:
        if list(found.values()).count(found[name]) > 1:
            alike = [other for other in listed if found[other] == found[name]]
            found |= {other: _attribute(other, skip_snake_case=True) for other in alike}
    return _made_unique(found)


def _attribute(name: str, *, skip_snake_case: bool) -> str:
    identifier = as_read(str(PythonIdentifier(name, PREFIX, skip_snake_case=skip_snake_case)))
    if name in ALLOWED:
        return name
    return f"{identifier}_" if identifier in ATTRIBUTES_OF_OURS else identifier


def arguments(parameters: Iterable[tuple[str, str]]) -> list[str]:
    """Return the arguments for parameters, each of which is given by its name and its location."""
    listed = list(parameters)
    found = [as_read(str(PythonIdentifier(name, PREFIX))) for name, _ in listed]
    alike = {name for name in found if found.count(name) > 1}
    named = {
        pair: f"{name}_{pair[1]}" if name in ARGUMENTS_OF_OURS or name in alike else name
        for pair, name in zip(listed, found, strict=True)
    }
    return list(_made_unique(named).values())


def member_names(values: Iterable[str | int]) -> list[str]:
    """Return the members of an enum for its values."""
    named: dict[int, str] = {}
    for number, value in enumerate(values):
        if isinstance(value, int):
            named[number] = f"VALUE_NEGATIVE_{-value}" if value < 0 else f"VALUE_{value}"
        else:
            plain = as_read(snake_case(value.upper()).upper()) if value and value[0].isalpha() else ""
            named[number] = plain if plain.isidentifier() else f"VALUE_{number}"
    return list(_made_unique(named).values())


def as_read(name: str) -> str:
    """Return a name as Python reads it, to which some letters are the same."""
    return normalize("NFKC", name)


def _made_unique(names: dict[K, str]) -> dict[K, str]:
    """Number the names that several things have."""
    taken: set[str] = set()
    unique: dict[K, str] = {}
    for key, name in names.items():
        number, found = 1, name
        while found in taken or (number > 1 and found in names.values()):
            number += 1
            found = f"{name}_{number}"
        taken.add(found)
        unique[key] = found
    return unique
