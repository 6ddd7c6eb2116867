"""What the stations at a venue ask for: whose they are, how many people, the largest group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from blaljus.domain.agencies import Agency
from blaljus.domain.errors import NotFoundError, StaleError
from blaljus.domain.localtime import SchoolYear, local_day
from blaljus.domain.people import Person
from blaljus.domain.schools import StationRules, Venue
from blaljus.domain.words import REQUIRED_SERVICES, Service
from blaljus.store import agencies, plans, schools
from blaljus.store.engine import read_transaction
from blaljus.store.stations import set_station_rules
from blaljus.usecases.context import Context, record
from blaljus.usecases.days.venue_pins import VenuePins, load_pins
from blaljus.usecases.once import FormKey, Outcome, once


@dataclass(frozen=True, slots=True, kw_only=True)
class StationsPage:
    """A venue with the stations of its next slots, and the agencies that may man them."""

    venue: Venue
    stations: Sequence[StationRules]
    agencies: Sequence[Agency]
    pins: VenuePins

    def of_service(self, service: Service) -> list[Agency]:
        """Return the agencies of a service that serve the municipality, by name."""
        return [agency for agency in self.agencies if agency.provides is service]


async def get_stations(context: Context, person: Person, venue_id: int) -> StationsPage:
    """Return a venue, of a school or shared, of the person's municipalities, or raise."""
    async with read_transaction():
        return await _load(context, person, venue_id)


async def _load(context: Context, person: Person, venue_id: int) -> StationsPage:
    venue = await schools.get_venue(venue_id, person.municipalities)
    today = local_day(context.clock())
    plan = await plans.find_plan(venue.municipality, SchoolYear.of(today))
    rules = venue.station_rules(plan.required if plan else REQUIRED_SERVICES)
    return StationsPage(
        venue=venue,
        stations=rules,
        pins=await load_pins(venue, rules, today),
        agencies=await agencies.list_agencies((venue.municipality,), today),
    )


async def save_stations(
    context: Context,
    person: Person,
    key: FormKey,
    *,
    venue_id: int,
    wanted: Sequence[StationRules],
    version: int,
    group_pupils: int | None = None,
) -> None:
    """Store what stations ask for, and how many pupils make a group; published slots stay.

    Raises `StaleError` where the venue is no longer of the `version` the person saw or has other
    stations, and `NotFoundError` for an agency that does not serve or is of another service.
    """

    async def change() -> Outcome:
        shown = await _load(context, person, venue_id)
        _check(shown, wanted, version)
        if not await schools.touch_venue(replace(shown.venue, group_pupils=group_pupils)):
            raise StaleError
        await set_station_rules(venue_id, wanted)
        await record(
            context,
            person.actor,
            shown.venue.municipality,
            "venue-stations",
            ("venue", venue_id),
            version + 1,
            group_pupils=group_pupils,
            stations=[
                {"provides": r.provides, "agency": r.agency, "staff": r.staff_needed}
                for r in wanted
            ],
        )
        return {}

    await once(person, key, change, clock=context.clock)


def _check(shown: StationsPage, wanted: Sequence[StationRules], version: int) -> None:
    services = [rules.provides for rules in shown.stations]
    if version != shown.venue.version or services != [rules.provides for rules in wanted]:
        raise StaleError
    for rules in wanted:
        known = {agency.id for agency in shown.of_service(rules.provides)}
        if rules.agency not in {None, *known}:
            raise NotFoundError


async def list_school_venues(person: Person, municipality: int) -> list[Venue]:
    """Return the schools' own places in a municipality the person coordinates, by name."""
    if municipality not in person.municipalities:
        raise NotFoundError
    return [v for v in await schools.list_venues((municipality,)) if v.school_unit is not None]
