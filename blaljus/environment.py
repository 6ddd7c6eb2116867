"""The `BLALJUS_…` variables, read one at a time with every problem in words."""

from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

PREFIX = "BLALJUS_"
TOOLING = frozenset({"BLALJUS_CHROMIUM", "BLALJUS_TEST_POSTGRES_URL"})
"""Variables of the test tools; they share our prefix and are no settings."""


class Environment:
    """Reads one value at a time; remembers what was asked for and what was wrong."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given, self.asked = given, set[str]()
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        """Return a text, the default where it is not set."""
        self.asked.add(PREFIX + name)
        return self.given.get(PREFIX + name, default)

    def parts(self, name: str) -> tuple[str, ...]:
        """Return a comma separated text as its parts."""
        return tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number in `[low, high]`; refuse anything else."""
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and low <= int(value[:9]) <= high:
            return int(value)
        self.refuse(name, f"is {value!r}; it must be a whole number {low}-{high}")
        return default

    def choice(self, name: str, *choices: str) -> str:
        """Return one of some words, the first where none is set; refuse others."""
        value = self.text(name, choices[0])
        if value in choices:
            return value
        self.refuse(name, f"is {value!r}; it must be one of {', '.join(choices)}")
        return choices[0]

    def url(self, name: str, default: str, *schemes: str) -> str:
        """Return an address with one of the schemes; refuse others."""
        value = self.text(name, default)
        if value and not _is_url(value, schemes):
            known = ", ".join(f"{scheme}://" for scheme in schemes)
            self.refuse(name, f"must be a whole address that begins with one of {known}")
            return default
        return value

    def refuse(self, name: str, why: str) -> None:
        """Remember a problem with a variable."""
        self.problems.append(f"{PREFIX}{name} {why}.")

    def unknown(self) -> list[str]:
        """Return a problem for every variable that nobody asked for."""
        names = sorted({*self.given} - self.asked - TOOLING)
        close = {name: "".join(get_close_matches(name, self.asked, n=1)) for name in names}
        return [f"{name} is no setting; the nearest is {close[name] or 'none'}." for name in names]


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        address = urlsplit(value)
        _ = address.port
    except ValueError:
        return False
    where = address.path if address.scheme == "sqlite" else address.netloc
    return address.scheme in schemes and bool(where) and value.isprintable() and " " not in value
