"""What is said of a calendar that was not read, and what to do about it."""

from collections.abc import Mapping

from blaljus.domain.own_calendars import Skipped, Trouble
from blaljus.i18n import msgid

TROUBLES: Mapping[str, str] = {
    Trouble.EMPTY: msgid("Kalendern är tom. Exportera den igen och försök på nytt."),
    Trouble.TOO_LARGE: msgid(
        "Kalendern är större än 1 MB. Exportera en kortare tid, till exempel läsåret."
    ),
    Trouble.WEB_PAGE: msgid(
        "Det här är en webbsida, inte en kalender. Leta efter en länk eller fil som slutar på .ics."
    ),
    Trouble.NO_CALENDAR_FILE: msgid(
        "Det här är ingen kalenderfil. Öppna schemat i kalenderprogrammet, välj Exportera och "
        "spara som iCalendar (.ics)."
    ),
    Trouble.NOT_A_CALENDAR: msgid(
        "Det här är ingen hel kalender. Exportera den igen som iCalendar (.ics)."
    ),
    Trouble.NULL_BYTES: msgid(
        "Kalendern innehåller tecken som inte hör hemma i text. Exportera den igen som "
        "iCalendar (.ics)."
    ),
    Trouble.LINE_TOO_LONG: msgid(
        "Kalendern har en orimligt lång rad. Exportera den utan bilagor och bilder."
    ),
    Trouble.TOO_DEEP: msgid(
        "Kalendern är uppbyggd på ett sätt som vi inte läser. Exportera den från ett annat program."
    ),
    Trouble.TOO_MANY_EVENTS: msgid(
        "Kalendern har fler än 3 000 händelser. Exportera en kortare tid, till exempel läsåret."
    ),
    Trouble.TOO_MANY_RULES: msgid(
        "Kalendern har fler än 200 återkommande händelser. Exportera en kalender med bara "
        "dina arbetspass."
    ),
    Trouble.TOO_OFTEN: msgid(
        "En händelse återkommer oftare än en gång i timmen. Ta bort den och exportera igen."
    ),
    Trouble.TOO_MANY_DATES: msgid(
        "Kalendern har fler än 400 undantag från återkommande händelser. Exportera en kortare tid."
    ),
    Trouble.STRANGE_YEAR: msgid(
        "En händelse ligger på ett orimligt årtal. Rätta den och exportera igen."
    ),
    Trouble.TOO_MANY_TIMES: msgid(
        "Kalendern ger fler än 20 000 upptagna tider. Exportera en kalender med bara dina "
        "arbetspass."
    ),
    Trouble.TOO_MUCH_WORK: msgid(
        "Kalendern tog för lång tid att läsa. Exportera en kortare tid eller färre "
        "återkommande händelser."
    ),
    Trouble.NOTHING_READABLE: msgid(
        "Ingen händelse gick att läsa, till exempel för att tidszonen inte finns. Exportera "
        "från ett annat program."
    ),
    Trouble.NOTHING_TO_COME: msgid(
        "Filen har inga upptagna tider som kommer. Tiderna från den förra filen står kvar. "
        "Gäller de inte längre: tryck på Ta bort filens tider."
    ),
    Trouble.EMPTIED: msgid(
        "Kalendern har inga upptagna tider som kommer, men det hade den förut. Tiderna från "
        "förra läsningen gäller tills du säger att det är rätt."
    ),
    Trouble.BAD_ADDRESS: msgid(
        "Det här är ingen hel adress. Den börjar med https:// och saknar mellanslag."
    ),
    Trouble.NOT_HTTPS: msgid("Adressen måste börja med https://."),
    Trouble.UNKNOWN_HOST: msgid("Det finns ingen server med det namnet. Kontrollera adressen."),
    Trouble.PRIVATE_HOST: msgid(
        "Servern ligger i ett slutet nät, så vi når den inte. Läs in en fil i stället."
    ),
    Trouble.NO_CONNECTION: msgid("Servern svarar inte. Vi försöker igen senare."),
    Trouble.NOT_TRUSTED: msgid(
        "Servern kan inte visa att den är den rätta (certifikatet). Fråga den som sköter kalendern."
    ),
    Trouble.TOO_SLOW: msgid("Servern svarade inte inom 10 sekunder. Vi försöker igen senare."),
    Trouble.TOO_MANY_REDIRECTS: msgid(
        "Adressen skickar vidare för många gånger. Kopiera den på nytt."
    ),
    Trouble.SIGN_IN_NEEDED: msgid(
        "Servern vill ha namn och lösenord, eller godtar inte dem som står i adressen."
    ),
    Trouble.NOT_FOUND: msgid("Det finns ingen kalender på adressen. Kopiera den på nytt."),
    Trouble.SERVER_TROUBLE: msgid(
        "Servern svarade något som vi inte förstår. Vi försöker igen senare."
    ),
    Trouble.KEY_LOST: msgid("Adressen kan inte läsas längre. Skriv in den på nytt."),
}
"""One sentence on what is wrong, one on what to do."""

SKIPPED: Mapping[str, str] = {
    Skipped.UNKNOWN_ZONE: msgid("Tidszonen finns inte."),
    Skipped.UNREADABLE: msgid("Tiden går inte att läsa."),
}
