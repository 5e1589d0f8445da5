"""Search: what people type into a search box finds records by characters, pinyin, initials, numbers and phone digits.

`spelling` knows how texts are read, `grams` what is written into the index of a text, `parts` what a typed part may
mean, `found` makes a condition of it, `index` keeps the index up in the writer's own transaction.
Why it is made like this: docs/decisions.
"""
