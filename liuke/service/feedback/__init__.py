"""Everything a customer says back, from wherever it comes, in one list; a task can be made of each entry (SVC-14)."""
