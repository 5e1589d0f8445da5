"""Import: from a file of rows to records, through the hallway."""
