/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The import of a UBL invoice of 10 kB beside expat that reads the same bytes and tells nobody, and its checks beside
 * reading its numbers.
 */
#include <expat.h>
#include <stdlib.h>

#include <aval/check.h>
#include <aval/decimal.h>
#include <aval/invoice.h>
#include <aval/os.h>

#include "bench.h"

typedef struct sample {
	uint8_t      *data;
	size_t        len;
	aval_invoice *invoice; /* of the checks */
} sample;

static void *setup(const bench_config *config)
{
	sample *s = bench_alloc(sizeof *s);

	(void)config;
	bench_require(aval_os_file_read(&s->data, &s->len, BENCH_FIXTURES "/invoice-10kb.xml", 1 << 20, NULL, NULL) ==
	                      AVAL_OK,
	              "invoice: the sample cannot be read");
	return s;
}

static void import(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_invoice *invoice = NULL;

		bench_require(aval_invoice_parse(&invoice, s->data, s->len, bench_allocator(), NULL) == AVAL_OK,
		              "invoice: the sample was refused");
		bench_keep(aval_invoice_terms(invoice), sizeof(aval_term));
		aval_invoice_free(invoice);
	}
}

static void expat_alone(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		XML_Parser parser = XML_ParserCreateNS(NULL, '\n');

		bench_require(XML_Parse(parser, (const char *)s->data, (int)s->len, 1) == XML_STATUS_OK,
		              "invoice: expat refused the sample");
		XML_ParserFree(parser);
	}
}

static void teardown(void *state)
{
	sample *s = state;

	aval_invoice_free(s->invoice);
	aval_free(s->data, NULL);
	free(s);
}

static void *setup_check(const bench_config *config)
{
	sample *s = setup(config);

	bench_require(aval_invoice_parse(&s->invoice, s->data, s->len, NULL, NULL) == AVAL_OK,
	              "invoice: the sample was refused");
	return s;
}

static void check(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_check *result = NULL;

		bench_require(aval_check_invoice(&result, s->invoice, NULL, bench_allocator(), NULL) == AVAL_OK,
		              "invoice: the checks failed");
		bench_require(aval_check_is_valid(result), "invoice: the sample is not valid");
		aval_check_free(result);
	}
}

/* Every value is tried: most texts fail at their first byte. */
static void read_numbers(void *state, size_t count)
{
	const sample    *s = state;
	const aval_term *terms = aval_invoice_terms(s->invoice);
	aval_decimal     number = { 0 };
	size_t           numbers = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t t = 0; t < aval_invoice_term_count(s->invoice); t++)
			numbers += aval_decimal_parse(&number, terms[t].value.data, terms[t].value.len, NULL) == AVAL_OK;
	bench_keep(&numbers, sizeof numbers);
}

static const bench_row rows[] = {
	{ .name = "invoice.import", .limit = "expat alone, with namespaces, on the same bytes",
	  .target_ratio_milli = 2000, .setup = setup, .work = import, .limit_work = expat_alone, .teardown = teardown },
	{ .name = "invoice.check", .limit = "reading every number of it once", .setup = setup_check, .work = check,
	  .limit_work = read_numbers, .teardown = teardown },
};
BENCH_AREA(invoice, rows);
