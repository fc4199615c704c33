"""The project's settings, in one page. Every value that differs between places comes from the environment."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from abarkuh_loans.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment.of_process(BASE_DIR / ".env")

# --- Where it runs -------------------------------------------------------------------------------------------------
DEBUG = environment.flag("DEBUG", "write yes or no; never yes in production.", default=False)
SECRET_KEY = environment.text("SECRET_KEY", "set it to a long random text; bin/run makes one of its own.")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "set it to the site's host names, separated by commas.")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS", "list origins such as https://loans.example.ir.", "")
BEHIND_HTTPS = environment.flag(
    "BEHIND_HTTPS", "write no only where the site is opened over plain http.", default=not DEBUG
)
DEMO = environment.flag("DEMO", "bin/run sets it for its invented data.", default=False)
PROGRAMME_TODAY = environment.jalali_day(
    "PROGRAMME_TODAY", "write a Solar Hijri day such as 1401/05/31, or leave it out."
)
PROGRAMME_TODAY_FILE = environment.text(
    "PROGRAMME_TODAY_FILE", "bin/run sets it: where the demo keeps a day that was moved on.", ""
)

ROOT_URLCONF = "abarkuh_loans.urls"
WSGI_APPLICATION = "abarkuh_loans.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "abarkuh_loans",
    "iran",
    "audit",
    "accounts",
    "background",
    "messaging",
    "quotas",
    "applicants",
    "working_group",
    "banks",
    "employment_tracking",
    "tracking",
    "oversight",
    "demo",
    "abarkuh_loans.admin_apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_jalali",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.ActingUserMiddleware",
    "accounts.middleware.ScopeMiddleware",
    "accounts.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "abarkuh_loans.context_processors.shell",
                *(["demo.context_processors.demo_users", "demo.context_processors.demo_clock"] if DEMO else []),
            ],
        },
    }
]

# --- Database: three roles of one PostgreSQL -----------------------------------------------------------------------
# READ COMMITTED, PostgreSQL's default: lock first, then check.
STATEMENT_SECONDS = environment.number(
    "STATEMENT_SECONDS", "write how long one statement may take, in seconds.", default=30
)


def database(name: str, remedy: str, *server_settings: str, default: str | None = None) -> dict:
    found = environment.database(name, remedy, default)
    found["OPTIONS"]["options"] = " ".join(f"-c {setting}" for setting in server_settings)
    return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


ADDRESS = "write postgresql://user:password@host:5432/name; bin/run starts its own server when it is left out."
SITE_URL = environment.text("DATABASE_URL", ADDRESS)
WAITS = ("lock_timeout=10s", "idle_in_transaction_session_timeout=60s")
DATABASES = {
    # the site and its workers: owns nothing, and may not change what is written once
    "default": database("DATABASE_URL", ADDRESS, f"statement_timeout={STATEMENT_SECONDS}s", *WAITS),
    # migrations and grants alone
    "owner": database("DATABASE_OWNER_URL", ADDRESS, "lock_timeout=30s", default=SITE_URL) | {"CONN_MAX_AGE": 0},
    # supervisors' pages and reports
    "reader": database(
        "DATABASE_READER_URL",
        ADDRESS,
        "default_transaction_read_only=on",
        "statement_timeout=60s",
        *WAITS,
        default=SITE_URL,
    ),
}

# --- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]  # what a person may do: accounts.User.has_perm
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Language and numbers ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", _("Persian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["abarkuh_loans.formats"]
TIME_ZONE = "Asia/Tehran"
USE_TZ = True

# --- Static files and uploads --------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [folder for folder in [BASE_DIR / "static"] if folder.is_dir()]
MEDIA_ROOT = BASE_DIR / ".local" / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "abarkuh_loans.static_storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Browser-side protection ---------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API -----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "audit.authentication.NamedBasicAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["abarkuh_loans.strict_json.StrictJSONParser"],
    "EXCEPTION_HANDLER": "abarkuh_loans.problem.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Abarkuh home-business loans",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatusEnum": "applicants.models.application.Status",
        "ReferralStatusEnum": "banks.models.Status",
        "JobRecordStatusEnum": "employment_tracking.models.record.Status",
        "PersonKindEnum": "applicants.models.Applicant.Kind",
        "InquiryKindEnum": "quotas.models.InquiryKind",
        "EmploymentKindEnum": "employment_tracking.models.JobRecord.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "abarkuh_loans.problem.describe",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Work outside the request --------------------------------------------------------------------------------------
# The outbox and the task rows in PostgreSQL are the truth; Redis only wakes the workers.
REDIS_URL = environment.text(
    "REDIS_URL", "write redis://host:6379/0; bin/run starts its own server when it is left out."
)
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("db=", "virtual_host=", 1)
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 25 * 60, 30 * 60  # well below the visibility timeout
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# no CELERY_DB_REUSE_MAX: a worker that kept its connection over tasks would fail at each of them after PostgreSQL restarted
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "ring-due-tasks": {"task": "background.tasks.ring_due", "schedule": 30, "options": {"expires": 25}},
    "send-due-messages": {"task": "messaging.tasks.send_due", "schedule": 30, "options": {"expires": 25}},
    "poll-deliveries": {"task": "messaging.tasks.poll_deliveries", "schedule": 60, "options": {"expires": 55}},
    "take-up-inbound": {"task": "messaging.tasks.take_up_inbound", "schedule": 30, "options": {"expires": 25}},
    "receive-messages": {"task": "messaging.tasks.receive_messages", "schedule": 5 * 60, "options": {"expires": 280}},
    "forget-request-keys": {"task": "background.tasks.forget_request_keys", "schedule": 24 * 60 * 60},
    "forget-unused-files": {
        "task": "background.tasks.forget_unused_files",
        "schedule": 60 * 60,
        "options": {"expires": 3500},
    },
    "seal-the-trail": {"task": "audit.tasks.seal_trail", "schedule": 5 * 60, "options": {"expires": 4 * 60}},
    # each hour, not only at night: a letter ends soon after its last day also where the clock stood still at one
    "expire-referrals": {"task": "banks.tasks.expire_referrals", "schedule": 60 * 60, "options": {"expires": 55 * 60}},
    "check-jobs": {"task": "employment_tracking.tasks.check_jobs", "schedule": crontab(hour=2, minute=10)},
    "advance-cases": {"task": "employment_tracking.tasks.advance_cases", "schedule": 60, "options": {"expires": 50}},
}

# Opens /metrics to a watcher on another machine; this machine needs none.
METRICS_TOKEN = environment.text("METRICS_TOKEN", "a long random text for the watcher of /metrics.", "")

# --- Messages to people's phones -----------------------------------------------------------------------------------
SMS_GATEWAY = environment.choice(
    "SMS_GATEWAY", "write simulator or kavenegar.", {"simulator", "kavenegar"}, "simulator"
)
_kavenegar = None if SMS_GATEWAY == "kavenegar" else ""  # required with that gateway alone
KAVENEGAR_API_KEY = environment.text("KAVENEGAR_API_KEY", "copy it from the gateway's panel.", _kavenegar)
KAVENEGAR_BASE_URL = environment.text(
    "KAVENEGAR_BASE_URL",
    "the gateway's address.",
    "https://api.kavenegar.com/v1" if SMS_GATEWAY == "kavenegar" else "http://127.0.0.1:8663/v1",
)
SMS_LINE = environment.text("SMS_LINE", "the number that messages are sent from.", _kavenegar)
SMS_SERVICE_LINE = environment.text(
    "SMS_SERVICE_LINE", "a line that reaches also those who refuse advertising; or leave it out.", ""
)
SMS_CALLBACK_SECRET = environment.text(
    "SMS_CALLBACK_SECRET", "a long random text, part of the callback address.", _kavenegar
)

# Of sending, in seconds where nothing else is said. The lease is longer than a question and a call together.
SMS_SENDING = {
    "lease": 75,
    "grace": 20,  # before a question about a call without an answer: the gateway may still be at work on it
    "backoff": 30,
    "backoff_most": 60 * 60,
    "most_retries": 12,  # calls that failed, per message
    "probe": 10 * 60,  # after so long one message is tried while sending is paused
    "in_flight": 8,  # bulk calls at once, per worker process
    "run": 4 * 60,  # one task's longest run
}

# --- Log: one line per event on stderr, Persian as it is -----------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "abarkuh_loans.log_lines.LogLine",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
