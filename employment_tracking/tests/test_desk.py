"""The agency's desk: registering in three acts, the look again, papers, what came back, and claims."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import UserFactory
from applicants.tests.factories import ApplicantFactory, ApplicationFactory, national_id
from applicants.tests.lists import a_programme
from background.models import StoredFile
from employment_tracking import workflow
from employment_tracking.models import ClaimDispute, JobEvidence, JobRecord, RecordReturn
from employment_tracking.tests.factories import as_typed, registered

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def programme():
    return a_programme()


@pytest.fixture
def agency(programme):
    return programme.county.agencies.get(code="relief")


@pytest.fixture
def welfare(programme):
    return programme.county.agencies.get(code="welfare")


@pytest.fixture
def clerk(client, agency):
    user = UserFactory(role=Role.AGENCY_USER, agency=agency)
    client.force_login(user)
    return user


@pytest.fixture
def office(programme):
    return UserFactory(role=Role.OFFICE, county=programme.county)


@pytest.fixture
def loan(programme, agency):
    person = ApplicantFactory(national_id=national_id(7), address="خیابان امام، پلاک ۷", postal_code="8931100331")
    return ApplicationFactory(
        programme=programme, agency=agency, status="paid", approved_rial=300_000_000, line__programme=programme,
        applicant=person,
    )  # fmt: skip


def typed(agency, **changes):
    return {
        "agency": agency.pk, "first_name": "مریم", "last_name": "احمدی", "national_id": national_id(7), "mobile": "09900000007",
        "job_title": "گلیم‌بافی", "starts_on": "۱۴۰۱/۰۳/۱۲", "kind": "new", "funding": "no_loan",
    } | changes  # fmt: skip


def png(name="کارگاه.png"):
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def hidden(page) -> dict:
    return page.context["hidden"]


def test_a_paid_person_is_registered_with_one_day_and_what_is_known(client, clerk, agency, loan):
    home = client.get(reverse("agency-home"))
    address = f"{reverse('job-register')}?application={loan.pk}"
    assert address in home.content.decode()
    assert len(client.get(address).context["form"].shown()) <= 5

    look = client.post(
        f"{reverse('job-check')}?application={loan.pk}", {"starts_on": "۱۴۰۱/۰۳/۱۲", "kind": "new", "photo": png()}
    )
    assert look.status_code == 200
    assert not JobRecord.everything.exists()
    client.post(address, hidden(look))

    record = JobRecord.everything.get()
    assert (record.national_id, record.application, record.funding, record.line) == (
        national_id(7), loan, "loan", loan.line,
    )  # fmt: skip
    assert JobEvidence.everything.get().file.content_type == "image/png"


def test_what_is_known_of_a_loan_cannot_be_typed_over(client, clerk, agency, loan):
    client.post(f"{reverse('job-register')}?application={loan.pk}", typed(agency, national_id=national_id(8)))

    assert JobRecord.everything.get().national_id == national_id(7)


def test_the_next_job_of_a_loan_is_another_persons(client, clerk, agency, programme, loan):
    type(loan).objects.filter(pk=loan.pk).update(promised_jobs=2)
    address = f"{reverse('job-register')}?application={loan.pk}"
    client.post(address, typed(agency))

    assert "national_id" in client.get(address).context["form"].fields
    client.post(address, typed(agency, national_id=national_id(8), mobile="09900000008"))
    assert JobRecord.everything.filter(application=loan).count() == 2


def test_the_look_again_shows_everything_and_leads_back_with_it(client, clerk, agency):
    look = client.post(reverse("job-check"), typed(agency, latitude="۳۱٫۱۲۸۹", longitude="53.28"))
    assert "گلیم‌بافی" in look.content.decode()

    back = client.post(reverse("job-edit"), hidden(look))

    assert back.context["form"]["job_title"].value() == "گلیم‌بافی"
    assert back.status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("national_id", "1234567890"), ("mobile", "0912"), ("starts_on", "1402/13/01"), ("starts_on", "1401/06/01"),
     ("phone_landline", "123"), ("postal_code", "12"), ("isic4", "12"), ("latitude", "خانه"), ("first_name", ""),
     ("hours_per_week", "101")],
)  # fmt: skip
def test_a_wrong_value_is_said_at_its_field_before_the_look_again(client, clerk, agency, field, value):
    answer = client.post(reverse("job-check"), typed(agency, **{field: value}))

    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


def test_half_a_place_is_none(client, clerk, agency):
    answer = client.post(reverse("job-check"), typed(agency, latitude="31.1"))

    assert answer.context["form"].errors["longitude"]


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ program", "a.png"), (b"", "a.png"), (PNG + b"0" * 5_300_000, "a.png")]
)
def test_what_is_no_paper_or_too_large_is_refused(client, clerk, agency, content, name):
    file = io.BytesIO(content)
    file.name = name

    assert client.post(reverse("job-check"), typed(agency, photo=file)).context["form"].errors["photo"]
    assert not StoredFile.everything.exists()


def test_a_file_that_is_a_strangers_or_was_let_go_of_is_asked_for_again(client, clerk, agency):
    other = StoredFile.keep(name="a.png", content_type="image/png", content=PNG, by=UserFactory())

    answer = client.post(reverse("job-register"), typed(agency, kept_photo=other.pk))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["photo"])
    assert not JobRecord.everything.exists()
    assert client.post(reverse("job-register"), typed(agency)).status_code == 302


def test_a_paper_is_read_by_its_agency_and_the_office_alone(client, clerk, agency, welfare, office):
    client.post(reverse("job-register"), typed(agency, photo=png()))
    paper = JobEvidence.everything.get()
    address = reverse("job-evidence", args=[paper.record_id, paper.pk])

    assert client.get(address).content == PNG
    client.force_login(office)
    assert client.get(address).content == PNG
    client.force_login(UserFactory(role=Role.AGENCY_USER, agency=welfare))
    assert client.get(address).status_code == 404


def test_a_returned_record_is_mended_in_two_acts(client, clerk, agency, programme, office):
    record = registered(programme, agency, 1)
    workflow.send_back(record_id=record.pk, cause="other", note="عکس کارگاه خوانا نیست", by=office)

    home = client.get(reverse("agency-home"))
    assert home.context["sent_back_count"] == 1
    address = reverse("job-correct", args=[record.pk])
    assert address in home.content.decode()
    form = client.get(address)
    assert "عکس کارگاه خوانا نیست" in form.content.decode()
    answer = client.post(address, as_typed(form) | {"photo": png()})

    assert answer.status_code == 302
    assert RecordReturn.everything.get().mended_by == clerk
    assert client.get(reverse("agency-home")).context["sent_back_count"] == 0


def test_sending_again_without_a_change_is_refused(client, clerk, agency, programme, office):
    record = registered(programme, agency, 1)
    workflow.send_back(record_id=record.pk, cause="mobile", by=office)
    address = reverse("job-correct", args=[record.pk])

    answer = client.post(address, as_typed(client.get(address)))

    assert answer.status_code == 422
    assert RecordReturn.everything.waiting().exists()


def test_a_record_under_verification_changes_only_when_sent_back(client, clerk, agency, programme, office):
    record = registered(programme, agency, 1)
    workflow.move(record, to="in_verification", by=office)
    address = reverse("job-correct", args=[record.pk])
    assert client.get(address).status_code == 302

    workflow.send_back(record_id=record.pk, cause="mobile")
    client.post(address, as_typed(client.get(address)) | {"mobile": "09901234567"})

    record.refresh_from_db()
    assert (record.mobile, record.status) == ("09901234567", "in_verification")


def test_an_unverified_record_that_is_mended_is_corrected(client, clerk, agency, programme, office):
    record = registered(programme, agency, 1)
    workflow.move(record, to="in_verification", by=office)
    workflow.move(record, to="not_verified", by=office)

    client.post(
        reverse("job-correct", args=[record.pk]),
        as_typed(client.get(reverse("job-correct", args=[record.pk]))) | {"mobile": "09901234567"},
    )

    record.refresh_from_db()
    assert record.status == "corrected"


def test_the_machine_asks_once_and_the_office_is_told_that_it_waits(programme, agency, office):
    record = registered(programme, agency, 1)
    first = workflow.send_back(record_id=record.pk, cause="mobile")

    assert workflow.send_back(record_id=record.pk, cause="mobile") == first
    with pytest.raises(workflow.corrections.rules.AlreadySentBackError):
        workflow.send_back(record_id=record.pk, cause="mobile", by=office)


def test_an_agency_reads_what_it_can_mend_and_not_what_points_at_a_fraud(client, clerk, agency, programme, office):
    clerk.mobile = "09901112222"
    clerk.save()
    for number in (1, 2, 3):
        record = registered(programme, agency, number, by=clerk, mobile="09901112222")

    page = client.get(reverse("job-detail", args=[record.pk])).context["findings"]
    client.force_login(office)
    desk = client.get(reverse("admin:employment_tracking_jobrecord_change", args=[record.pk])).content.decode()

    assert len(page) == 1
    assert "۳" in page[0]
    assert page[0] in desk
    assert "همکار" in desk


def test_the_record_of_another_agency_is_not_there(client, clerk, programme, welfare):
    record = registered(programme, welfare, 1)

    for name in ("job-detail", "job-correct"):
        assert client.get(reverse(name, args=[record.pk])).status_code == 404


def test_a_person_of_another_agency_is_claimed_from_the_page_that_refused_him(
    client, clerk, agency, welfare, programme
):
    registered(programme, welfare, 1, national_id=national_id(7), first_name="ناهید", last_name="کریمی")

    refused = client.post(reverse("job-check"), typed(agency, photo=png()))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert reverse("job-claim") in text
    assert "کریمی" not in text
    kept = refused.context["form"]["kept_photo"].value()
    answer = client.post(reverse("job-claim"), typed(agency, claim_reason="قرارداد با ماست", kept_photo=kept))

    assert answer.status_code == 302
    dispute = ClaimDispute.everything.get()
    assert (dispute.claim.status, dispute.claim.agency, dispute.status) == ("duplicate", agency, "open")
    assert dispute.claim.evidence.count() == 1
    assert "کریمی" not in client.get(reverse("claim-list")).content.decode()


def test_a_claim_needs_its_reason(client, clerk, agency, welfare, programme):
    registered(programme, welfare, 1, national_id=national_id(7))

    answer = client.post(reverse("job-claim"), typed(agency, claim_reason=" "))

    assert answer.status_code == 422
    assert answer.context["claim"].errors["claim_reason"]
    assert not ClaimDispute.everything.exists()


def test_the_office_decides_on_its_desk_and_both_agencies_read_it(client, clerk, agency, welfare, programme, office):
    first = registered(programme, welfare, 1, national_id=national_id(7))
    client.post(reverse("job-claim"), typed(agency, claim_reason="قرارداد با ماست"))
    dispute = ClaimDispute.everything.get()
    client.force_login(office)
    page = client.get(reverse("admin:employment_tracking_claimdispute_change", args=[dispute.pk]))
    assert len(page.context["buttons"]) == 2

    client.post(
        reverse("admin:employment_tracking_claimdispute_act", args=["give"]),
        {"id": dispute.pk, "reason": "قرارداد دارد"},
    )

    first.refresh_from_db()
    dispute.refresh_from_db()
    assert (first.status, dispute.claim.status, dispute.status) == ("duplicate", "registered", "moved")
    for reader in (clerk, UserFactory(role=Role.AGENCY_USER, agency=welfare)):
        client.force_login(reader)
        assert "قرارداد دارد" in client.get(reverse("claim-list")).content.decode()


def test_the_office_finds_records_by_their_flag(client, agency, programme, office):
    marked = [registered(programme, agency, number, mobile="09121234567") for number in (1, 2, 3)]
    registered(programme, agency, 4)
    client.force_login(office)
    found = client.get(reverse("admin:employment_tracking_jobrecord_changelist"), {"flag": "mobile_shared"})

    assert {record.pk for record in found.context["cl"].result_list} == {record.pk for record in marked}
