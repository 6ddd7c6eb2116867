"""Who signs in, with what, and what the newest letter says."""

import re
from email import message_from_string, policy

from blaljus.store import tables as t
from blaljus.usecases.access.sessions import find_session
from blaljus.usecases.access.sign_in import Browser

TEACHER = "larare.ek@skola.example"
MINE = Browser(secret="min", user_agent="Mozilla/5.0 (X11; Linux) Firefox/140", peer="192.0.2.1")
THEIRS = Browser(secret="annans", peer="192.0.2.2")


async def newest_letter():
    row = await t.OutboxMessage.select().order_by(t.OutboxMessage.id, ascending=False).first()
    text = message_from_string(row["mime"], policy=policy.default).get_body(("plain",))
    content = text.get_content()
    return re.search(r"/in/([\w-]+)", content)[1], re.search(r"\b(\d{6})\b", content)[1]


async def signed_in(session, clock):
    found = await find_session(session.id, clock=clock)
    return found.person if found else None
