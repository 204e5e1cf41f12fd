"""What a planted bug is, and how it gets into a copy of the code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
CODE = ("facade", "generated")
PACKAGE = Path("facade", "axtasks")


class PlantedBug(NamedTuple):
    """A slip that somebody could make, and that a user would notice.

    Attributes:
        id: what it is called.
        breaks: what no longer holds, with the id of the rule or decision where there is one.
        file: the file, below `facade/axtasks`.
        old: text that stands there exactly once.
        new: what stands there instead.
    """

    id: str
    breaks: str
    file: str
    old: str
    new: str

    def text_with_bug(self) -> str:
        """The text of the file with the bug in it.

        Raises:
            ValueError: what is to be replaced does not stand there exactly once, or nothing would change.
        """
        text = (ROOT / PACKAGE / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or self.old == self.new:
            raise ValueError(f"{self.id}: the text to replace stands {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)

    def plant(self, copy: Path) -> None:
        """Put the bug into a copy of the code.

        Args:
            copy: the folder made by `copy_code`.
        """
        (copy / PACKAGE / self.file).write_text(self.text_with_bug(), encoding="utf-8")

    def remove(self, copy: Path) -> None:
        """Take the bug out of a copy again.

        Args:
            copy: the folder it was planted in.
        """
        shutil.copy2(ROOT / PACKAGE / self.file, copy / PACKAGE / self.file)


def copy_code(folder: Path) -> None:
    """Copy all that is imported, with the times of the files, so that what was compiled stays good.

    Args:
        folder: where to.
    """
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name)
