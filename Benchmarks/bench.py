#!/usr/bin/env python3
"""Perennial and its peers doing the same work, in turns, on the same exports; see Benchmarks/README.md.

`make bench` calls it; `make bench-check` with --check: the tiny size once, figures compared, nothing written.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

from harness import contestants, results
from harness.environment import (
    BENCHMARKS, PYTHON, ROOT, WORK, Missing, compile_c, install, machine, versions,
)
from harness.measure import ProgramFailed, measure

SIZES = {"T": 5_000, "S": 100_000, "M": 1_000_000, "L": 5_000_000}
"""Subscription periods; twice as many invoice lines, 0.29 times as many customers."""
CHANGED = 0.001
"""Share of the export that one night changes."""
STARTS = 10
"""A start of the program is so short that one run is measured as so many."""


class Disagreement(Exception):
    pass


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def exports_of(size):
    """The folder with the exports of a size, written when the generator has changed since."""
    digest = hashlib.sha256((BENCHMARKS / "generate.py").read_bytes()).hexdigest()[:12]
    folder = WORK / "exports" / f"{size}-{digest}"
    if not folder.exists():
        for old in (WORK / "exports").glob(f"{size}-*"):
            shutil.rmtree(old)
        unfinished = folder.with_suffix(".unfinished")
        say(f"generating size {size}")
        subprocess.run(
            [PYTHON, BENCHMARKS / "generate.py", unfinished, str(SIZES[size]), "--delta", str(CHANGED)],
            check=True, stdout=subprocess.DEVNULL,
        )
        unfinished.rename(folder)
    return folder


class Work:
    """One piece of work of one size: programs taking turns at it, round after round."""

    def __init__(self, title, size, exports, programs, after=None):
        self.title, self.size, self.exports, self.programs = title, size, exports, programs
        self.after = after or {}
        """By program: the folder of the full load a night starts from."""
        self.folder = WORK / "runs" / size / "".join(c if c.isalnum() else "-" for c in title)
        self.usages = {program.name: [] for program in programs}

    def out(self, program):
        return self.folder / "".join(c if c.isalnum() else "-" for c in program.name)

    def round(self, number):
        turn = number % len(self.programs)
        for program in self.programs[turn:] + self.programs[:turn]:
            out = self.out(program)
            shutil.rmtree(out, ignore_errors=True)
            if program.name in self.after:
                shutil.copytree(self.after[program.name], out, symlinks=True)
            else:
                out.mkdir(parents=True)
            program.prepare(out, self.exports)
            # What earlier runs left to be written must not be charged to this one.
            os.sync()
            usage = measure(program.arguments(out, self.exports), out.with_suffix(".log"))
            self.usages[program.name].append(usage)
            say(f"{self.size}: {self.title}: {program.name}: {usage.cpu:.2f} s user + system, {usage.wall:.2f} s wall")
        self.compare()

    def compare(self):
        """Every peer's figures with those of the program's own run in this round."""
        ours = self.programs[0]
        for peer in self.programs[1:]:
            compared = subprocess.run(
                [PYTHON, "-m", "harness.agreement", ours.warehouse(self.out(ours)), self.out(peer), json.dumps(peer.tables)],
                cwd=BENCHMARKS, capture_output=True, text=True,
            )
            if compared.returncode != 0:
                raise Disagreement(f"{self.size}: {self.title}: {peer.name}\n{compared.stdout}{compared.stderr}")

    def measured(self):
        return self.title, {
            program.name: (self.usages[program.name], program.warehouse(self.out(program)).stat().st_size)
            for program in self.programs
        }


def run_size(size, program, peers, rounds):
    """All work of one size; what was measured, and the full load's project of the program."""
    exports = exports_of(size)
    full = Work(f"{size}: full load", size, exports, [contestants.Perennial(program), *peers])
    for number in range(rounds):
        full.round(number)
    return [full]


def write_results(text, program, sizes, rounds):
    now = datetime.datetime.now(datetime.timezone.utc)
    listed = "\n".join(f"- {version}" for version in versions(program))
    (BENCHMARKS / "RESULTS.md").write_text(
        f"# Results\n\nWritten by `make bench SIZES=\"{' '.join(sizes)}\"` on {now:%Y-%m-%d}; [README.md](README.md) says what was measured.\n\n"
        f"{machine()}; load average {os.getloadavg()[2]:.1f} over the last 15 minutes of the run; {rounds} rounds.\n\n"
        f"Spreads are min / median / max; `x` is the median as a multiple of Perennial's.\n\n{text}\n\n{listed}\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="S M", help="of T, S, M and L: 5,000, 100,000, 1 and 5 million periods")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build" / "release" / "perennial")
    parser.add_argument("--check", action="store_true", help="the tiny size once, for CI; no table")
    arguments = parser.parse_args()
    sizes, rounds = (["T"], 1) if arguments.check else (arguments.sizes.split(), arguments.rounds)
    try:
        install(BENCHMARKS / "requirements.txt")
        compile_c()
    except Missing as problem:
        print(problem, file=sys.stderr)
        if arguments.check:
            say("skipped")
            return 0
        return 2
    program = arguments.program.resolve()
    try:
        measured = [work for size in sizes for work in run_size(size, program, contestants.FULL_LOADS, rounds)]
    except (Disagreement, ProgramFailed) as problem:
        say(str(problem))
        return 1
    text = results.table([work.measured() for work in measured])
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
