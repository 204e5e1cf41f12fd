"""The exit codes of `ax`, in one place for the program, its help and its documentation."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """An exit code, with what it means."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        """Makes a member of its code and its meaning."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    DONE = 0, "done"
    UNEXPECTED = 1, "declined, something unexpected, or the configuration"
    USAGE = 2, "the command was used wrongly; nothing was changed"
    DENIED = 3, "authentication or permission"
    REFUSED = 4, "the API refused, or what was named was not found"
    OUTPUT = 5, "the output could not be written"
    RUN_FAILED = 6, "the run that was waited for ended failed or cancelled"
    WAIT_TIMEOUT = 7, "the run did not end in time"
    NETWORK = 8, "no answer from the server"
    INTERRUPTED = 130, "interrupted"


def table() -> str:
    """The exit codes and their meanings, a line each, for `--help`."""
    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in Exit)
