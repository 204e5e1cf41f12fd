"""The root of all errors, and the error of setting a client up."""

from __future__ import annotations


class AxError(Exception):
    """The root of all errors of this package."""


class ConfigurationError(AxError):
    """The client cannot be set up as asked."""
