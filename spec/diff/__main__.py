"""Shows what changed between two contracts, whom it breaks, and which version bump it asks for.

Compared are the contract of each dialect and the public Python surface with those of a git ref; or one contract with
that in a file. The exit code is 1 when something breaks that the file of accepted changes does not name.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from axtasks import __version__

from spec.generator.__main__ import DEFAULT_SPEC, DIALECTS
from spec.generator.contract import ContractError, load_contract
from spec.generator.overlays import OverlayError
from spec.generator.package import ROOT, refuse_other_documents

from .accepted import AcceptedError, accept, load_accepted
from .changes import compare
from .redocly import DiffError
from .report import FORMATS, Report, Section
from .surface import FOLDERS, compare_surfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.generator.package import Source

OVERLAYS = "overlays"
ACCEPTED = ROOT / "spec" / "accepted-changes.yaml"


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; 0 is no unexpected break, 1 is one, 2 is a comparison that could not be made."""
    options = parse(arguments)
    try:
        accepted = load_accepted(options.accepted)
        sections = list(with_file(options) if Path(options.base).is_file() else with_ref(options))
    except (AcceptedError, ContractError, OverlayError, DiffError) as error:
        print(error, file=sys.stderr)
        return 2
    report = Report(options.base, __version__, sections, unused=[])
    accept(report.changes, accepted)
    names = {change.name for change in report.changes}
    report.unused = [name for name in accepted if name not in names] if report.changes else []
    text = FORMATS[options.format](report)
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(text, encoding="utf-8")
    return 1 if report.unexpected else 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m spec.diff", description=__doc__)
    parser.add_argument("--base", default="HEAD", help="git ref or file to compare with (default: HEAD)")
    parser.add_argument("--spec", type=Path, default=DEFAULT_SPEC, help="with a file as base: what to compare with it")
    parser.add_argument("--overlay", type=Path, action="append", default=[], help="applied to that spec")
    parser.add_argument("--format", choices=FORMATS, default="text", help="what to write (default: text)")
    parser.add_argument("--output", type=Path, help="where to write it (default: standard output)")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED, help="accepted changes")
    return parser.parse_args(arguments)


def with_file(options: argparse.Namespace) -> Iterator[Section]:
    """One contract compared with that in a file."""
    base, head = load_contract(Path(options.base)), load_contract(options.spec, options.overlay)
    for contract, file in ((base, Path(options.base)), (head, options.spec)):
        refuse_other_documents(contract, file)
    names = ", ".join(file.name for file in (options.spec, *options.overlay))
    yield Section(f"Contract {names}", compare(base, head))


def with_ref(options: argparse.Namespace) -> Iterator[Section]:
    """The contract of each dialect, and the Python surface, compared with those of a git ref."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder)
        check_out(options.base, checkout)
        for name, source in DIALECTS.items():
            yield dialect(name, source, checkout)
        yield Section("Python surface", compare_surfaces(checkout, ROOT))


def dialect(name: str, source: Source, checkout: Path) -> Section:
    """The contract of one dialect compared with that of an older checkout."""
    spec = checkout / source.spec.relative_to(ROOT)
    # Those that were there then, be they fewer or more.
    overlays = sorted((spec.parent / OVERLAYS).glob("*.yaml")) if source.overlays else []
    if not spec.is_file() or (source.overlays and not overlays):
        return Section(f"Contract of {name}", [], note="is new")
    base = load_contract(spec, overlays)
    return Section(f"Contract of {name}", compare(base, load_contract(source.spec, source.overlays)))


def check_out(ref: str, folder: Path) -> None:
    """Puts what is compared of a git ref into a folder.

    Raises:
        DiffError: git knows no such ref, and there is no such file either.
    """
    command = ["git", "-C", str(ROOT), "archive", "--format=tar", ref, "--", "spec", *FOLDERS]
    finished = subprocess.run(command, capture_output=True, check=False)
    if finished.returncode != 0:
        raise DiffError(f"{ref} is neither a file nor a git ref: {finished.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(finished.stdout)) as archive:
        archive.extractall(folder, filter="data")


if __name__ == "__main__":
    sys.exit(main())
