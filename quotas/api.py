"""The programmes at the programming interface."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.generics import RetrieveAPIView

from abarkuh_loans.rest import Endpoint, ListEndpoint, Query, StrictSerializer
from iran.serializers import JalaliTwinField
from quotas.lookup import find
from quotas.models import AgentBank, LoanTerm, Programme

READERS = (
    "quotas.view_programme",
    "quotas.view_summary",
    "banks.view_own_referrals",
    "applicants.view_own_applications",
    "oversight.supervise",
)


class LoanTermSerializer(serializers.ModelSerializer):
    class Meta:
        model = LoanTerm
        fields = [
            "track", "ceiling_rial", "per_job_rial", "min_jobs", "max_jobs", "fee_percent", "repayment_months",
            "grace_months", "basis", "source",
        ]  # fmt: skip


class AgentBankSerializer(serializers.ModelSerializer):
    bank = serializers.SlugRelatedField("code", read_only=True)
    name = serializers.CharField(source="bank.name")

    class Meta:
        model = AgentBank
        fields = ["bank", "name"]


class ProgrammeSerializer(serializers.ModelSerializer):
    """The programme of a county and year, with the year's terms and its agent banks."""

    county = serializers.SlugRelatedField("code", read_only=True)
    county_name = serializers.CharField(source="county.name")
    opens_on_jalali = JalaliTwinField(source="opens_on")
    closes_on_jalali = JalaliTwinField(source="closes_on")
    loan_terms = LoanTermSerializer(many=True)
    agent_banks = AgentBankSerializer(many=True)

    class Meta:
        model = Programme
        fields = [
            "year", "county", "county_name", "opens_on", "opens_on_jalali", "closes_on", "closes_on_jalali",
            "budget_basis", "loan_terms", "agent_banks",
        ]  # fmt: skip


class ProgrammeQuery(StrictSerializer):
    county = serializers.SlugField(required=False, help_text="a county's code, where several have the year")


def programme_of(year: str, *, county: str = "") -> Programme:
    """The programme that an address names, among those that the user may see."""
    try:
        return find(year, county=county)
    except Programme.DoesNotExist as error:
        raise exceptions.NotFound from error
    except Programme.MultipleObjectsReturned as error:
        fault = exceptions.ErrorDetail(_("Several counties have this year; name the county."), "county_needed")
        raise exceptions.ValidationError({"county": [fault]}) from error


class ProgrammeList(ListEndpoint):
    permissions = {"GET": READERS}
    serializer_class = ProgrammeSerializer
    queryset = Programme.objects.none()

    def matching(self, query: dict):
        return Programme.objects.select_related("county").prefetch_related("loan_terms", "agent_banks__bank")

    @extend_schema(operation_id="programmes_list", parameters=[Query], filters=False)
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)


class ProgrammeDetail(Endpoint, RetrieveAPIView):
    permissions = {"GET": READERS}
    serializer_class = ProgrammeSerializer
    queryset = Programme.objects.none()

    def get_object(self) -> Programme:
        query = ProgrammeQuery(data=self.request.query_params.dict())
        query.is_valid(raise_exception=True)
        programme = programme_of(self.kwargs["year"], county=query.validated_data.get("county", ""))
        prefetch_related_objects([programme], "loan_terms", "agent_banks__bank")
        return programme

    @extend_schema(operation_id="programmes_read", parameters=[ProgrammeQuery])
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)
