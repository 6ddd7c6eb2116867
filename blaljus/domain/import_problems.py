"""Why an import is turned down."""

from enum import StrEnum


class ProblemCode(StrEnum):
    """Why an import is turned down. Values are stable; the sentences are in `intake/words.py`."""

    # The file
    NO_FILES = "no-files"  # nothing that could be read was sent
    TOO_MANY_FILES = "too-many-files"  # more files than an import can hold
    UNKNOWN_FILE = "unknown-file"  # neither the name nor the header is one we know
    SAME_KIND_TWICE = "same-kind-twice"  # two files about the same thing; the second is not read
    TOO_LARGE = "too-large"  # more than 1 MiB
    EMPTY_FILE = "empty-file"  # nothing but white space
    NOT_TEXT = "not-text"  # bytes that are no text in a known encoding
    BROKEN_LETTERS = "broken-letters"  # å, ä, ö were damaged before the file came here
    LOOKS_LIKE_EXCEL = "looks-like-excel"  # a workbook, not a CSV
    LOOKS_LIKE_ZIP = "looks-like-zip"  # an archive
    LOOKS_LIKE_PDF = "looks-like-pdf"  # a PDF
    LOOKS_LIKE_IMAGE = "looks-like-image"  # a picture
    LOOKS_LIKE_HTML = "looks-like-html"  # a web page or XML
    LOOKS_LIKE_JSON = "looks-like-json"  # JSON where a CSV belongs
    LOOKS_LIKE_CALENDAR = "looks-like-calendar"  # iCalendar where a CSV belongs
    NOT_JSON = "not-json"  # the school units are no JSON; row is the line where reading stopped
    NOT_A_LIST = "not-a-list"  # the school units are JSON, but no list
    MORE_PROBLEMS = "more-problems"  # the listing ends here; value is how many more there are

    # The table
    NO_HEADER = "no-header"  # the first line holds none of the expected column names
    MISSING_COLUMN = "missing-column"  # a column the file must have
    UNKNOWN_COLUMN = "unknown-column"  # a column we do not know
    COLUMN_TWICE = "column-twice"  # the same column again
    TOO_MANY_ROWS = "too-many-rows"  # more rows than an import can hold; the rest is not read
    TOO_MANY_CELLS = "too-many-cells"  # a value outside the named columns
    BAD_QUOTING = "bad-quoting"  # a quotation mark that is not closed, or closed too early
    DUPLICATE = "duplicate"  # the same key again; value is the row where it stood first

    # Any cell
    MISSING_VALUE = "missing-value"  # an empty cell
    WRONG_TYPE = "wrong-type"  # JSON of another type than text or number
    TOO_LONG = "too-long"  # more characters than the column holds
    CONTROL_CHARACTER = "control-character"  # a line break, NUL or other invisible sign
    FORMULA_LIKE = "formula-like"  # starts with = + - @ TAB or CR: a spreadsheet would run it
    PERSONAL_NUMBER = "personal-number"  # holds a personnummer; value is always empty

    # A field
    SCHOOL_CODE_LENGTH = "school-code-length"  # digits, but not 8
    NOT_A_SCHOOL_CODE = "not-a-school-code"  # anything but digits
    NOT_A_NUMBER = "not-a-number"  # no whole number
    NEGATIVE = "negative"  # below 0
    TOO_MANY_PUPILS = "too-many-pupils"  # more than 60
    NO_YEAR4_PUPILS = "no-year4-pupils"  # 0 pupils in year 4
    NOT_A_DATE = "not-a-date"  # not of the form 2027-01-31, or no day of the calendar
    DATE_OUT_OF_RANGE = "date-out-of-range"  # a day outside the years we plan for
    FROM_AFTER_TO = "from-after-to"  # the last day comes before the first
    NOT_AN_ADDRESS = "not-an-address"  # not of the form name@example.se
    NOT_YES_OR_NO = "not-yes-or-no"  # neither ja nor nej
    NOT_A_REFERENCE = "not-a-reference"  # signs a staff reference may not hold
    NOT_A_LANGUAGE = "not-a-language"  # no name of a language, or more than 5
    NOT_A_MUNICIPALITY_CODE = "not-a-municipality-code"  # not 4 digits, or no such county
    NOT_A_GRADE = "not-a-grade"  # not 1 to 10
    NOT_A_COORDINATE = "not-a-coordinate"  # no number, or a place outside Sweden
    UNKNOWN_HALF = "unknown-half"  # neither fm nor em
    UNKNOWN_STATE = "unknown-state"  # none of ledig, beredskap, nej
    UNKNOWN_SERVICE = "unknown-service"  # none of polis, räddningstjänst, ambulans, partner
    UNKNOWN_CLASS_KIND = "unknown-class-kind"  # none of ordinarie, blandad, anpassad
    UNKNOWN_BLOCK_KIND = "unknown-block-kind"  # no kind of `BlockKind`
    UNKNOWN_STATUS = "unknown-status"  # no status of `SchoolStatus`
    UNKNOWN_ORGANISER = "unknown-organiser"  # neither KOMMUN nor ENSKILD

    # Something it refers to
    UNKNOWN_SCHOOL = "unknown-school"  # a school unit code nobody has imported
    UNKNOWN_AGENCY = "unknown-agency"  # an agency nobody has imported
    UNKNOWN_STAFF = "unknown-staff"  # a staff reference nobody has imported
    DUTY_STANDS = "duty-stands"  # a duty to come that would not fit; value names who and when
    DUTY_ELSEWHERE = "duty-elsewhere"  # the same in another municipality; value names who
    FOREIGN_MUNICIPALITY = "foreign-municipality"  # belongs to another municipality
    TAKEN_ELSEWHERE = "taken-elsewhere"  # somebody outside this municipality uses it already
