"""What runs, rules, changes and mail are called on the coordinator's pages."""

from collections.abc import Mapping

from blaljus.domain.runs import RunState
from blaljus.domain.words import Service
from blaljus.i18n import msgid, translations

RUN_STATES: Mapping[str, str] = {
    RunState.RUNNING: msgid("Letar"),
    RunState.PROPOSED: msgid("Väntar på beslut"),
    RunState.INTERRUPTED: msgid("Avbruten"),
    RunState.APPROVED: msgid("Godkänd"),
    RunState.DISCARDED: msgid("Kastad"),
    RunState.FAILED: msgid("Misslyckades"),
}

RUN_TONES: Mapping[str, str] = {
    RunState.RUNNING: "info",
    RunState.PROPOSED: "warn",
    RunState.INTERRUPTED: "warn",
    RunState.APPROVED: "ok",
    RunState.DISCARDED: "none",
    RunState.FAILED: "err",
}

AGENCIES: Mapping[Service, str] = {
    Service.POLICE: msgid("Polisen"),
    Service.RESCUE: msgid("Räddningstjänsten"),
    Service.AMBULANCE: msgid("Ambulansen"),
    Service.PARTNER: msgid("Den fjärde stationen"),
}
"""Those of a service, as the first word of a sentence."""

RULES: Mapping[str, str] = {
    "unknown": msgid("En klass, plats eller person finns inte kvar."),
    "day-gone": msgid("Dagen ligger nu för nära, eller är inte längre en skoldag."),
    "place-gone": msgid("Platsen finns inte kvar."),
    "slot-gone": msgid("Passet är inställt."),
    "class-placed": msgid("Klassen har redan fått en tid."),
    "class-gone": msgid("Klassen finns inte kvar."),
    "person-gone": msgid("Personen finns inte kvar, eller arbetar inte längre i kommunen."),
    "class-not-counted": msgid("En klass har kommit till eller fallit bort."),
    "class-twice": msgid("En klass har fått en tid på annat sätt."),
    "class-not-free": msgid("En skola har fått lov, studiedag eller prov en av dagarna."),
    "lock-moved": msgid("En klass som skulle ligga kvar har flyttats."),
    "venue-not-for-class": msgid("En klass kan inte längre komma till en av platserna."),
    "buses-full": msgid("Bussarna räcker inte till alla elever som ska åka."),
    "venue-closed": msgid("En plats är stängd en av dagarna."),
    "venue-twice": msgid("En plats är redan upptagen."),
    "empty": msgid("Ett pass skulle bli utan klass."),
    "too-many-classes": msgid("Ett pass har inte längre rum för alla klasser."),
    "too-many-pupils": msgid("En klass har blivit större än stationerna tar emot."),
    "station-understaffed": msgid("En station skulle sakna personal."),
    "service-missing": msgid("Polis, räddningstjänst eller ambulans skulle saknas på ett pass."),
    "language-missing": msgid("Ingen på passet talar språket som en klass behöver."),
    "pin-broken": msgid("Någon som ska vara med på ett pass saknas."),
    "wrong-service": msgid("Någon hör till en annan verksamhet än stationen."),
    "wrong-agency": msgid("En station bemannas av en annan verksamhet än den hör till."),
    "outside-area": msgid("En verksamhet arbetar inte i kommunen en av dagarna."),
    "staff-not-free": msgid("Någon i personalen kan inte längre."),
    "staff-resting": msgid("Någon i personalen vilar efter nattjänst."),
    "too-short-notice": msgid("Det är för sent att kalla någon i personalen."),
    "on-call-forbidden": msgid("Någon har beredskap, och det går inte på platsen."),
    "staff-twice": msgid("Någon i personalen har fått ett annat uppdrag samma tid."),
    "lunch-gap": msgid("Någon i personalen skulle vara i två kommuner samma dag, för långt isär."),
    "day-full": msgid("Någon i personalen har redan fullt den dagen."),
    "week-full": msgid("Någon i personalen har redan fullt den veckan."),
    "season-full": msgid("Någon i personalen har redan så många uppdrag som går."),
    "published-changed": msgid("Ett publicerat pass har ändrats eller fyllts."),
}
"""What changed since a proposal was made, by the rule that it would break now."""

ACTIONS: Mapping[str, str] = {
    "address-unreached": msgid("Utskick kom tillbaka från en adress"),
    "agency-rules": msgid("Verksamhetens regler ändrade"),
    "attendance-reported": msgid("Närvaro rapporterad"),
    "booking-cancelled": msgid("Bokning avbokad"),
    "booking-changed": msgid("Uppgifter i bokning ändrade"),
    "booking-handed-over": msgid("Bokning fick en annan lärare"),
    "booking-held": msgid("Bokning genomförd"),
    "booking-made": msgid("Klass fick en tid"),
    "booking-moved": msgid("Klass bytte tid"),
    "booking-stay": msgid("Klassens ankomst eller hemresa ändrad"),
    "callout-ended": msgid("Besättning åter efter utryckning"),
    "callout-noted": msgid("Utryckning inskriven"),
    "callout-undone": msgid("Utryckning eller återkomst ångrad"),
    "coordinator-added": msgid("Samordnare tillagd"),
    "duty-accepted": msgid("Sade ja till uppdrag"),
    "duty-changed": msgid("Uppgifter i uppdrag ändrade"),
    "duty-declined": msgid("Sade nej till uppdrag"),
    "duty-made": msgid("Fick ett uppdrag"),
    "duty-withdrawn": msgid("Togs bort från uppdrag"),
    "feed-opened": msgid("Kalenderadress skapad"),
    "import-applied": msgid("Filer inlästa"),
    "message-retried": msgid("Utskick skickas igen"),
    "plan-changed": msgid("Läsårsplanens regler ändrade"),
    "plan-made": msgid("Läsårsplan skapad"),
    "reminders-sent": msgid("Påminnelser gick ut"),
    "reminders-decided": msgid("Påminnelser ändrade"),
    "reply-forgotten": msgid("Brev utan kommun borttaget"),
    "reply-given": msgid("Brev utan kommun överlämnat hit"),
    "reply-left": msgid("Svar lagt åt sidan"),
    "reply-no": msgid("Svar taget som nej"),
    "reply-reopened": msgid("Svar väntar igen"),
    "reply-taken-back": msgid("Brev överlämnat till en annan kommun"),
    "reply-yes": msgid("Svar taget som ja"),
    "time-proposed": msgid("Annan tid föreslagen"),
    "time-proposal-ended": msgid("Föreslagen tid behövs inte mer"),
    "time-proposal-withdrawn": msgid("Föreslagen tid återtagen"),
    "time-proposal-replaced": msgid("Föreslagen tid ersatt av en ny"),
    "rounds-told": msgid("Körschemat skickat"),
    "run-approved": msgid("Planering godkänd"),
    "run-discarded": msgid("Planering kastad"),
    "run-interrupted": msgid("Planering avbruten"),
    "run-made": msgid("Planering gjord"),
    "run-started": msgid("Planering startad"),
    "run-stopped": msgid("Planering stoppad"),
    "slot-cancelled": msgid("Pass inställt"),
    "stations-placed": msgid("Stationernas platser ändrade"),
    "venue-added": msgid("Plats tillagd"),
    "venue-pins": msgid("Vem som alltid är med på platsen ändrad"),
    "venue-renamed": msgid("Plats bytte namn"),
    "venue-stations": msgid("Platsens stationer ändrade"),
    "wishes-said": msgid("Klassens önskemål ändrade"),
}

MAIL_ERRORS: Mapping[str, str] = {
    "outdated": msgid("Påminnelsen behövdes inte längre."),
    "address": msgid("Adressen kan inte få e-post."),
    "connection": msgid("E-postservern gick inte att nå."),
    "dropped": msgid("E-postservern avbröt."),
    "login": msgid("E-postservern godtog inte inloggningen."),
    "message": msgid("E-postservern godtog inte brevet."),
    "not-offered": msgid("E-postservern erbjuder inte det som behövs."),
    "recipient": msgid("E-postservern känner inte mottagaren."),
    "sender": msgid("E-postservern godtog inte avsändaren."),
    "server": msgid("E-postservern svarade med ett fel."),
    "timeout": msgid("E-postservern svarade inte i tid."),
    "tls": msgid("Krypteringen mot e-postservern misslyckades."),
}

METHODS: Mapping[str, str] = {
    "request": msgid("Inbjudan"),
    "update": msgid("Ändring"),
    "cancel": msgid("Avbokning"),
    "mail": msgid("Meddelande"),
    "reminder": msgid("Påminnelse"),
}


def worded(texts: Mapping[str, str], code: str, language: str) -> str:
    """Return the text of a code; a code nobody has worded stands as it is."""
    return translations(language).gettext(texts[code]) if code in texts else code
