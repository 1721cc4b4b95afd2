/* SPDX-License-Identifier: Apache-2.0 */
/* Running the rules over an invoice, and the findings as an object. */
#include "invoice/check.h"

#include "base/base.h"

struct aval_check {
	const aval_allocator *allocator;
	bool                  is_valid;
	size_t                finding_count;
	aval_finding         *findings; /* in the same block of memory, and their text behind them */
};

static void run(aval_checker *c)
{
	c->finding_count = 0;
	c->text_len = 0;
	c->has_error = false;
	aval_check_totals(c);
	aval_check_vat(c);
	aval_check_vat_categories(c);
	aval_check_finance(c);
	aval_check_lines(c);
}

/* One block: the object, its findings, their text. */
static aval_status make_check(aval_check **check_out, aval_checker *c, const aval_allocator *allocator,
                              aval_error *err)
{
	size_t      size;
	aval_check *check;

	if (!aval_mul_size(&size, c->finding_count, sizeof *c->findings) ||
	    !aval_add_size(&size, size, sizeof *check + c->text_len))
		return aval_fail_no_memory(err);
	check = aval_alloc_zero(allocator, size);
	if (check == NULL)
		return aval_fail_no_memory(err);
	check->allocator = allocator;
	check->is_valid = !c->has_error;
	check->finding_count = c->finding_count;
	if (c->finding_count > 0) {
		check->findings = (aval_finding *)(void *)(check + 1);
		c->findings = check->findings;
		c->text = (char *)(check->findings + c->finding_count);
		run(c);
	}
	*check_out = check;
	return AVAL_OK;
}

/* Memory for the run alone; false where there is none. */
static bool alloc_scratch(aval_checker *c, const aval_allocator *allocator)
{
	c->keys = aval_alloc_array(allocator, c->in->count, sizeof *c->keys);
	if (c->keys == NULL && c->in->count > 0)
		return false;
	aval_check_gather(c);
	c->bucket_capacity = aval_check_group_count(c, AVAL_SECTION_BREAKDOWN);
	c->buckets = aval_alloc_array(allocator, c->bucket_capacity, sizeof *c->buckets);
	return c->buckets != NULL || c->bucket_capacity == 0;
}

aval_status aval_check_terms(aval_check **check_out, const aval_check_input *input,
                             const aval_allocator *allocator, aval_error *err)
{
	aval_checker c = { .in = input, .is_cii = input->syntax == AVAL_INVOICE_CII };
	aval_status  status;

	if (alloc_scratch(&c, allocator)) {
		run(&c);
		status = make_check(check_out, &c, allocator, err);
	} else {
		status = aval_fail_no_memory(err);
	}
	aval_free(c.buckets, allocator);
	aval_free(c.keys, allocator);
	return status;
}

void aval_check_free(aval_check *check)
{
	if (check != NULL)
		aval_free(check, check->allocator);
}

bool aval_check_is_valid(const aval_check *check)
{
	return check->is_valid;
}

size_t aval_check_finding_count(const aval_check *check)
{
	return check->finding_count;
}

const aval_finding *aval_check_findings(const aval_check *check)
{
	return check->findings;
}
