#!/usr/bin/env python3
"""Perennial and its peers doing the same work, in turns, on the same exports; see Benchmarks/README.md.

`make bench` calls it; `make bench-check` with --check: the tiny size once, figures compared, nothing written.
"""

import argparse
import datetime
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from harness import results
from harness.contestants import Perennial, PerennialStart, full_loads, nights
from harness.environment import BENCHMARKS, PYTHON, ROOT, WORK, Missing, compile_c, install, machine, versions
from harness.measure import ProgramFailed
from harness.work import Disagreement, Work, say

SIZES = {"T": 5_000, "S": 100_000, "M": 1_000_000, "L": 5_000_000}
"""Subscription periods; twice as many invoice lines, 0.29 times as many customers."""
CHANGED = 0.001
"""Share of the export that one night changes."""
MANY_LINES = 10
"""Times as many invoice lines, for the memory they take."""


def exports_of(size, lines=1):
    """The folder with the exports of a size, written when the generator has changed since."""
    digest = hashlib.sha256((BENCHMARKS / "generate.py").read_bytes()).hexdigest()[:12]
    name = size if lines == 1 else f"{size}x{lines}"
    folder = WORK / "exports" / f"{name}-{digest}"
    if not folder.exists():
        for old in (WORK / "exports").glob(f"{name}-*"):
            shutil.rmtree(old)
        unfinished = folder.with_suffix(".unfinished")
        say(f"generating size {name}")
        subprocess.run(
            [PYTHON, BENCHMARKS / "generate.py", unfinished, str(SIZES[size]), "--delta", str(CHANGED),
             "--lines", str(2 * lines)],
            check=True, stdout=subprocess.DEVNULL,
        )
        unfinished.rename(folder)
    return folder


def compared_works(size, program, rounds, with_heavy):
    """The full load and two nights of one size, by the program and its peers."""
    exports = exports_of(size)
    full = Work(f"{size}: full load", exports, [Perennial(program), *full_loads(with_heavy)]).run(rounds)
    works = [full]
    for extent, title in (("delta", "night, a file of changes"), ("rewritten", "night, all written anew")):
        ours = Perennial(program, base="Perennial", is_delta=extent == "delta")
        programs = [ours, *nights(extent, with_heavy)]
        works.append(Work(f"{size}: {title}", exports / extent, programs, full.outs()).run(rounds))
    return works


def lone_works(size, full, program, rounds):
    """What has no peer: moving rates, one report, a start, and many more invoice lines."""
    one_report = Perennial(program, base="Perennial", command=("render", "mrr_bridge", "--format", "csv"))
    works = [
        Work(f"{size}: full load, moving rates", full.exports, [Perennial(program, overlay="project-moving-rates")]),
        Work(f"{size}: one report again", full.exports, [one_report], full.outs(), repeats=5),
        Work(f"{size}: --version", full.exports, [PerennialStart(program)], repeats=10),
    ]
    if size == "S":
        title = f"{size}: full load, {MANY_LINES} x the invoice lines"
        works.append(Work(title, exports_of(size, MANY_LINES), [Perennial(program)]))
    return [work.run(rounds) for work in works]


def write_results(text, program, sizes, rounds):
    now = datetime.datetime.now(datetime.timezone.utc)
    listed = "\n".join(f"- {version}" for version in versions(program))
    (BENCHMARKS / "RESULTS.md").write_text(
        f"""# Results

Written on {now:%Y-%m-%d} by `make bench` with sizes {', '.join(sizes)} and {rounds} round{'s' if rounds > 1 else ''}; [README.md](README.md) says what was measured and how.

{machine()}; load average {os.getloadavg()[2]:.1f} over the last 15 minutes.

Seconds are min / median / max of the rounds; x is the median as a multiple of Perennial's.

{text}

## Versions

{listed}
"""
    )


def measure_all(arguments):
    sizes, rounds = (["T"], 1) if arguments.check else (arguments.sizes.split(), arguments.rounds)
    program = arguments.program.resolve()
    loads, works, notes = [], [], []
    for size in sizes:
        compared = compared_works(size, program, rounds, with_heavy=not arguments.check)
        lone = [] if arguments.check else lone_works(size, compared[0], program, rounds)
        loads.append((size, SIZES[size], compared[0]))
        works += compared + lone
        notes.append(results.reading_share(compared[2]))
    notes += results.growth(loads)
    text = results.table(works) + "\n\n" + "\n".join(notes)
    print(text)
    if arguments.check:
        say("all programs agree on every figure")
    else:
        write_results(text, program, sizes, rounds)
    shutil.rmtree(WORK / "runs")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="S M", help="of T, S, M and L: 5,000, 100,000, 1 and 5 million periods")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build" / "release" / "perennial")
    parser.add_argument("--check", action="store_true", help="the tiny size once, for CI; no results written")
    arguments = parser.parse_args()
    unknown = set(arguments.sizes.split()) - set(SIZES)
    if unknown or arguments.rounds < 1:
        parser.error(f"no such size: {', '.join(sorted(unknown))}" if unknown else "at least one round")
    try:
        install(BENCHMARKS / "requirements.txt")
        if not arguments.check:
            install(BENCHMARKS / "requirements-heavy.txt")
        compile_c()
    except Missing as problem:
        print(problem, file=sys.stderr)
        if not arguments.check:
            return 2
        say("skipped")
        return 0
    try:
        measure_all(arguments)
    except (Disagreement, ProgramFailed) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
