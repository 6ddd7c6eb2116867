import pytest

from blaljus.mail.reply_addresses import ReplyAddresses

KEYS = ("first key of the tests", "older key of the tests")
OURS = ReplyAddresses(pattern="blaljus+*@kommunen.example", keys=KEYS)


def test_each_account_has_an_address_of_its_own_that_stays_the_same():
    first, second = OURS.of(7), OURS.of(8)

    assert first != second
    assert first == OURS.of(7)
    assert (OURS.account_in(first), OURS.account_in(second)) == (7, 8)


def test_mail_servers_may_change_the_case():
    assert OURS.account_in(OURS.of(7).upper()) == 7


def test_an_address_made_with_an_older_key_still_counts():
    before = ReplyAddresses(pattern=OURS.pattern, keys=KEYS[1:])

    assert before.of(7) != OURS.of(7)
    assert OURS.account_in(before.of(7)) == 7


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("7x", "8x"),
        lambda address: address.replace("kommunen", "annan"),
        lambda address: address.replace("+7x", "+07x"),
        lambda address: "x" + address,
        lambda address: address.replace("@", "a@"),
        lambda _: f"blaljus+7x{'a' * 16}@kommunen.example",
        lambda _: "blaljus@kommunen.example",
        lambda _: "",
    ],
)
def test_no_other_address_is_anybodys(change):
    assert OURS.account_in(change(OURS.of(7))) is None


def test_a_wrong_secret_is_told_from_no_secret():
    assert OURS.is_like_ours(f"blaljus+7x{'a' * 16}@kommunen.example")
    assert not OURS.is_like_ours("blaljus@kommunen.example")


def test_a_domain_of_its_own_serves_where_plus_does_not():
    theirs = ReplyAddresses(pattern="*@svar.kommunen.example", keys=KEYS)

    assert theirs.account_in(theirs.of(2**31 - 1)) == 2**31 - 1
    assert len(theirs.of(2**31 - 1).partition("@")[0]) <= 64
