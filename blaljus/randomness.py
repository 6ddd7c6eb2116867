"""Tells a secret that was drawn from one that was typed or copied."""

SHORTEST_SECRET = 32
"""Characters; a base64 text of this length holds 192 bits."""
FEWEST_DIFFERENT = 10
"""Characters; a text with fewer different ones was typed, not drawn."""
EXAMPLE_WORDS = ("change", "example", "replace", "secret", "hemlig", "password", "0123456789")
"""A secret with one of these was copied from some page."""


def is_random_enough(secret: str) -> bool:
    """Return whether a secret may be used: long, varied, and from no page of ours."""
    example = any(word in secret.lower() for word in EXAMPLE_WORDS)
    return len(secret) >= SHORTEST_SECRET and len({*secret}) >= FEWEST_DIFFERENT and not example
