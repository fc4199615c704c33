"""What the gateway is told to do wrong. Shares are chances of 0 to 1 per call, per message or per callback."""

import random
import threading

from devservices.sms_simulator.store import Store

DEFAULTS = {
    # of a call
    "latency_ms": 0,
    "slow_share": 0,
    "slow_ms": 8000,
    "fail_before": 0,  # HTTP 500, nothing accepted
    "fail_after": 0,  # HTTP 500, everything accepted
    "hang_after": 0,  # accepted, and no answer for hang_seconds
    "hang_seconds": 60,
    "garbage_before": 0,  # HTTP 200 with a page of a proxy, nothing accepted
    "garbage_after": 0,  # the same, everything accepted
    "next": [],  # the faults of the next sending calls in this order, "" for none
    "no_credit": False,
    "credit_rial": 500_000_000,
    "refuse_key": False,
    "errors_with_200": False,  # logical errors arrive with HTTP 200
    "deduplicate": True,  # the same own number again gives the earlier message
    # of a message
    "delivery_ms": 1500,
    "blocked": [],  # numbers that refuse advertising: 14, except from a service line
    "unreachable": [],  # numbers whose phone is off: 11
    "blocked_share": 0,
    "unreachable_share": 0,
    # of a callback
    "callbacks_off": False,
    "callback_lose": 0,
    "callback_duplicate": 0,  # sent five times
    "callback_reorder": 0,  # held back for up to five seconds, so that later ones overtake it
    "callback_batch": 1,  # numbers in one delivery report
    "callback_retry_seconds": 120,
    "callback_retries": 30,
    "callback_method": "POST",
    "callback_json": False,
}
CALL_FAULTS = ("fail_before", "fail_after", "hang_after", "garbage_before", "garbage_after")
CHOICES = {"callback_method": ("POST", "GET")}


class WrongSwitch(ValueError):
    """A switch that does not exist, or a value it cannot take."""


class Switches:
    def __init__(self, store: Store) -> None:
        self.store, self.lock, self.chance = store, threading.Lock(), random.Random()
        self.values = {**DEFAULTS, **store.setting("switches", {})}

    def __getitem__(self, name: str):
        return self.values[name]

    def change(self, changes: dict) -> dict:
        checked = {name: checked_value(name, value) for name, value in changes.items()}
        with self.lock:
            self.values = {**self.values, **checked}
            self.keep()
        return self.values

    def restore(self) -> None:
        with self.lock:
            self.values = dict(DEFAULTS)
            self.keep()

    def keep(self) -> None:
        self.store.keep_setting(
            "switches", {name: value for name, value in self.values.items() if value != DEFAULTS[name]}
        )

    def happens(self, name: str) -> bool:
        return self.values[name] > 0 and self.chance.random() < self.values[name]

    def of_call(self, *, sends: bool) -> str:
        """The one fault of this call, or an empty word."""
        with self.lock:
            if sends and self.values["next"]:
                fault, *rest = self.values["next"]
                self.values = {**self.values, "next": rest}
                return fault
        drawn = self.chance.random()
        for fault in CALL_FAULTS:
            drawn -= self.values[fault]
            if drawn < 0:
                return fault
        return ""

    def spend(self, cost: int) -> bool:
        """Take the price from the credit, or say that there is none."""
        with self.lock:
            if self.values["no_credit"] or self.values["credit_rial"] < cost:
                return False
            self.values = {**self.values, "credit_rial": self.values["credit_rial"] - cost}
        return True


def checked_value(name: str, value):
    if name not in DEFAULTS:
        raise WrongSwitch(f"there is no switch {name}")
    default = DEFAULTS[name]
    if isinstance(default, bool):
        fits = isinstance(value, bool)
    elif isinstance(default, int):
        fits = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    elif isinstance(default, list):
        fits = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
        fits = fits and (name != "next" or all(entry in ("", *CALL_FAULTS) for entry in value))
    else:
        fits = value in CHOICES[name]
    if not fits:
        raise WrongSwitch(f"the switch {name} cannot be {value!r}")
    return value
