"""`python -m axtasks` is `ax`, also where another package has installed a program of that name."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main(prog_name="ax")
