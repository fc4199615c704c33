"""Long work with progress, and the files that go in and come out of it."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped


class StoredFileQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "StoredFileQuerySet":
        """One's own uploads and results. Others reach a file through the record that it belongs to."""
        return self.filter(stored_by=user)


class StoredFile(models.Model):
    """A small file kept in the database, so that web and workers hold no state and a backup is whole."""

    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("kind"), max_length=100)
    sha256 = models.CharField(_("digest"), max_length=64, db_index=True, editable=False)
    size_bytes = models.PositiveIntegerField(_("size (bytes)"), editable=False)
    content = models.BinaryField(_("content"))
    stored_at = models.DateTimeField(_("stored at"), db_default=Now(), editable=False)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("stored by"), related_name="+", null=True
    )

    objects = scoped(StoredFileQuerySet)
    everything = everything(StoredFileQuerySet)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, *, name: str, content_type: str, content: bytes, by) -> "StoredFile":
        return cls.everything.create(
            name=name,
            content_type=content_type,
            content=content,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            stored_by=by,
        )


class BackgroundTaskQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "BackgroundTaskQuerySet":
        return self.filter(asked_by=user)


class BackgroundTask(models.Model):
    """One piece of long work: what was asked, how far it is, what came of it. The row is the truth, Celery the bell."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=60)
    arguments = models.JSONField(_("arguments"), default=dict)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.WAITING)
    total = models.PositiveIntegerField(_("of"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)
    result_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, verbose_name=_("result"), related_name="+", null=True, blank=True
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("asked by"), related_name="+", null=True
    )
    lease_until = models.DateTimeField(_("leased until"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = scoped(BackgroundTaskQuerySet)
    everything = everything(BackgroundTaskQuerySet)

    class Meta:
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="backgroundtask_finished_when_ended",
                condition=Q(status__in=["done", "failed"], finished_at__isnull=False)
                | Q(status__in=["waiting", "running"], finished_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "lease_until"], name="backgroundtask_due", condition=Q(finished_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class RequestKeyQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> "RequestKeyQuerySet":
        return self.filter(user=user)


class RequestKey(models.Model):
    """An answered request with its key, so that the same request sent again gets the same answer and does nothing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("user"), related_name="+"
    )
    key = models.CharField(_("key"), max_length=100)
    endpoint = models.CharField(_("endpoint"), max_length=200)
    request_digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("answer's status"), null=True)
    body = models.JSONField(_("answer"), null=True)
    created_at = models.DateTimeField(_("at"), db_default=Now())

    objects = scoped(RequestKeyQuerySet)
    everything = everything(RequestKeyQuerySet)

    class Meta:
        verbose_name = _("request key")
        verbose_name_plural = _("request keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="requestkey_once_per_user")]

    def __str__(self) -> str:
        return self.key
