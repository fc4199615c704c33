"""A gateway of text messages that reaches no phone: Kavenegar's API on this machine, with a page that shows the phones.

Started by ``bin/run`` where no real gateway is configured, by the tests on a port of their own, and by hand with
``python -m devservices.sms_simulator --port 8663``. Standard library only; nothing of the site is imported. The site's
client speaks to it exactly as to the real gateway: the address is the only difference.
"""
