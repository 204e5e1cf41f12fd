"""The API key: its sources, and its redaction in messages and tracebacks."""

from __future__ import annotations

import os
import re
import stat
import sys
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")

# At most one of them may be given in one source.
KEY_SOURCES = ("api_key", "api_key_file", "api_key_command")
COMMAND_SECONDS = 30.0
# Shorter keys are no secrets, and could be parts of ordinary words.
SHORTEST_HIDDEN_KEY = 8
# Stands in place of a secret.
MASK = "***"
_SECRET_WORDS = ("key", "token", "secret", "password", "passphrase", "credential", "cookie", "authorization")
_LONGEST_FORM = len(r"\u0061")
# An escape that was cut, or nothing.
_CUT_FORM = re.compile(rb"(?:\\(?:u(?:0(?:0[0-9a-fA-F]?)?)?)?|%[0-9a-fA-F]?)?")
_ESCAPED = re.compile(r"\\+u00([0-9a-fA-F]{2})|%([0-9a-fA-F]{2})")
# The length of a part of a secret by which it is recognized.
_SHORTEST_PART = 6
_warned: dict[str, object] = {}


def _forms(character: str) -> str:
    """Return a pattern of all ways to write a character of a secret.

    Each way begins with a character of its own and none ignores the case, so that most of a content is skipped.
    """
    ways = sorted({character.lower(), character.upper()})
    plain = "|".join(map(re.escape, ways))
    codes = "|".join(
        re.sub("[a-f]", lambda found: f"[{found[0]}{found[0].upper()}]", f"{ord(way):02x}") for way in ways
    )
    return rf"(?:{plain}|\\(?:{plain}|u00(?:{codes}))|%(?:{codes}))"


class Secret:
    """A secret text; its repr is redacted, and it cannot be pickled."""

    __slots__ = ("_pattern", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._pattern: re.Pattern[bytes] | None = None

    @property
    def is_known(self) -> bool:
        """True if `reveal` returns at once."""
        return True

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def make_known(self) -> None:
        """Do what `reveal` does, but return nothing: no variable of the caller's may hold the text."""
        self.reveal()

    def redact(self, content: bytes, *, is_cut: bool = False) -> bytes:
        """Replace the secret in a content by `***`: a server may repeat what it was sent.

        It is found in either case, and also where characters of it are escaped as in JSON or in a URL. A megabyte takes
        8 ms, and 50 ms where it was made to take long.

        Args:
            content: the content.
            is_cut: whether it was cut, and may end with the beginning of the secret, which is left out.
        """
        if len(self._text) < SHORTEST_HIDDEN_KEY:
            return content
        # Compiled once: each attempt that is logged needs it several times.
        if self._pattern is None:
            self._pattern = re.compile("".join(map(_forms, self._text)).encode())
        redacted = self._pattern.sub(MASK.encode(), content)
        return self._without_beginning(redacted) if is_cut else redacted

    def _without_beginning(self, content: bytes) -> bytes:
        """Return a content without the beginning of the secret at its end."""
        forms = [re.compile(_forms(character).encode()) for character in self._text]
        for start in range(max(0, len(content) - _LONGEST_FORM * len(forms)), len(content)):
            end = start
            for form in forms:
                found = form.match(content, end)
                if found is None:
                    break
                end = found.end()
            if _CUT_FORM.fullmatch(content, end):
                return content[:start]
        return content

    def is_quoted_in(self, text: str) -> bool:
        """Return True if a text has a part of the secret, as one that was cut may have."""
        plain = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text).replace("\\", "").lower()
        secret = self._text.lower()
        parts = {secret[at : at + _SHORTEST_PART] for at in range(len(secret) - _SHORTEST_PART + 1)}
        return len(secret) >= SHORTEST_HIDDEN_KEY and any(part in plain for part in parts)

    def redact_text(self, text: str) -> str:
        """Replace the secret in a text by `***`."""
        return self.redact(text.encode(errors="replace")).decode()

    def redact_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Replace the secret in names and values of headers by `***`."""
        return {self.redact_text(name): self.redact_text(value) for name, value in headers.items()}

    def __repr__(self) -> str:
        return "'***'"

    def __reduce__(self) -> str:
        raise TypeError("a secret cannot be pickled")


class CommandSecret(Secret):
    """The output of a program, which is run at the first `reveal`, and again only if it failed.

    The transport reveals it before the first request; concurrent requests share that run.
    """

    __slots__ = ("_command",)

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__("")
        self._command = tuple(command)

    @property
    def is_known(self) -> bool:
        """True if the program has been run."""
        return bool(self._text)

    def reveal(self) -> str:
        """Return the text.

        Raises:
            ConfigurationError: the program failed, took too long, or printed something that is no key.
        """
        if not self._text:
            self._text = _output_key(self._command).reveal()
        return self._text


class RedactedDict(dict[str, T]):
    """A dict whose values may be secrets; its repr shows none of them, as where a traceback shows variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} values>"


def without_frames(error: BaseException, packages: Collection[str]) -> BaseException:
    """Return an error, its causes and its members, without the frames of some packages and of the standard library.

    The variables there hold the headers, the key included.
    """
    linked: list[BaseException | None] = [error]
    for each in linked:
        if each is not None:
            each.__traceback__ = _traceback_without(each.__traceback__, packages)
            members = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
            linked += (other for other in (each.__cause__, each.__context__, *members) if other not in linked)
    return error


def _traceback_without(traceback: TracebackType | None, packages: Collection[str]) -> TracebackType | None:
    entries: list[TracebackType] = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    for entry in reversed(entries):
        package = str(entry.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if package not in packages and package not in sys.stdlib_module_names:
            traceback = TracebackType(traceback, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return traceback


class KeySource(NamedTuple):
    """One source of a key.

    Attributes:
        name: one of `KEY_SOURCES`.
        value: the key, the file, or the command.
    """

    name: str
    value: Secret | str | Sequence[str]

    def load(self) -> Secret:
        """Return the key; a command is not run yet.

        Raises:
            ConfigurationError: there is no key, or it could not be sent.
        """
        if isinstance(self.value, Secret):
            return check_key(self.value)
        if self.name == "api_key_file":
            return _read_key_file(str(self.value))
        return CommandSecret(_split_command(self.value))


def names_a_secret(name: str) -> bool:
    """Return True if a setting, a field or a header of this name may hold a secret."""
    return any(word in name.lower() for word in _SECRET_WORDS)


def select_key_source(shown: Callable[[str], str], values: Mapping[str, object]) -> KeySource | None:
    """Return the source of the key among settings, if there is one; raise ConfigurationError if there are several.

    Args:
        shown: returns the name of a setting for messages.
        values: the settings.
    """
    names = [name for name in KEY_SOURCES if values.get(name)]
    if len(names) > 1:
        shown_names = " and ".join(map(shown, names))
        raise ConfigurationError(f"{shown_names} are both given, and there is one key: give one")
    if not names:
        return None
    (name,) = names
    value = values[name]
    if name == "api_key" and not isinstance(value, Secret):
        return KeySource(name, Secret(str(value)))
    if isinstance(value, list | tuple):
        return KeySource(name, tuple(str(word) for word in value))
    return KeySource(name, value if isinstance(value, Secret) else str(value))


def check_key(key: Secret, whose: str = "the API key") -> Secret:
    """Return the key; raise ConfigurationError, without showing it, if a header may not have its characters."""
    if not isinstance(key.reveal(), str):
        raise ConfigurationError(f"{whose} has to be text, not {type(key.reveal()).__name__}")
    flaw = next((index for index, character in enumerate(key.reveal()) if not "!" <= character <= "~"), None)
    if flaw is not None:
        # Without the key, since messages end up in logs.
        raise ConfigurationError(
            f"{whose} cannot be sent: its character {flaw + 1} of {len(key.reveal())} is a blank, a control"
            " character or not ASCII (was it copied with a line break?)"
        )
    return key


def _read_key_file(name: str) -> Secret:
    from pathlib import Path

    path = Path(name)
    try:
        path = path.expanduser()
        content = Secret(path.read_bytes().decode("utf-8-sig", errors="replace").strip())
        mode = path.stat().st_mode
    except (OSError, ValueError, RuntimeError) as error:
        # RuntimeError: there is no such home folder.
        raise ConfigurationError(f"the API key file {path} cannot be read: {error}") from error
    if not content.reveal():
        raise ConfigurationError(f"the API key file {path} is empty")
    if os.name == "posix" and mode & stat.S_IROTH:
        _warn_once(path)
    return check_key(content, f"the API key in {path}")


def _warn_once(path: Path) -> None:
    import logging

    # Only one thread can be the one that stored its marker.
    marker = object()
    if _warned.setdefault(str(path), marker) is marker:
        logger = logging.getLogger("axtasks.keys")
        logger.warning("The API key file %s can be read by everybody; to change that: chmod 600 %s", path, path)


def _split_command(command: object) -> Sequence[str]:
    import shlex

    try:
        words = shlex.split(command) if isinstance(command, str) else command
    except ValueError as error:
        raise ConfigurationError(f"api_key_command cannot be split into words: {error}") from None
    if not isinstance(words, list | tuple) or not words or not words[0]:
        raise ConfigurationError("api_key_command has to be a program and its arguments, as a list or as text")
    return words


def _output_key(command: Sequence[str]) -> Secret:
    """Return the key that a program prints. Messages name the program alone: arguments and output may be secrets."""
    program = f"the program {command[0]!r} of api_key_command"
    code, output = _run(command)
    if isinstance(code, str):
        raise ConfigurationError(f"{program} {code}")
    if code:
        raise ConfigurationError(f"{program} failed with exit code {code}; run it by hand to see why")
    if not output.reveal():
        raise ConfigurationError(f"{program} printed nothing")
    return check_key(output, f"the API key from {program}")


def _run(command: Sequence[str]) -> tuple[int | str, Secret]:
    """Run a program; return its exit code, or the reason why there is none, and its output."""
    import subprocess
    from pathlib import Path

    # Errors of `subprocess` hold the whole command and its output so far, so none of them is passed on.
    try:
        completed = subprocess.run(  # noqa: S603  # the command is the caller's own
            [str(Path(command[0]).expanduser()), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"was not done after {COMMAND_SECONDS:g} seconds", Secret("")
    except (OSError, ValueError, RuntimeError) as error:
        return f"cannot be run: {getattr(error, 'strerror', None) or type(error).__name__}", Secret("")
    return completed.returncode, Secret(completed.stdout.decode(errors="replace").strip())
