"""Who comes first, and why. Without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from applicants.models import Applicant, Application, BusinessLine
from applicants.ranking import points_of, rank, tier_label, tier_of
from quotas.models import RankingCriterion, Track

TODAY = date(2022, 8, 22)
ORDER = ["supporter", "pioneer", "independent"]
NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)


def application(pk=1, *, registered_at=NOON, **fields):
    values = {"track": Track.INDEPENDENT, "promised_jobs": 1, "applicant": Applicant(last_name="احمدی")} | fields
    return Application(pk=pk, registered_at=registered_at, **values)


def criterion(trait, points=10, most=None):
    return RankingCriterion(trait=trait, points=points, most_points=most)


def ranked(applications, *criteria, order=ORDER):
    return rank(applications, criteria=criteria, priority_order=order, today=TODAY)


def order_of(applications, *criteria, **options):
    return [place.application.pk for place in ranked(applications, *criteria, **options)]


def test_supporters_come_before_pioneers_and_pioneers_before_the_rest_whatever_their_points():
    supporter = application(3, track=Track.SUPPORTER)
    pioneer = application(2, is_pioneer=True)
    rich = application(1, promised_jobs=5)

    assert order_of([rich, pioneer, supporter], criterion("jobs")) == [3, 2, 1]
    assert order_of([rich, pioneer, supporter], criterion("jobs"), order=["independent", "supporter"]) == [1, 2, 3]


def test_a_supporter_who_is_a_pioneer_stands_with_the_supporters():
    assert tier_of(application(track=Track.SUPPORTER, is_pioneer=True), ORDER) == 0


def test_whatever_is_in_no_tier_comes_last_without_a_label():
    places = ranked([application(1), application(2, is_pioneer=True)], order=["pioneer"])

    assert [(place.application.pk, place.tier, bool(place.tier_label)) for place in places] == [
        (2, 0, True),
        (1, 1, False),
    ]


def test_a_word_that_the_rule_does_not_know_is_shown_as_it_is():
    assert tier_label(0, ["veteran"]) == "veteran"


def test_more_points_come_first_then_the_earlier_registration_then_the_lower_number():
    late = application(1, registered_at=NOON + timedelta(hours=1))
    twin = application(3)
    first = application(2)
    rich = application(4, promised_jobs=2, registered_at=NOON + timedelta(days=9))

    assert order_of([late, twin, first, rich], criterion("jobs")) == [4, 2, 3, 1]


def test_the_same_data_give_the_same_list_in_whatever_order_they_come():
    applications = [application(n, promised_jobs=1 + n % 3) for n in range(1, 30)]

    assert order_of(applications, criterion("jobs")) == order_of(reversed(applications), criterion("jobs"))


@pytest.mark.parametrize(
    ("trait", "fields"),
    [
        ("head_of_household", {"heads_household": True}),
        ("graduate", {"is_graduate": True}),
        ("earlier_registrant", {"is_earlier_registrant": True}),
        ("underserved", {"lives_underserved": True}),
        ("local_advantage", {"line": BusinessLine(pk=1, has_local_advantage=True)}),
        ("skill_certificate", {"has_skill_certificate": True}),
        ("licence", {"licence_expires_on": TODAY}),
    ],
)
def test_a_trait_earns_its_points_once_and_its_absence_none(trait, fields):
    (earned,) = points_of(application(**fields), [criterion(trait)], today=TODAY)

    assert (earned.points, earned.times, earned.is_capped) == (10, 1, False)
    assert earned.label
    assert points_of(application(), [criterion(trait)], today=TODAY) == ()


def test_an_expired_licence_and_a_common_line_earn_nothing():
    expired = application(licence_expires_on=TODAY - timedelta(days=1), line=BusinessLine(pk=1))

    assert points_of(expired, [criterion("licence"), criterion("local_advantage")], today=TODAY) == ()


@pytest.mark.parametrize(("jobs", "points", "is_capped"), [(1, 10, False), (2, 20, False), (3, 20, True)])
def test_jobs_count_each_up_to_the_year_s_limit(jobs, points, is_capped):
    (earned,) = points_of(application(promised_jobs=jobs), [criterion("jobs", most=20)], today=TODAY)

    assert (earned.points, earned.times, earned.is_capped) == (points, jobs, is_capped)


def test_the_score_is_the_sum_of_what_is_explained():
    (place,) = ranked([application(promised_jobs=2, is_graduate=True)], criterion("jobs"), criterion("graduate", 5))

    assert place.score == sum(earned.points for earned in place.points) == 25


def test_a_trait_that_nobody_knows_is_an_error_and_no_silent_zero():
    unknown = criterion("jobs")
    unknown.trait = "height"

    with pytest.raises(ValueError, match="height"):
        points_of(application(), [unknown], today=TODAY)
