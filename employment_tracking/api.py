"""Job records at the programming interface: an agency registers and reads its own, the office the county's."""

from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response

from abarkuh_loans.rest import Endpoint, ListEndpoint, Query, StrictSerializer
from accounts.models import ExecutiveAgency
from applicants.models import Application
from background.api import KEY_PARAMETER, once
from employment_tracking import checks, workflow
from employment_tracking.models import JobRecord, RecordFlag, RecordReturn
from employment_tracking.models.record import ISIC_DIGITS, LATITUDES, LONGITUDES
from iran.calendar import programme_today
from iran.serializers import (
    CleanTextField,
    JalaliDateField,
    JalaliTwinField,
    LandlineField,
    MobileField,
    NationalIdField,
    PostalCodeField,
)
from iran.text import search_key
from quotas.lookup import find
from quotas.models import Programme, Track

READERS = ("employment_tracking.view_jobrecord", "employment_tracking.view_own_jobs", "oversight.supervise")
WRITERS = ("employment_tracking.add_jobrecord", "employment_tracking.view_own_jobs")
MOST_WORDS = 6
_SAID = {
    "programme_unknown": _("There is no programme of this year."),
    "county_needed": _("Several counties have this year; name the county."),
    "agency_unknown": _("There is no such agency, or it is not yours."),
    "loan_unknown": _("There is no paid loan with this tracking code, or it is not yours."),
    "supporter_unknown": _("There is no supporter with this tracking code, or he is not yours."),
    "place_half": _("Enter both degrees, or neither"),
    "agency_needed": _("Name the agency by its code."),
}


class FindingSerializer(serializers.ModelSerializer):
    message = serializers.SerializerMethodField()

    class Meta:
        model = RecordFlag
        fields = ["code", "severity", "message"]

    def get_message(self, flag: RecordFlag) -> str:
        return checks.said(flag.code, flag.detail)


class JobRecordSerializer(serializers.ModelSerializer):
    year = serializers.IntegerField(source="programme.year", read_only=True)
    agency = serializers.SlugRelatedField("code", read_only=True)
    line = serializers.StringRelatedField()
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    birth_on_jalali = JalaliTwinField(source="birth_on")
    starts_on_jalali = JalaliTwinField(source="starts_on")
    registered_on_jalali = JalaliTwinField(source="registered_on")

    loan = serializers.SlugRelatedField("tracking_code", source="application", read_only=True)
    supporter = serializers.SlugRelatedField("tracking_code", read_only=True)
    flags = FindingSerializer(source="live_flags", many=True, read_only=True, help_text="what the checks found")
    sent_back = serializers.SerializerMethodField(help_text="what the office asks to be corrected")

    class Meta:
        model = JobRecord
        fields = [
            "id", "year", "agency", "national_id", "first_name", "last_name", "father_name", "birth_on",
            "birth_on_jalali", "gender", "mobile", "mobile_owner_relation", "phone_landline", "job_title", "line", "isic4",
            "address", "postal_code", "district", "city", "rural_district", "village", "latitude", "longitude", "starts_on",
            "starts_on_jalali", "kind", "hours_per_week", "insurance", "funding", "loan", "supporter", "monitoring_code",
            "status", "status_label", "flags", "sent_back", "registered_on", "registered_on_jalali",
        ]  # fmt: skip

    def get_sent_back(self, record: JobRecord) -> str:
        return next((str(back) for back in record.waiting_returns), "")


class JobRecordQuery(Query):
    year = serializers.IntegerField(required=False, min_value=1300, max_value=1500)
    status = serializers.ChoiceField(JobRecord.Status.choices, required=False)
    agency = serializers.SlugField(required=False)
    q = CleanTextField(required=False, max_length=100, help_text="name, national ID, mobile")


def _degrees(limits: tuple[int, int]) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=8, decimal_places=6, min_value=Decimal(limits[0]), max_value=Decimal(limits[1]), required=False,
        default=None, allow_null=True,
    )  # fmt: skip


class IsicField(CleanTextField):
    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        if not (len(text) == 4 and text.isdigit()):
            raise serializers.ValidationError(ISIC_DIGITS, code="isic_bad")
        return text


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
    mobile_owner_relation = serializers.ChoiceField(
        JobRecord.OwnerOfMobile.choices, required=False, default="", allow_blank=True
    )
    phone_landline = LandlineField(required=False, default="", allow_blank=True)
    job_title = CleanTextField(max_length=150)
    address = CleanTextField(max_length=300, required=False, default="", allow_blank=True)
    postal_code = PostalCodeField(required=False, default="", allow_blank=True)
    district = CleanTextField(max_length=60, required=False, default="", allow_blank=True)
    city = CleanTextField(max_length=60, required=False, default="", allow_blank=True)
    rural_district = CleanTextField(max_length=60, required=False, default="", allow_blank=True)
    village = CleanTextField(max_length=60, required=False, default="", allow_blank=True)
    latitude = _degrees(LATITUDES)
    longitude = _degrees(LONGITUDES)
    isic4 = IsicField(required=False, default="", allow_blank=True, help_text="4 digits")
    starts_on = JalaliDateField()
    kind = serializers.ChoiceField(JobRecord.Kind.choices, required=False, default=JobRecord.Kind.NEW)
    hours_per_week = serializers.IntegerField(min_value=1, max_value=100, required=False, default=None, allow_null=True)
    insurance = serializers.ChoiceField(JobRecord.Insurance.choices, required=False, default="", allow_blank=True)
    funding = serializers.ChoiceField(JobRecord.Funding.choices, required=False, default=JobRecord.Funding.NO_LOAN)
    loan = CleanTextField(
        max_length=16, required=False, default="", allow_blank=True, help_text="tracking code of the paid loan"
    )
    supporter = CleanTextField(
        max_length=16, required=False, default="", allow_blank=True, help_text="tracking code of the supporter"
    )
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
        if (attrs["latitude"] is None) != (attrs["longitude"] is None):
            raise _fault("longitude" if attrs["longitude"] is None else "latitude", "place_half")
        paid = Application.objects.filter(status=Application.Status.PAID)
        attrs["application"] = self._named("loan", attrs.pop("loan"), paid, attrs)
        supporters = Application.objects.live().filter(track=Track.SUPPORTER)
        attrs["supporter"] = self._named("supporter", attrs["supporter"], supporters, attrs)
        return attrs

    def _named(self, name: str, code: str, rows, attrs: dict) -> Application | None:
        """The application with a tracking code, among those that the user may see and that fit."""
        if not code:
            return None
        found = rows.filter(tracking_code=code, programme=attrs["programme"]).first()
        if found is None:
            raise _fault(name, f"{name}_unknown")
        return found

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
        live = Prefetch("flags", RecordFlag.objects.live().order_by("pk"), to_attr="live_flags")
        waiting = Prefetch("returns", RecordReturn.objects.waiting(), to_attr="waiting_returns")
        rows = JobRecord.objects.select_related("programme", "agency", "line", "application", "supporter")
        return rows.prefetch_related(live, waiting)


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
