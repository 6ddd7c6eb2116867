"""The letter with a way in: owed in the transaction that made it."""

from uuid import uuid4

from blaljus.domain.calendar import Letter, Recipient
from blaljus.domain.words import Method
from blaljus.mail.compose import compose
from blaljus.mail.letters import SignIn, write
from blaljus.store.accounts import Address
from blaljus.store.outbox import SIGN_IN, add_message
from blaljus.usecases.context import Context


async def owe_letter(to: Address, link: str, code: str, *, context: Context) -> None:
    """Put a sign-in letter into the outbox; for a stand-in (id 0) it is written and thrown away."""
    letter = _letter(to, link, code, context)
    mime = compose(letter, None)
    if to.id:
        await add_message(
            None,
            account=to.id,
            method=SIGN_IN,
            subject=letter.subject,
            message_id=letter.message_id,
            sender=context.sender_address,
            mime=mime,
            now=letter.sent_at,
        )


def _letter(to: Address, link: str, code: str, context: Context) -> Letter:
    texts = write(SignIn(link=link, code=code), to.language)
    return Letter(
        message_id=f"{uuid4()}@{context.mail_domain}",
        sent_at=context.clock(),
        method=Method.MAIL,
        sender_name=context.sender_name,
        sender_address=context.sender_address,
        recipient=Recipient(name=to.address, address=to.address, language=to.language),
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        event=None,
    )
