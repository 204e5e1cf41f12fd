# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
import typing as _typing

from ..codec import OpenEnum


class ManagedCodeEvaluator(OpenEnum):
    """The check that the service's own code makes."""

    MATCHES_REGEX = "matches_regex"
    JSON_PARSEABLE = "json_parseable"
    CONTAINS_ANY_KEYWORD = "contains_any_keyword"
    CONTAINS_ALL_KEYWORDS = "contains_all_keywords"
    EXACT_MATCH = "exact_match"


# Its values as text, in the spellings of both dialects, for type checkers.
ManagedCodeEvaluatorText = _typing.Literal[
    "matches_regex",
    "json_parseable",
    "contains_any_keyword",
    "contains_all_keywords",
    "exact_match",
    "MATCHES_REGEX",
    "JSON_PARSEABLE",
    "CONTAINS_ANY_KEYWORD",
    "CONTAINS_ALL_KEYWORDS",
    "EXACT_MATCH",
]
