# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class DataGranularity(OpenEnum):
    """The unit of data that is judged."""

    SPAN = "span"
    TRACE = "trace"
    SESSION = "session"


# Its values as text, in the spellings of both dialects, for type checkers.
DataGranularityText = _typing.Literal[
    "span",
    "trace",
    "session",
    "SPAN",
    "TRACE",
    "SESSION",
]
