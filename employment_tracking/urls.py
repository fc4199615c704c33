from django.urls import path

from employment_tracking.views import agency, agency_pace, loans, reminders

urlpatterns = [
    path("", agency.agency_home, name="agency-home"),
    path("jobs/new/", agency.job_register, name="job-register"),
    path("applications/", agency.agency_applications, name="agency-applications"),
    path("pace/", agency_pace.agency_pace, name="agency-pace"),
    path("loans/", loans.agency_loans, name="agency-loans"),
    path("loans/excel/", loans.agency_loans_export, name="agency-loans-export"),
    path("letters/<int:pk>/", reminders.reminder_letter, name="reminder-letter"),
]
