"""The fixtures live in ``abarkuh_loans/testing``; here are the settings that only tests have."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

pytest_plugins = [
    "abarkuh_loans.testing.database",
    "abarkuh_loans.testing.browser",
    "abarkuh_loans.testing.simulator",
]


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cheap password hashes; static files straight from their sources; uploads nowhere near the real ones."""
    empty: Path = tmp_path_factory.mktemp("static")
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        STATIC_ROOT=empty,
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
    ):
        yield
