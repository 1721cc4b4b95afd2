/* SPDX-License-Identifier: Apache-2.0 */
#include "token/table.h"

#define OPEN     (1u << AVAL_TOKEN_OPEN)
#define ACCEPTED (1u << AVAL_TOKEN_ACCEPTED)
#define REJECTED (1u << AVAL_TOKEN_REJECTED)

/* A type whose fields this version does not know. */
#define LATER(name, kind)                                                                      \
	{                                                                                      \
		AVAL_EVENT_##name, #name, AVAL_KIND_##kind, 0, NULL, NULL, NULL                \
	}

static const aval_event_row rows[] = {
	{ AVAL_EVENT_ISSUE, "ISSUE", AVAL_KIND_ISSUE, 0, aval_code_issue, NULL, NULL },
	{ AVAL_EVENT_ACCEPT, "ACCEPT", AVAL_KIND_TOKEN, OPEN, aval_code_accept, aval_judge_accept,
	  aval_commit_accept },
	{ AVAL_EVENT_REJECT, "REJECT", AVAL_KIND_NOTICE, OPEN, aval_code_reject, aval_judge_reject,
	  aval_commit_reject },
	{ AVAL_EVENT_VOID, "VOID", AVAL_KIND_TOKEN, OPEN | REJECTED, aval_code_void, aval_judge_void,
	  aval_commit_void },
	LATER(GUARANTEE, TOKEN),
	{ AVAL_EVENT_ASSIGN, "ASSIGN", AVAL_KIND_NOTE, OPEN | ACCEPTED | REJECTED, aval_code_assign,
	  aval_judge_assign, aval_commit_assign },
	LATER(RESERVE, NOTE),
	LATER(UNRESERVE, NOTE),
	LATER(PLEDGE, NOTE),
	LATER(RELEASE, NOTE),
	LATER(ENFORCE, NOTE),
	LATER(NOTIFY, NOTICE),
	LATER(ACKNOWLEDGE, NOTICE),
	LATER(DILUTE, NOTE),
	LATER(DISPUTE, NOTICE),
	LATER(RESOLVE, NOTICE),
	LATER(PAID, NOTICE),
	LATER(PAY, NOTE),
	LATER(DEFAULT, TOKEN),
	LATER(RECOURSE, NOTE),
	LATER(CANCEL, TOKEN),
	LATER(FREEZE, TOKEN),
	LATER(UNFREEZE, TOKEN),
	LATER(MOVE, TOKEN),
};

const aval_event_row *aval_event_row_of(uint64_t type)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}
