"""Proofs that take too long for the suite: `make prove` runs them on both databases and prints their figures.

Each proof asks a served product that holds the demo house, as people and programs do. One module a proof:

api      the OpenAPI document against the product, operation by operation and in chains
crawl    every role follows every link and sends every form with whatever comes to mind
scripts  sixty payloads in every text field, every view opened in a browser: nothing runs
kills    web and worker are killed while people write: nothing acknowledged is lost or doubled
crowd    fifty people at once
backup   a backup while fifty people write, brought back elsewhere
mutations  scopes, guards, locks and one-time keys are taken out in turn: a test fails
"""
