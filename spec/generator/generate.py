"""Makes the client package from the contract, and tells whether the one in the tree is what the contract makes.

`make generate` swaps a freshly made package in; `make drift` makes one aside and compares the two trees both ways.
"""

from __future__ import annotations

import argparse
import copy
import difflib
import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEFAULT_SPEC = ROOT / "spec" / "openapi.yaml"
DEFAULT_OUT = ROOT / "generated" / "axtasks_api"
HEADER = '# Generated from spec/openapi.yaml by "make generate"; do not edit.\n'
# Lines of the generated client that would show a token in its repr, and what is put in their places.
SHOWING_TOKENS = {
    "    token: str\n": "    token: str = field(repr=False)\n",
    'alias="headers")\n': 'alias="headers", repr=False)\n',
}
NOT_A_CLASS = "# A plain dict needs no class."
MOST_DIFF_LINES = 40


class GenerationError(Exception):
    """The contract could not be made into a package."""


def load_contract(spec: Path) -> dict[str, Any]:
    """The contract as JSON data.

    Raises:
        GenerationError: the file is not a YAML mapping, or holds something that JSON cannot say.
    """
    try:
        contract = yaml.safe_load(spec.read_text(encoding="utf-8"))
        json.dumps(contract)
    except (yaml.YAMLError, TypeError) as error:
        raise GenerationError(f"{spec} is not a contract: {error} (are all timestamps quoted?)") from error
    if not isinstance(contract, dict):
        raise GenerationError(f"{spec} is not a contract: its top level is not a mapping")
    return contract


def make_package(spec: Path, target: Path) -> None:
    """Writes the package that the contract makes to `target`, which must not exist yet.

    Raises:
        GenerationError: the generator warned or failed.
    """
    contract = load_contract(spec)
    bundle = json.dumps(contract, ensure_ascii=False, indent=1) + "\n"
    with tempfile.TemporaryDirectory() as scratch:
        generator_input = Path(scratch) / "openapi.json"
        generator_input.write_text(json.dumps(with_parameter_descriptions(contract)), encoding="utf-8")
        run_generator(generator_input, target)
    hide_token(target / "client.py")
    for runtime in sorted((HERE / "runtime").glob("*.py")):
        shutil.copyfile(runtime, target / runtime.name)
    for module in sorted(target.rglob("*.py")):
        text = module.read_text(encoding="utf-8")
        if NOT_A_CLASS in text:
            module.unlink()
        else:
            module.write_text(HEADER + text, encoding="utf-8")
    (target / "openapi.json").write_text(bundle, encoding="utf-8")
    (target / "py.typed").touch()


def hide_token(module: Path) -> None:
    """Keeps the token, and the headers that come to hold it, out of the repr of the generator's own clients.

    Raises:
        GenerationError: the module is not what it was, and may show them.
    """
    text = module.read_text(encoding="utf-8")
    for shown, hidden in SHOWING_TOKENS.items():
        if shown not in text:
            raise GenerationError(f"{module.name} has no line {shown.strip()!r} whose value could be hidden")
        text = text.replace(shown, hidden)
    module.write_text(text, encoding="utf-8")


def with_parameter_descriptions(contract: dict[str, Any]) -> dict[str, Any]:
    """The contract with each parameter's description in its schema too, where the generator looks for it."""
    copied: dict[str, Any] = copy.deepcopy(contract)
    for parameter in copied.get("components", {}).get("parameters", {}).values():
        if "$ref" not in parameter["schema"]:
            parameter["schema"].setdefault("description", parameter.get("description", ""))
    return copied


def run_generator(document: Path, target: Path) -> None:
    """Runs openapi-python-client with our settings and templates; a warning is an error."""
    scripts = str(Path(sys.executable).parent)
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", str(document), "--output-path", str(target), "--config", str(HERE / "config.yaml")),
        *("--custom-template-path", str(HERE / "templates"), "--meta", "none", "--fail-on-warning"),
    ]
    # The hooks are looked up on PATH, and the ruff that is meant stands beside this interpreter.
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ.get("PATH", ""), "NO_COLOR": "1"}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0 or not (target / "models").is_dir():
        raise GenerationError(f"openapi-python-client failed:\n{finished.stdout}{finished.stderr}")


def swap_in(made: Path, out: Path) -> None:
    """Puts a finished package in the place of the old one, which stays whole until then."""
    out.parent.mkdir(parents=True, exist_ok=True)
    retired = out.with_name(out.name + ".retired")
    shutil.rmtree(retired, ignore_errors=True)
    if out.exists():
        out.rename(retired)
    made.rename(out)
    shutil.rmtree(retired, ignore_errors=True)


def differences(left: Path, right: Path) -> Iterator[str]:
    """Each difference between two trees, in both directions, as a line or a few."""
    left_files, right_files = files_below(left), files_below(right)
    yield from (f"only in the tree, nothing makes it: {name}" for name in sorted(left_files - right_files))
    yield from (f"missing from the tree: {name}" for name in sorted(right_files - left_files))
    for name in sorted(left_files & right_files):
        if not filecmp.cmp(left / name, right / name, shallow=False):
            lines = difflib.unified_diff(
                (left / name).read_text(encoding="utf-8").splitlines(),
                (right / name).read_text(encoding="utf-8").splitlines(),
                f"in the tree: {name}",
                f"from the contract: {name}",
                lineterm="",
            )
            yield "\n".join(list(lines)[:MOST_DIFF_LINES])


def files_below(folder: Path) -> set[str]:
    """The files of a package, without what Python leaves beside them."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; 0 is success, 1 is drift or a failed generation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, default=DEFAULT_SPEC, help="the contract (default: spec/openapi.yaml)")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="the package (default: generated/axtasks_api)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the package has drifted")
    options = parser.parse_args(arguments)
    spec, out = options.spec.resolve(), options.out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the swap is a rename on one file system; hidden, so that nothing imports it.
    with tempfile.TemporaryDirectory(prefix=".making-", dir=out.parent) as scratch:
        made = Path(scratch) / out.name
        try:
            make_package(spec, made)
        except GenerationError as error:
            print(error, file=sys.stderr)
            return 1
        if not options.check:
            swap_in(made, out)
            return 0
        found = list(differences(out, made))
    for difference in found:
        print(difference)
    print("generated/ has drifted from its contract: run `make generate`" if found else "no drift")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
