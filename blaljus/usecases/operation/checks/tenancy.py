"""Invariant 12: rows that belong together are of one municipality, plan and slot."""

from blaljus.usecases.operation.checks.facts import Facts, Finding


def what_belongs_together_is_of_one_owner(facts: Facts) -> list[Finding]:
    """Return the rows and letters that are of another owner than what they belong to."""
    strays = [Finding(subject=f"{s.kind}:{s.id}", what=s.what) for s in facts.strays]
    owners = {
        uid.partition("@")[0]: (expected.subject, expected.slot.municipality)
        for uid, expected in facts.expected.items()
    }
    for letter in facts.letters:
        subject, owner = owners.get(letter.uid, ("", letter.municipality))
        if letter.municipality != owner:
            what = f"is of another municipality than {subject}"
            strays.append(Finding(subject=f"message:{letter.id}", what=what))
    return strays
