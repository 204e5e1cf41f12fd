"""Makes the client packages from the contract, and tells whether those in the tree are what the contract makes.

`make generate` swaps freshly made packages in; `make drift` makes them aside and compares the trees both ways.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

from . import lock
from .contract import ContractError
from .overlays import OverlayError
from .package import MADE, ROOT, GenerationError, Source, make_package
from .trees import differences, swap_in

if TYPE_CHECKING:
    from collections.abc import Mapping

SPEC = ROOT / "spec"
GENERATED = ROOT / "generated"
DEFAULT_SPEC = SPEC / "openapi.yaml"
OVERLAYS = tuple(sorted((SPEC / "overlays").glob("*.yaml")))
DOCUMENTS, BETA = "documents", "beta"
# The contract of each dialect, and each package of the project with what it is made from.
DIALECTS = {DOCUMENTS: Source(DEFAULT_SPEC), BETA: Source(DEFAULT_SPEC, OVERLAYS)}
PACKAGES = {GENERATED / "axtasks_api": Source(DEFAULT_SPEC, OVERLAYS, (DOCUMENTS, BETA))}


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; 0 is success, 1 is drift or a failed generation."""
    options = parse(arguments)
    own = {name: value for name, value in vars(options).items() if name != "check" and value}
    try:
        packages = {target_of(options): source_of(options)} if own else PACKAGES
        if not options.check:
            refuse_own(packages)
        found = [line for out, source in packages.items() for line in renew(source, out, check=options.check)]
    except (ContractError, OverlayError, GenerationError, OSError) as error:
        say(str(error))
        return 1
    if not own:
        inputs = lock.current(file for source in packages.values() for file in source.files)
        if options.check:
            found = [*(f"since generated/ was made: {line}" for line in lock.moved(inputs)), *found]
        else:
            lock.write(inputs)
    if not options.check:
        return 0
    for line in found:
        print(line)
    print("generated/ has drifted from its contract: run `make generate`" if found else "no drift")
    return 1 if found else 0


def say(text: str) -> None:
    """Write one line for people; a name in a contract may have several."""
    print(" ".join(text.splitlines()), file=sys.stderr)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m spec.generator", description=__doc__)
    parser.add_argument("--spec", type=Path, help="the contract (default: spec/openapi.yaml)")
    parser.add_argument("--overlay", type=Path, action="append", default=[], help="applied to it; may be repeated")
    parser.add_argument("--out", type=Path, help="the package (default: generated/ and its name)")
    parser.add_argument("--package", help="name of the package (default: that of OUT, else axtasks_api)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something has drifted")
    return parser.parse_args(arguments)


def source_of(options: argparse.Namespace) -> Source:
    """Return the sources of the package to make: the project's contract, unless another is named."""
    if options.spec is None and not options.overlay:
        return next(iter(PACKAGES.values()))
    overlays = tuple(overlay.resolve() for overlay in options.overlay)
    return Source((options.spec or DEFAULT_SPEC).resolve(), overlays)


def target_of(options: argparse.Namespace) -> Path:
    """Return the folder of the requested package."""
    if options.out is None:
        return GENERATED / (options.package or "axtasks_api")
    out: Path = options.out.resolve()
    if options.package and {"/", "\\"} & {*options.package}:
        raise GenerationError(f"a package cannot be called {options.package!r}: say where it goes with --out")
    return out / options.package if options.package and out.name != options.package else out


def refuse_own(packages: Mapping[Path, Source]) -> None:
    """Refuse to replace a package of the project by one of another contract.

    Raises:
        GenerationError: one would be.
    """
    for out, source in packages.items():
        if source != PACKAGES.get(out, source):
            raise GenerationError(
                f"{out} is made of the project's own contract: say with OUT=FOLDER PACKAGE=NAME (--out, --package)"
                " where a package of another one goes"
            )


def refuse_place(out: Path) -> None:
    """Refuse a place where no package can be, and one that has something else than a package made before.

    Raises:
        GenerationError: it is one of these.
    """
    if not out.name.isidentifier() or iskeyword(out.name):
        raise GenerationError(f"a package cannot be called {out.name!r}: name one with --package, such as their_api")
    if not out.exists():
        return
    if not out.is_dir():
        raise GenerationError(f"{out} is a file, and no folder for a package")
    first = out / "__init__.py"
    is_made = first.is_file() and first.read_text(encoding="utf-8").startswith(MADE)
    if any(out.iterdir()) and not is_made:
        raise GenerationError(f"{out} has something else than a package made before: name one in it with --package")


def renew(source: Source, out: Path, *, check: bool) -> list[str]:
    """Makes a package; swaps it in, or returns how the one in the tree differs from it.

    Raises:
        GenerationError: the package cannot be imported by its name, or something else stands in its place.
    """
    refuse_place(out)
    # Near the target, so that the swap is a rename on one file system, and hidden, so that nothing imports it.
    near = next(folder for folder in out.parents if folder.is_dir())
    with tempfile.TemporaryDirectory(prefix=".making-", dir=near) as scratch:
        made = Path(scratch) / out.name
        for warning in make_package(source, made):
            say(f"warning: {warning}")
        if check:
            return [f"{out.name}: {difference}" for difference in differences(out, made)]
        out.parent.mkdir(parents=True, exist_ok=True)
        swap_in(made, out)
        return []


if __name__ == "__main__":
    sys.exit(main())
