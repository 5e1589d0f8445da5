"""Reports: questions whose answer is a table and a chart.

Each is declared once, as a `Report`; from that come its page, its files, its sheet of paper and its place in the API.
"""
