/* SPDX-License-Identifier: Apache-2.0 */
/* Many files, verified on several cores with one memory of what was valid: docs/spec/bundle.md#ver-portfolio. */
#include <stdatomic.h>

#include <aval/portfolio.h>

#include "token/portfolio_order.h"
#include "token/verify.h"

typedef struct portfolio_file {
	const uint8_t *data;
	size_t         len;
	size_t         signatures;
	aval_result    result;
	aval_status    cause; /* of the row that decided */
	bool           is_verified;
} portfolio_file;

struct aval_portfolio {
	const aval_allocator *allocator;
	const aval_policy    *policy;
	const aval_executor  *executor;
	portfolio_file       *files;
	size_t                count, room;
	aval_verified        *verified;
	aval_report          *report; /* the one that was asked for last */
};

/* Files that a task takes at a time: neighbours, which may have ancestors in common. */
enum { SHARE = 64 };

/* One run over the files; each task takes shares of them until none is left. */
typedef struct portfolio_run {
	aval_portfolio       *portfolio;
	aval_portfolio_place *places; /* of the files that are to be verified */
	size_t                count;
	atomic_size_t         next;
} portfolio_run;

aval_status aval_portfolio_new(aval_portfolio **portfolio_out, const aval_policy *policy,
                               const aval_executor *executor, const aval_allocator *allocator, aval_error *err)
{
	aval_portfolio *portfolio;
	aval_status     status = aval_executor_check(executor, err);

	if (status != AVAL_OK)
		return status;
	portfolio = aval_alloc_zero(allocator, sizeof *portfolio);
	if (portfolio == NULL)
		return aval_fail_no_memory(err);
	portfolio->allocator = allocator;
	portfolio->policy = policy;
	portfolio->executor = executor;
	status = aval_verified_new(&portfolio->verified, allocator, err);
	if (status == AVAL_OK)
		status = aval_report_new(&portfolio->report, allocator, err);
	if (status == AVAL_OK)
		*portfolio_out = portfolio;
	else
		aval_portfolio_free(portfolio);
	return status;
}

void aval_portfolio_free(aval_portfolio *portfolio)
{
	if (portfolio == NULL)
		return;
	aval_report_free(portfolio->report);
	aval_verified_free(portfolio->verified);
	aval_free(portfolio->files, portfolio->allocator);
	aval_free(portfolio, portfolio->allocator);
}

aval_status aval_portfolio_add(aval_portfolio *portfolio, const uint8_t *data, size_t len, aval_error *err)
{
	portfolio_file *files = aval_grow(portfolio->files, &portfolio->room, portfolio->count, sizeof *files,
	                                  portfolio->allocator);

	if (files == NULL)
		return aval_fail_no_memory(err);
	portfolio->files = files;
	files[portfolio->count++] = (portfolio_file){ .data = data, .len = len };
	return AVAL_OK;
}

size_t aval_portfolio_count(const aval_portfolio *portfolio)
{
	return portfolio->count;
}

/* What a task has for itself. */
typedef struct portfolio_worker {
	aval_report  *report;
	aval_ancestry ancestry;
	aval_claims   claims;
} portfolio_worker;

static aval_status verify_file(const aval_portfolio *portfolio, portfolio_file *file, aval_report *report,
                               aval_ancestry *ancestry)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status = aval_verify_with(report, file->data, file->len, portfolio->policy,
	                                      portfolio->verified, ancestry, &why);

	if (aval_status_is_fatal(status))
		return status;
	file->result = aval_report_result(report);
	file->cause = (aval_status)why.cause;
	file->signatures = report->signature_count;
	return AVAL_OK;
}

static size_t share_end(const portfolio_run *run, size_t begin)
{
	return run->count - begin < SHARE ? run->count : begin + SHARE;
}

static aval_status verify_files(const portfolio_run *run, size_t begin, aval_report *report,
                                aval_ancestry *ancestry)
{
	size_t      end = share_end(run, begin);
	aval_status status = AVAL_OK;

	for (size_t i = begin; i < end && status == AVAL_OK; i++)
		status = verify_file(run->portfolio, &run->portfolio->files[run->places[i].index], report, ancestry);
	return status;
}

/* What was found of a share's files counts, or is forgotten. */
static void conclude_share(const portfolio_run *run, size_t begin, bool counts)
{
	size_t end = share_end(run, begin);

	for (size_t i = begin; i < end; i++) {
		portfolio_file *file = &run->portfolio->files[run->places[i].index];

		if (counts)
			file->is_verified = true;
		else
			*file = (portfolio_file){ .data = file->data, .len = file->len };
	}
}

/*
 * The files of a share are verified as if all their signatures were valid, and the signatures then in one go. If one
 * of them is not, nothing of that counts: the files are verified one by one, each by itself.
 */
static aval_status verify_share(const portfolio_run *run, size_t begin, portfolio_worker *worker)
{
	aval_status status = verify_files(run, begin, worker->report, &worker->ancestry);

	if (status == AVAL_OK)
		status = aval_claims_settle(&worker->claims);
	if (status != AVAL_OK && !aval_status_is_fatal(status)) {
		worker->claims.status = AVAL_OK;
		aval_ancestry_clear(&worker->ancestry);
		status = verify_files(run, begin, worker->report, NULL);
	}
	conclude_share(run, begin, status == AVAL_OK);
	return status;
}

static aval_status verify_shares(size_t index, void *task_data)
{
	portfolio_run        *run = task_data;
	const aval_allocator *allocator = run->portfolio->allocator;
	portfolio_worker     *worker = aval_alloc_zero(allocator, sizeof *worker);
	size_t                begin;
	aval_status           status;

	(void)index;
	if (worker == NULL)
		return AVAL_E_NO_MEMORY;
	worker->claims.verified = run->portfolio->verified;
	aval_ancestry_init(&worker->ancestry, &worker->claims, allocator);
	status = aval_report_new(&worker->report, allocator, NULL);
	while (status == AVAL_OK && (begin = atomic_fetch_add(&run->next, SHARE)) < run->count)
		status = verify_share(run, begin, worker);
	aval_ancestry_clear(&worker->ancestry);
	aval_report_free(worker->report);
	aval_free(worker, allocator);
	return status;
}

static void place_file(const portfolio_run *run, aval_portfolio_place *place)
{
	const portfolio_file *file = &run->portfolio->files[place->index];

	aval_portfolio_set_likeness(place, file->data, file->len);
}

static aval_status place_shares(size_t index, void *task_data)
{
	portfolio_run *run = task_data;
	size_t         begin;

	(void)index;
	while ((begin = atomic_fetch_add(&run->next, SHARE)) < run->count) {
		size_t end = share_end(run, begin);

		for (size_t i = begin; i < end; i++)
			place_file(run, &run->places[i]);
	}
	return AVAL_OK;
}

static void list_places(portfolio_run *run)
{
	run->count = 0;
	for (size_t i = 0; i < run->portfolio->count; i++)
		if (!run->portfolio->files[i].is_verified)
			run->places[run->count++] = (aval_portfolio_place){ { 0, 0 }, i };
}

/* Whether most neighbours, of a sample of them, have their first event in common: then they stand well as they do. */
static bool is_in_order(const portfolio_run *run)
{
	enum { SAMPLES = 64 };
	size_t step = run->count / SAMPLES + 1, seen = 0, alike = 0;

	for (size_t i = 1; i < run->count; i += step, seen++) {
		aval_portfolio_place a = { { 0, 0 }, run->places[i - 1].index }, b = { { 0, 0 }, run->places[i].index };

		place_file(run, &a);
		place_file(run, &b);
		alike += a.likeness[1] >> 48 == b.likeness[1] >> 48;
	}
	return 2 * alike >= seen;
}

static void run_tasks(portfolio_run *run, aval_task task, aval_status *status_inout)
{
	const aval_executor *executor = run->portfolio->executor;

	if (*status_inout != AVAL_OK)
		return;
	atomic_store(&run->next, 0);
	*status_inout = aval_executor_run(executor, aval_executor_width(executor), task, run);
}

/* Verify what was not verified yet. */
static aval_status run_all(aval_portfolio *portfolio)
{
	portfolio_run run = { .portfolio = portfolio };
	aval_status   status = AVAL_OK;

	run.places = aval_alloc_array(portfolio->allocator, portfolio->count, 2 * sizeof *run.places);
	if (run.places == NULL)
		return portfolio->count == 0 ? AVAL_OK : AVAL_E_NO_MEMORY;
	list_places(&run);
	if (!is_in_order(&run)) {
		run_tasks(&run, place_shares, &status);
		aval_portfolio_sort(run.places, run.places + portfolio->count, run.count);
	}
	run_tasks(&run, verify_shares, &status);
	aval_free(run.places, portfolio->allocator);
	return status;
}

/* The first file of a result. */
static const portfolio_file *first_of(const aval_portfolio *portfolio, aval_result result)
{
	for (size_t i = 0; i < portfolio->count; i++)
		if (portfolio->files[i].result == result)
			return &portfolio->files[i];
	return NULL;
}

static aval_status conclude(const aval_portfolio *portfolio, aval_error *err)
{
	const portfolio_file *invalid = first_of(portfolio, AVAL_RESULT_INVALID);
	const portfolio_file *incomplete = first_of(portfolio, AVAL_RESULT_INCOMPLETE);

	if (invalid != NULL)
		return aval_fail_cause(err, AVAL_E_VERIFY_INVALID, "portfolio.files[]", "a file is invalid",
		                       invalid->cause);
	if (incomplete != NULL)
		return aval_fail_cause(err, AVAL_E_VERIFY_INCOMPLETE, "portfolio.files[]", "a file is incomplete",
		                       incomplete->cause);
	return AVAL_OK;
}

aval_status aval_portfolio_verify(aval_portfolio *portfolio, aval_error *err)
{
	aval_status status = run_all(portfolio);

	if (status == AVAL_E_NO_MEMORY)
		return aval_fail_no_memory(err);
	if (status != AVAL_OK)
		return aval_fail_cause(err, AVAL_E_CALLBACK, "executor", "the executor failed", status);
	return conclude(portfolio, err);
}

aval_result aval_portfolio_result(const aval_portfolio *portfolio, size_t index)
{
	return index < portfolio->count ? portfolio->files[index].result : AVAL_RESULT_INCOMPLETE;
}

void aval_portfolio_summarize(aval_portfolio_summary *summary_out, const aval_portfolio *portfolio)
{
	aval_portfolio_summary s = { .batches = aval_verified_count(portfolio->verified, AVAL_VERIFIED_BATCH) };

	s.distinct_signatures = s.batches + aval_verified_count(portfolio->verified, AVAL_VERIFIED_SIGNATURE);
	for (size_t i = 0; i < portfolio->count; i++) {
		const portfolio_file *file = &portfolio->files[i];

		s.valid += file->is_verified && file->result == AVAL_RESULT_VALID;
		s.invalid += file->is_verified && file->result == AVAL_RESULT_INVALID;
		s.incomplete += file->is_verified && file->result == AVAL_RESULT_INCOMPLETE;
		s.signatures += file->signatures;
	}
	*summary_out = s;
}

aval_status aval_portfolio_report(const aval_report **report_out, aval_portfolio *portfolio, size_t index,
                                  aval_error *err)
{
	const portfolio_file *file;
	aval_error            why = AVAL_ERROR_INIT;
	aval_status           status;

	if (index >= portfolio->count)
		return aval_fail(err, AVAL_E_NOT_FOUND, "portfolio.files", "the portfolio has no such file");
	file = &portfolio->files[index];
	status = aval_verify_with(portfolio->report, file->data, file->len, portfolio->policy, portfolio->verified,
	                          NULL, &why);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	*report_out = portfolio->report;
	return AVAL_OK;
}
