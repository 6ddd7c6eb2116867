"""Where municipalities lie."""

from collections.abc import Collection

from piccolo.query.functions.aggregate import Avg

from blaljus.store import tables as t


async def find_centres(municipalities: Collection[int]) -> dict[int, tuple[float, float]]:
    """Return the middle of the schools of municipalities: degrees north and east, by id.

    The register tells everybody where schools lie, so this has no scope. One whose schools have
    no position is left out.
    """
    if not municipalities:
        return {}
    u = t.SchoolUnit
    rows = (
        await u.select(
            u.municipality,
            Avg(u.latitude, alias="north"),
            Avg(u.longitude, alias="east"),
        )
        .where(u.municipality.is_in(sorted(municipalities)))
        .where(u.latitude.is_not_null() & u.longitude.is_not_null())
        .group_by(u.municipality)
    )
    return {row["municipality"]: (row["north"], row["east"]) for row in rows}
