"""Runs the program on Tests/Cases: python3 run_cases.py PROGRAM [NAME ...]; ends with 1 when a figure is wrong."""

import sys
import tempfile

from calculator import COLUMNS
from cases import all_cases, lookup_in
from project import write_project
from warehouse import public_tables, run_program, said


def faults_of(program, case):
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        case.write(folder)
        write_project(folder, case.settings)
        result = run_program(program, folder, case.settings["complete_through"])
        if result.returncode != 0:
            return [said(result)]
        return case.faults(lookup_in(public_tables(folder), COLUMNS))


def main(program, names):
    wrong = 0
    for case in all_cases():
        if names and case.name not in names:
            continue
        faults = faults_of(program, case)
        wrong += bool(faults)
        for fault in faults:
            print(f"{case.name}: {fault}\n    claim: {case.claim}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
