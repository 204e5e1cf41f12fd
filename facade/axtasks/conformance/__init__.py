"""Conformance of a server with the contract: `ax spec check` as a library.

Imported by `cli`; imports `client` and what is below it. Start with `read_server` or `read_archive`, then `compare`;
`summarize` and `suggest_overlay` report what was found, without secrets.
"""

from __future__ import annotations

from .archive import NotAnArchiveError, read_archive
from .compare import Finding, FindingKind, FindingSummary, compare, detect_contract, summarize
from .openapi import OpenApiDocument, load_contract
from .redact import Redactor
from .suggestion import suggest_overlay
from .traffic import RecordedExchange, Traffic, UncomparedEntry, read_server

__all__ = [
    "Finding",
    "FindingKind",
    "FindingSummary",
    "NotAnArchiveError",
    "OpenApiDocument",
    "RecordedExchange",
    "Redactor",
    "Traffic",
    "UncomparedEntry",
    "compare",
    "detect_contract",
    "load_contract",
    "read_archive",
    "read_server",
    "suggest_overlay",
    "summarize",
]
