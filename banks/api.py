"""Referrals at the programming interface: a bank reads and answers its own, the office issues and reads the county's."""

from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response

from abarkuh_loans.rest import Endpoint, ListEndpoint, Query, StrictSerializer
from accounts.models import Branch
from applicants.models import Applicant, Application
from background.api import KEY_PARAMETER, once
from banks import workflow
from banks.models import Disbursement, Referral, ReferralEvent, RefusalReason
from iran.calendar import programme_today
from iran.serializers import CleanTextField, JalaliDateField, JalaliTwinField, RialField
from iran.text import search_key

WHOLE = ("banks.view_referral", "oversight.supervise")
OWN = ("banks.view_own_referrals",)
MOST_WORDS = 6


class ReferredPersonSerializer(serializers.ModelSerializer):
    """Whom the bank is to pay: what the letter says of him."""

    class Meta:
        model = Applicant
        fields = [
            "kind",
            "national_id",
            "legal_id",
            "first_name",
            "last_name",
            "father_name",
            "mobile",
            "address",
            "sheba",
        ]


class PaymentSerializer(serializers.ModelSerializer):
    paid_on_jalali = JalaliTwinField(source="paid_on")

    class Meta:
        model = Disbursement
        fields = ["id", "amount_rial", "paid_on", "paid_on_jalali", "contract_number", "recorded_at", "reversed_at"]


class StepSerializer(serializers.ModelSerializer):
    happened_at_jalali = JalaliTwinField(source="happened_at")

    class Meta:
        model = ReferralEvent
        fields = ["from_status", "to_status", "reason", "happened_at", "happened_at_jalali"]


class OwnReferralSerializer(serializers.ModelSerializer):
    """What the bank may see: nothing of votes, ranks, inquiries or other people's cases."""

    year = serializers.IntegerField(source="application.programme.year", read_only=True)
    applicant = ReferredPersonSerializer(source="application.applicant", read_only=True)
    tracking_code = serializers.CharField(source="application.tracking_code", read_only=True)
    track = serializers.CharField(source="application.track", read_only=True)
    line = serializers.CharField(source="application.line_name", read_only=True)
    promised_jobs = serializers.IntegerField(source="application.promised_jobs", read_only=True)
    bank = serializers.SlugRelatedField("code", source="branch.bank", read_only=True)
    branch = serializers.CharField(source="branch.code", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    letter_on_jalali = JalaliTwinField(source="letter_on")
    answer_due_on_jalali = JalaliTwinField(source="answer_due_on")
    valid_until_jalali = JalaliTwinField(source="valid_until")
    paid_rial = serializers.IntegerField(source="commitment.paid_rial", read_only=True)
    payments = PaymentSerializer(source="disbursements", many=True, read_only=True)

    class Meta:
        model = Referral
        fields = [
            "id", "letter_number", "letter_on", "letter_on_jalali", "year", "applicant", "tracking_code", "track", "line",
            "promised_jobs", "bank", "branch", "amount_rial", "payable_rial", "paid_rial", "answer_due_on",
            "answer_due_on_jalali", "valid_until", "valid_until_jalali", "status", "status_label", "refusal_reason",
            "file_number", "answered_at", "payments",
        ]  # fmt: skip


class ReferralSerializer(OwnReferralSerializer):
    application = serializers.IntegerField(source="application_id", read_only=True)
    agency = serializers.CharField(source="application.agency.code", read_only=True)
    answered_by = serializers.StringRelatedField()
    issued_by = serializers.StringRelatedField()
    events = StepSerializer(many=True, read_only=True)

    class Meta(OwnReferralSerializer.Meta):
        fields = [
            *OwnReferralSerializer.Meta.fields, "application", "agency", "passed_over_reason", "verification_code",
            "answered_by", "issued_by", "issued_at", "events",
        ]  # fmt: skip


class ReferralQuery(Query):
    year = serializers.IntegerField(required=False, min_value=1300, max_value=1500)
    status = serializers.ChoiceField(Referral.Status.choices, required=False)
    bank = serializers.SlugField(required=False)
    q = CleanTextField(required=False, max_length=100, help_text="name, national or legal ID, mobile, letter number")


class NewReferral(StrictSerializer):
    application = serializers.PrimaryKeyRelatedField(queryset=Application.objects)
    branch = serializers.PrimaryKeyRelatedField(queryset=Branch.objects)
    letter_number = CleanTextField(max_length=50)
    letter_on = JalaliDateField()
    passed_over_reason = CleanTextField(max_length=300, required=False, default="", allow_blank=True)


class Answer(StrictSerializer):
    """``confirm`` with ``payable_rial`` (the whole amount where left out), ``decline`` with ``refusal_reason``, ``return`` with ``note``."""

    answer = serializers.ChoiceField(["confirm", "decline", "return"])
    payable_rial = RialField(required=False)
    reason = CleanTextField(max_length=300, required=False, default="", allow_blank=True)
    file_number = CleanTextField(max_length=50, required=False, default="", allow_blank=True)
    refusal_reason = serializers.ChoiceField(RefusalReason.choices, required=False, default="", allow_blank=True)
    note = CleanTextField(max_length=300, required=False, default="", allow_blank=True)
    seen = serializers.ChoiceField(
        [Referral.Status.ISSUED, Referral.Status.CONFIRMED, Referral.Status.FILE_OPENED],
        required=False,
        default=Referral.Status.ISSUED,
        help_text="the state that the sender saw; a confirmed file is declined only by whoever knows that it is",
    )


class NewPayment(StrictSerializer):
    amount_rial = RialField()
    paid_on = JalaliDateField()
    contract_number = CleanTextField(max_length=50)
    is_final = serializers.BooleanField(
        required=False, default=False, help_text="closes a partly paid file; what is left is free for others"
    )


class ReferralEndpoint(Endpoint):
    permissions = {"GET": WHOLE + OWN}
    queryset = Referral.objects.none()

    def rows(self):
        rows = Referral.objects.select_related(
            "application__applicant", "application__programme", "application__line", "application__agency",
            "branch__bank", "commitment", "answered_by", "issued_by",
        ).prefetch_related(Prefetch("disbursements", Disbursement.objects.order_by("pk")))  # fmt: skip
        return rows.prefetch_related("events") if self.sees_whole() else rows

    def sees_whole(self) -> bool:
        return any(self.request.user.has_perm(permission) for permission in WHOLE)

    def get_serializer_class(self):
        return ReferralSerializer if self.sees_whole() else OwnReferralSerializer

    def one(self, pk: int) -> Referral:
        return get_object_or_404(self.rows(), pk=pk)

    def shown(self, pk: int, *, status: int = 200) -> Response:
        serializer = self.get_serializer_class()(self.one(pk), context={"request": self.request})
        return Response(serializer.data, status=status)


class ReferralList(ReferralEndpoint, ListEndpoint):
    permissions = {**ReferralEndpoint.permissions, "POST": ("banks.issue_referral",)}
    query_class = ReferralQuery

    def matching(self, query: dict):
        names = {"year": "application__programme__year", "status": "status", "bank": "branch__bank__code"}
        rows = self.rows().filter(**{names[name]: value for name, value in query.items() if name in names})
        for word in search_key(query.get("q", "")).split()[:MOST_WORDS]:
            rows = rows.filter(Q(application__applicant__search_text__contains=word) | Q(letter_number__icontains=word))
        return rows

    @extend_schema(
        operation_id="referrals_list", parameters=[ReferralQuery], filters=False, responses=ReferralSerializer
    )
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="referrals_issue",
        parameters=[KEY_PARAMETER],
        request=NewReferral,
        responses={201: ReferralSerializer},
    )
    @once
    def post(self, request):
        body = NewReferral(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        application = asked.pop("application")
        if application.programme.county_id not in request.user.scope.office_counties:
            raise Http404
        referral = workflow.refer(
            application_id=application.pk,
            branch_id=asked.pop("branch").pk,
            by=request.user,
            today=programme_today(),
            **asked,
        )
        return self.shown(referral.pk, status=201)


class ReferralDetail(ReferralEndpoint, RetrieveAPIView):
    def get_queryset(self):
        return self.rows()

    @extend_schema(operation_id="referrals_read", responses=ReferralSerializer)
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class BankEndpoint(ReferralEndpoint):
    """Acts of the bank, on its own referrals alone."""

    permissions = {"POST": ("banks.answer_referral",)}

    def rows(self):
        return super().rows().answerable_by(self.request.user)


class ReferralAnswer(BankEndpoint):
    @extend_schema(
        operation_id="referrals_answer", parameters=[KEY_PARAMETER], request=Answer, responses=OwnReferralSerializer
    )
    @once
    def post(self, request, pk: int):
        referral = self.one(pk)
        body = Answer(data=request.data)
        body.is_valid(raise_exception=True)
        self.record(referral, **body.validated_data)
        return self.shown(pk)

    def record(
        self, referral: Referral, *, answer: str, refusal_reason: str, note: str, seen: str, **confirmed
    ) -> None:
        by = self.request.user
        if answer == "confirm":
            confirmed.setdefault("payable_rial", referral.amount_rial)
            workflow.confirm(referral_id=referral.pk, by=by, **confirmed)
        elif answer == "decline":
            workflow.decline(referral_id=referral.pk, refusal_reason=refusal_reason, note=note, by=by, seen=seen)
        else:
            workflow.return_to_office(referral_id=referral.pk, note=note, by=by, seen=seen)


class ReferralPayments(BankEndpoint):
    @extend_schema(
        operation_id="referrals_pay",
        parameters=[KEY_PARAMETER],
        request=NewPayment,
        responses={201: OwnReferralSerializer},
    )
    @once
    def post(self, request, pk: int):
        referral = self.one(pk)
        body = NewPayment(data=request.data)
        body.is_valid(raise_exception=True)
        workflow.record_payment(
            referral_id=referral.pk, by=request.user, today=programme_today(), **body.validated_data
        )
        return self.shown(pk, status=201)
