"""Several words in a row, as pages write them."""

from collections.abc import Iterable
from functools import lru_cache

from blaljus.domain.words import Service
from blaljus.i18n.words import word


def format_services(services: Iterable[Service], language: str) -> str:
    """Return `Polis, räddningstjänst, ambulans`; nothing for none."""
    return _services(tuple(services), language)


@lru_cache(maxsize=64)
def _services(services: tuple[Service, ...], language: str) -> str:
    words = [word(service, language) for service in services]
    return ", ".join([*words[:1], *(text.lower() for text in words[1:])])
