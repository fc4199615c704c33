from django.urls import path

from applicants import views

urlpatterns = [
    path("", views.list_index, name="list-index"),
    path("upload/", views.list_upload, name="list-upload"),
    path("<int:pk>/", views.list_detail, name="list-detail"),
    path("<int:pk>/register/", views.list_register, name="list-register"),
    path("<int:pk>/cancel/", views.list_cancel, name="list-cancel"),
    path("<int:pk>/take-back/", views.list_take_back, name="list-take-back"),
    path("<int:pk>/faulty-rows.xlsx", views.list_faulty_rows, name="list-faulty-rows"),
]
