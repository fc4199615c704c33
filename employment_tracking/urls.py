from django.urls import path

from employment_tracking import views

urlpatterns = [
    path("", views.agency_home, name="agency-home"),
    path("jobs/new/", views.job_register, name="job-register"),
    path("applications/", views.agency_applications, name="agency-applications"),
]
