"""Measures the board pack: 36 months, five dimensions, all formats that the program writes by itself.

    python3 Benchmarks/reports.py .build/release/perennial

Makes the demo company's project in a folder of its own, with every shipped report over 36 months, publishes it once, and makes the board pack
again from the warehouse, several times: what that takes of time and memory, reading included, and how large each file is. PNG and PDF, which
other programs make, are apart. Nothing is asserted unless --limit asks for it.
"""

import argparse
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

FORMATS = ["markdown", "html", "csv", "json", "xlsx"]
DIMENSIONS = ["country", "industry", "arr_band", "plan", "currency"]
SECONDS, MEGABYTES, PAGE_KILOBYTES = 1.0, 150, 500


def measured(command, folder):
    """Wall and processor seconds, and the most memory at once in megabytes."""
    with tempfile.TemporaryFile() as log:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        if status:
            log.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{log.read().decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def prepare(program, folder, months):
    """The demo company's project, whose reports look back so many months and break figures down by five dimensions."""
    subprocess.run([program, "demo", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    segments = folder / "Config" / "segments.yml"
    lines = [
        line
        for line in segments.read_text().splitlines()
        if not line.startswith("  ") or line.split(":")[0].strip() in DIMENSIONS
    ]
    segments.write_text("\n".join(lines) + "\n")
    reports = folder / "Reports"
    if not (reports / "board_pack.yml").exists():
        # A project without reports gets the shipped ones; their files stand beside this script's project.
        shipped = pathlib.Path(__file__).resolve().parent.parent / "Reports"
        reports.mkdir(exist_ok=True)
        for file in shipped.glob("*.yml"):
            shutil.copy(file, reports)
    for file in reports.glob("*.yml"):
        text = re.sub(r"(?m)^( *)months: \d+", rf"\g<1>months: {months}", file.read_text())
        if not re.search(r"(?m)^months:", text):
            text = text.replace("\nsections:", f"\nmonths: {months}\nsections:", 1)
        text = re.sub(r"(?m)^formats: .*$", f"formats: [{', '.join(FORMATS)}]", text)
        file.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=pathlib.Path, help="where to make the project, or where it was made before")
    parser.add_argument("--limit", action="store_true", help="fail above the limits")
    options = parser.parse_args()
    program = options.program.resolve()
    temporary = None if options.keep else tempfile.TemporaryDirectory(prefix="perennial-reports-")
    folder = options.keep.resolve() if options.keep else pathlib.Path(temporary.name) / "project"
    if not (folder / "output").exists():
        prepare(program, folder, options.months)
        measured([program, "run", "nightly"], folder)
    target = folder / "output" / "measured"
    runs = []
    for _ in range(options.rounds):
        shutil.rmtree(target, ignore_errors=True)
        runs.append(measured([program, "render", "board_pack", "--to", target], folder))
    wall, processor, memory = (sorted(values)[len(values) // 2] for values in zip(*runs))
    print(f"board pack, {options.months} months, {len(DIMENSIONS)} dimensions, {', '.join(FORMATS)}")
    print(f"  median of {options.rounds}: {wall:.2f} s wall, {processor:.2f} s processor, {memory:.0f} MB")
    print(f"  fastest: {min(run[0] for run in runs):.2f} s wall")
    sizes = {}
    for file in sorted(target.iterdir()):
        sizes[file.suffix] = sizes.get(file.suffix, 0) + file.stat().st_size
    for suffix, size in sizes.items():
        print(f"  {suffix[1:]:>5} {size / 1000:8.0f} KB")
    if options.limit:
        page = sizes.get(".html", 0) / 1000
        for what, value, limit in [
            ("seconds", min(run[0] for run in runs), SECONDS), ("MB", memory, MEGABYTES), ("KB of HTML", page, PAGE_KILOBYTES),
        ]:
            if value > limit:
                raise SystemExit(f"{value:.2f} {what}, the limit is {limit}")


main()
