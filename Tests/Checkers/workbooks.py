"""Holds workbooks against what a spreadsheet program makes of them: opened, calculated anew and written again.

usage: workbooks.py SOFFICE FOLDER

For each XLSX of FOLDER: names of sheets, cells with type, value and format and charts are the same before and after, no cell is an error, and heads are frozen (of which a
program without a window keeps nothing).
For each CSV: its cells as the spreadsheet program reads them are those that Python's csv reads, and none is a formula. Prints a line for each fault; the exit
code is 1 when there is any.
"""

import csv
import datetime
import glob
import os
import re
import subprocess
import sys

import openpyxl

# Formulas are calculated whenever a file is opened, whoever wrote it.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(office, folder, files, options):
    out = os.path.join(folder, "written")
    profile = os.path.join(folder, "profile")
    os.makedirs(os.path.join(profile, "user"), exist_ok=True)
    settings = os.path.join(profile, "user", "registrymodifications.xcu")
    if not os.path.exists(settings):
        with open(settings, "w", encoding="utf-8") as file:
            file.write(SETTINGS)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{os.path.abspath(profile)}", "--headless", *options, "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", out, *files],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=240)
    return out


def form(text):
    """A number format without the signs that are quoted by the one writer and not by the other."""
    return re.sub(r'\\|"|\[\$-[0-9A-Fa-f]+\]', "", text).lower()


def equal(before, after):
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return abs(before - after) <= 1e-9 * max(1, abs(before))
    if isinstance(before, datetime.datetime) and isinstance(after, datetime.datetime):
        return before == after
    return str(before).replace("\r\n", "\n") == str(after).replace("\r\n", "\n")


def compare(name, before, after):
    faults = []
    if before.sheetnames != after.sheetnames:
        return [f"{name}: sheets {before.sheetnames} became {after.sheetnames}"]
    charts = 0
    for sheet in before.worksheets:
        other = after[sheet.title]
        where = f"{name} {sheet.title}"
        drawn = [[len(chart.series) for chart in book._charts] for book in (sheet, other)]
        charts += len(drawn[0])
        if drawn[0] != drawn[1]:
            faults.append(f"{where}: charts of {drawn[0]} series became {drawn[1]}")
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                if cell.data_type == "e" or twin.data_type == "e" or str(twin.value).startswith("#"):
                    faults.append(f"{where} {cell.coordinate}: {cell.value!r} is an error, {twin.value!r}")
                elif cell.value is None and twin.value is None:
                    continue
                elif not equal(cell.value, twin.value) or cell.data_type != twin.data_type:
                    faults.append(f"{where} {cell.coordinate}: {cell.value!r} became {twin.value!r}")
                elif cell.data_type in "nd" and form(cell.number_format) != form(twin.number_format):
                    faults.append(f"{where} {cell.coordinate}: {cell.number_format} became {twin.number_format}")
    if not any(sheet.freeze_panes for sheet in before.worksheets):
        faults.append(f"{name}: no head is frozen")
    print(f"{name}: {len(before.sheetnames)} sheets, {charts} charts")
    return faults


def read_csv(name, text_rows, book):
    faults = []
    sheet = book.worksheets[0]
    for number, row in enumerate(text_rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            value = cell.value
            if cell.data_type in "fe":
                faults.append(f"{name} {cell.coordinate}: {text!r} became {value!r}")
            elif isinstance(value, datetime.datetime):
                if value.strftime("%Y-%m-%d") != text:
                    faults.append(f"{name} {cell.coordinate}: {text!r} became {value}")
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or abs(float(text) - value) > 1e-9 * max(1, abs(value)):
                    faults.append(f"{name} {cell.coordinate}: {text!r} became {value}")
            elif (value or "") != text.replace("\r\n", "\n"):
                faults.append(f"{name} {cell.coordinate}: {text!r} became {value!r}")
    return faults


def main():
    office, folder = sys.argv[1:]
    faults = []
    books = sorted(glob.glob(folder + "/*.xlsx"))
    out = convert(office, folder, books, [])
    for path in books:
        name = os.path.basename(path)
        faults += compare(name, openpyxl.load_workbook(path), openpyxl.load_workbook(os.path.join(out, name)))
    texts = sorted(glob.glob(folder + "/*.csv"))
    # Separated by commas, quoted by quotes, UTF-8, from the first row, in the English of the USA; numbers that look special are read as such.
    out = convert(office, folder, texts, ["--infilter=CSV:44,34,76,1,,1033,false,true"])
    for path in texts:
        name = os.path.basename(path)
        with open(path, encoding="utf-8", newline="") as file:
            if file.read(1) != "\ufeff":
                faults.append(f"{name}: nothing says that it is UTF-8")
            rows = list(csv.reader(file, strict=True))
        if len({len(row) for row in rows}) != 1:
            faults.append(f"{name}: rows of different lengths")
        faults += read_csv(name, rows, openpyxl.load_workbook(os.path.join(out, name[:-4] + ".xlsx")))
        print(f"{name}: {len(rows)} rows")
    print("\n".join(faults[:60]))
    return 1 if faults or not books or not texts else 0


sys.exit(main())
