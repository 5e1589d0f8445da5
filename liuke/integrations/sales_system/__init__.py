"""The link to a sales system of any vendor: its products, stock and orders, read by a mapping or sent by it (INTG-01).

mapping    what the file of the company says: tables, joins, columns, words of states
source     the connection: read only, with time-outs, its errors in words that hide the password
reading    rows of theirs into values of ours, into a spool on disk; whatever is wrong ends the run before it has begun
matching   whose order it is; what is nobody's waits until somebody says so
sync       one run: read everything, check it, then write it in batches and move the watermark
"""
