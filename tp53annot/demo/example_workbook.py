"""The example's sample list as a laboratory keeps it: a workbook with title rows, dates and per-cent cells."""

from __future__ import annotations

import datetime
import io
import re

from tp53annot.knowledge.store import Store

_TITLE = "Probenliste Molekulargenetik (erfundene Proben)"
_HEADER_ROW = 2  # from 0; above it the title and an empty row
_MADE = datetime.datetime(2026, 1, 1)  # the same bytes each time
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")


def example_workbook(store: Store) -> bytes:
    """``example/lab_sheet.tsv`` as .xlsx: numbers are numbers, ``88%`` is 0.88 shown as per cent, dates are dates."""
    from xlsxwriter import Workbook

    lines = store.read("example/lab_sheet.tsv").decode().splitlines()
    data = io.BytesIO()
    book = Workbook(data, {"in_memory": True})
    book.set_properties({"created": _MADE})
    page = book.add_worksheet("Proben")
    percent, date = book.add_format({"num_format": "0%"}), book.add_format({"num_format": "dd.mm.yyyy"})
    page.write_string(0, 0, _TITLE, book.add_format({"bold": True}))
    for y, line in enumerate(lines, _HEADER_ROW):
        for x, text in enumerate(line.split("\t")):
            if text.endswith("%"):
                page.write_number(y, x, float(text[:-1]) / 100, percent)
            elif _DATE.match(text):
                page.write_datetime(y, x, datetime.datetime.fromisoformat(text), date)
            elif text.isdigit():
                page.write_number(y, x, int(text))
            elif text:
                page.write_string(y, x, text)
    book.close()
    return data.getvalue()
