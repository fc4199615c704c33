import json

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from banks import workflow as referrals
from employment_tracking.workflow import campaigns
from iran.calendar import programme_now
from oversight.invariants import STATEMENTS, check
from quotas.models import RequiredInquiry
from quotas.tests.factories import A_DAY
from tests import world as worlds

pytestmark = pytest.mark.django_db(transaction=True)

# What a person with the owner's password could do: each statement breaks one promise, with the guards switched off.
PLANTED = {
    "C1_pool_figures_are_its_movements": "UPDATE quotas_creditpool SET approved_rial = approved_rial + 1 WHERE id = {pool}",
    "C1_never_overdrawn": "UPDATE quotas_creditmovement SET amount_rial = 1 WHERE kind = 'announce' AND pool_id = {pool}",
    "C1_pool_not_overdrawn_now": "ALTER TABLE quotas_creditpool DROP CONSTRAINT creditpool_not_overdrawn;"
    " UPDATE quotas_creditpool SET announced_rial = 0 WHERE id = {pool}",
    "C1_announced_is_its_notices": "UPDATE quotas_creditnoticeshare SET change_rial = 7 WHERE pool_id = {pool}",
    "C2_movements_chained": "UPDATE quotas_creditmovement SET amount_rial = amount_rial + 1 WHERE kind = 'refer'",
    "C2_pool_keeps_the_head": "UPDATE quotas_creditpool SET head = 'x' WHERE id = {pool}",
    "C3_one_live_commitment": "DROP INDEX commitment_one_live_per_application; INSERT INTO quotas_commitment"
    " (pool_id, application_id, amount_rial, paid_rial, stage) VALUES ({pool}, {application}, 5, 0, 'approved')",
    "C3_commitment_is_its_movements": "UPDATE quotas_commitment SET paid_rial = 1 WHERE application_id = {application}",
    "C3_payments_are_the_ledger": "UPDATE banks_disbursement SET amount_rial = amount_rial + 1",
    "C3_payment_has_its_movement": "UPDATE banks_disbursement SET reversed_at = now(), reversed_by_id = recorded_by_id",
    "A1_one_live_application": "DROP INDEX application_one_live_per_person;"
    " UPDATE applicants_application SET applicant_id = (SELECT applicant_id FROM applicants_application WHERE id = {application})",
    "A1_one_row_per_person": "ALTER TABLE applicants_applicant DROP CONSTRAINT applicant_national_id_once;"
    " UPDATE applicants_applicant SET national_id = (SELECT min(national_id) FROM applicants_applicant)",
    "A1_numbers_pass_their_check": "ALTER TABLE applicants_applicant DROP CONSTRAINT applicant_mobile_checks;"
    " UPDATE applicants_applicant SET mobile = '123' WHERE id = (SELECT min(id) FROM applicants_applicant)",
    "A2_amount_within_ceiling": "UPDATE applicants_application SET requested_rial = 9000000000 WHERE id = {application}",
    "J1_a_person_counts_once": "DROP INDEX jobrecord_person_counts_once;"
    " UPDATE employment_tracking_jobrecord SET national_id = (SELECT min(national_id) FROM employment_tracking_jobrecord)",
    "A3_approved_in_signed_minutes": "UPDATE applicants_application SET status = 'approved', approved_rial = 1 WHERE id = {new}",
    "A3_referred_after_approval": "UPDATE applicants_applicationevent SET happened_at = now() WHERE to_status = 'approved'",
    "A3_inquiries_clear_when_referred": "UPDATE audit_auditentry SET at = '2000-01-01' WHERE table_name = 'quotas_requiredinquiry'",
    "A4_priority_not_passed_over": "UPDATE applicants_application SET is_pioneer = true WHERE id = {second};"
    " UPDATE applicants_applicationevent SET happened_at = '2000-01-01' WHERE application_id = {second} AND to_status <> 'referred'",
    "W1_signed_with_quorum": "UPDATE working_group_attendance SET is_present = false WHERE meeting_id = {meeting}",
    "W1_votes_fit_those_present": "UPDATE working_group_decision SET votes_for = 30000",
    "W1_minutes_say_what_was_decided": "UPDATE working_group_decision SET outcome = 'reserve', amount_rial = NULL, bank_id = NULL",
    "W1_minutes_unchanged": "UPDATE working_group_meeting SET minutes = minutes || '{{\"place\": \"elsewhere\"}}' WHERE id = {meeting}",
    "S1_application_and_referral_agree": "UPDATE banks_referral SET status = 'expired' WHERE application_id = {application}",
    "S2_application_and_credit_agree": "UPDATE applicants_application SET status = 'paid' WHERE id = {application}",
    "S3_referral_and_credit_agree": "UPDATE banks_referral SET amount_rial = amount_rial + 1",
    "S4_steps_of_applications": "UPDATE applicants_application SET status = 'eligible' WHERE id = {new}",
    "S4_steps_of_referrals": "UPDATE banks_referralevent SET from_status = 'returned' WHERE from_status = 'issued'",
    "S4_steps_of_job_records": "DELETE FROM employment_tracking_jobrecordevent",
    "J2_registrar_does_not_verify": "UPDATE employment_tracking_attempt SET happened_by_id = (SELECT registered_by_id"
    " FROM employment_tracking_jobrecord r JOIN employment_tracking_verificationcase c ON c.record_id = r.id WHERE c.id = case_id)",
    "V1_no_open_case_on_struck_out_record": "UPDATE employment_tracking_jobrecord SET status = 'void'",
    "V2_case_and_record_agree": "UPDATE employment_tracking_jobrecord SET status = 'verified' WHERE status = 'in_verification'",
    "V3_no_message_forgotten": "WITH over AS (UPDATE messaging_sendingpause SET began_at = now() - interval '3 days',"
    " ended_at = now() - interval '2 days') UPDATE messaging_outboundmessage SET due_at = now() - interval '25 hours' WHERE status = 'queued'",
    "V4_attempts_and_messages_agree": "UPDATE employment_tracking_attempt SET message_id = NULL WHERE channel = 'sms'",
    "V5_no_case_overdue": "UPDATE employment_tracking_verificationcase SET next_at = '2000-01-01' WHERE level = 'sms'",
    "T1_audit_trail": "UPDATE audit_auditentry SET actor_id = 1 WHERE id = (SELECT min(id) FROM audit_auditentry)",
}  # fmt: skip


@pytest.fixture
def world(settings):
    """A county with a paid part of a loan, and an inquiry that is demanded from now on."""
    settings.PROGRAMME_TODAY = "1401/05/31"
    world = worlds.build()
    by, referral = world.users["bank_officer"], world.referrals[0]
    referrals.confirm(referral_id=referral.pk, payable_rial=referral.amount_rial, by=by)
    referrals.record_payment(
        referral_id=referral.pk, amount_rial=1_000, paid_on=A_DAY, contract_number="1", by=by, today=A_DAY
    )
    start_a_campaign(world)
    RequiredInquiry.objects.create(
        programme=world.programme, track="independent", kind="bounced_cheque", validity_days=30
    )
    return world


def start_a_campaign(world) -> None:
    """The county's registered people are asked; their questions wait in the queue."""
    about = {"by": world.users["expert"], "now": programme_now()}
    campaign = campaigns.plan(
        programme=world.programme, title="پویش", agencies=[], since=None, share_percent=100, **about
    )
    campaigns.start(campaign_id=campaign.pk, **about)


def test_a_sound_county_shows_nothing_and_the_reader_can_tell(world, capsys):
    call_command("check_invariants", "--json")

    result = json.loads(capsys.readouterr().out)
    assert result["violations"] == []
    assert set(result["checked"]) == PLANTED.keys()


@pytest.mark.slow
def test_the_demo_is_sound_and_shows_the_county_s_own_figures(settings, capsys):
    settings.PROGRAMME_TODAY = "1401/05/31"
    call_command("load_demo", "--json")
    capsys.readouterr()

    call_command("summary", "--programme", "1401", "--as-of", "1401/05/31", "--json")
    figures = json.loads(capsys.readouterr().out)
    call_command("check_invariants", "--json")

    assert json.loads(capsys.readouterr().out)["violations"] == []
    assert figures.items() >= {
        "credit_announced_rial": 82_480_000_000, "applicants": 122, "requested_rial": 92_000_000_000,
        "job_quota": 1219, "job_plan_to_date": 500, "jobs_registered": 387, "jobs_registered_percent": 31.7,
        "pace_percent": 77.4,
    }.items()  # fmt: skip


def test_every_planted_violation_is_found(world):
    unseen = {name for name, statement in PLANTED.items() if name not in found_after(statement, world)}

    assert not unseen


def test_a_violation_ends_the_command_with_one(world, capsys, monkeypatch):
    monkeypatch.setitem(STATEMENTS, "planted", "SELECT 'here' AS place, 'so' AS detail")

    with pytest.raises(SystemExit) as stop:
        call_command("check_invariants")

    assert stop.value.code == 1
    assert "planted: here: so" in capsys.readouterr().out


def found_after(statement: str, world) -> set[str]:
    """The invariants that are broken after the owner has run ``statement``; all is rolled back."""
    places = {
        "pool": world.programme.pools.get(bank=world.banks[0]).pk,
        "application": world.applications["at_bank_0"].pk,
        "second": world.applications["at_bank_1"].pk,
        "new": world.applications["new"].pk,
        "meeting": world.meetings["signed"].pk,
    }
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement.format(**places))
        found = {violation["invariant"] for violation in check(using="owner")["violations"]}
        transaction.set_rollback(True, using="owner")
    return found
