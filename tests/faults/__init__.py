"""Sending under fire: real workers, Redis, PostgreSQL and gateway, all of one trial's own, killed while they work.

``trial`` drives, ``servers`` starts what is killed, ``writer`` writes the messages down, ``patches`` is loaded by the
workers of a trial: it shortens their waits, and for negative controls breaks one of the guards.
"""
