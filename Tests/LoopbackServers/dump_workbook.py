"""Prints the cells of a workbook read from standard input, a sheet under its name and a row a line; needs nothing but Python."""

import io
import re
import sys
import zipfile
from xml.etree import ElementTree

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

book = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))


def tree(name):
    return ElementTree.fromstring(book.read(name))


def text(element):
    return "".join(part.text or "" for part in element.iter(SPACE + "t"))


strings = []
if "xl/sharedStrings.xml" in book.namelist():
    strings = [text(item) for item in tree("xl/sharedStrings.xml").iter(SPACE + "si")]
places = {link.get("Id"): link.get("Target") for link in tree("xl/_rels/workbook.xml.rels")}
for sheet in tree("xl/workbook.xml").iter(SPACE + "sheet"):
    print("==", sheet.get("name"))
    for row in tree("xl/" + places[sheet.get(LINK)]).iter(SPACE + "row"):
        cells = []
        for cell in row.iter(SPACE + "c"):
            value = cell.find(SPACE + "v")
            if cell.get("t") == "inlineStr":
                shown = repr(text(cell))
            elif value is None:
                continue
            elif cell.get("t") == "s":
                shown = repr(strings[int(value.text)])
            else:
                shown = value.text
            cells.append(re.sub(r"\d+", "", cell.get("r")) + ": " + shown)
        if cells:
            print(row.get("r"), " | ".join(cells))
