"""Files that go out: Excel lists and letters as PDF."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from banks import exports, letters
from banks.models import ReferralQuerySet
from iran.calendar import format_jalali, programme_today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, *, name: str, content_type: str, inline: bool = False) -> HttpResponse:
    """A file with a Persian name (RFC 5987); never shown as a page of ours unless it is made here."""
    kind = "inline" if inline else "attachment"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    return response


def excel(rows: ReferralQuerySet, *, name: str) -> HttpResponse:
    day = format_jalali(programme_today()).replace("/", "-")
    return download(exports.workbook(rows.iterator(chunk_size=500)), name=f"{name}-{day}.xlsx", content_type=XLSX)


def letters_pdf(request: HttpRequest, rows: ReferralQuerySet, *, name: str) -> HttpResponse:
    content = letters.pdf(
        letters.for_letters(rows),
        address_of=lambda code: request.build_absolute_uri(reverse("letter-verify", args=[code])),
    )
    return download(content, name=f"{name}.pdf", content_type="application/pdf", inline=True)
