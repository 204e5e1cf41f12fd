# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class ProjectType(OpenEnum):
    """Kind of a project, by the source of its data."""

    APPLICATION = "application"
    HARNESS = "harness"
    EXPERIMENT = "experiment"


# Its values as text, in the spellings of both dialects, for type checkers.
ProjectTypeText = _typing.Literal[
    "application",
    "harness",
    "experiment",
    "APPLICATION",
    "HARNESS",
    "EXPERIMENT",
]
