"""A planted bug, and how it is put into a copy of the code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
CODE = ("facade", "generated")
PACKAGE = Path("facade", "axtasks")


class PlantedBug(NamedTuple):
    """A mistake that somebody could make, and that a user would notice.

    Attributes:
        id: its name.
        breaks: the requirement that it breaks, with the id of the rule or decision if there is one.
        file: the file, below `facade/axtasks`.
        old: the text to replace, which occurs exactly once.
        new: the replacement.
    """

    id: str
    breaks: str
    file: str
    old: str
    new: str

    def text_with_bug(self) -> str:
        """Return the text of the file with the bug.

        Raises:
            ValueError: the text to replace does not occur exactly once, or is the same as the new one.
        """
        text = (ROOT / PACKAGE / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.id}: the text to replace stands {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)

    def plant(self, copy: Path) -> None:
        """Write the bug into a copy of the code.

        Args:
            copy: the folder made by `copy_code`.
        """
        (copy / PACKAGE / self.file).write_text(self.text_with_bug(), encoding="utf-8")

    def remove(self, copy: Path) -> None:
        """Restore the file in a copy of the code.

        Args:
            copy: the folder with the planted bug.
        """
        shutil.copy2(ROOT / PACKAGE / self.file, copy / PACKAGE / self.file)


def copy_code(folder: Path) -> None:
    """Copy the packages with their modification times, so that compiled files stay valid.

    Args:
        folder: the destination.
    """
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name)
