"""The gateway that the settings name. Simulator and real gateway differ in their address alone."""

from django.conf import settings

from messaging.gateways.kavenegar import Kavenegar


def gateway() -> Kavenegar:
    return Kavenegar(base_url=settings.KAVENEGAR_BASE_URL, key=settings.KAVENEGAR_API_KEY or "simulator")
