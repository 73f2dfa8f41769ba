"""One piece of work: programs taking turns at it, round after round, and their figures compared."""

import json
import os
import shutil
import subprocess
import sys

from .environment import BENCHMARKS, PYTHON, WORK
from .measure import measure


class Disagreement(Exception):
    """Two programs came to different figures."""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def file_name(title):
    return "".join(character if character.isalnum() else "-" for character in title)


class Work:
    def __init__(self, title, exports, programs, bases=None, repeats=1):
        """`programs`: the first is the one the others are compared with. `bases`: by name of a full load the folder it
        left. `repeats`: runs of each program in a round, for what is very short and changes nothing."""
        self.title, self.exports, self.programs, self.repeats = title, exports, programs, repeats
        self.bases = bases or {}
        self.folder = WORK / "runs" / file_name(title)
        self.usages = {program.name: [] for program in programs}

    def out(self, program):
        return self.folder / file_name(program.name)

    def outs(self):
        return {program.name: self.out(program) for program in self.programs}

    def run(self, rounds):
        self._warm()
        for number in range(rounds):
            turn = number % len(self.programs)
            for program in self.programs[turn:] + self.programs[:turn]:
                self._run(program)
            for peer in self.programs[1:]:
                self._compare(peer)
        return self

    def _warm(self):
        """The exports in the system's cache, for the first program as for the last."""
        for export in sorted(self.exports.glob("*.csv")):
            with open(export, "rb") as file:
                while file.read(1 << 20):
                    pass

    def _run(self, program):
        out = self.out(program)
        shutil.rmtree(out, ignore_errors=True)
        if program.base:
            shutil.copytree(self.bases[program.base], out, symlinks=True)
        else:
            out.mkdir(parents=True)
        program.prepare(out, self.exports)
        for _ in range(self.repeats):
            # What earlier runs left to be written must not be charged to this one.
            os.sync()
            usage = measure(program.arguments(out, self.exports), self.log(program))
            self.usages[program.name].append(usage)
        say(f"{self.title}: {program.name}: {usage.cpu:.2f} s user + system, {usage.wall:.2f} s wall")

    def log(self, program):
        return self.out(program).with_suffix(".log")

    def _compare(self, peer):
        ours = self.programs[0]
        compared = subprocess.run(
            [PYTHON, "-m", "harness.agreement", ours.warehouse(self.out(ours)), self.out(peer), json.dumps(peer.tables)],
            cwd=BENCHMARKS, capture_output=True, text=True,
        )
        if compared.returncode != 0:
            raise Disagreement(f"{self.title}: {peer.name}\n{compared.stdout}{compared.stderr}")

    def file_size(self, program):
        warehouse = program.warehouse(self.out(program))
        return warehouse.stat().st_size if warehouse.exists() else None
