"""A person's browser in tests."""

from django.urls import reverse


def page(client, name, *args):
    return client.get(reverse(name, args=args))


def post(client, name, *args, **typed):
    return client.post(reverse(name, args=args), typed)


def text(response) -> str:
    return response.content.decode()


def decision(world, place=0, **changed):
    return {"outcome": "approve", "amount_rial": "۳۰۰٬۰۰۰٬۰۰۰", "bank": world.bank.pk, "seen": 0} | changed
