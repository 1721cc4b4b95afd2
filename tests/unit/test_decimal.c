/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals against Python's decimal module, by the vectors; then what vectors cannot say. */
#include <stdio.h>

#include <aval/decimal.h>

#include "vectors.h"

#include "decimal.vectors.h"

/* What an operation made of a case, in the words of its "expect". */
struct outcome {
	aval_status  status;
	aval_error   err;
	aval_decimal decimal;
	char         number[24]; /* of calls that do not give a decimal */
};

static aval_decimal operand(const struct vector_case *c, const char *name)
{
	const struct vector_field *field = vector_find(c, name);
	aval_decimal               decimal = { 0 };
	aval_status                status;

	ck_assert_ptr_nonnull(field);
	status = aval_decimal_parse(&decimal, field->value, field->len, NULL);
	ck_assert_msg(status == AVAL_OK, "%s: operand %s: %s", c->id, field->value, aval_status_name(status));
	return decimal;
}

static aval_rounding mode_of(const struct vector_case *c)
{
	return strcmp(vector_text(c, "input.mode"), "up") == 0 ? AVAL_ROUND_HALF_UP : AVAL_ROUND_HALF_AWAY;
}

static void run_parse(struct outcome *o, const struct vector_case *c)
{
	const struct vector_field *a = vector_find(c, "input.a");

	o->status = aval_decimal_parse(&o->decimal, a->value, a->len, &o->err);
}

static void run_add(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a"), b = operand(c, "input.b"), other;

	o->status = aval_decimal_add(&o->decimal, &a, &b, &o->err);
	ck_assert_int_eq(aval_decimal_add(&other, &b, &a, NULL), o->status);
	if (o->status == AVAL_OK)
		ck_assert_int_eq(aval_decimal_compare(&other, &o->decimal), 0);
}

static void run_sub(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a"), b = operand(c, "input.b");

	o->status = aval_decimal_sub(&o->decimal, &a, &b, &o->err);
}

static void run_mul(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a"), b = operand(c, "input.b");

	o->status = aval_decimal_mul(&o->decimal, &a, &b, &o->err);
}

static void run_div(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a"), b = operand(c, "input.b");

	o->status = aval_decimal_div(&o->decimal, &a, &b, (unsigned)vector_number(c, "input.digits"),
	                             mode_of(c), &o->err);
}

static void run_round(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a");

	o->decimal = aval_decimal_round(&a, (unsigned)vector_number(c, "input.digits"), mode_of(c));
}

static void run_compare(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a"), b = operand(c, "input.b");

	ck_assert_int_eq(aval_decimal_compare(&b, &a), -aval_decimal_compare(&a, &b));
	snprintf(o->number, sizeof o->number, "%d", aval_decimal_compare(&a, &b));
}

static void run_to_minor(struct outcome *o, const struct vector_case *c)
{
	aval_decimal a = operand(c, "input.a");
	int64_t      minor = 0;

	o->status = aval_decimal_to_minor(&minor, &a, (unsigned)vector_number(c, "input.exponent"), &o->err);
	snprintf(o->number, sizeof o->number, "%lld", (long long)minor);
}

static void run_from_minor(struct outcome *o, const struct vector_case *c)
{
	o->decimal = aval_decimal_from_minor(vector_number(c, "input.minor"),
	                                     (unsigned)vector_number(c, "input.exponent"));
}

static const struct {
	const char *name;
	void (*run)(struct outcome *o, const struct vector_case *c);
	size_t least; /* cases; fewer mean that the file lost some */
} operations[] = {
	{ "parse", run_parse, 400 },
	{ "add", run_add, 400 },
	{ "sub", run_sub, 400 },
	{ "mul", run_mul, 400 },
	{ "div", run_div, 200 },
	{ "round", run_round, 600 },
	{ "compare", run_compare, 400 },
	{ "to_minor", run_to_minor, 500 },
	{ "from_minor", run_from_minor, 90 },
};

static void check_failure(const struct outcome *o, const struct vector_case *c)
{
	const struct vector_field *offset = vector_find(c, "expect.offset");

	ck_assert_str_eq(aval_status_name(o->err.status), aval_status_name(o->status));
	ck_assert_str_eq(o->err.where, "decimal");
	if (offset != NULL)
		ck_assert_msg(o->err.offset == (size_t)vector_number(c, "expect.offset"),
		              "%s: offset %zu, want %s", c->id, o->err.offset, offset->value);
	else
		ck_assert_uint_eq(o->err.offset, AVAL_NO_OFFSET);
	ck_assert_uint_eq(o->decimal.low, 77);
}

static void check_case(const struct vector_case *c, void (*run)(struct outcome *, const struct vector_case *))
{
	struct outcome             o = { AVAL_OK, AVAL_ERROR_INIT, { 0, 77, 0, false }, "" };
	const struct vector_field *want_status = vector_find(c, "expect.status");
	const char                *want = want_status != NULL ? want_status->value : "AVAL_OK";
	char                       got[AVAL_DECIMAL_MAX_LEN + 1];

	run(&o, c);
	ck_assert_msg(strcmp(aval_status_name(o.status), want) == 0, "%s: got %s, want %s (%s)", c->id,
	              aval_status_name(o.status), want, o.err.reason);
	if (want_status != NULL) {
		check_failure(&o, c);
		return;
	}
	if (vector_find(c, "expect.number") != NULL) {
		ck_assert_msg(strcmp(o.number, vector_text(c, "expect.number")) == 0, "%s: got %s, want %s",
		              c->id, o.number, vector_text(c, "expect.number"));
		return;
	}
	got[aval_decimal_serialize(got, &o.decimal)] = '\0';
	ck_assert_msg(strcmp(got, vector_text(c, "expect.text")) == 0, "%s: got %s, want %s", c->id, got,
	              vector_text(c, "expect.text"));
}

START_TEST(vectors_agree)
{
	size_t count = 0;

	for (size_t i = 0; i < DECIMAL_COUNT; i++) {
		if (strcmp(vector_text(&decimal_cases[i], "input.op"), operations[_i].name) != 0)
			continue;
		check_case(&decimal_cases[i], operations[_i].run);
		count++;
	}
	ck_assert_uint_ge(count, operations[_i].least);
}
END_TEST

START_TEST(every_vector_is_run)
{
	size_t known = 0;

	for (size_t i = 0; i < DECIMAL_COUNT; i++)
		for (size_t j = 0; j < sizeof operations / sizeof operations[0]; j++)
			known += strcmp(vector_text(&decimal_cases[i], "input.op"), operations[j].name) == 0;
	ck_assert_uint_eq(known, DECIMAL_COUNT);
}
END_TEST

/* A text's canonical form is a fixed point, and one value has one struct. */
START_TEST(canonical_form_is_unique)
{
	for (size_t i = 0; i < DECIMAL_COUNT; i++) {
		const struct vector_case *c = &decimal_cases[i];
		char                      text[AVAL_DECIMAL_MAX_LEN];
		aval_decimal              a, b;
		size_t                    len;

		if (vector_find(c, "expect.text") == NULL)
			continue;
		a = operand(c, "expect.text");
		len = aval_decimal_serialize(text, &a);
		ck_assert_int_eq(aval_decimal_parse(&b, text, len, NULL), AVAL_OK);
		ck_assert(a.high == b.high && a.low == b.low && a.scale == b.scale && a.negative == b.negative);
	}
}
END_TEST

static aval_decimal number(const char *text)
{
	aval_decimal decimal = { 0 };

	ck_assert_int_eq(aval_decimal_parse(&decimal, text, strlen(text), NULL), AVAL_OK);
	return decimal;
}

START_TEST(signs)
{
	aval_decimal zero = number("-0.00"), minus = number("-0.1"), plus = number("7");
	aval_decimal all_zero_bytes = { 0 };

	ck_assert(aval_decimal_is_zero(&zero) && !zero.negative && zero.scale == 0);
	ck_assert_int_eq(aval_decimal_compare(&zero, &all_zero_bytes), 0);
	ck_assert_int_eq(aval_decimal_sign(&zero), 0);
	ck_assert_int_eq(aval_decimal_sign(&minus), -1);
	ck_assert_int_eq(aval_decimal_sign(&plus), 1);
	ck_assert(!aval_decimal_is_zero(&minus));
	zero = aval_decimal_negate(&zero);
	ck_assert(!zero.negative);
	plus = aval_decimal_negate(&plus);
	ck_assert_int_eq(aval_decimal_sign(&plus), -1);
	plus = aval_decimal_abs(&plus);
	ck_assert_int_eq(aval_decimal_sign(&plus), 1);
}
END_TEST

START_TEST(outputs_may_be_operands)
{
	aval_decimal a = number("1.25"), b = number("4");

	ck_assert_int_eq(aval_decimal_add(&a, &a, &a, NULL), AVAL_OK);
	ck_assert_int_eq(aval_decimal_mul(&a, &a, &b, NULL), AVAL_OK);
	ck_assert_int_eq(aval_decimal_sub(&b, &a, &b, NULL), AVAL_OK);
	ck_assert_int_eq(aval_decimal_div(&b, &a, &b, 3, AVAL_ROUND_HALF_UP, NULL), AVAL_OK);
	a = number("1.667");
	ck_assert_int_eq(aval_decimal_compare(&a, &b), 0);
}
END_TEST

/* 10^34, a scale of 35, and whatever a caller may have in the fields. */
static const aval_decimal out_of_bounds[] = {
	{ UINT64_C(0x1ED09BEAD87C0), UINT64_C(0x378D8E6400000000), 0, false },
	{ UINT64_MAX, UINT64_MAX, 0, true },
	{ 0, 1, AVAL_DECIMAL_MAX_SCALE + 1, false },
	{ UINT64_MAX, UINT64_MAX, UINT8_MAX, false },
};

START_TEST(structs_out_of_bounds_are_refused)
{
	const aval_decimal *bad = &out_of_bounds[_i];
	aval_decimal        one = number("1"), out = one, rounded;
	char                text[AVAL_DECIMAL_MAX_LEN];
	int64_t             minor;

	ck_assert_int_eq(aval_decimal_add(&out, bad, &one, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_sub(&out, &one, bad, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_mul(&out, &one, bad, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_div(&out, bad, &one, 2, AVAL_ROUND_HALF_UP, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_to_minor(&minor, bad, 2, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_compare(bad, &one), -1);
	ck_assert_int_eq(aval_decimal_compare(&one, bad), 1);
	ck_assert_int_eq(aval_decimal_compare(bad, bad), 0);
	rounded = aval_decimal_round(bad, 2, AVAL_ROUND_HALF_UP);
	ck_assert_int_eq(aval_decimal_compare(&rounded, bad), 0);
	ck_assert_int_eq(aval_decimal_compare(&out, &one), 0);
	ck_assert_uint_eq(aval_decimal_serialize(text, bad), 0);
}
END_TEST

START_TEST(arguments_out_of_bounds_are_refused)
{
	aval_decimal one = number("1"), half = number("0.5"), out = one;
	int64_t      minor = 5;

	ck_assert_int_eq(aval_decimal_div(&out, &one, &half, 35, AVAL_ROUND_HALF_UP, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_div(&out, &one, &half, 34, (aval_rounding)3, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_decimal_to_minor(&minor, &one, 35, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(minor, 5);
	out = aval_decimal_round(&half, 0, (aval_rounding)0);
	ck_assert_int_eq(aval_decimal_compare(&out, &half), 0);
	out = aval_decimal_from_minor(1, 35);
	ck_assert_int_eq(aval_decimal_add(&out, &out, &one, NULL), AVAL_E_INVALID_ARGUMENT);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("decimal");
	TCase   *tcase = tcase_create("decimal");
	SRunner *runner;
	int      failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, vectors_agree, 0, sizeof operations / sizeof operations[0]);
	tcase_add_test(tcase, every_vector_is_run);
	tcase_add_test(tcase, canonical_form_is_unique);
	tcase_add_test(tcase, signs);
	tcase_add_test(tcase, outputs_may_be_operands);
	tcase_add_loop_test(tcase, structs_out_of_bounds_are_refused, 0,
	                    sizeof out_of_bounds / sizeof out_of_bounds[0]);
	tcase_add_test(tcase, arguments_out_of_bounds_are_refused);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
