"""What the closed lists of the domain are called on screen, in mails and in files."""

from collections.abc import Mapping
from enum import StrEnum

from blaljus.domain import words
from blaljus.domain.booking import Refusal
from blaljus.domain.own_calendars import Skipped, Trouble
from blaljus.domain.staffing import StaffingRefusal
from blaljus.i18n import msgid, translations
from blaljus.i18n.own_calendar_words import SKIPPED, TROUBLES

_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    words.Service: {
        words.Service.POLICE: msgid("Polis"),
        words.Service.RESCUE: msgid("Räddningstjänst"),
        words.Service.AMBULANCE: msgid("Ambulans"),
        words.Service.PARTNER: msgid("Annan medverkande"),
    },
    words.Half: {
        words.Half.FM: msgid("Förmiddag"),
        words.Half.EM: msgid("Eftermiddag"),
    },
    words.AvailabilityState: {
        words.AvailabilityState.FREE: msgid("Ledig"),
        words.AvailabilityState.ON_CALL: msgid("Beredskap"),
        words.AvailabilityState.NOT_AVAILABLE: msgid("Kan inte"),
    },
    words.SchoolStatus: {
        words.SchoolStatus.ACTIVE: msgid("Aktiv"),
        words.SchoolStatus.DORMANT: msgid("Vilande"),
        words.SchoolStatus.CLOSED: msgid("Upphört"),
        words.SchoolStatus.PLANNED: msgid("Planerad"),
    },
    words.Organiser: {
        words.Organiser.MUNICIPAL: msgid("Kommunal"),
        words.Organiser.INDEPENDENT: msgid("Enskild"),
    },
    words.ClassKind: {
        words.ClassKind.ORDINARY: msgid("Ordinarie klass"),
        words.ClassKind.MIXED: msgid("Blandade årskurser"),
        words.ClassKind.ADAPTED: msgid("Anpassad grundskola"),
    },
    words.BlockKind: {
        words.BlockKind.TERM: msgid("Termin"),
        words.BlockKind.HOLIDAY: msgid("Lov"),
        words.BlockKind.TRAINING_DAY: msgid("Studiedag"),
        words.BlockKind.NATIONAL_TEST: msgid("Nationella prov"),
        words.BlockKind.OUTDOOR_DAY: msgid("Friluftsdag"),
    },
    words.VenueKind: {
        words.VenueKind.SCHOOL: msgid("På skolan"),
        words.VenueKind.SHARED: msgid("Gemensam plats"),
    },
    words.SlotState: {
        words.SlotState.DRAFT: msgid("Utkast"),
        words.SlotState.PUBLISHED: msgid("Publicerat"),
        words.SlotState.CANCELLED: msgid("Inställt"),
    },
    words.BookingState: {
        words.BookingState.TENTATIVE: msgid("Preliminär"),
        words.BookingState.CONFIRMED: msgid("Bekräftad"),
        words.BookingState.HELD: msgid("Genomförd"),
        words.BookingState.CANCELLED: msgid("Avbokad"),
    },
    words.AssignmentState: {
        words.AssignmentState.PROPOSED: msgid("Föreslagen"),
        words.AssignmentState.INVITED: msgid("Väntar på svar"),
        words.AssignmentState.ACCEPTED: msgid("Har sagt ja"),
        words.AssignmentState.DECLINED: msgid("Har sagt nej"),
        words.AssignmentState.WITHDRAWN: msgid("Återtagen"),
    },
    words.VisitState: {
        words.VisitState.PLANNED: msgid("Planerat"),
        words.VisitState.HELD: msgid("Genomfört"),
        words.VisitState.SHORTENED: msgid("Förkortat"),
        words.VisitState.MISSED: msgid("Blev inte av"),
    },
    words.MissCause: {
        words.MissCause.CALLOUT: msgid("Utryckning"),
        words.MissCause.ILLNESS: msgid("Sjukdom"),
        words.MissCause.WEATHER: msgid("Väder"),
        words.MissCause.TRANSPORT: msgid("Transport"),
        words.MissCause.SCHOOL: msgid("Skolan fick förhinder"),
        words.MissCause.OTHER: msgid("Annat"),
    },
    words.CancelCause: {
        words.CancelCause.SCHOOL_ACTIVITY: msgid("Annat på skolan"),
        words.CancelCause.ILLNESS: msgid("Sjukdom"),
        words.CancelCause.TRANSPORT: msgid("Transport"),
        words.CancelCause.TIME_DOES_NOT_FIT: msgid("Tiden passar inte"),
        words.CancelCause.AGENCY: msgid("Blåljusverksamheten fick förhinder"),
        words.CancelCause.OTHER: msgid("Annat"),
    },
    words.AccessNeed: {
        words.AccessNeed.MOBILITY: msgid("Rörelse"),
        words.AccessNeed.HEARING: msgid("Hörsel"),
        words.AccessNeed.SIGHT: msgid("Syn"),
        words.AccessNeed.CALM: msgid("Lugn miljö"),
        words.AccessNeed.LANGUAGE: msgid("Språkstöd"),
        words.AccessNeed.ALLERGY: msgid("Allergi"),
    },
    words.Transport: {
        words.Transport.NONE: msgid("Behövs inte"),
        words.Transport.WALK: msgid("Går"),
        words.Transport.SCHOOL_BUS: msgid("Skolbuss"),
        words.Transport.PUBLIC: msgid("Kollektivtrafik"),
        words.Transport.OWN: msgid("Ordnar själva"),
    },
    words.CoverageState: {
        words.CoverageState.NONE: msgid("Ingen tid"),
        words.CoverageState.OFFERED: msgid("Erbjuden"),
        words.CoverageState.BOOKED: msgid("Bokad"),
        words.CoverageState.AT_RISK: msgid("Personal saknas"),
        words.CoverageState.MET: msgid("Träffat"),
        words.CoverageState.MISSED: msgid("Missat"),
    },
    words.Role: {
        words.Role.TEACHER: msgid("Lärare"),
        words.Role.STAFF: msgid("Blåljuspersonal"),
        words.Role.COORDINATOR: msgid("Samordnare"),
    },
    words.Program: {
        words.Program.GOOGLE: msgid("Google Kalender"),
        words.Program.OUTLOOK: "Outlook",
        words.Program.APPLE: msgid("Apple Kalender"),
        words.Program.THUNDERBIRD: "Thunderbird",
        words.Program.DAV: msgid("DAVx⁵, ICSx⁵ eller vdirsyncer"),
        words.Program.OTHER: msgid("annat program"),
    },
    words.FeedHealth: {
        words.FeedHealth.FRESH: msgid("har allt nytt"),
        words.FeedHealth.WAITING: msgid("har inte hämtat den senaste ändringen"),
        words.FeedHealth.BEHIND: msgid("saknar en ändring sedan över ett dygn"),
        words.FeedHealth.SILENT: msgid("har inte hämtat på en vecka"),
        words.FeedHealth.NEVER: msgid("aldrig hämtad"),
    },
    words.FeedKind: {
        words.FeedKind.STAFF: msgid("Person"),
        words.FeedKind.SCHOOL_CLASS: msgid("Klass"),
        words.FeedKind.SCHOOL: msgid("Skola"),
        words.FeedKind.AGENCY: msgid("Verksamhet"),
        words.FeedKind.MUNICIPALITY: msgid("Kommun"),
    },
    Refusal: {
        Refusal.NOT_PUBLISHED: msgid("Tiden är inte öppen för bokning."),
        Refusal.PAST: msgid("Tiden har redan varit."),
        Refusal.TOO_LATE: msgid("Det är för kort tid kvar. Kontakta samordnaren."),
        Refusal.FULL: msgid("Tiden är fullbokad."),
        Refusal.OTHER_SCHOOL: msgid("Tiden är på en annan skola."),
        Refusal.SCHOOL_OUT: msgid("Skolan har lov, studiedag eller prov den dagen."),
        Refusal.TOO_MANY_PUPILS: msgid("Klassen har fler elever än stationerna tar emot."),
        Refusal.ALREADY_BOOKED: msgid("Klassen har redan en tid."),
        Refusal.SAME_SLOT: msgid("Klassen har redan just den här tiden."),
    },
    Trouble: TROUBLES,
    Skipped: SKIPPED,
    StaffingRefusal: {
        StaffingRefusal.NOT_PUBLISHED: msgid("Passet är inställt."),
        StaffingRefusal.NOT_ACTIVE: msgid("Personen är inte aktiv."),
        StaffingRefusal.WRONG_SERVICE: msgid("Stationen hör till en annan verksamhet."),
        StaffingRefusal.NOT_SERVING: msgid("Verksamheten arbetar inte i kommunen den dagen."),
        StaffingRefusal.NOT_AVAILABLE: msgid("Personen har inte angett den tiden."),
        StaffingRefusal.ON_CALL: msgid("Personen har beredskap, och det går inte här."),
        StaffingRefusal.RESTING: msgid("Personen vilar efter nattjänst."),
        StaffingRefusal.CALENDAR: msgid("Personens egen kalender säger upptagen."),
        StaffingRefusal.ELSEWHERE: msgid("Personen är redan på en annan plats."),
        StaffingRefusal.PAST: msgid("Tiden har redan varit."),
    },
}


def word(member: StrEnum, language: str) -> str:
    """Return what a member of a closed list of the domain is called in a language.

    Looked up by its class first: `held` is a word for a booking and another for a visit.
    """
    return translations(language).gettext(_WORDS[type(member)][member])


_SERVICES = {_WORDS[words.Service][service]: service for service in words.Service}


def station_name(name: str, language: str) -> str:
    """Return what a station is called: the name of a service in a language, an own name as typed.

    Stations are stored by their Swedish name; what nobody typed was taken from the service.
    """
    service = _SERVICES.get(name)
    return name if service is None else word(service, language)
