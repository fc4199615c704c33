"""Beat of a quick trial: the sweeper comes every two seconds instead of every thirty."""

import os

from abarkuh_loans.celery import app

if os.environ.get("TRIAL_QUICK") == "yes":
    app.conf.beat_schedule = {"send-due-messages": {"task": "messaging.tasks.send_due", "schedule": 2}}
