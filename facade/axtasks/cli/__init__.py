"""The command line, `ax`. It uses the public names of `axtasks` alone; `main` is the whole program.

`app` has the groups, `commands` a file for each command, `output` shows results.
"""

from .app import main

__all__ = ["main"]
