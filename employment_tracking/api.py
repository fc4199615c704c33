"""Job records at the programming interface: an agency registers and reads its own, the office the county's."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response

from abarkuh_loans.rest import Endpoint, ListEndpoint, Query, StrictSerializer
from accounts.models import ExecutiveAgency
from background.api import KEY_PARAMETER, once
from employment_tracking import workflow
from employment_tracking.models import JobRecord
from iran.calendar import programme_today
from iran.serializers import CleanTextField, JalaliDateField, JalaliTwinField, MobileField, NationalIdField
from iran.text import search_key
from quotas.lookup import find
from quotas.models import Programme

READERS = ("employment_tracking.view_jobrecord", "employment_tracking.view_own_jobs", "oversight.supervise")
WRITERS = ("employment_tracking.add_jobrecord", "employment_tracking.view_own_jobs")
MOST_WORDS = 6
_SAID = {
    "programme_unknown": _("There is no programme of this year."),
    "county_needed": _("Several counties have this year; name the county."),
    "agency_unknown": _("There is no such agency, or it is not yours."),
    "agency_needed": _("Name the agency by its code."),
}


class JobRecordSerializer(serializers.ModelSerializer):
    year = serializers.IntegerField(source="programme.year", read_only=True)
    agency = serializers.SlugRelatedField("code", read_only=True)
    line = serializers.StringRelatedField()
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    birth_on_jalali = JalaliTwinField(source="birth_on")
    starts_on_jalali = JalaliTwinField(source="starts_on")
    registered_on_jalali = JalaliTwinField(source="registered_on")

    class Meta:
        model = JobRecord
        fields = [
            "id", "year", "agency", "national_id", "first_name", "last_name", "father_name", "birth_on",
            "birth_on_jalali", "gender", "mobile", "job_title", "line", "address", "starts_on", "starts_on_jalali",
            "kind", "hours_per_week", "insurance", "funding", "monitoring_code", "status", "status_label",
            "registered_on", "registered_on_jalali",
        ]  # fmt: skip


class JobRecordQuery(Query):
    year = serializers.IntegerField(required=False, min_value=1300, max_value=1500)
    status = serializers.ChoiceField(JobRecord.Status.choices, required=False)
    agency = serializers.SlugField(required=False)
    q = CleanTextField(required=False, max_length=100, help_text="name, national ID, mobile")


class NewJobRecord(StrictSerializer):
    year = CleanTextField(max_length=4, help_text="of the programme, such as 1401")
    county = serializers.SlugField(required=False, default="", allow_blank=True)
    agency = serializers.SlugField(required=False, help_text="its code; an agency's own user may leave it out")
    national_id = NationalIdField()
    first_name = CleanTextField(max_length=60)
    last_name = CleanTextField(max_length=80)
    father_name = CleanTextField(max_length=60, required=False, default="", allow_blank=True)
    birth_on = JalaliDateField(required=False, default=None, allow_null=True)
    gender = serializers.ChoiceField(JobRecord.Gender.choices, required=False, default="", allow_blank=True)
    mobile = MobileField()
    job_title = CleanTextField(max_length=150)
    address = CleanTextField(max_length=300, required=False, default="", allow_blank=True)
    starts_on = JalaliDateField()
    kind = serializers.ChoiceField(JobRecord.Kind.choices, required=False, default=JobRecord.Kind.NEW)
    hours_per_week = serializers.IntegerField(min_value=1, max_value=100, required=False, default=None, allow_null=True)
    insurance = serializers.ChoiceField(JobRecord.Insurance.choices, required=False, default="", allow_blank=True)
    funding = serializers.ChoiceField(JobRecord.Funding.choices, required=False, default=JobRecord.Funding.NO_LOAN)
    monitoring_code = CleanTextField(max_length=50, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict) -> dict:
        user = self.context["request"].user
        year, county = attrs.pop("year"), attrs.pop("county")
        try:
            attrs["programme"] = find(year, county=county)
        except Programme.DoesNotExist as error:
            raise _fault("year", "programme_unknown") from error
        except Programme.MultipleObjectsReturned as error:
            raise _fault("county", "county_needed") from error
        attrs["agency"] = self._agency(attrs["programme"], attrs.pop("agency", ""), user)
        return attrs

    def _agency(self, programme: Programme, code: str, user) -> ExecutiveAgency:
        """The agency named, if the user may register for it; where none is named, the only one there is."""
        agencies = ExecutiveAgency.objects.filter(county=programme.county_id)
        if programme.county_id not in user.scope.office_counties:
            agencies = agencies.filter(pk__in=user.scope.agencies)
        found = list((agencies.filter(code=code) if code else agencies)[:2])
        if len(found) != 1:
            raise _fault("agency", "agency_unknown" if code else "agency_needed")
        return found[0]


def _fault(name: str, code: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [serializers.ErrorDetail(_SAID[code], code)]})


class JobRecordEndpoint(Endpoint):
    permissions = {"GET": READERS}
    serializer_class = JobRecordSerializer
    queryset = JobRecord.objects.none()

    def rows(self):
        return JobRecord.objects.select_related("programme", "agency", "line")


class JobRecordList(JobRecordEndpoint, ListEndpoint):
    permissions = {"GET": READERS, "POST": WRITERS}
    query_class = JobRecordQuery

    def matching(self, query: dict):
        names = {"year": "programme__year", "status": "status", "agency": "agency__code"}
        rows = self.rows().filter(**{names[name]: value for name, value in query.items() if name in names})
        for word in search_key(query.get("q", "")).split()[:MOST_WORDS]:
            rows = rows.filter(Q(search_text__contains=word))
        return rows

    @extend_schema(operation_id="job_records_list", parameters=[JobRecordQuery], filters=False)
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="job_records_register",
        parameters=[KEY_PARAMETER],
        request=NewJobRecord,
        responses={201: JobRecordSerializer},
    )
    @once
    def post(self, request):
        body = NewJobRecord(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        record = workflow.register(record=JobRecord(**body.validated_data), by=request.user, today=programme_today())
        return Response(JobRecordSerializer(self.rows().get(pk=record.pk)).data, status=201)


class JobRecordDetail(JobRecordEndpoint, RetrieveAPIView):
    def get_queryset(self):
        return self.rows()

    @extend_schema(operation_id="job_records_read")
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)
