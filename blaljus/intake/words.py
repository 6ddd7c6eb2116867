"""Says in plain words what is wrong with an import, and what to do about it."""

from collections.abc import Callable, Mapping

from blaljus.domain.imports import ImportProblem, ProblemCode
from blaljus.i18n import msgid

_TEXTS: Mapping[ProblemCode, str] = {
    ProblemCode.NO_FILES: msgid("Det finns inga filer att läsa in."),
    ProblemCode.TOO_MANY_FILES: msgid(
        "Det är fler än %(value)s filer. Välj bara dem som ska läsas in."
    ),
    ProblemCode.UNKNOWN_FILE: msgid(
        "Filen känns inte igen. Döp den till klasser.csv, lasar.csv, enheter.csv, personal.csv, "
        "tillganglighet.csv, nattpass.csv eller skolenheter.json."
    ),
    ProblemCode.SAME_KIND_TWICE: msgid(
        "Det finns redan en fil av samma slag. Skicka en fil i taget eller slå ihop dem."
    ),
    ProblemCode.TOO_LARGE: msgid("Filen är större än 1 MiB. Dela upp den."),
    ProblemCode.EMPTY_FILE: msgid("Filen är tom."),
    ProblemCode.NOT_TEXT: msgid(
        "Filen är ingen textfil. Spara den som CSV UTF-8 i kalkylprogrammet."
    ),
    ProblemCode.BROKEN_LETTERS: msgid(
        "Å, ä och ö har blivit fel tecken. Spara filen på nytt som CSV UTF-8."
    ),
    ProblemCode.LOOKS_LIKE_EXCEL: msgid(
        "Filen är en Excel-arbetsbok. Välj Spara som och CSV UTF-8 i Excel."
    ),
    ProblemCode.LOOKS_LIKE_ZIP: msgid("Filen är ett zip-arkiv. Packa upp den först."),
    ProblemCode.LOOKS_LIKE_PDF: msgid("Filen är en PDF. Skicka tabellen som CSV i stället."),
    ProblemCode.LOOKS_LIKE_IMAGE: msgid("Filen är en bild. Skicka tabellen som CSV i stället."),
    ProblemCode.LOOKS_LIKE_HTML: msgid(
        "Filen är en webbsida. Hämta filen igen, eller spara tabellen som CSV."
    ),
    ProblemCode.LOOKS_LIKE_JSON: msgid("Filen är JSON. Här behövs en CSV-fil."),
    ProblemCode.LOOKS_LIKE_CALENDAR: msgid("Filen är en kalender. Här behövs en tabell."),
    ProblemCode.NOT_JSON: msgid(
        "Filen är ingen giltig JSON. Hämta den igen från Skolenhetsregistret."
    ),
    ProblemCode.NOT_A_LIST: msgid("Filen ska vara en JSON-lista med en skolenhet per element."),
    ProblemCode.MORE_PROBLEMS: msgid("Och %(value)s fel till i den här filen."),
    ProblemCode.NO_HEADER: msgid(
        "Första raden saknar kolumnnamn. Skriv dem som i exempelfilen, till exempel skolenhetskod."
    ),
    ProblemCode.MISSING_COLUMN: msgid("Kolumnen %(column)s saknas."),
    ProblemCode.UNKNOWN_COLUMN: msgid("Kolumnen %(column)s känns inte igen. Ta bort den."),
    ProblemCode.COLUMN_TWICE: msgid("Kolumnen %(column)s finns två gånger. Ta bort den ena."),
    ProblemCode.TOO_MANY_ROWS: msgid("Filen har fler än %(value)s rader. Dela upp den."),
    ProblemCode.TOO_MANY_CELLS: msgid(
        "Raden har fler värden än det finns kolumner. Sätt citattecken om text med skiljetecken i."
    ),
    ProblemCode.BAD_QUOTING: msgid(
        "Ett citattecken är inte avslutat, eller avslutat för tidigt. Raden gick inte att läsa."
    ),
    ProblemCode.DUPLICATE: msgid("Samma uppgift finns redan på rad %(value)s. Ta bort den ena."),
    ProblemCode.MISSING_VALUE: msgid("Värdet i %(column)s saknas."),
    ProblemCode.WRONG_TYPE: msgid("Här ska stå en text eller ett tal."),
    ProblemCode.TOO_LONG: msgid("Texten är för lång. Korta den."),
    ProblemCode.CONTROL_CHARACTER: msgid(
        "Cellen innehåller radbrytning eller osynliga tecken. Skriv om den för hand."
    ),
    ProblemCode.FORMULA_LIKE: msgid(
        "Cellen börjar som en formel. Ta bort =, +, -, @ eller tabb i början."
    ),
    ProblemCode.PERSONAL_NUMBER: msgid(
        "Cellen ser ut att innehålla ett personnummer. Ta bort det: Blåljus tar inte emot sådana."
    ),
    ProblemCode.SCHOOL_CODE_LENGTH: msgid(
        "Skolenhetskoden ska ha 8 siffror, inte %(length)s. Kontrollera att ingen nolla "
        "först har försvunnit."
    ),
    ProblemCode.NOT_A_SCHOOL_CODE: msgid("Skolenhetskoden ska vara 8 siffror och inget annat."),
    ProblemCode.NOT_A_NUMBER: msgid("Här ska stå ett heltal."),
    ProblemCode.NEGATIVE: msgid("Talet kan inte vara mindre än 0."),
    ProblemCode.TOO_MANY_PUPILS: msgid("En klass kan ha högst 60 elever. Kontrollera talet."),
    ProblemCode.NO_YEAR4_PUPILS: msgid(
        "Klassen har inga elever i årskurs 4. Ta bort raden eller rätta antalet."
    ),
    ProblemCode.NOT_A_DATE: msgid("Skriv datumet som 2027-01-31. Dagen måste finnas i kalendern."),
    ProblemCode.DATE_OUT_OF_RANGE: msgid("Datumet ligger orimligt långt bort. Kontrollera året."),
    ProblemCode.FROM_AFTER_TO: msgid("Sista dagen kommer före första dagen."),
    ProblemCode.NOT_AN_ADDRESS: msgid("Skriv en e-postadress i formen namn@exempel.se."),
    ProblemCode.NOT_YES_OR_NO: msgid("Skriv ja eller nej."),
    ProblemCode.NOT_A_REFERENCE: msgid(
        "Personalreferensen får ha bokstäver, siffror, punkt, bindestreck och understreck, "
        "högst 50 tecken."
    ),
    ProblemCode.NOT_A_LANGUAGE: msgid(
        "Skriv språkets namn med bokstäver, till exempel arabiska. Högst fem, med komma mellan."
    ),
    ProblemCode.NOT_A_MUNICIPALITY_CODE: msgid(
        "Kommunkoder har 4 siffror, till exempel 1267. Skriv komma mellan flera."
    ),
    ProblemCode.NOT_A_GRADE: msgid("Årskurser är heltal från 1 till 10."),
    ProblemCode.NOT_A_COORDINATE: msgid(
        "Koordinaten är inget tal, eller en plats utanför Sverige. Kontrollera att latitud och "
        "longitud inte har bytt plats."
    ),
    ProblemCode.UNKNOWN_HALF: msgid("Skriv fm eller em."),
    ProblemCode.UNKNOWN_STATE: msgid("Skriv ledig, beredskap eller nej."),
    ProblemCode.UNKNOWN_SERVICE: msgid("Skriv polis, raddningstjanst, ambulans eller partner."),
    ProblemCode.UNKNOWN_CLASS_KIND: msgid("Skriv ordinarie, blandad eller anpassad."),
    ProblemCode.UNKNOWN_BLOCK_KIND: msgid(
        "Skriv termin, lov, studiedag, nationella prov eller friluftsdag."
    ),
    ProblemCode.UNKNOWN_STATUS: msgid("Status ska vara AKTIV, VILANDE, UPPHORT eller PLANERAD."),
    ProblemCode.UNKNOWN_ORGANISER: msgid("Huvudmannen ska vara KOMMUN eller ENSKILD."),
    ProblemCode.UNKNOWN_SCHOOL: msgid(
        "Skolenheten %(value)s finns inte. Läs in den först eller rätta koden."
    ),
    ProblemCode.UNKNOWN_AGENCY: msgid(
        "Enheten %(value)s finns inte. Läs in den först eller rätta namnet."
    ),
    ProblemCode.UNKNOWN_STAFF: msgid(
        "Personalreferensen %(value)s finns inte. Läs in personen först eller rätta referensen."
    ),
    ProblemCode.DUTY_STANDS: msgid(
        "Uppdraget passar inte efter ändringen: %(value)s. Byt ut personen på passets sida först, "
        "eller låt värdet stå som förut."
    ),
    ProblemCode.DUTY_ELSEWHERE: msgid(
        "Personen har ett pass i en annan kommun som inte passar efter ändringen: %(value)s. Be "
        "samordnaren där att byta ut personen först, eller låt värdet stå som förut."
    ),
    ProblemCode.FOREIGN_MUNICIPALITY: msgid(
        "Kommunkoden %(value)s hör till en annan kommun. Ta bort raden eller rätta koden."
    ),
    ProblemCode.TAKEN_ELSEWHERE: msgid(
        "Koden eller namnet %(value)s används redan utanför er kommun. Rätta det, eller be driften "
        "koppla det hit."
    ),
}


def problem_text(problem: ImportProblem, _: Callable[[str], str]) -> str:
    """Return one or two sentences for a problem; `_` translates.

    File, row and column are the listing's; the sentence repeats them only where it needs to.
    """
    return _(_TEXTS[problem.code]) % {
        "column": problem.column,
        "value": problem.value,
        "length": len(problem.value),
    }
