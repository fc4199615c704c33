from django.urls import path

from demo import views

urlpatterns = [path("demo/clock/", views.clock_move, name="demo-clock")]
