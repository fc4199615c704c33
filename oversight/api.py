"""The programme's figures at the programming interface."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from abarkuh_loans.rest import Endpoint
from iran.calendar import programme_today
from iran.serializers import JalaliDateField
from oversight.summary import summary
from quotas.api import ProgrammeQuery, programme_of


class PoolFigures(serializers.Serializer):
    bank = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    announced_rial = serializers.IntegerField()
    approved_rial = serializers.IntegerField()
    referred_rial = serializers.IntegerField()
    paid_rial = serializers.IntegerField()
    left_rial = serializers.IntegerField()


class StatusFigures(serializers.Serializer):
    status = serializers.CharField()
    applicants = serializers.IntegerField()
    requested_rial = serializers.IntegerField()


def _share() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=6, decimal_places=1, coerce_to_string=False, allow_null=True)


class JobFigures(serializers.Serializer):
    job_quota = serializers.IntegerField()
    job_plan_to_date = serializers.IntegerField()
    jobs_registered = serializers.IntegerField()
    jobs_verified = serializers.IntegerField()
    jobs_net = serializers.IntegerField()
    jobs_registered_percent = _share()
    pace_percent = _share()
    jobs_verified_percent = _share()


class AgencyFigures(JobFigures):
    agency = serializers.CharField()
    name = serializers.CharField()
    applicants = serializers.IntegerField()
    requested_rial = serializers.IntegerField()


class SummarySerializer(JobFigures):
    """What ``summary --json`` prints. The four parts of the announced credit are disjoint."""

    county = serializers.CharField()
    year = serializers.IntegerField()
    as_of = serializers.DateField()
    as_of_jalali = serializers.CharField()
    credit_announced_rial = serializers.IntegerField()
    approved_rial = serializers.IntegerField()
    referred_rial = serializers.IntegerField()
    paid_rial = serializers.IntegerField()
    left_rial = serializers.IntegerField()
    applicants = serializers.IntegerField()
    requested_rial = serializers.IntegerField()
    supporters = serializers.IntegerField()
    pioneers = serializers.IntegerField()
    applications_by_status = StatusFigures(many=True)
    pools = PoolFigures(many=True)
    agencies = AgencyFigures(many=True)


class SummaryQuery(ProgrammeQuery):
    as_of = JalaliDateField(required=False, help_text="1401/05/31 or 2022-08-22; today where left out")


class ProgrammeSummary(Endpoint):
    permissions = {"GET": ("quotas.view_summary",)}

    @extend_schema(operation_id="programmes_summary", parameters=[SummaryQuery], responses=SummarySerializer)
    def get(self, request, year: str) -> Response:
        query = SummaryQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        programme = programme_of(year, county=asked.get("county", ""))
        return Response(summary(programme, asked.get("as_of") or programme_today()))
