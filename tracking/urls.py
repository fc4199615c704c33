"""Addresses that anybody may open."""

from django.urls import path

from tracking import views

urlpatterns = [path("verify/<slug:code>/", views.letter_verify, name="letter-verify")]
