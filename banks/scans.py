"""Scans of answers to inquiries: only what is really a PDF, JPEG or PNG, and not too large."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from background.models import StoredFile

LARGEST_BYTES = 5 * 1024 * 1024
# How each kind begins, and how it must end: the browser's word for the kind is not asked.
KINDS = {
    "application/pdf": (b"%PDF-", "pdf"),
    "image/jpeg": (b"\xff\xd8\xff", "jpg"),
    "image/png": (b"\x89PNG\r\n\x1a\n", "png"),
}


def kind_of(content: bytes) -> str | None:
    """The kind that the content itself shows, or none of those that are taken."""
    return next((kind for kind, (beginning, _ending) in KINDS.items() if content.startswith(beginning)), None)


class ScanField(forms.FileField):
    """An uploaded scan; ``cleaned_data`` has the upload with its true ``content_type``."""

    default_error_messages = {
        "empty": _("The file is empty; choose it again"),
        "scan_too_large": _("The file is larger than 5 megabytes; scan it again in lower quality"),
        "scan_kind": _("Only PDF, JPG and PNG files are taken"),
    }

    def __init__(self, **kwargs) -> None:
        widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})
        super().__init__(widget=widget, max_length=150, help_text=_("PDF, JPG or PNG, at most 5 megabytes"), **kwargs)

    def clean(self, data, initial=None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > LARGEST_BYTES:
            raise ValidationError(self.error_messages["scan_too_large"], code="scan_too_large")
        kind = kind_of(upload.read(16))
        upload.seek(0)
        if kind is None:
            raise ValidationError(self.error_messages["scan_kind"], code="scan_kind")
        upload.content_type = kind
        return upload


def keep(upload: UploadedFile | None, *, by) -> StoredFile | None:
    """Store the scan under a plain name with the ending of its true kind."""
    if upload is None:
        return None
    stem = upload.name.rsplit("/", 1)[-1].rsplit(".", 1)[0][:100] or "scan"
    return StoredFile.keep(
        name=f"{stem}.{KINDS[upload.content_type][1]}", content_type=upload.content_type, content=upload.read(), by=by
    )
