"""Two who set up the same municipality at once."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from roder.organisation.models import Body
from roder.setup import bodies
from roder.setup.first import First, begin
from tests.at_once import together


def test_a_body_with_the_same_short_name_is_refused_in_words_also_at_once(committed: None) -> None:
    said = First(
        "9900", "Exempelby", "exempelby", "Socialnämnden", "SN", "Anna", "anna@x.example", "skogen-vilar-42"
    )
    anna, committee = begin(said)
    made = together(lambda: bodies.add(anna, committee, Body.Kind.SUBCOMMITTEE, "Arbetsutskottet", "SNAU"))
    refused = [one for one in made if isinstance(one, ValidationError)]
    assert len(refused) == 3 and all("finns redan" in str(one) for one in refused)
    assert Body.objects.filter(kind=Body.Kind.SUBCOMMITTEE).count() == 1
