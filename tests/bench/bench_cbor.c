/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader beside libcbor's stream decoder, which checks no rule of the encoding. */
#include <cbor.h>
#include <stdlib.h>

#include "bench.h"
#include "cbor/cbor.h"

#define LINES 8

typedef struct sample {
	uint8_t data[2048];
	size_t  len;
} sample;

/* A line: integer keys, short texts, an amount pair, a hash. */
static void write_line(aval_cbor_writer *w, uint64_t number)
{
	uint8_t hash[32];

	bench_fill(hash, sizeof hash, number);
	aval_cbor_write_map(w, 5);
	aval_cbor_write_uint(w, 1);
	aval_cbor_write_uint(w, 1000 * number);
	aval_cbor_write_uint(w, 2);
	aval_cbor_write_text_z(w, "Bearing, sealed, 30 x 62 x 16 mm");
	aval_cbor_write_uint(w, 3);
	aval_cbor_write_array(w, 2);
	aval_cbor_write_int(w, -2);
	aval_cbor_write_uint(w, 1249900 + number);
	aval_cbor_write_uint(w, 4);
	aval_cbor_write_bytes(w, hash, sizeof hash);
	aval_cbor_write_uint(w, 5);
	aval_cbor_write_map(w, 2);
	aval_cbor_write_text_z(w, "unit");
	aval_cbor_write_text_z(w, "C62");
	aval_cbor_write_text_z(w, "exempt");
	aval_cbor_write_bool(w, number % 2 == 1);
}

static void write_party(aval_cbor_writer *w, const char *id, const char *name)
{
	aval_cbor_write_map(w, 3);
	aval_cbor_write_text_z(w, "id");
	aval_cbor_write_text_z(w, id);
	aval_cbor_write_text_z(w, "name");
	aval_cbor_write_text_z(w, name);
	aval_cbor_write_text_z(w, "country");
	aval_cbor_write_text_z(w, "DE");
}

static void *setup(const bench_config *config)
{
	sample          *s = bench_alloc(sizeof *s);
	aval_cbor_writer w;

	(void)config;
	aval_cbor_writer_init(&w, s->data, sizeof s->data);
	aval_cbor_write_map(&w, 5);
	aval_cbor_write_text_z(&w, "due");
	aval_cbor_write_tag(&w, 1004);
	aval_cbor_write_text_z(&w, "2031-04-30");
	aval_cbor_write_text_z(&w, "buyer");
	write_party(&w, "lei:00000000000000000098", "Example Werke AG");
	aval_cbor_write_text_z(&w, "lines");
	aval_cbor_write_array(&w, LINES);
	for (uint64_t i = 1; i <= LINES; i++)
		write_line(&w, i);
	aval_cbor_write_text_z(&w, "number");
	aval_cbor_write_text_z(&w, "2031-000417");
	aval_cbor_write_text_z(&w, "supplier");
	write_party(&w, "vat:DE000000000", "Beispiel Lager GmbH");
	bench_require(aval_cbor_writer_finish(&w, &s->len, NULL) == AVAL_OK, "cbor: the sample is too long");
	bench_require(aval_cbor_validate(s->data, s->len, NULL) == AVAL_OK,
	              "cbor: the sample is not deterministic");
	return s;
}

static void decode(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++)
		bench_require(aval_cbor_validate(s->data, s->len, NULL) == AVAL_OK,
		              "cbor: the sample was refused");
}

static void read_line(aval_cbor_reader *r)
{
	int64_t   key = 0;
	aval_text name;
	uint8_t   hash[32] = { 0 };

	aval_cbor_enter_map(r, "line");
	while (aval_cbor_next_key_int(r, "line", &key)) {
		switch (key) {
		case 1:
			aval_cbor_read_uint(r, "line.number");
			break;
		case 2:
			aval_cbor_read_text_range(r, "line.name", 1, 100);
			break;
		case 3:
			aval_cbor_enter_array_exact(r, "line.amount", 2);
			aval_cbor_read_int(r, "line.amount.exponent");
			aval_cbor_read_uint(r, "line.amount.value");
			aval_cbor_leave(r, "line.amount");
			break;
		case 4:
			aval_cbor_read_bytes_exact(r, "line.hash", hash, sizeof hash);
			break;
		default:
			aval_cbor_enter_map(r, "line.unit");
			aval_cbor_next_key_text(r, "line.unit", &name);
			aval_cbor_read_text(r, "line.unit.code");
			aval_cbor_next_key_text(r, "line.unit", &name);
			aval_cbor_read_bool(r, "line.unit.exempt");
			aval_cbor_leave(r, "line.unit");
		}
	}
	aval_cbor_leave(r, "line");
	bench_keep(hash, 1);
}

static void read_party(aval_cbor_reader *r)
{
	aval_text key;

	aval_cbor_enter_map(r, "party");
	while (aval_cbor_next_key_text(r, "party", &key))
		aval_cbor_read_text_range(r, "party", 1, 100);
	aval_cbor_leave(r, "party");
}

/* The sample by its schema, each value asked for by type. */
static void read_typed(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_cbor_reader r;
		aval_text        key;
		size_t           lines;

		aval_cbor_reader_init(&r, s->data, s->len);
		aval_cbor_enter_map(&r, "invoice");
		aval_cbor_next_key_text(&r, "invoice", &key);
		aval_cbor_read_tag_exact(&r, "invoice.due", 1004);
		aval_cbor_read_text(&r, "invoice.due");
		aval_cbor_next_key_text(&r, "invoice", &key);
		read_party(&r);
		aval_cbor_next_key_text(&r, "invoice", &key);
		lines = aval_cbor_enter_array(&r, "invoice.lines");
		while (lines-- > 0)
			read_line(&r);
		aval_cbor_leave(&r, "invoice.lines");
		aval_cbor_next_key_text(&r, "invoice", &key);
		aval_cbor_read_text(&r, "invoice.number");
		aval_cbor_next_key_text(&r, "invoice", &key);
		read_party(&r);
		aval_cbor_leave(&r, "invoice");
		bench_require(aval_cbor_reader_finish(&r, NULL) == AVAL_OK, "cbor: the sample was refused");
	}
}

static void stream_decode(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; at < s->len;) {
			struct cbor_decoder_result r =
				cbor_stream_decode(s->data + at, s->len - at, &cbor_empty_callbacks, NULL);

			bench_require(r.status == CBOR_DECODER_FINISHED, "cbor: libcbor refused the sample");
			at += r.read;
		}
	}
}

static const bench_row rows[] = {
	{ .name = "cbor.decode",
	  .limit = "cbor_stream_decode over the same bytes",
	  .target_ratio_milli = 1200,
	  .no_allocation = true,
	  .setup = setup,
	  .work = decode,
	  .limit_work = stream_decode,
	  .teardown = free },
	{ .name = "cbor.read",
	  .limit = "cbor_stream_decode over the same bytes",
	  .no_allocation = true,
	  .setup = setup,
	  .work = read_typed,
	  .limit_work = stream_decode,
	  .teardown = free },
};
BENCH_AREA(cbor, rows);
