"""Runs one promise over seeded books, several at a time."""

import argparse
import collections
import concurrent.futures
import os
import shutil
import sys
import tempfile

from laws import Broken, Trial


def try_seed(task):
    promise, program, seed, is_billed = task
    folder = tempfile.mkdtemp(prefix=f"{promise.__name__}-{seed}-")
    try:
        trial = Trial(program, seed, folder, is_billed)
        promise(trial)
        return seed, None, trial.notes
    except Broken as broken:
        return seed, str(broken), []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(promise, needed, without):
    """Prints the seeds that break a promise, and ends with 1 if any does, or if none noted what it is about: it would say nothing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1..10")
    parser.add_argument("--billed", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split(".."))
    program = os.path.abspath(arguments.program)
    tasks = [(promise, program, seed, arguments.billed) for seed in range(first, last + 1)]
    broken = 0
    notes = collections.Counter()
    with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
        for seed, problem, noted in pool.map(try_seed, tasks):
            notes.update(noted)
            if problem:
                broken += 1
                print(f"seed {seed}: {problem}")
    print(f"{len(tasks) - broken} of {len(tasks)} books hold (seeds {arguments.seeds})")
    for note, count in sorted(notes.items()):
        print(f"{count} {note}")
    if not broken and not notes[needed]:
        broken += 1
        print(without)
    sys.exit(1 if broken else 0)
