from django.urls import path

from employment_tracking.views import agency

urlpatterns = [
    path("", agency.agency_home, name="agency-home"),
    path("jobs/new/", agency.job_register, name="job-register"),
    path("applications/", agency.agency_applications, name="agency-applications"),
]
