"""Prints what openpyxl reads of a workbook as JSON: each sheet's cells with type, value and number format, and its charts."""

import datetime
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheets = []
for sheet in book.worksheets:
    cells = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            value = cell.value
            if isinstance(value, (datetime.datetime, datetime.date)):
                value = value.strftime("%Y-%m-%d")
            elif isinstance(value, (int, float)):
                value = repr(value)
            cells.append([cell.row, cell.column, cell.data_type, value, cell.number_format])
    charts = [
        {"kind": type(chart).__name__, "series": len(chart.series)} for chart in getattr(sheet, "_charts", [])
    ]
    sheets.append(
        {"name": sheet.title, "frozen": sheet.freeze_panes, "cells": cells, "charts": charts}
    )
json.dump({"created": str(book.properties.created), "sheets": sheets}, sys.stdout)
