/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One key signs once for a role and party, whatever number its header gives the algorithm: else one officer
 * could count as two. Headers ascend, so the signatures of one number are a run that ascends by the rest of the
 * header; the runs are walked side by side, in time that grows with the count alone.
 */
#include "cose/cose.h"

enum { MAX_RUNS = 7 }; /* ES256, ESP256, ES256K, Schnorr, and the three of batches */

typedef struct run {
	aval_cose_cursor    next;
	aval_cose_signature s;
	bool                is_over;
} run;

/* Bytes up to the kid: the map's head, the label, the number. */
static size_t alg_end(aval_bytes header)
{
	static const uint8_t argument_len[] = { [24] = 1, [25] = 2, [26] = 4, [27] = 8, [31] = 0 };

	return 3 + argument_len[header.data[2] & 31];
}

static bool same_alg(aval_bytes a, aval_bytes b)
{
	return alg_end(a) == alg_end(b) && memcmp(a.data, b.data, alg_end(a)) == 0;
}

/* By kid, role and party. */
static int compare_rest(aval_bytes a, aval_bytes b)
{
	aval_bytes x = { a.data + alg_end(a), a.len - alg_end(a) },
		   y = { b.data + alg_end(b), b.len - alg_end(b) };

	return aval_cose_header_compare(x, y);
}

bool aval_cose_header_same_signer(aval_bytes a, aval_bytes b)
{
	return compare_rest(a, b) == 0;
}

static size_t find_runs(run runs[MAX_RUNS], const aval_cose_sign *sign)
{
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;
	size_t              count = 0;

	while (aval_cose_sign_next(&cursor, &s, sign))
		if ((count == 0 || !same_alg(s.header, runs[count - 1].s.header)) && count < MAX_RUNS)
			runs[count++] = (run){ cursor, s, false };
	return count;
}

static void advance(run *r, const aval_cose_sign *sign)
{
	aval_bytes last = r->s.header;

	r->is_over = !aval_cose_sign_next(&r->next, &r->s, sign) || !same_alg(last, r->s.header);
}

/* The run whose signature is the least by the rest of its header; NULL when all are over. */
static run *least(run *runs, size_t count)
{
	run *low = NULL;

	for (size_t i = 0; i < count; i++)
		if (!runs[i].is_over && (low == NULL || compare_rest(runs[i].s.header, low->s.header) < 0))
			low = &runs[i];
	return low;
}

bool aval_cose_sign_is_unique(size_t *offset_out, const aval_cose_sign *sign)
{
	run    runs[MAX_RUNS];
	size_t count = find_runs(runs, sign);

	for (run *low = least(runs, count); low != NULL; low = least(runs, count)) {
		for (run *r = low + 1; r < runs + count; r++) {
			if (r->is_over || compare_rest(r->s.header, low->s.header) != 0)
				continue;
			*offset_out = r->s.offset;
			return false;
		}
		advance(low, sign);
	}
	return true;
}
