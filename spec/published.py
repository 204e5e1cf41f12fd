"""Fetches the specification that the vendor publishes, and tells what changed in it since it was last fetched.

The last one is kept in `spec/published.yaml`. It is no input of anything: what it says is carried over into the
contract or its overlays by hand, with a reason.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import httpx

from spec.diff.changes import compare
from spec.diff.redocly import DiffError
from spec.diff.report import Report, Section, as_markdown
from spec.generator.contract import ContractError, load_contract, mapping
from spec.generator.package import ROOT

URL = "https://api.arize.com/v2/spec.yaml"
STORE = ROOT / "spec" / "published.yaml"
REPORT = ROOT / "build" / "published-report.md"
TIMEOUT_SECONDS = 60


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; 0 also when it changed, 1 when it could not be fetched or compared."""
    parser = argparse.ArgumentParser(prog="python -m spec.published", description=__doc__)
    parser.add_argument("--url", default=URL, help=f"where it is published (default: {URL})")
    parser.add_argument("--store", type=Path, default=STORE, help="where the last one is kept")
    parser.add_argument("--report", type=Path, default=REPORT, help="where to write what changed")
    options = parser.parse_args(arguments)
    options.report.unlink(missing_ok=True)
    try:
        answer = httpx.get(options.url, timeout=TIMEOUT_SECONDS, follow_redirects=True).raise_for_status()
        report = renewed(answer.content, options.store)
    except (httpx.HTTPError, httpx.InvalidURL, ContractError, DiffError) as error:
        print(f"{options.url}: {error}", file=sys.stderr)
        return 1
    if report is None:
        print("The published specification has not changed.")
        return 0
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(report, encoding="utf-8")
    print(f"The published specification has changed: see {options.report}")
    return 0


def renewed(content: bytes, store: Path) -> str | None:
    """Keeps a specification, and returns what changed since the last one, as Markdown; None where nothing did.

    Raises:
        ContractError: it is none.
        DiffError: the two could not be compared.
    """
    if store.is_file() and store.read_bytes() == content:
        return None
    with tempfile.TemporaryDirectory() as folder:
        fetched = Path(folder) / store.name
        fetched.write_bytes(content)
        head = load_contract(fetched)
    version = str(mapping(head.get("info")).get("version", "0.0.0"))
    if store.is_file():
        section = Section("Published specification", compare(load_contract(store), head))
    else:
        section = Section("Published specification", [], note="seen for the first time")
    report = as_markdown(Report(store.name, version, [section], unused=[]))
    store.write_bytes(content)
    return report


if __name__ == "__main__":
    sys.exit(main())
