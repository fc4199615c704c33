"""How often somebody asked in vain about the code of a call."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, everything, scoped


class NobodysQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """No page shows it."""
        return self.none()


class CodeGuess(models.Model):
    """The tries of one address, counted in one place for all processes. ``place`` is a keyed digest: no address is kept."""

    place = models.CharField(_("digest of the address"), max_length=64, primary_key=True)
    times = models.PositiveIntegerField(_("tries in vain"), default=0)
    since = models.DateTimeField(_("counted since"), db_default=Now(), db_index=True)

    objects = scoped(NobodysQuerySet)
    everything = everything(NobodysQuerySet)

    class Meta:
        verbose_name = _("guesses of call codes")
        verbose_name_plural = _("guesses of call codes")

    def __str__(self) -> str:
        return f"{self.place[:8]}: {self.times}"
