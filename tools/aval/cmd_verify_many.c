/* SPDX-License-Identifier: Apache-2.0 */
/* aval verify of several files: a portfolio. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct many {
	const struct tool_args *args;
	const aval_executor    *executor;
	aval_portfolio         *portfolio;
	struct tool_file       *files;
	size_t                  count; /* files that were read */
};

static int read_all(struct many *m)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = TOOL_DONE;

	m->files = calloc(m->args->operand_count, sizeof *m->files);
	if (m->files == NULL)
		return tool_fail_text(m->args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "memory", "out of memory");
	for (; code == TOOL_DONE && m->count < m->args->operand_count; m->count++) {
		struct tool_file *file = &m->files[m->count];

		code = tool_read(m->args, file, m->args->operands[m->count], AVAL_BUNDLE_MAX_LEN);
		if (code == TOOL_DONE && aval_portfolio_add(m->portfolio, file->data, file->len, &err) != AVAL_OK)
			code = tool_fail_status(m->args, file->path, &err);
	}
	return code;
}

/* The first check that failed, or that is required and not established. */
static const aval_report_row *decisive_row(const aval_report *report)
{
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++)
		if (aval_report_row_of(report, (aval_check_id)i)->verdict == AVAL_VERDICT_FAIL)
			return aval_report_row_of(report, (aval_check_id)i);
	for (int i = 1; i <= AVAL_CHECK_COUNT; i++) {
		const aval_report_row *row = aval_report_row_of(report, (aval_check_id)i);

		if (row->is_required && row->verdict == AVAL_VERDICT_NOT_CHECKED)
			return row;
	}
	return NULL;
}

static void put_file(const struct tool_file *file, const aval_report *report)
{
	const aval_report_row *row =
		aval_report_result(report) == AVAL_RESULT_VALID ? NULL : decisive_row(report);

	tool_put_text(stdout, tool_text(file->path));
	printf(": %s", aval_result_name(aval_report_result(report)));
	if (row != NULL) {
		printf(": %s: %s (", aval_check_id_name(row->check), row->reason);
		tool_where_put(stdout, row);
		putchar(')');
	} else if (aval_report_result(report) != AVAL_RESULT_VALID) {
		fputs(": the last event is a draft", stdout);
	}
	putchar('\n');
}

static void json_file(json_t *list, const struct tool_file *file, const aval_report *report)
{
	json_t *object = tool_json_object();

	tool_json_set_z(object, "file", file->path);
	tool_report_json(object, report);
	tool_json_append(list, object);
}

static void json_summary(json_t *answer, const aval_portfolio_summary *summary)
{
	json_t *object = tool_json_object();

	tool_json_set(object, "valid", json_integer((json_int_t)summary->valid));
	tool_json_set(object, "invalid", json_integer((json_int_t)summary->invalid));
	tool_json_set(object, "incomplete", json_integer((json_int_t)summary->incomplete));
	tool_json_set(object, "signatures", json_integer((json_int_t)summary->signatures));
	tool_json_set(object, "distinct_signatures", json_integer((json_int_t)summary->distinct_signatures));
	tool_json_set(object, "batches", json_integer((json_int_t)summary->batches));
	tool_json_set(answer, "summary", object);
}

/* Each file's report; list is NULL where lines are asked for. */
static int tell_files(struct many *m, json_t *list)
{
	aval_error err = AVAL_ERROR_INIT;

	for (size_t i = 0; i < m->count; i++) {
		const aval_report *report;

		if (aval_portfolio_report(&report, m->portfolio, i, &err) != AVAL_OK)
			return tool_fail_status(m->args, m->files[i].path, &err);
		if (list != NULL)
			json_file(list, &m->files[i], report);
		else
			put_file(&m->files[i], report);
	}
	return TOOL_DONE;
}

static int tell_json(struct many *m, const aval_policy *policy, aval_result result,
                     const aval_portfolio_summary *summary)
{
	json_t *answer = tool_json_object();
	int     code;

	tool_json_set_z(answer, "result", aval_result_name(result));
	code = tell_files(m, tool_json_add_array(answer, "files"));
	if (code != TOOL_DONE) {
		json_decref(answer);
		return code;
	}
	json_summary(answer, summary);
	tool_policy_json(answer, policy);
	return tool_json_print(answer);
}

static int tell(struct many *m, const aval_policy *policy)
{
	aval_portfolio_summary summary;
	aval_result            result = AVAL_RESULT_VALID;
	int                    code;

	aval_portfolio_summarize(&summary, m->portfolio);
	if (summary.invalid > 0)
		result = AVAL_RESULT_INVALID;
	else if (summary.incomplete > 0)
		result = AVAL_RESULT_INCOMPLETE;
	if (m->args->json) {
		code = tell_json(m, policy, result, &summary);
	} else {
		code = tell_files(m, NULL);
		printf("%zu files: %zu valid, %zu invalid, %zu incomplete\n", m->count, summary.valid, summary.invalid,
		       summary.incomplete);
		code = code == TOOL_DONE ? tool_flush() : code;
	}
	return code == TOOL_DONE ? tool_result_exit(result) : code;
}

static int begin(struct many *m, const aval_policy *policy)
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_os_executor_new(&m->executor, 0, NULL, &err) != AVAL_OK ||
	    aval_portfolio_new(&m->portfolio, policy, m->executor, NULL, &err) != AVAL_OK)
		return tool_fail_status(m->args, "verify", &err);
	return TOOL_DONE;
}

static int verify_all(struct many *m)
{
	aval_error  err = AVAL_ERROR_INIT;
	aval_status status = aval_portfolio_verify(m->portfolio, &err);

	if (status == AVAL_OK || status == AVAL_E_VERIFY_INVALID || status == AVAL_E_VERIFY_INCOMPLETE)
		return TOOL_DONE;
	return tool_fail_status(m->args, "verify", &err);
}

static void end(struct many *m)
{
	aval_portfolio_free(m->portfolio);
	aval_os_executor_free(m->executor);
	for (size_t i = 0; m->files != NULL && i < m->count; i++)
		tool_file_free(&m->files[i]);
	free(m->files);
}

int tool_verify_many(const struct tool_args *args, const aval_policy *policy)
{
	struct many m = { .args = args };
	int         code = begin(&m, policy);

	if (code == TOOL_DONE)
		code = read_all(&m);
	if (code == TOOL_DONE)
		code = verify_all(&m);
	if (code == TOOL_DONE)
		code = tell(&m, policy);
	end(&m);
	return code;
}
