"""What has to be there before anything can be measured; all of it below .build/bench."""

import os
import pathlib
import platform
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BENCHMARKS = ROOT / "Benchmarks"
WORK = ROOT / ".build" / "bench"
PYTHON = WORK / "python" / "bin" / "python"

class Missing(Exception):
    """Something the benchmark cannot bring along itself."""


def install(requirements):
    """The throw-away Python environment with the packages of a requirements file; nothing to do when it has them."""
    installed = WORK / "python" / requirements.name
    if installed.exists() and installed.read_text() == requirements.read_text():
        return
    if not (PYTHON.parent / "pip").exists():
        try:
            venv.create(WORK / "python", clear=True, with_pip=True)
        except (OSError, SystemExit, subprocess.CalledProcessError) as problem:
            raise Missing(f"bench: python3-venv is missing: the peers' packages live in a throw-away environment ({problem})")
    print(f"bench: installing {requirements.name} into {WORK.relative_to(ROOT)}/python", file=sys.stderr)
    options = ["--quiet", "--retries", "1", "--disable-pip-version-check"]
    if subprocess.run([PYTHON, "-m", "pip", "install", *options, "--requirement", requirements]).returncode != 0:
        raise Missing("bench: pip could not install the peers' packages: is there a network?")
    installed.write_text(requirements.read_text())


def compiler():
    """The system's C compiler, else the one every Swift toolchain brings."""
    found = shutil.which("cc") or shutil.which("clang")
    if not found:
        raise Missing("bench: gcc is missing: one of the peers is in C")
    return found


def compile_c():
    """The peers in C, compiled anew when a source is newer."""
    folder = BENCHMARKS / "peers" / "c_sqlite"
    newest = max(source.stat().st_mtime for source in folder.iterdir())
    for name in ("sweep", "whole"):
        program = WORK / name
        if not program.exists() or program.stat().st_mtime < newest:
            subprocess.run([compiler(), "-O2", "-o", program, folder / f"{name}.c", "-lsqlite3"], check=True)


def first_line(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().split("\n")[0]


def versions(program):
    """Name and version of everything that is measured."""
    names = ["duckdb", "dbt-core", "dbt-duckdb", "dlt", "polars", "adbc-driver-sqlite", "pyarrow"]
    script = (
        "import importlib.metadata as m\n"
        f"for n in {names!r}:\n"
        "  try: print(n, m.version(n))\n"
        "  except m.PackageNotFoundError: pass\n"
    )
    packages = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True).stdout.strip().split("\n")
    own = f"perennial {first_line([program, '--version'])}"
    if ROOT in program.parents:
        own += f", built from {first_line(['git', '-C', ROOT, 'describe', '--always', '--dirty'])}"
    else:
        own += ", a program built elsewhere (--program)"
    return [
        own, *packages,
        f"sqlite3 {first_line(['sqlite3', '--version']).split(' ')[0]}", first_line([compiler(), "--version"]),
        f"Python {platform.python_version()}",
    ]


def machine():
    """Processor, cores, memory and system, in one line."""
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"
