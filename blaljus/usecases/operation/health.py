"""Can requests be served? Asked by load balancers and by start scripts."""

from blaljus.domain.errors import BusyError
from blaljus.store.engine import write_transaction
from blaljus.store.migrating import pending_migrations


async def problems() -> list[str]:
    """Return the names of what stands in the way: `database`, `migrations`; empty when ready."""
    try:
        async with write_transaction():
            pass  # that the write lock can be taken is the probe
        pending = await pending_migrations()
    except BusyError:
        return ["database"]
    return ["migrations"] if pending else []
