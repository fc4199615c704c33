"""``bin/bench [name…] [--json] [--rows N…]``: one JSON line per figure, medians of interleaved runs.

``ratio_to_peer`` says how many times better than the peer we are, ``ratio_to_limit`` how many times worse than the limit.
"""

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

import django

FOLDER = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    known = sorted(path.stem.removesuffix("_bench") for path in FOLDER.glob("*_bench.py"))
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(known)}; all when none is given")
    parser.add_argument("--json", action="store_true", help="the figures are JSON in any case")
    parser.add_argument("--rows", nargs="+", type=int, help="other sizes than the benchmark's own")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abarkuh_loans.settings")
    django.setup()
    for name in options.names or known:
        figures = importlib.import_module(f"benchmarks.{name}_bench").figures
        for figure in figures(options.rows) if options.rows else figures():
            print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
