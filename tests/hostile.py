"""Hostile text, by which a server could control a terminal, forge a line or reverse the writing direction."""

from __future__ import annotations

CHARACTERS = {
    "escape": "\x1b[2J",
    "title": "\x1b]0;owned\x07",
    "bell": "\x07",
    "backspace": "\x08",
    "return": "\rError: none",
    "line": "\nDone.",
    "vertical": "\x0bDone.",
    "form": "\x0cDone.",
    "next-line": "\x85Done.",
    "separator": "\u2028Done.",
    "paragraph": "\u2029Done.",
    "csi": "\x9b2J",
    "delete": "\x7f",
    "override": "\u202egpj.exe",
    "isolate": "\u2066a",
    "mark": "\u200fa",
    "unseen": "\u200b\ufeffa",
    "null": "\x00",
}
ALL = "".join(f"{character}~" for character in CHARACTERS.values())
_COLOURS = tuple(f"\x1b[{code}m" for code in (0, 31, 32, 33, 35, 36))


def steering(text: str, *, live: bool = False) -> list[str]:
    """Return the control characters of a text that come from the server; line ends and live-line codes are ours.

    Args:
        text: the text.
        live: whether there are live lines and colours in it.
    """
    for own in ("\r\x1b[K", *_COLOURS) if live else ():
        text = text.replace(own, "")
    return [character for character in text if character != "\n" and not character.isprintable()]
