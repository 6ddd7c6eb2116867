import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from calendar_factories import a_letter

from blaljus.domain.people import Contact
from blaljus.domain.words import CancelCause
from blaljus.i18n import LANGUAGES, translations
from blaljus.mail.compose import compose
from blaljus.mail.facts import BookingFacts, DutyFacts, RoundsFacts, changes
from blaljus.mail.letters import (
    TEMPLATES,
    AssignmentCancel,
    AssignmentReaddressed,
    AssignmentRequest,
    AssignmentUpdate,
    BookingCancel,
    BookingHandedOver,
    BookingRequest,
    BookingUpdate,
    DeclineNotice,
    RoundsTold,
    SignIn,
    TimeStands,
    write,
)
from blaljus.templating import TEMPLATES as FOLDER

START = datetime(2026, 10, 13, 7, tzinfo=UTC)
BOOKING = BookingFacts(
    class_name="4A, Sätofta skola",
    number="417 302",
    starts_at=START,
    ends_at=START + timedelta(minutes=150),
    place="Höörs räddningsstation",
    stations=("Möt polisen", "Släck en brand"),
    pupils=24,
    adults=2,
)
DUTY = DutyFacts(
    function="Polis 1",
    station="Möt polisen",
    starts_at=START,
    ends_at=START + timedelta(minutes=150),
    place="Höörs räddningsstation",
    classes=("4A", "4B"),
    pupils=46,
)
FIRST_ROUND = (START, START + timedelta(minutes=25))
CLASS_ROUNDS = RoundsFacts(
    starts_at=START,
    ends_at=START + timedelta(minutes=150),
    place="Höörs räddningsstation",
    class_name="4A, Sätofta skola",
    times=(("Möt polisen", (FIRST_ROUND,)), ("Släck en brand", ())),
)
CREW_ROUNDS = replace(
    CLASS_ROUNDS,
    class_name="",
    station="Möt polisen",
    times=(("4A, Sätofta skola", (FIRST_ROUND,)),),
)
UNMET = (("4A, Sätofta skola", ()),)
EARLIER = {"starts_at": START - timedelta(days=1), "ends_at": START - timedelta(hours=22)}
CONTACT = Contact(municipality="Höör", addresses=("samordnare@hoor.example", "anna@hoor.example"))
LINK = {"link": "https://blaljus.example/sida?a=1&b=2", "contact": CONTACT}
OTHER_TIME = (START + timedelta(days=7), START + timedelta(days=7, hours=2))
LETTERS = {
    "booking-request": BookingRequest(facts=BOOKING, confirmed=True, **LINK),
    "booking-proposal": BookingRequest(facts=BOOKING, confirmed=False, **LINK),
    "booking-update": BookingUpdate(before=replace(BOOKING, pupils=22), facts=BOOKING, **LINK),
    "booking-cancel": BookingCancel(facts=BOOKING, cause=CancelCause.ILLNESS, **LINK),
    "booking-handed-over": BookingHandedOver(facts=BOOKING, **LINK),
    "assignment-request": AssignmentRequest(facts=DUTY, **LINK),
    "assignment-moved": AssignmentUpdate(
        before=replace(DUTY, **EARLIER), facts=DUTY, answer_again=True, **LINK
    ),
    "assignment-texts": AssignmentUpdate(
        before=replace(DUTY, classes=()), facts=DUTY, answer_again=False, **LINK
    ),
    "assignment-cancel": AssignmentCancel(facts=DUTY, **LINK),
    "assignment-readdressed": AssignmentReaddressed(facts=DUTY, **LINK),
    "decline": DeclineNotice(facts=DUTY, **LINK),
    "decline-noted": DeclineNotice(facts=DUTY, noted=True, **LINK),
    "time-stands": TimeStands(facts=BOOKING, proposed=OTHER_TIME, **LINK),
    "time-stands-duty": TimeStands(facts=DUTY, proposed=OTHER_TIME, **LINK),
    "rounds-first": RoundsTold(before=None, facts=CLASS_ROUNDS, **LINK),
    "rounds-new": RoundsTold(before=replace(CREW_ROUNDS, times=UNMET), facts=CREW_ROUNDS, **LINK),
    "sign-in": SignIn(**LINK),
    "sign-in-elsewhere": SignIn(code="417302", **LINK),
}
EVERY = pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
SPOKEN = pytest.mark.parametrize("language", LANGUAGES)
WHEN = {
    "sv": "tis 13 oktober 2026 kl. 09.00–11.30 (v. 42)",
    "en": "Tue 13 October 2026, 09:00–11:30 (week 42)",
}


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data.split()


def words_of(texts):
    return " ".join(Page(texts.html).words)


@EVERY
@SPOKEN
def test_a_letter_says_when_where_and_what_to_do_in_both_of_its_forms(letter, language):
    texts = write(letter, language)

    told = [texts.text, words_of(texts)]
    wanted = ["Höör", *CONTACT.addresses]
    if not isinstance(letter, SignIn):
        wanted += [WHEN[language], "Höörs räddningsstation", "Möt polisen"]
        assert WHEN[language] in texts.subject
    assert all(word in form for word in wanted for form in told)
    assert "https://blaljus.example/sida?a=1&b=2\n" in texts.text
    assert ("href", "https://blaljus.example/sida?a=1&b=2") in Page(texts.html).attributes


@EVERY
@SPOKEN
def test_the_page_of_a_letter_is_simple_and_says_its_language(letter, language):
    page = Page(write(letter, language).html)

    assert ("lang", language) in page.attributes
    assert page.tags.count("h1") == page.tags.count("title") == page.tags.count("a") == 1
    assert not {"img", "script", "style", "link", "iframe"} & set(page.tags)
    assert not {"style", "src", "background"} & {name for name, _ in page.attributes}


@EVERY
def test_english_letters_are_english_throughout(letter):
    swedish, english = write(letter, "sv"), write(letter, "en")

    same = set(swedish.text.splitlines()) & set(english.text.splitlines())
    assert swedish.subject != english.subject
    names = {"Station: Möt polisen", "4A, Sätofta skola"}
    assert same <= {"", "https://blaljus.example/sida?a=1&b=2", *names}


@EVERY
@SPOKEN
def test_a_letter_is_one_subject_line_and_tidy_paragraphs(letter, language):
    texts = write(letter, language)

    assert texts.subject == texts.subject.strip() != ""
    assert "\n\n\n" not in texts.text
    assert not re.search(r"[ \t]$", texts.text, re.MULTILINE)
    assert "%(" not in texts.subject + texts.text + texts.html
    assert texts == write(letter, language)


@EVERY
@SPOKEN
def test_every_letter_can_be_sent(letter, language):
    texts = write(letter, language)
    made = a_letter(subject=texts.subject, text=texts.text, html=texts.html)

    assert compose(made, None).isascii()


def test_an_update_shows_the_old_and_the_new():
    texts = write(LETTERS["assignment-moved"], "sv")

    old = "mån 12 oktober 2026 kl. 09.00–11.00 (v. 42)"
    assert f"Tid\n  Förut: {old}\n  Nu: {WHEN['sv']}\n" in texts.text
    assert f"Uppgift Förut Nu Tid {old} {WHEN['sv']} " in words_of(texts)
    assert "Svara igen" in texts.text


def test_an_update_of_texts_alone_does_not_ask_again():
    texts = write(LETTERS["assignment-texts"], "sv")

    assert "Klasser\n  Förut: –\n  Nu: 4A; 4B\n" in texts.text
    assert "Ditt svar står kvar." in texts.text
    assert "Svara igen" not in texts.text


def test_only_what_differs_is_a_change():
    now = replace(BOOKING, place="Sätofta skola", adults=3)

    assert [(c.label, c.old, c.new) for c in changes(BOOKING, now, "sv")] == [
        ("Plats", "Höörs räddningsstation", "Sätofta skola"),
        ("Vuxna", "2", "3"),
    ]
    assert changes(BOOKING, BOOKING, "sv") == ()


@pytest.mark.parametrize(("cause", "shown"), [(CancelCause.ILLNESS, True), (None, False)])
def test_a_cancellation_says_its_cause_where_one_is_known(cause, shown):
    texts = write(replace(LETTERS["booking-cancel"], cause=cause), "sv")

    assert ("Orsak: Sjukdom" in texts.text) is shown
    assert ("Orsak: Sjukdom" in words_of(texts)) is shown


def test_the_sign_in_letter_holds_the_link_and_its_limits():
    texts = write(LETTERS["sign-in"], "sv")

    assert "en gång, inom 10 minuter" in texts.text
    assert "samma webbläsare" in texts.text
    assert "koden" not in texts.text + texts.html


def test_the_sign_in_letter_holds_the_code_for_another_device():
    texts = write(LETTERS["sign-in-elsewhere"], "sv")

    assert "Skriv koden 417302 på sidan" in texts.text
    assert "Skriv koden 417302 på sidan" in words_of(texts)


def test_what_people_typed_is_text_and_adds_no_line():
    place = "<script>x</script>\nTid: aldrig"
    texts = write(BookingRequest(facts=replace(BOOKING, place=place), confirmed=True, **LINK), "sv")

    assert "Plats: <script>x</script> Tid: aldrig\n" in texts.text
    assert "script" not in Page(texts.html).tags
    assert "<script>x</script> Tid: aldrig" in words_of(texts)


def test_nobody_to_call_leaves_the_line_out():
    assert "Ring" not in write(SignIn(link="https://blaljus.example/"), "sv").text


def test_every_template_belongs_to_a_letter_and_every_text_to_the_catalogue():
    files = {path.name for path in (FOLDER / "mail").iterdir() if not path.name.startswith("_")}
    letters = {f"{name}.{kind}" for name in TEMPLATES.values() for kind in ("txt", "html")}
    english = translations("en")

    assert files == letters
    for path in (FOLDER / "mail").iterdir():
        for text in re.findall(r'_\("([^"]+)"', path.read_text()):
            assert english.gettext(text) != text
