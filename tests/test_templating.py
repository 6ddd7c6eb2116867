"""What every template can rely on."""

from datetime import date

import pytest
from jinja2 import UndefinedError

from blaljus import templating


def rendered(source, language="sv", **context):
    return templating.environment(language).from_string(source).render(context)


def test_a_missing_variable_is_an_error():
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")


def test_values_are_escaped_also_inside_a_translated_text():
    assert rendered("{{ _('Hej %(name)s', name=name) }}", name="<b>") == "Hej &lt;b&gt;"


def test_formats_are_filters_and_globals_in_the_templates_language():
    day = date(2026, 12, 28)

    assert rendered("{{ day|week }} {{ week(day) }}", day=day) == "v. 53 v. 53"
    assert rendered("{{ day|week }}", "en", day=day) == "week 53"


def test_an_asset_carries_the_hash_of_its_content():
    address = templating.asset("blaljus.css")

    assert address == f"/static/blaljus.css?v={templating.asset_version('blaljus.css')}"
    assert len(templating.asset_version("blaljus.css")) == 12
