# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class ResponseFormatType(OpenEnum):
    """The form an answer of the model has to take."""

    TEXT = "text"
    JSON_OBJECT = "json_object"
    JSON_SCHEMA = "json_schema"


# Its values as text, in the spellings of both dialects, for type checkers.
ResponseFormatTypeText = _typing.Literal[
    "text",
    "json_object",
    "json_schema",
    "TEXT",
    "JSON_OBJECT",
    "JSON_SCHEMA",
]
