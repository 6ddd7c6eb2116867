"""What replies and the reasons why they wait are called on the coordinator's pages."""

from collections.abc import Mapping

from blaljus.domain.replies import Answer, Doubt, ReplyState
from blaljus.i18n import msgid

ANSWERS: Mapping[str, str] = {
    Answer.YES: msgid("Svarade ja"),
    Answer.NO: msgid("Svarade nej"),
    Answer.MAYBE: msgid("Svarade kanske"),
    Answer.DELEGATED: msgid("Vill att någon annan kommer"),
    Answer.COUNTER: msgid("Föreslår en annan tid"),
    Answer.TEXT: msgid("Skrev ett brev"),
}

DOUBTS: Mapping[str, str] = {
    Doubt.NO_SECRET: msgid("Brevet kom inte till den svarsadress som personen har fått."),
    Doubt.FORGED: msgid("Svarsadressen är påhittad. Någon annan kan ha skickat brevet."),
    Doubt.UNSIGNED: msgid(
        "Avsändaren är inte säker: brevet saknar giltig signatur. Det är vanligt inom kommunen."
    ),
    Doubt.OTHER_SENDER: msgid("Någon annan än den inbjudna svarade."),
    Doubt.NOT_INVITED: msgid("Brevet gäller inget som avsändaren är inbjuden till."),
    Doubt.UNREADABLE: msgid("Svaret går inte att tyda."),
    Doubt.TOO_LARGE: msgid("Brevet är för stort. Bara början är sparad."),
    Doubt.NO_CALENDAR: msgid("Det är ett vanligt brev, inte ett ja eller nej från en kalender."),
    Doubt.MAYBE: msgid("Kanske är varken ja eller nej."),
    Doubt.DELEGATED: msgid("Bara du kan ge uppdraget till någon annan."),
    Doubt.COUNTER: msgid("Inget är ändrat. Tiden gäller tills du flyttar den."),
    Doubt.OLD: msgid("Svaret gäller en tidigare tid eller plats än den som gäller nu."),
    Doubt.OVERTAKEN: msgid(
        "Personen har svarat senare än så här, på sidan eller i ett annat brev."
    ),
    Doubt.CLOSED: msgid("Det som svaret gäller är avslutat eller har börjat."),
    Doubt.TEACHER_DECLINED: msgid(
        "Klassens tid står kvar. Fråga läraren, och flytta eller avboka om det behövs."
    ),
}
"""Why a reply waits."""

DECISIONS: Mapping[str, tuple[str, str]] = {
    ReplyState.YES: ("ok", msgid("Togs som ja")),
    ReplyState.NO: ("err", msgid("Togs som nej")),
    ReplyState.LEFT: ("none", msgid("Lades åt sidan")),
    ReplyState.ENDED: ("none", msgid("Tiden har ändrats sedan dess")),
}
"""Tone and text of what was decided."""

STANDS = ("none", msgid("Tiden står kvar"))
"""Of a proposal that was left."""

TAKEN_BACK = ("none", msgid("Togs tillbaka"))
"""Of a proposal whose own author ended it."""

UNREACHED: Mapping[str, str] = {
    "refused": msgid("E-postservern tog inte emot."),
    "bounced": msgid("Brevet kom tillbaka."),
}
"""How a letter failed to get through."""
