"""Applications at the programming interface: the office and its supervisor see all of a case, an agency its own people's."""

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView

from abarkuh_loans.rest import Endpoint, ListEndpoint, Query
from applicants.models import Applicant, Application, ApplicationEvent, Inquiry
from iran.serializers import CleanTextField, JalaliTwinField
from iran.text import search_key
from quotas.models import Track

WHOLE_CASE = ("applicants.view_application", "oversight.supervise")
OWN_PEOPLE = ("applicants.view_own_applications",)
MOST_WORDS = 6


class ApplicantSerializer(serializers.ModelSerializer):
    birth_on_jalali = JalaliTwinField(source="birth_on")

    class Meta:
        model = Applicant
        fields = [
            "kind", "national_id", "legal_id", "first_name", "last_name", "father_name", "birth_on", "birth_on_jalali",
            "gender", "mobile", "address", "postal_code",
        ]  # fmt: skip


class InquirySerializer(serializers.ModelSerializer):
    asked_on_jalali = JalaliTwinField(source="asked_on")
    answered_on_jalali = JalaliTwinField(source="answered_on")
    valid_until_jalali = JalaliTwinField(source="valid_until")

    class Meta:
        model = Inquiry
        fields = [
            "id", "kind", "asked_of", "asked_on", "asked_on_jalali", "result", "answered_on", "answered_on_jalali",
            "answer_letter", "valid_until", "valid_until_jalali", "note",
        ]  # fmt: skip


class EventSerializer(serializers.ModelSerializer):
    happened_at_jalali = JalaliTwinField(source="happened_at")

    class Meta:
        model = ApplicationEvent
        fields = ["from_status", "to_status", "reason", "letter_number", "happened_at", "happened_at_jalali"]


class OwnApplicationSerializer(serializers.ModelSerializer):
    """What the agency that introduced a person may see of his application."""

    year = serializers.IntegerField(source="programme.year", read_only=True)
    agency = serializers.SlugRelatedField("code", read_only=True)
    applicant = ApplicantSerializer()
    line = serializers.CharField(source="line_name", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    licence_expires_on_jalali = JalaliTwinField(source="licence_expires_on")
    registered_at_jalali = JalaliTwinField(source="registered_at")

    class Meta:
        model = Application
        fields = [
            "id", "tracking_code", "year", "agency", "applicant", "track", "is_pioneer", "line", "promised_jobs",
            "requested_rial", "approved_rial", "licence_number", "licence_expires_on", "licence_expires_on_jalali",
            "status", "status_label", "registered_at", "registered_at_jalali",
        ]  # fmt: skip


class ApplicationSerializer(OwnApplicationSerializer):
    wished_bank = serializers.SlugRelatedField("code", read_only=True)

    class Meta(OwnApplicationSerializer.Meta):
        fields = [*OwnApplicationSerializer.Meta.fields, "wished_bank", "pioneer_agreement", "rank"]


class CaseSerializer(ApplicationSerializer):
    """One application with all that was asked about it and every step it took."""

    inquiries = InquirySerializer(many=True)
    events = EventSerializer(many=True)

    class Meta(ApplicationSerializer.Meta):
        fields = [*ApplicationSerializer.Meta.fields, "inquiries", "events"]


class ApplicationQuery(Query):
    year = serializers.IntegerField(required=False, min_value=1300, max_value=1500)
    status = serializers.ChoiceField(Application.Status.choices, required=False)
    agency = serializers.SlugField(required=False)
    track = serializers.ChoiceField(Track.choices, required=False)
    q = CleanTextField(required=False, max_length=100, help_text="name, national or legal ID, mobile, tracking code")


def sees_whole_case(user) -> bool:
    return any(user.has_perm(permission) for permission in WHOLE_CASE)


class ApplicationEndpoint(Endpoint):
    permissions = {"GET": WHOLE_CASE + OWN_PEOPLE}

    def rows(self):
        return Application.objects.select_related("applicant", "programme", "agency", "line", "wished_bank")


class ApplicationList(ApplicationEndpoint, ListEndpoint):
    query_class = ApplicationQuery
    queryset = Application.objects.none()

    def get_serializer_class(self):
        return ApplicationSerializer if sees_whole_case(self.request.user) else OwnApplicationSerializer

    def matching(self, query: dict):
        names = {"year": "programme__year", "status": "status", "agency": "agency__code", "track": "track"}
        rows = self.rows().filter(**{names[name]: value for name, value in query.items() if name in names})
        for word in search_key(query.get("q", "")).split()[:MOST_WORDS]:
            rows = rows.filter(Q(applicant__search_text__contains=word) | Q(tracking_code__icontains=word))
        return rows

    @extend_schema(
        operation_id="applications_list", parameters=[ApplicationQuery], filters=False, responses=ApplicationSerializer
    )
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class ApplicationDetail(ApplicationEndpoint, RetrieveAPIView):
    queryset = Application.objects.none()

    def get_queryset(self):
        rows = self.rows()
        return rows.prefetch_related("inquiries", "events") if sees_whole_case(self.request.user) else rows

    def get_serializer_class(self):
        return CaseSerializer if sees_whole_case(self.request.user) else OwnApplicationSerializer

    @extend_schema(operation_id="applications_read", responses=CaseSerializer)
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)
