"""Uploaded files between two pages: packed into the form, so that nothing waits on the server."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

import msgspec

from blaljus.web.http.body import UPLOAD_BYTES

MAX_PACKED = UPLOAD_BYTES - 10_000
"""Characters of packed files that fit into the body of one form, beside its other fields."""


def pack_files(files: Mapping[str, bytes]) -> str:
    """Return files, name to content, as text for a hidden field: compressed, URL-safe base64."""
    return urlsafe_b64encode(zlib.compress(msgspec.msgpack.encode(dict(files)))).decode()


def unpack_files(text: str) -> dict[str, bytes] | None:
    """Return the files of a hidden field; None if somebody changed it, or made it a bomb."""
    inflater = zlib.decompressobj()
    try:
        packed = inflater.decompress(urlsafe_b64decode(text.encode("ascii")), UPLOAD_BYTES)
        whole = inflater.eof and not inflater.unconsumed_tail
        return msgspec.msgpack.decode(packed, type=dict[str, bytes]) if whole else None
    except (ValueError, zlib.error, msgspec.DecodeError):
        return None
