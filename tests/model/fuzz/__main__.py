"""Fuzz one reader, guided by coverage: `make fuzz-readers READER=world SECONDS=600`. This needs atheris."""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

import atheris

with atheris.instrument_imports(include=["axtasks", "axtasks_api", "spec"]):
    from tests.model.fuzz.targets import READERS, SEEDS

MOST_SECONDS_PER_BYTE = 0.1 / 10_000
LEAST_BYTES = 10_000
MOST_BYTES = 20_000
TRIES = 3
CORPUS = Path("build/fuzz-readers")


def main() -> None:
    """Fuzz the named reader for some seconds."""
    name, seconds = sys.argv[1:3]
    reader = READERS[name]
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)

    def read(data: bytes) -> None:
        most = MOST_SECONDS_PER_BYTE * max(len(data), LEAST_BYTES)
        # A garbage collection may slow one reading down, but not all.
        for _ in range(TRIES):
            started = process_time()
            reader(data)
            if (taken := process_time() - started) <= most:
                break
        else:
            raise RuntimeError(f"{taken:.2f} s for {len(data)} bytes")

    options = [f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", f"-artifact_prefix={corpus.parent}/{name}-"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()


main()
