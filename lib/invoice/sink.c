/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: counted in a first run, written in a second one. */
#include "invoice/check.h"

#include "base/base.h"

/* A copy in the block of memory; while counting, only its length counts. */
static aval_text keep(aval_checker *c, aval_text text)
{
	char  *at = c->text != NULL ? c->text + c->text_len : NULL;
	size_t len = text.len;

	if (len > AVAL_FOUND_LEN) {
		len = AVAL_FOUND_LEN;
		/* Not in the middle of a character. */
		while (len > 0 && ((unsigned char)text.data[len] & 0xC0) == 0x80)
			len--;
	}
	if (at != NULL && len > 0)
		memcpy(at, text.data, len);
	c->text_len += len;
	return (aval_text){ at, len };
}

void aval_check_report(aval_checker *c, const char *rule, aval_text where, aval_text expected, aval_text found)
{
	const aval_rule *r = aval_rule_find(rule);
	aval_text        kept[3] = { keep(c, where), keep(c, expected), keep(c, found) };

	if (c->findings != NULL)
		c->findings[c->finding_count] =
			(aval_finding){ aval_text_z(r->name), r->severity, kept[0], kept[1], kept[2],
			                aval_text_z(r->terms), aval_text_z(r->text) };
	c->finding_count++;
	c->has_error |= r->severity == AVAL_SEVERITY_ERROR;
}

void aval_check_report_slot(aval_checker *c, const char *rule, aval_slot slot, const char *expected)
{
	aval_check_report(c, rule, aval_text_z(aval_slot_path(slot)), aval_text_z(expected),
	                  aval_term_value_or_absent(c->slot[slot]));
}

void aval_check_report_number(aval_checker *c, const char *rule, aval_text where, const aval_decimal *expected,
                              const aval_term *found)
{
	char number[AVAL_DECIMAL_MAX_LEN];

	aval_check_report(c, rule, where, (aval_text){ number, aval_decimal_serialize(number, expected) },
	                  aval_term_value_or_absent(found));
}
