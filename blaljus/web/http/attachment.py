"""The header that makes a browser save an answer as a file with a good name."""

import re
from unicodedata import normalize
from urllib.parse import quote

LONGEST = 80
"""Characters of a name before its ending: some file systems take 255 bytes, Swedish takes two."""

_NO_WORD = re.compile(r"[^\w]+")


def attachment(words: str, ending: str) -> dict[str, str]:
    """Return the header that names a file after some words, in ASCII too (RFC 6266).

    What is neither letter nor digit becomes a hyphen: no name can leave its folder or the header.
    """
    name = _NO_WORD.sub("-", words)[:LONGEST].strip("-") or "fil"
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().strip("-") or "fil"
    exact = f"; filename*=UTF-8''{quote(name)}{ending}" if plain != name else ""
    return {"content-disposition": f'attachment; filename="{plain}{ending}"{exact}'}
