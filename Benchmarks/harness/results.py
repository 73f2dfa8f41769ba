"""The one table: what every run used, and how many times what Perennial used."""

import math
import re
import statistics

HEADER = ["work", "program", "user + system, s", "x", "wall, s", "x", "peak memory, MB", "file, MB"]


def spread(seconds):
    """min / median / max; of a single run itself."""
    digits = 3 if statistics.median(seconds) < 0.1 else 2
    values = sorted({f"{value:.{digits}f}" for value in seconds}, key=float)
    if len(values) == 1:
        return values[0]
    return f"{values[0]} / {statistics.median(seconds):.{digits}f} / {values[-1]}"


def table(works):
    """Markdown."""
    rows = [HEADER]
    for work in works:
        ours = work.usages[work.programs[0].name]
        for program in work.programs:
            usages, size = work.usages[program.name], work.file_size(program)
            cells = [work.title, program.name]
            for kind in ("cpu", "wall"):
                seconds = [getattr(usage, kind) for usage in usages]
                reference = statistics.median(getattr(usage, kind) for usage in ours)
                cells += [spread(seconds), f"{statistics.median(seconds) / reference:.2f}"]
            cells.append(f"{max(usage.memory for usage in usages) / 1e6:.0f}")
            cells.append("" if size is None else f"{size / 1e6:.0f}")
            rows.append(cells)
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = [
        "| " + " | ".join(
            cell.ljust(width) if column < 2 or row is HEADER else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ) + " |"
        for row in rows
    ]
    rule = ["-" * width if column < 2 else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join([lines[0], "| " + " | ".join(rule) + " |", *lines[1:]])


def median_cpu(work):
    return statistics.median(usage.cpu for usage in work.usages[work.programs[0].name])


def growth(full_loads):
    """How Perennial's user + system seconds grow with the rows. `full_loads`: (size's name, its periods, the work)."""
    lines = []
    for (smaller, few, before), (larger, many, after) in zip(full_loads, full_loads[1:]):
        power = math.log(median_cpu(after) / median_cpu(before)) / math.log(many / few)
        lines.append(f"- Perennial's full load from {smaller} to {larger}: user + system seconds grow as rows to the power {power:.2f}.")
    return lines


def reading_share(work):
    """What of Perennial's last run was reading and checking the exports, by its own log."""
    text = work.log(work.programs[0]).read_text(errors="replace")
    reading = sum(float(seconds) for seconds in re.findall(r"^stage=extract .*?seconds=([\d.]+)", text, re.MULTILINE))
    wall = work.usages[work.programs[0].name][-1].wall
    return f"- {work.title}: {reading:.2f} s of Perennial's last run, {wall:.2f} s wall, were reading the exports."
