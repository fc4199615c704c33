"""Benchmarks against a peer and against the limit of the machine, in the same run. ``bin/bench`` runs them."""
