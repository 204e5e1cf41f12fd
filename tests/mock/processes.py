"""A mock in a process of its own, served by `ax mock serve`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND = [sys.executable, "-c", "from axtasks.mock.cli.serve import group; group()", "serve", "--port", "0"]


@contextmanager
def served(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve a mock with these options; yield its address, and a list that has its output once it has ended."""
    written: list[str] = []
    with subprocess.Popen(
        [*COMMAND, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.fullmatch(r"Listening on (\S+)\n", first)
            assert found, first + process.communicate(timeout=20)[1]
            yield found[1], written
            process.send_signal(signal.SIGTERM)
        except BaseException:
            process.kill()
            raise
        finally:
            written += process.communicate(timeout=20)
    assert process.returncode == 0
