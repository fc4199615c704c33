"""Two agencies and one person: the office decides, and the person counts once at every instant (J1)."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from abarkuh_loans.errors import RuleError, WrongStateError
from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.lists import a_programme
from employment_tracking import campaign_figures, rules, workflow
from employment_tracking.models import ClaimDispute, JobRecord, JobRecordEvent, VerificationCase
from employment_tracking.tests.factories import a_record, flags, registered
from employment_tracking.tests.laddering import DAYS, NOW, Ladder
from employment_tracking.workflow import calls, claims
from quotas.tests.factories import A_DAY


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def office(programme):
    return UserFactory(role=Role.OFFICE, county=programme.county)


def agency(programme, code):
    return programme.county.agencies.get(code=code)


def claimed(programme, by, code="welfare") -> ClaimDispute:
    record = a_record(programme, agency(programme, code), 1)
    return workflow.claim(record=record, reason="نزد ماست", by=by, today=A_DAY)


@pytest.mark.django_db
class TestDecision:
    def test_a_claim_counts_nothing_and_marks_the_first_record(self, programme, office):
        first = registered(programme, agency(programme, "relief"), 1)

        dispute = claimed(programme, office)

        assert (dispute.claim.status, JobRecord.everything.counted().get()) == ("duplicate", first)
        assert flags(first) == {"person_of_other_agency"}

    def test_kept_leaves_the_person_where_he_is(self, programme, office):
        first = registered(programme, agency(programme, "relief"), 1)
        dispute = claims.keep(claimed(programme, office).pk, reason="سند دارد", by=office)

        assert (dispute.status, JobRecord.everything.counted().get()) == ("kept", first)
        assert flags(first) == set()

    def test_given_moves_the_person_and_keeps_the_history(self, programme, office):
        first = registered(programme, agency(programme, "relief"), 1)
        workflow.move(first, to="in_verification", by=office)
        dispute = claims.give(claimed(programme, office).pk, reason="سند دارد", by=office, now=NOW)

        assert JobRecord.everything.counted().get() == dispute.claim
        last = JobRecordEvent.everything.filter(record=first).first()
        assert (last.from_status, last.to_status, last.reason) == ("in_verification", "duplicate", "سند دارد")

    def test_a_second_decision_is_told_of_the_first(self, programme, office):
        registered(programme, agency(programme, "relief"), 1)
        dispute = claimed(programme, office)
        claims.keep(dispute.pk, reason="سند دارد", by=office)

        with pytest.raises(WrongStateError, match=str(office)):
            claims.give(dispute.pk, reason="نه", by=office, now=NOW)

    def test_a_decision_needs_its_reason(self, programme, office):
        registered(programme, agency(programme, "relief"), 1)

        with pytest.raises(rules.ReasonMissingError):
            claims.keep(claimed(programme, office).pk, reason=" ", by=office)

    def test_a_third_agency_may_claim_from_the_second(self, programme, office):
        registered(programme, agency(programme, "relief"), 1)
        one, two = claimed(programme, office), claimed(programme, office, code="youth")
        claims.give(one.pk, reason="الف", by=office, now=NOW)
        claims.give(two.pk, reason="ب", by=office, now=NOW)

        assert JobRecord.everything.counted().get().agency.code == "youth"

    def test_one_claim_at_a_time_of_an_agency(self, programme, office):
        registered(programme, agency(programme, "relief"), 1)
        claimed(programme, office)

        with pytest.raises(rules.AlreadyClaimedError):
            claimed(programme, office)

    def test_nobodys_person_is_registered_and_ones_own_is_ones_own(self, programme, office):
        with pytest.raises(rules.NothingToClaimError):
            claimed(programme, office)
        registered(programme, agency(programme, "welfare"), 1)
        with pytest.raises(rules.PersonAlreadyCountedError):
            claimed(programme, office)

    def test_the_first_record_struck_out_meanwhile_leaves_the_claim_to_be_given(self, programme, office):
        first = registered(programme, agency(programme, "relief"), 1)
        dispute = claimed(programme, office)
        workflow.void(record_id=first.pk, reason="اشتباه", by=office)

        claims.give(dispute.pk, reason="سند دارد", by=office, now=NOW)

        assert JobRecord.everything.counted().get() == dispute.claim

    def test_the_database_refuses_a_decision_without_reason_and_two_counted(self, programme, office):
        registered(programme, agency(programme, "relief"), 1)
        dispute = claimed(programme, office)
        with pytest.raises(IntegrityError, match="claimdispute_decided_with_reason"), transaction.atomic():
            ClaimDispute.everything.filter(pk=dispute.pk).update(status="kept")
        with pytest.raises(IntegrityError, match="jobrecord_person_counts_once"), transaction.atomic():
            JobRecord.everything.filter(pk=dispute.claim_id).update(status="registered")


@pytest.mark.django_db(transaction=True)
def test_two_officers_deciding_at_once_give_one_decision_and_one_counted_record(programme, office):
    registered(programme, agency(programme, "relief"), 1)
    one, two = claimed(programme, office), claimed(programme, office, code="youth")
    start = Barrier(4)

    def decide(act, dispute):
        start.wait()
        try:
            act(dispute.pk, reason="سند دارد", by=office)
            return "decided"
        except RuleError as refusal:
            return refusal.code
        finally:
            connection.close()

    give = partial(claims.give, now=NOW)
    with ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(decide, *pair) for pair in
                ((give, one), (claims.keep, one), (give, two), (give, two))]  # fmt: skip
        outcomes = [job.result(timeout=60) for job in jobs]

    assert sorted(outcomes) == ["decided", "decided", "wrong_state", "wrong_state"]
    assert JobRecord.everything.counted().count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_agencies_registering_one_person_at_once_get_one_record(programme, office):
    codes = ("relief", "welfare", "youth", "heritage")
    start = Barrier(len(codes))

    def register(code):
        start.wait()
        try:
            registered(programme, agency(programme, code), 1)
            return "registered"
        except rules.PersonOfOtherAgencyError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(codes)) as threads:
        outcomes = sorted(threads.map(register, codes))

    assert outcomes == ["nid_exists"] * 3 + ["registered"]


@pytest.mark.django_db(transaction=True)
def test_three_entries_at_once_with_one_mobile_are_all_marked(programme, office):
    start = Barrier(3)

    def register(number):
        start.wait()
        try:
            return registered(programme, agency(programme, "relief"), number, mobile="09121234567")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(register, (1, 2, 3)))

    assert [flags(record) for record in made] == [{"mobile_shared"}] * 3


@pytest.mark.django_db
class TestBeingVerified:
    """The first record is in a campaign when the person is given to the second agency."""

    @pytest.fixture
    def ladder(self, programme) -> Ladder:
        return Ladder(programme)

    @pytest.fixture
    def first(self, ladder, programme) -> JobRecord:
        return ladder.record()

    def given(self, ladder, first) -> JobRecord:
        second = JobRecord(
            programme=ladder.programme, agency=agency(ladder.programme, "welfare"), national_id=first.national_id,
            first_name="زهرا", last_name="احمدی", mobile="09905554433", job_title="گلیم‌بافی", starts_on=A_DAY,
        )  # fmt: skip
        dispute = workflow.claim(record=second, reason="نزد ماست", by=ladder.expert, today=A_DAY)
        claims.give(dispute.pk, reason="سند دارد", by=ladder.expert, now=ladder.now)
        return JobRecord.everything.get(pk=second.pk)

    def test_its_case_closes_and_its_question_is_taken_back(self, ladder, first):
        ladder.started()

        second = self.given(ladder, first)

        case = ladder.case(first)
        assert (case.status, case.result, case.closed_at) == ("closed", "withdrawn", ladder.now)
        assert [message.status for message in ladder.questions(first)] == ["cancelled"]
        assert (case.record.status, second.status) == ("duplicate", "registered")
        assert not any(ladder.advance(90 * DAYS).values())

    def test_the_operator_who_holds_the_person_is_told(self, ladder, first):
        campaign = ladder.started()
        operator = UserFactory(role=Role.OPERATOR, county=ladder.county)
        VerificationCase.everything.update(level="phone", next_at=ladder.now)
        case = calls.take_next(by=operator, now=ladder.now)

        self.given(ladder, first)

        with pytest.raises(RuleError, match="ابطال"):
            calls.renew(case_id=case.pk, by=operator, now=ladder.now, seen=0)
        with pytest.raises(RuleError, match="ابطال"):
            calls.record_call(case_id=case.pk, outcome="confirmed", by=operator, now=ladder.now, seen=0)
        assert calls.take_next(by=operator, now=ladder.now) is None
        assert VerificationCase.everything.get().lease_by is None
        assert campaign_figures.not_asked(campaign) == 1

    def test_a_verified_one_is_no_longer_counted_and_the_second_is_shown_as_not_asked(self, ladder, first):
        campaign = ladder.started()
        ladder.gateway_says("sent")
        ladder.answers(first, "yes")
        assert ladder.case(first).record.status == "verified"

        second = self.given(ladder, first)

        assert ladder.case(first).result == "confirmed"
        assert (ladder.case(first).record.status, second.status) == ("duplicate", "registered")
        campaign.refresh_from_db()
        assert campaign_figures.not_asked(campaign) == 1
        ladder.started()
        assert ladder.case(second).status == "open"
