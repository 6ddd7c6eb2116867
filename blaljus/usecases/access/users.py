"""Who may coordinate, said by the operator."""

from blaljus.clock import Clock
from blaljus.domain.errors import NotFoundError
from blaljus.domain.localtime import local_day
from blaljus.domain.people import OPERATOR, Person
from blaljus.store import accounts, schools
from blaljus.store.engine import transactional
from blaljus.usecases.context import Context, record


@transactional
async def add_coordinator(context: Context, address: str, code: str, name: str | None) -> bool:
    """Let an address coordinate a municipality; False when it did already.

    The municipality is made when it is new and `name` is given; else raises `NotFoundError`.
    """
    municipality = await schools.find_municipality(code)
    if municipality is None:
        if name is None:
            raise NotFoundError
        municipality = await schools.add_municipality(code, name)
    account = await accounts.add_account(address)
    added = await accounts.add_coordinator(account, municipality.id)
    if added:
        subject = ("account", account)
        await record(context, OPERATOR, municipality.id, "coordinator-added", subject, 1)
    return added


async def person_at(address: str, clock: Clock) -> Person:
    """Return whom an address signs in as today, or raise `NotFoundError`."""
    account = await accounts.find_account(address)
    if account is None:
        raise NotFoundError
    return await accounts.get_person(account.id, local_day(clock()))
