/* SPDX-License-Identifier: Apache-2.0 */
/* The row history, and the rows that need the registry. */
#include "token/verify.h"

/* The draft is held against the state, and not applied. */
static aval_status check_draft(const aval_report *report, const aval_token *state, size_t *index_out,
                               aval_error *why)
{
	const aval_bundle *bundle = report->bundle;

	if (!aval_bundle_has_draft(bundle))
		return AVAL_OK;
	*index_out = bundle->event_count - 1;
	return aval_bundle_check_event(state, &bundle->events[*index_out].event, report->allocator, why);
}

aval_status aval_judge_history(aval_report *report, aval_error *err)
{
	aval_token *token = NULL;
	aval_error  why = AVAL_ERROR_INIT;
	size_t      index = 0;
	aval_status status = aval_ancestry_replay(&token, report->ancestry, report->bundle, report->allocator, &index,
	                                          &why);

	if (status == AVAL_OK)
		status = check_draft(report, token, &index, &why);
	if (status == AVAL_OK) {
		report->token = token;
		aval_report_pass(report, AVAL_CHECK_HISTORY);
		return AVAL_OK;
	}
	aval_token_free(token);
	if (aval_status_is_fatal(status))
		return aval_fail(err, status, why.where, why.reason);
	why.offset = report->bundle->events[index].offset;
	aval_report_fail(report, AVAL_CHECK_HISTORY, &why);
	aval_report_row_at(report, AVAL_CHECK_HISTORY)->event_index = index;
	return AVAL_OK;
}

static void judge_registered(aval_report *report)
{
	size_t            last = report->bundle->event_count - 1;
	const aval_event *event = &report->bundle->events[last].event;
	int64_t           now_ms = aval_policy_time(report->policy);

	if (now_ms != AVAL_TIME_NONE && now_ms > event->register_by_ms) {
		aval_report_skip(report, AVAL_CHECK_REGISTERED, AVAL_E_TOKEN_EXPIRED, "event.register_by",
		                 "no receipt is shown, and the last event can no longer be registered");
		aval_report_row_at(report, AVAL_CHECK_REGISTERED)->event_index = last;
		aval_report_row_at(report, AVAL_CHECK_REGISTERED)->offset = report->bundle->events[last].offset;
		return;
	}
	if (!aval_policy_knows_registry(report->policy, event->registry)) {
		aval_report_skip(report, AVAL_CHECK_REGISTERED, AVAL_E_NOT_FOUND, "event.registry",
		                 "the policy names no key of the registry");
		return;
	}
	aval_report_skip(report, AVAL_CHECK_REGISTERED, AVAL_E_NOT_FOUND, "bundle", "no receipt is shown");
}

void aval_judge_registry(aval_report *report)
{
	judge_registered(report);
	aval_report_skip(report, AVAL_CHECK_LIVE, AVAL_E_NOT_FOUND, "bundle",
	                 "no state of the registry is shown");
	aval_report_skip(report, AVAL_CHECK_DUPLICATE, AVAL_E_NOT_FOUND, "bundle",
	                 "no fingerprint of the registry is shown");
	aval_report_skip(report, AVAL_CHECK_FRESH, AVAL_E_NOT_FOUND, "bundle",
	                 "no state of the registry is shown");
}
