/* SPDX-License-Identifier: Apache-2.0 */
/* Mandates of tests/vectors/mandate.json: reading, what a grant permits, what ends it. */
#include <stdio.h>

#include <aval/mandate.h>

#include "base/base.h"
#include "crypto_fixture.h"
#include "vectors.h"

#include "mandate.vectors.h"

static void want_status(const struct vector_case *c, const char *field, aval_status got, const aval_error *err)
{
	const char *want = vector_text(c, field);

	ck_assert_msg(strcmp(aval_status_name(got), want) == 0, "%s: %s: got %s (%s: %s), want %s", c->id, field,
	              aval_status_name(got), err->where, err->reason, want);
}

static void check_refusal(const struct vector_case *c, const aval_error *err)
{
	ck_assert_msg(err->offset == (size_t)vector_number(c, "expect.offset"), "%s: got offset %zu, want %s (%s)",
	              c->id, err->offset, vector_text(c, "expect.offset"), err->reason);
	ck_assert_msg(strcmp(err->where, vector_text(c, "expect.where")) == 0, "%s: got where %s, want %s", c->id,
	              err->where, vector_text(c, "expect.where"));
	ck_assert_str_ne(err->reason, "");
}

static void check_parts(const struct vector_case *c, const aval_mandate *m)
{
	aval_mandate_group group;
	aval_mandate_cap   cap;

	for (size_t i = 0; i < m->key_count; i++)
		ck_assert_msg(aval_mandate_has_key(m, aval_mandate_key(m, i)), "%s: key %zu is not found", c->id, i);
	ck_assert_ptr_null(aval_mandate_key(m, m->key_count));
	for (size_t i = 0; i < m->cap_count; i++)
		ck_assert(aval_mandate_cap_at(&cap, m, i) && cap.currency.len == 3 && cap.amount_minor > 0);
	ck_assert(!aval_mandate_cap_at(&cap, m, m->cap_count));
	for (size_t i = 0; i < m->group_count; i++) {
		ck_assert(aval_mandate_group_at(&group, m, i));
		ck_assert(aval_mandate_has_key(m, group.aggregate32));
		for (size_t k = 0; k < group.member_count; k++)
			ck_assert_uint_le(*aval_mandate_member(m, i, k), 3);
		ck_assert_ptr_null(aval_mandate_member(m, i, group.member_count));
	}
	ck_assert(!aval_mandate_group_at(&group, m, m->group_count));
}

static void check_read(const struct vector_case *c, const uint8_t *data, size_t len)
{
	aval_mandate m = { 0 };
	aval_error   err = AVAL_ERROR_INIT;
	aval_status  status = aval_mandate_parse(&m, data, len, &err);
	uint8_t      id32[32];

	want_status(c, "expect.status", status, &err);
	if (status != AVAL_OK) {
		ck_assert_ptr_null(m.envelope.data);
		check_refusal(c, &err);
		return;
	}
	from_hex(id32, sizeof id32, vector_text(c, "expect.id"));
	ck_assert_msg(memcmp(id32, m.id32, 32) == 0, "%s: another id", c->id);
	check_parts(c, &m);
	want_status(c, "expect.verify", aval_mandate_verify(&m, &err), &err);
	want_status(c, "expect.groups", aval_mandate_check_groups(&m, &err), &err);
}

static void check_act(const struct vector_case *c, const aval_mandate *m)
{
	aval_error       err = AVAL_ERROR_INIT;
	size_t           len;
	uint8_t         *keys = vector_hex(c, "input.keys", &len);
	aval_mandate_act act = {
		.registry = aval_text_z(vector_text(c, "input.registry")),
		.party = aval_text_z(vector_text(c, "input.party")),
		.type = (uint32_t)vector_number(c, "input.type"),
		.currency = aval_text_z(vector_text(c, "input.currency")),
		.amount_minor = vector_number(c, "input.amount"),
		.at_ms = vector_number(c, "input.at"),
		.keys = keys,
		.key_count = len / 32,
	};

	want_status(c, "expect.status", aval_mandate_check(m, &act, &err), &err);
	free(keys);
}

static void check_end(const struct vector_case *c, const aval_mandate *m)
{
	aval_error   err = AVAL_ERROR_INIT;
	size_t       len;
	uint8_t     *data = vector_hex(c, "input.other", &len);
	aval_mandate other;

	ck_assert_int_eq(aval_mandate_parse(&other, data, len, &err), AVAL_OK);
	want_status(c, "expect.status", aval_mandate_check_ended(m, &other, vector_number(c, "input.at"), &err), &err);
	free(data);
}

START_TEST(vector)
{
	const struct vector_case *c = &mandate_cases[_i];
	const char               *kind = vector_text(c, "input.kind");
	size_t                    len;
	uint8_t                  *data = vector_hex(c, "input.envelope", &len);
	aval_mandate              m;
	aval_error                err = AVAL_ERROR_INIT;

	if (strcmp(kind, "read") == 0) {
		check_read(c, data, len);
	} else {
		ck_assert_msg(aval_mandate_parse(&m, data, len, &err) == AVAL_OK, "%s: %s", c->id, err.reason);
		(strcmp(kind, "act") == 0 ? check_act : check_end)(c, &m);
	}
	free(data);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("mandate");
	TCase   *tcase = tcase_create("mandate");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, vector, 0, MANDATE_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
