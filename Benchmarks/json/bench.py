#!/usr/bin/env python3
"""Reading JSON: Perennial's reader beside Foundation's JSONDecoder on the same documents; see README.md beside this file.

    make build
    python3 Benchmarks/json/bench.py [--megabytes 2000] [--rounds 3]
"""

import argparse
import datetime
import gzip
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from harness.environment import machine  # noqa: E402
from harness.measure import measure  # noqa: E402

WORK = ROOT / ".build" / "bench" / "json"
RELEASE = ROOT / ".build" / "release"


def compile_programs():
    """The decoder, and the reader from the objects of the release build."""
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run(["swiftc", "-O", HERE / "decode.swift", "-o", WORK / "decode"], check=True)
    objects = [file for name in ("Model", "Extract", "Normalize") for file in (RELEASE / f"{name}.build").glob("*.o")]
    maps = [f"-fmodule-map-file={ROOT / 'Sources' / name / 'module.modulemap'}" for name in system_libraries()]
    subprocess.run(
        ["swiftc", "-O", HERE / "read.swift", "-I", RELEASE / "Modules",
         *[word for file in maps for word in ("-Xcc", file)], *objects,
         *[f"-l{library}" for library in LIBRARIES if library_is_there(library)], "-o", WORK / "read"],
        check=True)


LIBRARIES = ["z", "crypto", "curl", "zstd"]


def library_is_there(name):
    return subprocess.run(
        ["ld", f"-l{name}", "-shared", "-o", "/dev/null"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def system_libraries():
    return sorted(file.parent.name for file in (ROOT / "Sources").glob("C*/module.modulemap"))


def exports(megabytes):
    """The same documents as lines, as lines compressed, and as one document with a records path."""
    lines = WORK / f"{megabytes}.ndjson"
    packed, page = lines.with_suffix(".ndjson.gz"), lines.with_suffix(".page.json")
    if not lines.exists():
        subprocess.run([sys.executable, HERE / "generate.py", lines, str(megabytes)], check=True)
    if not packed.exists():
        with open(lines, "rb") as plain, gzip.open(packed, "wb", compresslevel=1) as out:
            shutil.copyfileobj(plain, out, 1 << 20)
    if not page.exists():
        with open(lines, "rb") as plain, open(page, "wb") as out:
            out.write(b'{"object":"list","page":{"data":[')
            for number, line in enumerate(plain):
                out.write((b",\n" if number else b"") + line.rstrip(b"\n"))
            out.write(b'],"has_more":false}}\n')
    return [
        ("JSONDecoder, lines", [WORK / "decode", lines]),
        ("Perennial, lines", [WORK / "read", lines]),
        ("Perennial, one document", [WORK / "read", page, "page.data"]),
        ("Perennial, lines in gzip", [WORK / "read", packed]),
    ], lines.stat().st_size


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--megabytes", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    compile_programs()
    contestants, size = exports(given.megabytes)
    found = {name: [] for name, _ in contestants}
    said = {}
    for round_number in range(given.rounds):
        # Who begins changes from round to round.
        turn = round_number % len(contestants)
        for name, command in contestants[turn:] + contestants[:turn]:
            log = WORK / "log"
            found[name].append(measure(command, log))
            said[name] = log.read_text().strip()
    items = {text.split(" items")[0].split()[-1] for text in said.values()}
    if len(items) != 1:
        sys.exit(f"they do not agree on the number of items: {said}")
    decoder = statistics.median(usage.cpu for usage in found["JSONDecoder, lines"])
    rows = [
        f"# Reading JSON: results\n\nWritten on {datetime.date.today()} by `bench.py` with {size / 1e6:,.0f} MB, "
        f"{items.pop()} items and {given.rounds} rounds; [README.md](README.md) says what was measured.\n\n{machine()}\n",
        "| program | user + system, s | MB a second | times JSONDecoder | wall, s | peak memory, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, usages in found.items():
        cpu = sorted(usage.cpu for usage in usages)
        median = statistics.median(cpu)
        rows.append(
            f"| {name} | {cpu[0]:.2f} / {median:.2f} / {cpu[-1]:.2f} | {size / 1e6 / median:.0f} | {decoder / median:.1f} "
            f"| {statistics.median(usage.wall for usage in usages):.2f} "
            f"| {max(usage.memory for usage in usages) / 1e6:.0f} |")
    text = "\n".join(rows) + "\n"
    print(text)
    (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    main()
