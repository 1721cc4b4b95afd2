/* SPDX-License-Identifier: Apache-2.0 */
/* Many files, verified on several cores with one memory of what was valid: docs/spec/bundle.md#ver-portfolio. */
#include <stdatomic.h>

#include <aval/portfolio.h>

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

/* Files taken at a time. */
enum { SHARE = 16 };

/* One run over the files; each task takes shares of them until none is left. */
typedef struct portfolio_run {
	aval_portfolio *portfolio;
	atomic_size_t   next;
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

static aval_status verify_file(const aval_portfolio *portfolio, portfolio_file *file, aval_report *report)
{
	aval_error  why = AVAL_ERROR_INIT;
	aval_status status = aval_verify_with(report, file->data, file->len, portfolio->policy,
	                                      portfolio->verified, &why);

	if (aval_status_is_fatal(status))
		return status;
	file->result = aval_report_result(report);
	file->cause = (aval_status)why.cause;
	file->signatures = report->signature_count;
	file->is_verified = true;
	return AVAL_OK;
}

static aval_status verify_share(const aval_portfolio *portfolio, size_t begin, aval_report *report)
{
	size_t      end = portfolio->count - begin < SHARE ? portfolio->count : begin + SHARE;
	aval_status status = AVAL_OK;

	for (size_t i = begin; i < end && status == AVAL_OK; i++)
		if (!portfolio->files[i].is_verified)
			status = verify_file(portfolio, &portfolio->files[i], report);
	return status;
}

static aval_status verify_shares(size_t index, void *task_data)
{
	portfolio_run *run = task_data;
	aval_report   *report;
	size_t         begin;
	aval_status    status = aval_report_new(&report, run->portfolio->allocator, NULL);

	(void)index;
	if (status != AVAL_OK)
		return status;
	while (status == AVAL_OK && (begin = atomic_fetch_add(&run->next, SHARE)) < run->portfolio->count)
		status = verify_share(run->portfolio, begin, report);
	aval_report_free(report);
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
	portfolio_run run = { .portfolio = portfolio };
	aval_status   status;

	atomic_init(&run.next, 0);
	status = aval_executor_run(portfolio->executor, aval_executor_width(portfolio->executor), verify_shares,
	                           &run);
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
	                          &why);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	*report_out = portfolio->report;
	return AVAL_OK;
}
