"""What a search is said to have reached: nothing is called best unless it is proved."""

import pytest

from blaljus.domain.runs import Ending, Progress
from blaljus.web.coordinator.runs.words import progress_text, proof_texts

SOME = Progress(stage="crew", classes=45, placed=38, crew_cost=120)


def proof(**known):
    fields = {name: getattr(SOME, name) for name in SOME.__slots__} | known
    return list(proof_texts(Progress(**fields), "sv"))


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({}, "Kanske går det att ge fler klasser tid: det är inte bevisat."),
        ({"placed_at_most": 45}, "Kanske går det att ge fler klasser tid: det är inte bevisat."),
        ({"placed_at_most": 40}, "Högst 40 av 45 klasser kan få tid; förslaget har 38."),
        (
            {"placed_at_most": 38},
            "38 av 45 klasser är det mesta som går med tiderna som finns.",
        ),
        ({"placed": 45}, "Alla klasser som saknade tid får en."),
    ],
)
def test_the_most_is_called_so_only_when_it_is_proved(known, text):
    assert proof(**known)[0] == text


@pytest.mark.parametrize(
    ("least", "text"),
    [
        (None, "Kanske räcker mindre av personalens tid: det är inte bevisat."),
        (
            100,
            "Förslaget tar högst 20 procent mer av personalens tid än det minsta möjliga.",
        ),
        (
            119,
            "Förslaget tar högst 1 procent mer av personalens tid än det minsta möjliga.",
        ),
        (120, "Inget förslag med lika många klasser tar mindre av personalens tid."),
    ],
)
def test_the_least_is_called_so_only_when_it_is_proved(least, text):
    assert proof(crew_cost_at_least=least)[1] == text


def test_a_plan_without_classes_says_nothing_of_staff():
    assert proof(classes=0, placed=0) == []


@pytest.mark.parametrize("ending", [Ending.STOPPED, Ending.INTERRUPTED, Ending.TROUBLE])
def test_a_search_that_ended_early_says_so_first(ending):
    assert "finns kvar här" in proof(ending=ending)[0]


def test_wishes_are_counted_where_there_are_any():
    assert proof(wishes=5, wishes_met=2)[-1] == "Önskad tid: 2 av 5 klasser som har önskat."


def test_progress_tells_what_is_sought_what_is_found_and_what_is_proved():
    told = Progress(
        stage="crew",
        classes=45,
        placed=38,
        placed_at_most=40,
        crew_cost=110,
        crew_cost_at_least=100,
    )

    assert progress_text(told, "sv") == (
        "Letar efter ett förslag som tar mindre av personalens tid."
        " 38 av 45 klasser har en tid i förslaget."
        " Högst 40 av 45 klasser kan få tid; förslaget har 38."
        " Förslaget tar högst 10 procent mer av personalens tid än det minsta möjliga."
    )


def test_a_stage_nobody_has_worded_is_still_told():
    assert progress_text(Progress(stage="area 7", classes=1), "sv").startswith("Letar efter tider")
