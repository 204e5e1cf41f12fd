"""Exit codes, and the messages for errors."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

import click

from axtasks.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from axtasks import AxError


class Exit(IntEnum):
    """An exit code, with its meaning."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Exit:
        """Create a member from its code and its meaning."""
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
    RUN_FAILED = 6, "a run ended failed or cancelled, a window was cut short, or a threshold was missed"
    WAIT_TIMEOUT = 7, "the run did not end in time"
    NETWORK = 8, "no answer from the server"
    DEVIATES = 9, "something differs from the contract"
    INTERRUPTED = 130, "interrupted"
    TERMINATED = 143, "terminated"


def exit_codes() -> str:
    """Return the exit codes and their meanings, a line each, for `--help`."""
    return "\n".join(f"  {code.value:>3}  {code.meaning}" for code in Exit)


class Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a command as Ctrl-C does."""


def code_of_interrupt(interrupt: BaseException) -> Exit:
    """Return the exit code for Ctrl-C or SIGTERM."""
    return Exit.TERMINATED if isinstance(interrupt, Terminated) else Exit.INTERRUPTED


class OutputError(click.ClickException):
    """Error for output that could not be written."""

    exit_code = Exit.OUTPUT


# By the class of an error, the exit code and what to do about it; the nearest class counts. Classes stand by name, as
# help needs none of them.
ADVICE: Mapping[str, tuple[Exit, str]] = {
    "ConfigurationError": (
        Exit.UNEXPECTED,
        "Check the environment variables ARIZE_*, or the profile (`ax profiles show`).",
    ),
    "NotApplicableError": (Exit.USAGE, "Nothing was changed. `ax tasks get` shows the task's type."),
    "NotInContractError": (
        Exit.USAGE,
        "Nothing was changed. --contract says which dialect of the API the server speaks.",
    ),
    "InvalidArgumentError": (Exit.USAGE, "Nothing was changed. `--help` shows what the command takes."),
    "SpaceRequiredError": (Exit.USAGE, "Give --space, or the id instead of the name."),
    "AmbiguousNameError": (Exit.REFUSED, "Give one of the ids instead of the name."),
    "UnknownNameError": (Exit.REFUSED, "The `list` commands of `ax` show the names there are."),
    "ResolutionError": (Exit.REFUSED, "Give the id or the name of the right thing."),
    "AuthenticationError": (Exit.DENIED, "Check the API key: ARIZE_API_KEY, or the profile's."),
    "PermissionDeniedError": (Exit.DENIED, "Ask for the permission, or use another API key."),
    "NotFoundError": (Exit.REFUSED, "Check the id; what the key may not read looks the same as what is not there."),
    "ConflictError": (Exit.REFUSED, "Choose another name."),
    "RateLimitError": (Exit.REFUSED, "Wait, then try again."),
    "ServerError": (Exit.REFUSED, "Try again later; look before repeating a command that changes something."),
    "APIError": (Exit.REFUSED, "The detail says what the API does not accept."),
    "ResponseTooLargeError": (Exit.UNEXPECTED, "Ask for less at once (--limit); what was to be changed was."),
    "TooManyPagesError": (Exit.UNEXPECTED, "Narrow the list down, or go on from that cursor with --cursor."),
    "ResponseError": (Exit.UNEXPECTED, "The server does not speak the contract; --verbose shows its answer."),
    "MissingFieldError": (
        Exit.UNEXPECTED,
        "The server left it out, and it is needed here; -o json shows what came.",
    ),
    "RunTimeoutError": (Exit.WAIT_TIMEOUT, "Wait again with `ax tasks wait-for-run`, or give a longer --timeout."),
    "AmbiguousOutcomeError": (
        Exit.NETWORK,
        "Look whether it happened, with the `get` and `list` commands, before doing it again.",
    ),
    "UntrustedCertificateError": (
        Exit.NETWORK,
        "Nothing was sent. ARIZE_CA_FILE, or ca_file of the profile, names the authorities to trust.",
    ),
    "ProxyFailedError": (
        Exit.NETWORK,
        "Check the proxy, and that variable; NO_PROXY names servers that are reached without one.",
    ),
    "ConnectionFailedError": (Exit.NETWORK, "Check the network and the server's address."),
    "TransportError": (Exit.NETWORK, "Look before repeating a command that changes something: it may have happened."),
    "AxError": (Exit.UNEXPECTED, "--debug shows where it happened."),
}
_SHOWN_HEADERS = ("content-type", "date", "retry-after", "server")


def explain(error: AxError, *, verbose: bool) -> tuple[Exit, list[str]]:
    """Return the exit code of an error, and the lines that say what failed and what to do next.

    Args:
        error: the error.
        verbose: whether to add the request and the response.
    """
    from axtasks import APIError, ConfigurationError

    code, advice = next(ADVICE[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in ADVICE)
    text = str(error) if isinstance(error, APIError) else in_options(str(error))
    if isinstance(error, ConfigurationError):
        if error.variable is not None:
            advice = f"Check the environment variable {error.variable}, or unset it."
        elif text.startswith("--"):
            advice = ADVICE["InvalidArgumentError"][1]
    details = [f"  {printable(line)}" for line in _details(error)] if verbose else []
    return code, [f"Error: {text}", *getattr(error, "__notes__", ()), *details, advice]


# Phrases of messages that are for programs, with those for the command line.
_PHRASES = {
    "pass api_key=..., or set ARIZE_API_KEY": "set ARIZE_API_KEY, or give a profile with --profile",
    "(api_key_file, api_key_command)": "(ARIZE_API_KEY_FILE, ARIZE_API_KEY_COMMAND)",
    "allow_http=True or ARIZE_ALLOW_HTTP=true": "ARIZE_ALLOW_HTTP=true, or a profile made with --allow-http",
    "ca_file=..., ARIZE_CA_FILE": "ARIZE_CA_FILE",
    'or api_scheme="http" or ARIZE_API_SCHEME=http': "or ARIZE_API_SCHEME=http",
    "ARIZE_SPACE or AxClient(space=...)": "ARIZE_SPACE",
    ", or give the client other limits: Limits(pages=...)": "",
    "or give the client other limits: Limits(response_bytes=...)": "with --limit",
    "project and dataset": "--project and --dataset",
}
# Patterns, which are compiled when they are first used: help does without them.
_ARGUMENT = r"""(?<!['"\w.])([a-z]+(?:_[a-z]+)*)=(?:\.\.\.|True|(['"])([^'"]*)\2)"""
_WITH_UNDERSCORE = r"""(?<!['"\w./-])([a-z]+(?:_[a-z]+)+)(?![\w='"-])"""
_SUBJECT = r"^([a-z_]+)(?=(?:\[\d+\])?(?:\.\w+)*(?::|(?: (?:has|have|must|needs|is|does|cannot|and)\b)))"
_WITH_VALUE = r"""(?<!['"\w.-])([a-z]+)(?= \(\d)"""
_OTHER_OF_BOTH = r"(?<= and )([a-z]+)(?= are both given)"
_FIELDS = r"(?<=valid are )[a-z_, ]+"


def in_options(text: str) -> str:
    """Return a message of the client with options of the command in place of arguments in Python."""
    for phrase, other in _PHRASES.items():
        text = text.replace(phrase, other)
    ctx = click.get_current_context(silent=True)
    flags = {param.name: param.opts[-1] for param in ctx.command.params if param.opts[-1][:2] == "--"} if ctx else {}

    def option(found: re.Match[str]) -> str:
        return flags.get(found[1], found[0])

    def argument(found: re.Match[str]) -> str:
        flag = flags.get(found[1])
        return found[0] if flag is None else f"{flag} {found[3]}" if found[3] else flag

    text = re.sub(_ARGUMENT, argument, text)
    text = re.sub(_FIELDS, lambda fields: re.sub("([a-z_]+)", option, fields[0]), text)
    for pattern in (_SUBJECT, _WITH_VALUE, _OTHER_OF_BOTH, _WITH_UNDERSCORE):
        text = re.sub(pattern, option, text)
    return text


def _details(error: AxError) -> Iterator[str]:
    from axtasks import AmbiguousOutcomeError, APIError, ResponseError, TransportError, UndecodableBodyError
    from axtasks.profiles import MASK, names_a_secret

    if isinstance(error, ResponseError):
        yield f"{error.method} {error.path} ({error.operation_id}) was answered with {error.status_code}"
        yield f"request id: {error.request_id or 'none'}"
        for name, value in error.headers.items():
            if name in _SHOWN_HEADERS or name.startswith("x-"):
                # As in x-auth-user and www-authenticate; a setting called author is no secret.
                is_secret = names_a_secret(name) or "auth" in name
                yield f"{name}: {MASK if is_secret else value}"
    if isinstance(error, APIError):
        problem = error.problem.to_dict() if error.problem else {}
        for name in [name for name in problem if name not in {"title", "detail", "status"}]:
            yield f"{name}: {problem[name]}"
        if error.problem is None and error.body:
            yield f"body: {error.body}"
    if isinstance(error, UndecodableBodyError):
        yield f"body: {error.body}"
    if isinstance(error, AmbiguousOutcomeError):
        yield f"{error.method} {error.path} ({error.operation_id}), attempts: {error.attempts}"
    if isinstance(error, TransportError):
        yield f"operation: {error.operation_id}"
