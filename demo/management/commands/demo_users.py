from django.core.management.base import BaseCommand

from demo.users import PASSWORD, people_here


class Command(BaseCommand):
    help = "Print the demo's users, those that exist here, and their one password."

    def handle(self, *args, **options) -> None:
        people = people_here()
        if not people:
            return
        self.stdout.write(f"Demo users (password of all: {PASSWORD})")
        for person in people:
            body = person.agency or person.bank
            self.stdout.write(f"  {person.username:<22} {person.role}{f' ({body})' if body else ''}")
