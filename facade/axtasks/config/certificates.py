"""The certificates to trust, as a TLS context, and the authority that signed one (RFC 5280)."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from axtasks.errors import ConfigurationError

if TYPE_CHECKING:
    import ssl

    from .settings import Settings

_FILE = "SSL_CERT_FILE"
_FOLDER = "SSL_CERT_DIR"
_KEY_LOG = "SSLKEYLOGFILE"
# Of DER: the tag of the version of a certificate, and the bit of a length that is longer than a byte.
_VERSION = 0xA0
_LONG = 0x80
# The parts of a name that are shown, the first there is: common name, organizational unit, organization.
_NAMES = (b"\x55\x04\x03", b"\x55\x04\x0b", b"\x55\x04\x0a")


def make_context(settings: Settings) -> ssl.SSLContext:
    """Return a TLS context with the certificates to trust.

    Raises:
        ConfigurationError: the certificates, or the file of SSLKEYLOGFILE, cannot be used; names the variable.
    """
    import ssl

    setting, path = _trusted(settings)
    is_folder = setting == _FOLDER
    try:
        if is_folder and not os.path.isdir(path):  # noqa: PTH112  # it is passed on as text
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        context = ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        # This variable, which has nothing to do with certificates, is for Python itself.
        if getattr(error, "filename", None) and (keys := os.environ.get(_KEY_LOG)):
            raise ConfigurationError(
                f"{_KEY_LOG} has the keys of TLS written to {keys!r}, which cannot be done: {reason}",
                variable=_KEY_LOG,
            ) from error
        variable = setting if setting in {_FILE, _FOLDER} else None
        raise ConfigurationError(
            f"the certificates of {setting} cannot be used: {path!r}: {reason}", variable=variable
        ) from error
    context.set_alpn_protocols(["http/1.1"])
    return context


def _trusted(settings: Settings) -> tuple[str, str]:
    """Return the setting that says which certificates to trust, and its file or folder."""
    if settings.ca_file:
        return "ca_file", settings.ca_file
    for variable in (_FILE, _FOLDER):
        if value := os.environ.get(variable):
            return variable, value
    import certifi

    return "the package certifi", certifi.where()


def issuer_of(certificate: bytes) -> str | None:
    """Return the name of the authority that signed a certificate, which is DER; None where none can be read."""
    names: dict[bytes, str] = {}
    try:
        # Certificate, then its signed part: a version, a serial number, an algorithm, the issuer.
        signed = _contents(_contents(certificate)[0][1])[0][1]
        fields = [content for tag, content in _contents(signed) if tag != _VERSION]
        for _, entry in _contents(fields[2]):
            (_, kind), (_, text) = _contents(_contents(entry)[0][1])
            names[kind] = text.decode(errors="replace")
    except (IndexError, ValueError):
        return None
    return next((names[kind] for kind in _NAMES if kind in names), None)


def _contents(data: bytes) -> list[tuple[int, bytes]]:
    """Return the tags and the contents of the values in DER."""
    found = []
    while data:
        tag, length, start = data[0], data[1], 2
        if length & _LONG:
            start += length & ~_LONG
            length = int.from_bytes(data[2:start])
        found.append((tag, data[start : start + length]))
        data = data[start + length :]
    return found
