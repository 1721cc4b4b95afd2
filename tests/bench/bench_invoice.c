/* SPDX-License-Identifier: Apache-2.0 */
/* The import of a UBL invoice of 10 kB beside expat that reads the same bytes and tells nobody. */
#include <expat.h>
#include <stdlib.h>

#include <aval/invoice.h>
#include <aval/os.h>

#include "bench.h"

typedef struct sample {
	uint8_t *data;
	size_t   len;
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

	aval_free(s->data, NULL);
	free(s);
}

static const bench_row rows[] = {
	{ .name = "invoice.import", .limit = "expat alone, with namespaces, on the same bytes",
	  .target_ratio_milli = 2000, .setup = setup, .work = import, .limit_work = expat_alone, .teardown = teardown },
};
BENCH_AREA(invoice, rows);
