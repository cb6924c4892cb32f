"""Many reports in one table, workbook and page."""
