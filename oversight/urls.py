"""Addresses of the supervisor's pages."""

from django.urls import path

from oversight import views

urlpatterns = [
    path("", views.home, name="oversight-home"),
    path("applications/", views.applications, name="oversight-applications"),
    path("applications/<int:pk>/", views.application, name="oversight-application"),
    path("referrals/", views.referrals, name="oversight-referrals"),
    path("referrals/<int:pk>/", views.referral, name="oversight-referral"),
    path("pace/", views.pace, name="oversight-pace"),
    path("loans-without-job/", views.loans, name="oversight-loans"),
    path("jobs/", views.jobs, name="oversight-jobs"),
    path("jobs/<int:pk>/", views.job, name="oversight-job"),
]
