"""Addresses of the programming interface, version 1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from abarkuh_loans.rest import Nowhere
from applicants.api import ApplicationDetail, ApplicationList
from banks.api import ReferralAnswer, ReferralDetail, ReferralList, ReferralPayments
from employment_tracking.api import JobRecordDetail, JobRecordList
from oversight.api import ProgrammeSummary
from quotas.api import ProgrammeDetail, ProgrammeList

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("programmes/", ProgrammeList.as_view(), name="api-programme-list"),
    path("programmes/<str:year>/", ProgrammeDetail.as_view(), name="api-programme-detail"),
    path("programmes/<str:year>/summary/", ProgrammeSummary.as_view(), name="api-programme-summary"),
    path("applications/", ApplicationList.as_view(), name="api-application-list"),
    path("applications/<int:pk>/", ApplicationDetail.as_view(), name="api-application-detail"),
    path("referrals/", ReferralList.as_view(), name="api-referral-list"),
    path("referrals/<int:pk>/", ReferralDetail.as_view(), name="api-referral-detail"),
    path("referrals/<int:pk>/answer/", ReferralAnswer.as_view(), name="api-referral-answer"),
    path("referrals/<int:pk>/payments/", ReferralPayments.as_view(), name="api-referral-payments"),
    path("job-records/", JobRecordList.as_view(), name="api-jobrecord-list"),
    path("job-records/<int:pk>/", JobRecordDetail.as_view(), name="api-jobrecord-detail"),
    re_path("", Nowhere.as_view(), name="api-nowhere"),
]
