"""Tells what the vendor's published Python package has otherwise than the contract.

The package is installed below build/vendor, without what it needs, and its source is read. Every difference has to be
decided, with a reason. The exit code is 1 where one is not, and where a decision covers no difference.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from spec.diff.changes import compare
from spec.diff.redocly import DiffError
from spec.generator.contract import ContractError, load_contract
from spec.generator.overlays import OverlayError
from spec.generator.package import ROOT

from .annotations import VendorError
from .decisions import decide, decisions_of, load_decisions
from .package import install_package, read_package, version_of
from .reduced import limit_contract, reduce_contract, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.diff.changes import Change

    from .decisions import Decision, Decisions

SPEC = ROOT / "spec" / "openapi.yaml"
OVERLAYS = ROOT / "spec" / "overlays"
DECISIONS = ROOT / "spec" / "vendor-decisions.yaml"
DOCUMENTS, TODAY = "documents", "beta"


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; 0 is all decided, 1 is something that is not, 2 is a comparison that could not be made."""
    options = parse(arguments)
    try:
        decisions = load_decisions(options.decisions)
        folder = options.package or install_package(options.version)
        version = version_of(folder)
        name = options.contract or contract_of(version, decisions)
        kinds = decisions_of(name, decisions).kinds
        overlays = sorted(options.overlays.glob("*.yaml")) if name == TODAY else []
        ours = reduce_contract(load_contract(options.spec, overlays))
        theirs = limit_contract(read_package(folder), map(root_of, ours["paths"]))
        changes = compare(ours, theirs)
    except (VendorError, ContractError, OverlayError, DiffError) as error:
        print(error, file=sys.stderr)
        return 2
    undecided = decide(changes, kinds)
    text = "\n".join(report(f"The vendor's {version} and the contract of {name}", kinds, undecided)) + "\n"
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(text, encoding="utf-8")
    return 1 if undecided or any(not kind.changes for kind in kinds) else 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m spec.vendor", description=__doc__)
    parser.add_argument("--version", help="version of the package (default: the newest)")
    parser.add_argument("--package", type=Path, help="folder that the package is installed in")
    parser.add_argument("--contract", choices=(DOCUMENTS, TODAY), help="default: that of the version's time")
    parser.add_argument("--spec", type=Path, default=SPEC, help="the contract")
    parser.add_argument("--overlays", type=Path, default=OVERLAYS, help="folder of the overlays for today's")
    parser.add_argument("--decisions", type=Path, default=DECISIONS, help="what is decided")
    parser.add_argument("--output", type=Path, help="where to write the report (default: standard output)")
    return parser.parse_args(arguments)


def contract_of(version: str, decisions: dict[str, Decisions]) -> str:
    """Return the contract of a version's time: up to the version of the documents, theirs."""
    return DOCUMENTS if _ordered(version) <= _ordered(decisions_of(DOCUMENTS, decisions).version) else TODAY


def _ordered(version: str) -> list[int]:
    try:
        return [int(part) for part in version.split(".")[:3]]
    except ValueError as error:
        raise VendorError(f"{version} is no version that can be ordered: name the contract") from error


def report(title: str, kinds: list[Decision], undecided: list[Change]) -> Iterator[str]:
    """Yield the lines of the report, in Markdown that can be read as it is."""
    used = [kind for kind in kinds if kind.changes]
    count = len(undecided) + sum(len(kind.changes) for kind in used)
    yield f"# {title}: {count} differences of {len(used) + len(undecided)} kinds, {len(undecided)} undecided"
    for kind in used:
        yield from ("", kind.reason, "", *(f"- {_line(change)}" for change in kind.changes))
    if undecided:
        yield from ("", "Undecided: carry them over into the contract, or decide with a reason.", "")
        yield from (f"- ! {_line(change)}" for change in undecided)
    unused = [kind for kind in kinds if not kind.changes]
    if unused:
        yield from ("", "Decided, but not among the differences:", "")
        yield from (f"- `{kind.pattern.pattern}`: {kind.reason}" for kind in unused)


def _line(change: Change) -> str:
    sides = ", ".join(f"{verdict} for {side}" for side, verdict in sorted(change.sides.items()))
    return f"{change.name} [{sides}]"


if __name__ == "__main__":
    sys.exit(main())
