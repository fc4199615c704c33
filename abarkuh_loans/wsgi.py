"""The site for a WSGI server: ``gunicorn -c python:abarkuh_loans.gunicorn abarkuh_loans.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abarkuh_loans.settings")

application = get_wsgi_application()
