import inspect
import stat

import pytest

from blaljus.settings import Mode, Settings, SettingsError, load_settings

SECRET = "pYx3nq0Jw8LrV5tKz1bHc7Ud9Gf2Se4MaQ6o"
SOUND = {"BLALJUS_SECRET": SECRET}


def problems_of(**given):
    with pytest.raises(SettingsError) as caught:
        load_settings(SOUND | {f"BLALJUS_{name}": value for name, value in given.items()})
    return caught.value.problems


def test_a_secret_is_all_that_must_be_set():
    assert load_settings({**SOUND, "PATH": "/bin"}) == Settings(secret=SECRET)


def test_everything_can_be_set():
    settings = load_settings(
        {
            "BLALJUS_MODE": "production",
            "BLALJUS_DATABASE_URL": "postgresql://blaljus:pw@db.example.se:5432/blaljus",
            "BLALJUS_BASE_URL": "https://blaljus.example.se/",
            "BLALJUS_SECRET": SECRET,
            "BLALJUS_OLD_SECRETS": f"{SECRET[::-1]}, {SECRET.swapcase()}",
            "BLALJUS_SMTP_URL": "smtp+starttls://user:pw@mail.example.se:587",
            "BLALJUS_MAIL_FROM": "blaljus@hoor.se",
            "BLALJUS_REPLY_ADDRESS": "blaljus+*@hoor.se",
            "BLALJUS_IMAP_URL": "imaps://svar:pw@mail.example.se/INBOX",
            "BLALJUS_HOST": "0.0.0.0",  # noqa: S104 -- a value that must be allowed
            "BLALJUS_PORT": "8080",
            "BLALJUS_WORKERS": "4",
            "BLALJUS_LOG_FORMAT": "console",
            "BLALJUS_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7",
        }
    )

    assert settings == Settings(
        mode=Mode.PRODUCTION,
        database_url="postgresql://blaljus:pw@db.example.se:5432/blaljus",
        base_url="https://blaljus.example.se",
        secret=SECRET,
        old_secrets=(SECRET[::-1], SECRET.swapcase()),
        smtp_url="smtp+starttls://user:pw@mail.example.se:587",
        mail_from="blaljus@hoor.se",
        reply_address="blaljus+*@hoor.se",
        imap_url="imaps://svar:pw@mail.example.se/INBOX",
        mail_domain="hoor.se",
        host="0.0.0.0",  # noqa: S104 -- a value that must be allowed
        port=8080,
        workers=4,
        log_format="console",
        trusted_proxies=("10.0.0.0/8", "192.0.2.7"),
    )
    assert settings.secure_cookies
    assert settings.secrets == (SECRET, SECRET[::-1], SECRET.swapcase())


@pytest.mark.parametrize(
    "value",
    ["blaljus@hoor.se", "blaljus+**@hoor.se", f"{'b' * 40}+*@hoor.se", "a b+*@hoor.se", "*"],
)
def test_a_reply_address_has_one_mark_and_room_for_a_secret(value):
    (problem,) = problems_of(REPLY_ADDRESS=value)

    assert "BLALJUS_REPLY_ADDRESS" in problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "test"),
        ("DATABASE_URL", "mysql://db/blaljus"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://db:many/blaljus"),
        ("BASE_URL", "127.0.0.1:8000"),
        ("BASE_URL", "http://blaljus.example.se"),
        ("BASE_URL", "https://"),
        ("SECRET", "short"),
        ("SECRET", "a" * 40),
        ("SECRET", "change-me-before-you-go-live-1234567"),
        ("OLD_SECRETS", f"{SECRET},short"),
        ("SMTP_URL", "mail.example.se"),
        ("MAIL_FROM", "Blåljus <blaljus@hoor.se>"),
        ("MAIL_FROM", "blaljus"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("PORT", "1" * 5000),
        ("WORKERS", "0"),
        ("LOG_FORMAT", "xml"),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("FAILPOINTS", "before_commit=crash"),
        ("LOOPBACK_CALENDARS", "yes"),
        ("LOOPBACK_CALENDARS", "maybe"),
        ("SMPT_URL", "smtp://mail.example.se"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    problems = problems_of(**{name: value})

    assert [problem.split()[0] for problem in problems] == [f"BLALJUS_{name}"]


def test_all_problems_are_told_at_once():
    assert problems_of(PORT="x", WORKERS="y", SMPT_URL="smtp://z") == [
        "BLALJUS_SMPT_URL is no setting; the nearest is BLALJUS_SMTP_URL.",
        "BLALJUS_PORT is 'x'; it must be a whole number 0-65535.",
        "BLALJUS_WORKERS is 'y'; it must be a whole number 1-64.",
    ]


def test_production_does_not_start_without_a_secret():
    with pytest.raises(SettingsError, match="BLALJUS_SECRET is not set"):
        load_settings({})


def test_a_demo_keeps_its_made_up_secret_beside_the_database(tmp_path):
    demo = {"BLALJUS_MODE": "demo", "BLALJUS_DATABASE_URL": f"sqlite:///{tmp_path}/new/demo.sqlite"}

    first, second = load_settings(demo), load_settings(demo)

    assert first == second
    assert len(first.secret) >= 32
    assert first.log_format == "console"
    (kept,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_demo_may_be_plain_http_and_have_failpoints():
    settings = load_settings(
        SOUND
        | {
            "BLALJUS_MODE": "demo",
            "BLALJUS_BASE_URL": "http://192.0.2.1:8000",
            "BLALJUS_FAILPOINTS": "after_check=sleep:0.05",
        }
    )

    assert not settings.secure_cookies
    assert settings.failpoints == "after_check=sleep:0.05"


def test_passwords_are_not_in_the_repr():
    settings = load_settings(
        SOUND
        | {
            "BLALJUS_DATABASE_URL": "postgresql://u:hush@db/x",
            "BLALJUS_SMTP_URL": "smtp://u:hush@mail",
        }
    )

    assert "hush" not in repr(settings)
    assert SECRET not in repr(settings)


def test_every_setting_has_its_sentence():
    source = inspect.getsource(Settings)

    for name in Settings.__dataclass_fields__:
        assert source.split(f"    {name}: ")[1].splitlines()[1].startswith('    """'), name
