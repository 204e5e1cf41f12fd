# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class InputVariableFormat(OpenEnum):
    """Syntax of variables in a prompt: `F_STRING` as {name}, `MUSTACHE` as {{name}}. `NONE` is deprecated and read as
    `F_STRING`, which is also what counts when nothing is said."""

    F_STRING = "f_string"
    MUSTACHE = "mustache"
    NONE = "none"


# Its values as text, in the spellings of both dialects, for type checkers.
InputVariableFormatText = _typing.Literal[
    "f_string",
    "mustache",
    "none",
    "F_STRING",
    "MUSTACHE",
    "NONE",
]
