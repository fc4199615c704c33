from django.urls import path

from messaging import views

urlpatterns = [
    path("<str:secret>/delivery", views.delivery, name="sms-delivery"),
    path("<str:secret>/inbound", views.arrival, name="sms-inbound"),
]
