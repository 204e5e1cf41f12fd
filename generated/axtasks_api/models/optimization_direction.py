# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class OptimizationDirection(OpenEnum):
    """Direction of better scores, higher or lower."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"
    NONE = "none"


# Its values as text, in the spellings of both dialects, for type checkers.
OptimizationDirectionText = _typing.Literal[
    "maximize",
    "minimize",
    "none",
    "MAXIMIZE",
    "MINIMIZE",
    "NONE",
]
