"""The version of the distribution; the newest entry of CHANGELOG.md says the same."""

__version__ = "0.1.0"
