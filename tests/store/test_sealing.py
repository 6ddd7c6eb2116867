"""What is sealed opens with our secrets and for its owner, and for nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from blaljus.store.sealing import seal, unseal

OLD, NEW = "o" * 40, "n" * 40


@given(st.text(max_size=300))
def test_what_is_sealed_comes_out_as_it_went_in(text):
    assert unseal(seal(text, [NEW, OLD], "staff:1"), [NEW], "staff:1") == text


def test_a_former_secret_still_opens():
    assert unseal(seal("https://a.example", [OLD], "staff:1"), [NEW, OLD], "staff:1") is not None


def test_nobody_else_opens_it():
    sealed = seal("https://a.example", [NEW], "staff:1")

    assert unseal(sealed, [OLD], "staff:1") is None
    assert unseal(sealed, [NEW], "staff:2") is None
    assert unseal(sealed, [], "staff:1") is None
    assert "example" not in sealed


def test_the_same_text_is_sealed_otherwise_each_time():
    assert seal("a", [NEW], "staff:1") != seal("a", [NEW], "staff:1")
