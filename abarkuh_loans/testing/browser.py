"""A real Chromium, and a live site that several people can be signed in to at once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.servers.basehttp import WSGIServer
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_SECONDS = 15
WSGIServer.request_queue_size = 128  # a race opens as many connections in one moment


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium: skipped with one line where there is none, demanded where CI is set."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program or not Path(program).exists():
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("No Chromium here: install the package chromium or set CHROMIUM to its path.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's event loop lives in this thread too
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class LiveSite:
    """``page(user)`` opens a window in which that user is signed in; without a user, a stranger's."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url, self.browser = url, browser
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def page(self, user: AbstractBaseUser | None = None, **options) -> Page:
        context = self.browser.new_context(
            base_url=self.url,
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            **{"viewport": {"width": 1280, "height": 900}, **options},
        )
        context.set_default_timeout(WAIT_SECONDS * 1000)
        self.contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self.note_refused_by_policy)
        return page

    def note_refused_by_policy(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"{message.location['url']}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def live_site(live_server, chromium) -> Iterator[LiveSite]:
    """The site on a real port. A script's error or a breach of the content policy fails the test."""
    site = LiveSite(live_server.url, chromium)
    yield site
    site.close()
    assert not site.faults, "\n".join(site.faults)
