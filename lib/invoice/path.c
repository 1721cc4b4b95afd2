/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of terms: taken apart, and compared step by step (docs/spec/commitment.md, section "Salts"). */
#include <aval/invoice.h>

#include "base/base.h"
#include "invoice/path.h"

enum { NUMBER_MAX = 9999 };

typedef struct path_scan {
	const char *text;
	size_t      len;
	size_t      offset;
	const char *reason; /* of the failure */
} path_scan;

static bool fail(path_scan *s, const char *reason)
{
	s->reason = reason;
	return false;
}

static bool at(const path_scan *s, char c)
{
	return s->offset < s->len && s->text[s->offset] == c;
}

/* A decimal number from 1 to max without leading zeros. */
static bool scan_number(path_scan *s, uint32_t max, uint32_t *number_out)
{
	const char *text = s->text;
	uint64_t    number = 0;
	size_t      at = s->offset;

	for (; at < s->len && text[at] >= '0' && text[at] <= '9' && number <= max; at++) {
		number = 10 * number + (uint64_t)(text[at] - '0');
		if (number == 0)
			return fail(s, "a number or index begins with zero");
	}
	if (at == s->offset)
		return fail(s, "a number or index has no digits");
	s->offset = number > max ? at - 1 : at;
	*number_out = (uint32_t)number;
	return number <= max || fail(s, "a number or index is too large");
}

static bool scan_kind(path_scan *s, bool *is_group_out)
{
	bool        is_long = s->len - s->offset >= 3;
	const char *kind = is_long ? s->text + s->offset : "";

	if (!is_long || kind[0] != 'B' || (kind[1] != 'G' && kind[1] != 'T') || kind[2] != '-')
		return fail(s, "a step begins neither with BG- nor with BT-");
	*is_group_out = kind[1] == 'G';
	s->offset += 3;
	return true;
}

static bool scan_step(path_scan *s, aval_term_step *step)
{
	step->index = 0;
	if (!scan_kind(s, &step->is_group) || !scan_number(s, NUMBER_MAX, &step->number))
		return false;
	if (at(s, '.')) {
		s->offset++;
		return scan_number(s, UINT32_MAX, &step->index);
	}
	return !step->is_group || fail(s, "a group has no index");
}

static bool scan_path(path_scan *s, aval_term_path *path)
{
	for (path->step_count = 0; path->step_count < AVAL_TERM_PATH_MAX_STEPS;) {
		aval_term_step *step = &path->steps[path->step_count++];

		if (!scan_step(s, step))
			return false;
		if (!step->is_group)
			return s->offset == s->len || fail(s, "the path goes on behind the term");
		if (!at(s, '/'))
			return fail(s, "a group is not followed by a slash");
		s->offset++;
	}
	return fail(s, "the path has too many groups");
}

aval_status aval_term_path_parse(aval_term_path *path_out, const char *path, size_t path_len, aval_error *err)
{
	path_scan      scan = { path, path_len, 0, NULL };
	aval_term_path steps;

	if (!scan_path(&scan, &steps))
		return aval_fail_at(err, AVAL_E_INVOICE_TERM_UNKNOWN, scan.offset, "term.path", scan.reason);
	if (path_out != NULL)
		*path_out = steps;
	return AVAL_OK;
}

/* What orders a step, in one number. */
static uint64_t rank(const aval_term_step *step)
{
	return (uint64_t)!step->is_group << 63 | (uint64_t)step->number << 32 | step->index;
}

int aval_term_path_order(const aval_term_path *a, const aval_term_path *b)
{
	for (uint32_t i = 0; i < a->step_count && i < b->step_count; i++) {
		uint64_t x = rank(&a->steps[i]), y = rank(&b->steps[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a->step_count > b->step_count) - (a->step_count < b->step_count);
}

static int compare_bytes(aval_text a, aval_text b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int    order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

int aval_term_path_compare(aval_text a, aval_text b)
{
	path_scan      scan_a = { a.data, a.len, 0, NULL }, scan_b = { b.data, b.len, 0, NULL };
	aval_term_path steps_a, steps_b;
	bool           is_path_a = scan_path(&scan_a, &steps_a), is_path_b = scan_path(&scan_b, &steps_b);

	if (is_path_a && is_path_b)
		return aval_term_path_order(&steps_a, &steps_b);
	return is_path_a != is_path_b ? is_path_b - is_path_a : compare_bytes(a, b);
}
