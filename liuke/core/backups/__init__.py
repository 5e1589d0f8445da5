"""Backups (SYS-04): one file that holds the whole house, on any database, and everything that is done with it.

rows        all rows as lines that mean the same on SQLite and PostgreSQL
archive     the file: written in one moment of the database, checked before anything is done with it
lifting     an archive of an older Liuke brought to the present schema
restoring   the house as an archive holds it, or as it was before
clearing    a house without business data
moving      the house on another database
folder      where backups lie, which of them stay
"""
