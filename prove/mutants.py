# ruff: noqa: E501  (a line for a mutation, however long)
# fmt: off
"""What is taken out, where, and which test must notice: the cheapest one that does."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCOPE = re.compile(r"visible_to\([^()]*(\([^()]*\))?[^()]*\)")
DOORS = "tests/test_doors.py::test_whoever_has_no_role_is_refused_at_every_door"
OUT = "tests/test_doors.py::test_whoever_may_only_look_carries_nothing_away"
ROWS = "tests/test_doors.py::test_rows_are_there_for_whoever_has_them_in_his_range_and_for_nobody_else"
WARM = "tests/test_entry.py::test_every_new_form_carries_another_key"  # any that moves into the house
ENTRY = "tests/test_entry.py::"
BATCH = "tests/test_batches.py::"
BIN = "tests/test_recycle_bin.py::test_"
OPPS = "liuke/marketing/tests/test_opportunities.py::test_"
LIFE = "liuke/customers/tests/test_timeline.py::test_"
FILES = "liuke/documents/tests/test_attachments.py::test_"
EXPORTS = "liuke/core/tests/test_exports.py::test_"
ERRANDS = "liuke/core/tests/test_errands.py::test_"
JOBS = "liuke/core/tests/test_jobs.py::test_"
TASKS = "liuke/workspace/tests/test_tasks.py::test_"
NOTICES = "liuke/workspace/tests/test_notice_pages.py::test_"
CUST = "liuke/customers/tests/"
SERVICE = "liuke/service/tests/"


@dataclass(frozen=True)
class Mutant:
    kind: str
    file: str  # below liuke/
    old: str
    new: str | None
    test: str
    only: str = ""  # "SQLite" or "PostgreSQL", where the other one has no such lock

    @property
    def mutated(self) -> str:
        """A scope becomes "all that are alive"."""
        return SCOPE.sub("alive()", self.old) if self.new is None else self.new

    def runs_on(self, server: bool) -> bool:
        return self.only in ("", "PostgreSQL" if server else "SQLite")


def scope(file: str, old: str, test: str, new: str | None = None) -> Mutant:
    return Mutant("scopes", file, old, new, test)


def guard(file: str, old: str, new: str, test: str) -> Mutant:
    return Mutant("guards", file, old, new, test)


def door(file: str, head: str, test: str = DOORS, action: str = "view", who: str = "resource") -> Mutant:
    """The question of a door that begins with this line."""
    asked = f'require(request.user, {who}, "{action}")'
    return Mutant("guards", file, f"{head}\n    {asked}\n", f"{head}\n", test)


def lock(file: str, old: str, new: str, test: str, only: str = "PostgreSQL") -> Mutant:
    return Mutant("locks", file, old, new, test, only)


def key(file: str, old: str, new: str, test: str) -> Mutant:
    return Mutant("one-time keys", file, old, new, test)


REQUEST = "(request: HttpRequest, resource: Resource) -> HttpResponse:"
MUTANTS: tuple[Mutant, ...] = (
    # the scopes everything is made of
    scope("core/resource.py", "return reach.rows(user, self.own) if reach else NOBODY", ROWS, "return Q()"),
    scope("core/resource.py", "return self._all(rows).filter(self.where(user, action))", LIFE + "a_strangers_opportunity_does_not_leak_through_the_customer", "return self._all(rows)"),
    scope("core/resource.py", "return Q(deleted_at=None) & self.range(user, action)", OPPS + "the_stranger_wins_and_loses_nothing", "return Q(deleted_at=None)"),
    scope("core/resource.py", "return Q(deleted_at=None) & self.range(user, action)", ROWS, "return self.range(user, action)"),
    scope("core/resource.py", "return ~Q(deleted_at=None) & self.reached(user, action)", ROWS, "return ~Q(deleted_at=None)"),
    scope("core/resource.py", "seen = self.where(user)\n        if", ROWS, "seen = Q()\n        if"),
    scope("core/resource.py", "return Q(deleted_at=None) if self.chosen_by_all else self.where(user)", "tests/test_permissions.py::test_a_form_offers_only_what_the_person_may_choose", "return Q(deleted_at=None)"),
    scope("core/listing.py", "else self.resource.where(self.user, self.action)\n        ", EXPORTS + "each_exports_as_far_as_the_role_reaches", "else Q(deleted_at=None)\n        "),
    scope("core/batches.py", "_base_manager.filter(seen, pk__in", BATCH + "test_a_record_nobody_may_see_has_no_name_in_the_answer", "_base_manager.filter(pk__in"),
    scope("core/many/writing.py", "draft.out_of_reach = draft.record.pk not in inside", "tests/test_many.py::test_rows_out_of_range_are_left_out_and_the_others_go_in", "draft.out_of_reach = False"),
    scope("core/links.py", ".rows(user, \"view\").filter(pk__in=ids)", TASKS + "a_task_is_about_what_its_creator_sees_and_tells_its_name_to_whoever_sees_it", ".model.objects.filter(pk__in=ids)"),
    scope("core/search/everywhere.py", "and one.menu and one.may(user, \"view\")]", "tests/test_search_everywhere.py::test_a_kind_nobody_granted_is_not_looked_through", "and one.menu]"),
    scope("workspace/errands.py", "get_object_or_404(Errand, pk=pk, user=request.user)", ERRANDS + "the_file_is_for_its_owner_only", "get_object_or_404(Errand, pk=pk)"),
    scope("workspace/errands.py", "Errand.objects.filter(user=person).select_related", ERRANDS + "one_sees_only_ones_own_errands", "Errand.objects.select_related"),
    scope("workspace/notices.py", "rows = Notice.objects.filter(user=user)", NOTICES + "the_list_shows_ones_own_newest_first", "rows = Notice.objects.all()"),
    scope("accounts/signing.py", "SignedIn.objects.filter(pk=pk, user=person)", "tests/test_sessions.py::test_one_of_the_own_sessions_is_ended", "SignedIn.objects.filter(pk=pk)"),
    scope("documents/shelf.py", "kept = Attachment.of(self.record).filter(pk=pk)", FILES + "a_file_is_reached_through_its_own_record_only", "kept = Attachment.objects.filter(pk=pk)"),
    scope("workspace/at_hand.py", "known.may(user, \"view\") and known.rows(user, \"view\").filter(pk=pk).exists()", "liuke/workspace/tests/test_at_hand.py::test_what_is_out_of_sight_or_no_record_is_not_noted", "known.model.objects.filter(pk=pk).exists()"),
    scope("workspace/notices.py", "get_object_or_404(Notice, pk=pk, user=request.user)", NOTICES + "another_persons_notice_does_not_exist_and_stays_unread", "get_object_or_404(Notice, pk=pk)"),
    scope("accounts/signing.py", "filter(pk=token, user=person, revoked_at=None)", "tests/test_sessions.py::test_an_administrator_sees_and_ends_sessions_and_tokens", "filter(pk=token, revoked_at=None)"),
    # each question to the database in the name of a person
    scope("customers/duplicates.py", "Customer.objects.visible_to(user)", CUST + "test_duplicates.py::test_the_beginning_of_a_name_finds_nothing_of_strangers"),
    scope("customers/resources/interactions.py", "return Q(created_by=user.pk) & alive if", CUST + "test_interactions.py::test_only_the_author_deletes_even_when_the_customer_has_moved_on", "return alive if"),
    scope("service/cards.py", "Complaint.objects.visible_to(user)", SERVICE + "test_complaints.py::test_the_home_page_shows_those_that_wait"),
    scope("service/articles.py", "return ServiceRequest.objects.visible_to(user)", SERVICE + "test_articles.py::test_the_article_leads_to_its_case_for_those_alone_who_may_see_it"),
    scope("service/visit_life.py", "return FollowUpVisit.objects.visible_to(user)", SERVICE + "test_visits.py::test_the_customers_page_shows_them_as_far_as_the_reader_may_see"),
    scope("service/screens.py", "rows = ServiceRequest.objects.visible_to(user)", SERVICE + "test_requests.py::test_an_earlier_request_of_the_matter_is_named_to_those_alone_who_see_it"),
    scope("marketing/life.py", "return Opportunity.objects.visible_to(user)", LIFE + "a_strangers_opportunity_does_not_leak_through_the_customer"),
    scope("marketing/resources.py", "return super().range(user, action) & open_to", OPPS + "zhuguan_assigns_and_from_then_on_only_assignee_and_superiors_see_it", "return super().range(user, action)"),
    # what a door asks before it opens
    guard("core/resource.py", "return user.reach(self.name, self.grant_of(action)) is not None", "return True", DOORS),
    guard("core/models/record.py", "if frozen := self.frozen_fields() & values.keys():", "if frozen := set():", OPPS + "what_is_frozen_is_kept_by_the_record_itself_whoever_writes"),
    guard("core/api/door.py", 'if scheme.lower() != "bearer" or not word', "if not word", "liuke/accounts/tests/test_signing.py::test_a_token_counts_as_a_bearer_only"),
    guard("core/doors/common.py", "if not resource.may(user, action):", "if False:", DOORS),
    guard("core/doors/common.py", "    require(user, resource, action)\n    record = find(", "    record = find(", DOORS),
    door("core/doors/lists.py", "def list_page" + REQUEST),
    guard("core/doors/lists.py", 'are many."""\n    require(request.user, resource, "view")', 'are many."""', DOORS),
    door("core/doors/details.py", "def detail_page(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:"),
    door("core/doors/entry.py", "def new_page" + REQUEST, action="create"),
    door("core/doors/stats.py", "def stats_part" + REQUEST),
    door("core/doors/sums.py", "def sums_part" + REQUEST),
    door("core/doors/views.py", "def new_view" + REQUEST),
    guard("core/doors/views.py", 'not exist."""\n    require(request.user, resource, "view")', 'not exist."""', DOORS),
    door("core/doors/where_form.py", "def where_page" + REQUEST),
    door("core/doors/column_settings.py", "def column_settings" + REQUEST),
    door("core/doors/choices.py", "def choices_part(request: HttpRequest, resource: Resource, field: str) -> JsonResponse:"),
    guard("core/doors/batch.py", 'dialogs."""\n    require(request.user, resource, "view")', 'dialogs."""', DOORS),
    guard("core/doors/batch.py", "    require(request.user, resource, name)\n", "", DOORS),
    guard("core/doors/batch.py", '    require(request.user, resource, "export")\n', "", OUT),
    guard("core/doors/prints.py", '    require(request.user, resource, "export")\n', "", OUT),
    guard("core/exports.py", "if not resource.may(user, act):", "if False:", "tests/test_carrying_out.py::test_who_loses_the_right_before_the_work_gets_no_file"),
    guard("core/doors/prints.py", "if listing.deleted:", "if False:", BATCH + "test_a_list_is_printed_as_it_is_filtered_and_within_the_right_to_export"),
    door("core/doors/imports.py", "def template_file(request: HttpRequest, resource: Resource, kind: str) -> FileResponse:", action="import"),
    guard("core/doors/imports.py", 'does not exist."""\n    require(request.user, resource, "import")', 'does not exist."""', DOORS),
    guard("core/api/records.py", 'def list(self, request: HttpRequest) -> HttpResponse:\n        require(request.user, self.resource, "view")', "def list(self, request: HttpRequest) -> HttpResponse:", DOORS),
    guard("core/api/records.py", 'def read(self, request: HttpRequest, pk: int) -> HttpResponse:\n        require(request.user, self.resource, "view")', "def read(self, request: HttpRequest, pk: int) -> HttpResponse:", DOORS),
    guard("core/api/records.py", '        require(request.user, self.resource, "create")\n', "", DOORS),
    guard("core/api/records.py", "        record = find_for(request.user, self.resource, pk, \"delete\")\n", "        record = find(request.user, self.resource, pk)\n", DOORS),
    guard("core/api/records.py", "        record = find_for(request.user, self.resource, pk, \"update\")\n", "        record = find(request.user, self.resource, pk)\n", DOORS),
    guard("core/reports/pages.py", 'if not all(report.is_open_to(user, action) for action in ("view", *actions)):', "if False:", DOORS),
    guard("core/reports/pages.py", '    must_allow(request.user, report, "export")\n', "", OUT),
    guard("core/reports/files.py", '    must_allow(request.user, report, "export")\n', "", OUT),
    guard("core/reports/api.py", "    must_allow(request.user, report)\n", "", DOORS),
    guard("documents/shelf.py", 'require(user, resource, "view")', "pass", DOORS),
    guard("core/batches.py", "_as_of_now(user), name, pk, sent)", "user, name, pk, sent)", BATCH + "test_rights_are_those_of_the_moment_each_record_is_written"),
    # what a verb asks before it acts
    guard("core/verbs.py", "    record.must_allow(method.__name__, by)\n", "", ENTRY + "test_a_verb_reads_its_row_again_under_a_lock"),
    guard("core/models/record.py", "            guard(by)\n", "            pass\n", OPPS + "only_its_creator_deletes_an_unassigned_one"),
    guard("core/models/record.py", "if starts and self.status not in starts:", "if False:", ENTRY + "test_a_verb_reads_its_row_again_under_a_lock"),
    guard("core/hallway.py", '    _must_reach(resource, user, record, "create")\n', "", "liuke/customers/tests/test_interactions.py::test_the_quick_entry_is_no_way_around_the_range"),
    guard("core/hallway.py", '        _must_reach(resource, user, record, "update")\n', "        pass\n", BATCH + "test_nobody_hands_a_batch_of_records_out_of_his_range"),
    # one-time keys
    key("core/hallway.py", "    if not word:\n        return saved(work)\n", "    return saved(work)\n", ENTRY + "test_a_form_sent_twice_makes_one_record_and_says_where_it_is"),
    key("core/hallway.py", "        used.settle(record)\n", "", ENTRY + "test_an_idempotency_key_answers_with_the_first_record"),
    key("core/doors/common.py", "return sent if re.fullmatch(", 'return "" if re.fullmatch(', ENTRY + "test_a_form_sent_twice_makes_one_record_and_says_where_it_is"),
    key("core/models/keys.py", "filter(user=user, path=path, key=key, ", "filter(key=key, ", ENTRY + "test_a_key_belongs_to_one_user_and_one_address"),
    key("core/models/keys.py", "created_at__gte=since", "created_at__lte=clock.now()", ENTRY + "test_a_key_is_remembered_for_a_day"),
    key("core/doors/batch.py", 'OneTimeKey.claim(request.user, request.path, key, "page")', "pass", BATCH + "test_the_same_batch_sent_twice_is_done_once"),
    key("documents/shelf.py", "with_key(self.user, key, ", 'with_key(self.user, ("", "", None), ', FILES + "a_double_click_attaches_once"),
    key("accounts/models/second_factor.py", "pk=self.pk, last_step__lt=step)", "pk=self.pk)", "tests/test_second_factor.py::test_a_code_is_taken_once"),
    key("accounts/models/second_factor.py", "            row.recovery.remove(hashed)\n", "", "tests/test_second_factor.py::test_a_recovery_code_lets_in_once_however_it_is_typed"),
    # locks
    lock("core/verbs.py", "        lock(record)\n        before", "        before", ENTRY + "test_a_verb_reads_its_row_again_under_a_lock", ""),
    lock("core/verbs.py", '.select_for_update(of=("self",), no_key=True)', "", ENTRY + "test_a_verb_reads_its_row_again_under_a_lock"),
    lock("core/jobs/store.py", "filter(pk=pk, state=State.QUEUED).update", "filter(pk=pk).update", JOBS + "two_workers_never_take_the_same_run", ""),
    lock("core/jobs/store.py", "return State.RUNNING not in states and _take", "return _take", JOBS + "of_two_workers_that_see_two_runs_of_one_job_only_one_begins", ""),
    lock("core/jobs/store.py", "filter(pk=run.pk, state=State.RUNNING, worker=run.worker, attempts=run.attempts)", "filter(pk=run.pk)", JOBS + "a_worker_that_slept_does_not_write_over_the_one_that_took_over", ""),
    lock("config/databases.py", '"IMMEDIATE"', '"DEFERRED"', "liuke/config/tests/test_environment.py::test_sqlite_transactions_take_the_write_lock_at_their_start", "SQLite"),
)
