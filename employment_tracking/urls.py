from django.urls import path

from employment_tracking.views import agency, agency_pace, jobs, loans, register, reminders

urlpatterns = [
    path("", agency.agency_home, name="agency-home"),
    path("jobs/new/", register.job_register, name="job-register"),
    path("jobs/new/check/", register.job_check, name="job-check"),
    path("jobs/new/edit/", register.job_edit, name="job-edit"),
    path("jobs/new/claim/", register.job_claim, name="job-claim"),
    path("jobs/<int:pk>/", jobs.job_detail, name="job-detail"),
    path("jobs/<int:pk>/correct/", jobs.job_correct, name="job-correct"),
    path("jobs/<int:pk>/evidence/<int:evidence_pk>/", jobs.job_evidence, name="job-evidence"),
    path("claims/", jobs.claim_list, name="claim-list"),
    path("applications/", agency.agency_applications, name="agency-applications"),
    path("pace/", agency_pace.agency_pace, name="agency-pace"),
    path("loans/", loans.agency_loans, name="agency-loans"),
    path("loans/excel/", loans.agency_loans_export, name="agency-loans-export"),
    path("letters/<int:pk>/", reminders.reminder_letter, name="reminder-letter"),
]
