from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.celery import app as celery_app


class ProjectConfig(AppConfig):
    """The project package. Loading it makes the Celery application the current one, for every ``shared_task``."""

    name = "abarkuh_loans"
    verbose_name = _("Home-business loan programme")
    celery = celery_app
    site_privileges = {"django_migrations": "SELECT"}
    reader_hides = {"accounts_user": ["password"], "django_session": ["*"]}
