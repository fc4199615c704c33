from django.core.management.base import BaseCommand

from accounts.models import ExecutiveAgency, User
from demo.users import OFFICE, PASSWORD, everyone


class Command(BaseCommand):
    help = "Print the demo's users, those that exist here, and their one password."

    def handle(self, *args, **options) -> None:
        first = User.objects.filter(username=OFFICE[0].username).first()
        if first is None or not first.check_password(PASSWORD):  # somebody of that name, but not of the demo
            return
        present = set(User.objects.values_list("username", flat=True))
        people = [
            person for person in everyone(list(ExecutiveAgency.objects.order_by("pk"))) if person.username in present
        ]
        self.stdout.write(f"Demo users (password of all: {PASSWORD})")
        for person in people:
            body = person.agency or person.bank
            self.stdout.write(f"  {person.username:<22} {person.role}{f' ({body})' if body else ''}")
