"""The report of a comparison, as text, Markdown and JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .changes import BREAKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .changes import Change

BUMPS = ("none", "patch", "minor", "major")


@dataclass
class Section:
    """The changes of one contract, or of the Python surface.

    Attributes:
        title: what was compared.
        changes: what changed.
        note: what else is to be said of it.
    """

    title: str
    changes: list[Change]
    note: str = ""


@dataclass
class Report:
    """A whole comparison.

    Attributes:
        base: what was compared with.
        version: the version that programs have now.
        sections: what was compared.
        unused: accepted changes that are not among the changes.
    """

    base: str
    version: str
    sections: list[Section]
    unused: list[str]

    @property
    def changes(self) -> list[Change]:
        """All changes of all sections."""
        return [change for section in self.sections for change in section.changes]

    @property
    def unexpected(self) -> list[Change]:
        """The changes that break someone and were not accepted."""
        return [change for change in self.changes if change.is_unexpected]

    @property
    def bump(self) -> str:
        """The part of the version that has to grow."""
        return max((bump_of(change) for change in self.changes), key=BUMPS.index, default="none")

    @property
    def next_version(self) -> str:
        """The version after that; before 1.0 a break asks for the second number, and all else for the third.

        Numbers that the version does not have are zeros.
        """
        major, minor, patch = ([*map(int, re.findall(r"\d+", self.version)), 0, 0, 0])[:3]
        if self.bump == "none":
            return self.version
        if self.bump == "major":
            return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
        return f"{major}.{minor + 1}.0" if major and self.bump == "minor" else f"{major}.{minor}.{patch + 1}"


def bump_of(change: Change) -> str:
    """The part of the version that one change asks to grow."""
    return "major" if change.is_breaking else "patch" if change.is_wording else "minor"


def as_text(report: Report) -> str:
    """The report for a terminal."""
    lines = [f"Compared with {report.base}"]
    for section in report.sections:
        lines += ["", _heading(section)]
        lines += [f"  {line}" for line in _rows(section.changes)]
    return "\n".join([*lines, "", *_closing(report), ""])


def as_markdown(report: Report) -> str:
    """The report for a pull request."""
    lines = ["# What changed in the contract", "", f"Compared with `{report.base}`."]
    for section in report.sections:
        lines += ["", f"## {_heading(section)}"]
        if section.changes:
            lines += ["", "| Where | What | Callers | Readers | Programs |", "| --- | --- | --- | --- | --- |"]
        for change in section.changes:
            verdicts = (_verdict(change, side) for side in ("callers", "readers", "programs"))
            cells = (f"`{change.where}`", change.what + _remark(change), *verdicts)
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join([*lines, "", *_closing(report), ""])


def as_json(report: Report) -> str:
    """The report for programs."""
    return (
        json.dumps(
            {
                "base": report.base,
                "bump": report.bump,
                "version": report.version,
                "next_version": report.next_version,
                "unexpected": len(report.unexpected),
                "unused_accepted": report.unused,
                "sections": [
                    {
                        "title": section.title,
                        "note": section.note,
                        "changes": [
                            {
                                "name": change.name,
                                "where": change.where,
                                "what": change.what,
                                **change.sides,
                                "why": change.why,
                                "accepted": change.accepted,
                                "bump": bump_of(change),
                            }
                            for change in section.changes
                        ],
                    }
                    for section in report.sections
                ],
            },
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _heading(section: Section) -> str:
    breaks = sum(change.is_breaking for change in section.changes)
    found = f"{len(section.changes)} changes, {breaks} breaking" if section.changes else "no changes"
    return f"{section.title}: {section.note or found}"


def _rows(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        sides = ", ".join(f"{verdict} for {side}" for side, verdict in sorted(change.sides.items()))
        yield f"{'!' if change.is_unexpected else ' '} {change.name} [{sides}]{_remark(change)}"


def _remark(change: Change) -> str:
    accepted = f" (accepted: {change.accepted})" if change.accepted else ""
    return (f" ({change.why})" if change.why and not change.is_breaking else "") + accepted


def _verdict(change: Change, side: str) -> str:
    verdict = change.sides.get(side, "")
    return f"**{verdict}**" if verdict == BREAKING else verdict


def _closing(report: Report) -> Iterator[str]:
    if report.bump == "none":
        yield "Nothing changed."
    else:
        yield f"Suggested bump: {report.bump} ({report.version} to {report.next_version})."
    if report.unexpected:
        count = len(report.unexpected)
        yield f"{count} {'break is' if count == 1 else 'breaks are'} unexpected: accept with a reason, or take back."
    for name in report.unused:
        yield f"Accepted, but not among the changes: {name}"
