"""The one table: what every run used, and how many times Perennial's."""

import statistics


def spread(values, scale=1.0, digits=2):
    """min / median / max"""
    low, middle, high = min(values), statistics.median(values), max(values)
    return " / ".join(f"{value * scale:.{digits}f}" for value in (low, middle, high))


def ratio(values, reference):
    if not reference:
        return "-"
    return f"{statistics.median(values) / statistics.median(reference):.2f}"


HEADER = [
    "work", "program", "user + system, s", "x", "wall, s", "x", "peak memory, MB", "file, MB",
]


def table(works):
    """Markdown rows. `works`: for each piece of work its title and, by program, usages and the size of its file."""
    rows = [HEADER, ["---", "---"] + ["---:"] * 6]
    for title, programs in works:
        ours = programs.get("Perennial", ([], None))[0]
        for name, (usages, size) in programs.items():
            rows.append([
                title, name,
                spread([u.cpu for u in usages]), ratio([u.cpu for u in usages], [u.cpu for u in ours]),
                spread([u.wall for u in usages]), ratio([u.wall for u in usages], [u.wall for u in ours]),
                f"{statistics.median(u.memory for u in usages) / 1e6:.0f}",
                "" if size is None else f"{size / 1e6:.0f}",
            ])
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = []
    for number, row in enumerate(rows):
        is_rule = number == 1
        cells = [
            ("-" * (width - 1) + ":" if cell.endswith(":") else "-" * width) if is_rule
            else cell.rjust(width) if column >= 2 and number else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
