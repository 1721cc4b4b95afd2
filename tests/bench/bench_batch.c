/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events that one signature signed, each from its bytes, beside the bare hashes of what they prove: the leaf of each and
 * the nodes of its path, and one operation on the curve.
 */
#include <secp256k1.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/batch.h>
#include <aval/token.h>

#include "bench.h"
#include "hash/hash.h"
#include "token/token.h"

enum { EVENTS = 10000, QUICK_EVENTS = 100 };

typedef struct sample {
	size_t          count;
	aval_public_key key;
	aval_bytes     *envelopes;
	aval_bytes     *structures; /* what each leaf is of */
	uint8_t       **paths;
	size_t         *path_counts;
	/* What the limit gets for nothing. */
	secp256k1_pubkey          point;
	secp256k1_ecdsa_signature signature;
	uint8_t                   digest32[32];
} sample;

static void require(aval_status status, const char *what)
{
	bench_require(status == AVAL_OK, what);
}

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	(void)user_data;
	bench_fill(out, len, 7);
	return AVAL_OK;
}

static const aval_entropy entropy = { sizeof entropy, fill, NULL };

static void make_event(aval_event *event_out, uint8_t payload[1024], const char *party, size_t number)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	size_t             len = 1024;

	options.times = (aval_event_times){ INT64_C(1924300800000), INT64_C(1926892800000) };
	options.registry = aval_text_z("registry.example/eur");
	options.issue.face_minor = 1234567;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2031-03-31");
	options.issue.supplier = aval_text_z(party);
	options.issue.debtor = aval_text_z("lei:529900T8BM49AURSDO55");
	bench_fill(options.issue.commitment32, 32, number);
	bench_fill(options.issue.source32, 32, number + 1);
	bench_fill(options.issue.nonce16, 16, number + 2);
	require(aval_issue_build(payload, &len, &options, NULL), "batch: not built");
	require(aval_event_parse_payload(event_out, payload, len, NULL), "batch: refused");
}

static aval_bytes keep(const uint8_t *data, size_t len)
{
	uint8_t *copy = bench_alloc(len);

	memcpy(copy, data, len);
	return (aval_bytes){ copy, len };
}

static aval_cose_signature signature_of(const aval_event *event)
{
	aval_cose_sign      sign = aval_event_cose(event);
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	bench_require(aval_cose_sign_next(&cursor, &s, &sign) && s.is_batch, "batch: no signature");
	return s;
}

static void note_limit(sample *s, size_t i)
{
	aval_event          event;
	aval_cose_signature signature;
	aval_cose_sign      sign;
	aval_cbor_writer    w;
	uint8_t             bytes[2048];
	size_t              len;

	require(aval_event_parse(&event, s->envelopes[i].data, s->envelopes[i].len, NULL), "batch: refused");
	sign = aval_event_cose(&event);
	signature = signature_of(&event);
	aval_cbor_writer_init(&w, bytes, sizeof bytes);
	aval_cose_write_sig_structure(&w, &sign.body, signature.header);
	require(aval_cbor_writer_finish(&w, &len, NULL), "batch: long");
	s->structures[i] = keep(bytes, len);
	s->path_counts[i] = signature.batch.path_count;
	s->paths[i] = bench_alloc(32 * AVAL_BATCH_MAX_PATH);
	for (size_t k = 0; k < signature.batch.path_count; k++)
		memcpy(s->paths[i] + 32 * k, signature.batch.path + AVAL_CBOR_HASH_STEP * k, 32);
	if (i > 0)
		return;
	require(aval_cose_digest(s->digest32, &sign.body, &signature, &s->key, NULL), "batch: no digest");
	bench_require(secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &s->signature,
	                                                      signature.sig64) == 1,
	              "batch: limit");
}

static void sign_all(sample *s, const aval_signer *signer, const char *party)
{
	aval_batch *batch;
	aval_event  event;
	uint8_t     payload[1024], envelope[4096];
	size_t      len;

	require(aval_batch_new(&batch, signer, NULL, NULL), "batch: no batch");
	for (size_t i = 0; i < s->count; i++) {
		make_event(&event, payload, party, i);
		require(aval_batch_add_event(batch, &event, AVAL_ROLE_SUPPLIER, party, AVAL_PARTY_KEY_LEN, NULL),
		        "batch: not added");
	}
	require(aval_batch_sign(batch, NULL), "batch: not signed");
	for (size_t i = 0; i < s->count; i++) {
		make_event(&event, payload, party, i);
		len = sizeof envelope;
		require(aval_batch_sign_event(envelope, &len, batch, i, &event, AVAL_ROLE_SUPPLIER, party,
		                              AVAL_PARTY_KEY_LEN, NULL),
		        "batch: no envelope");
		s->envelopes[i] = keep(envelope, len);
	}
	aval_batch_free(batch);
}

static void *setup(const bench_config *config)
{
	sample          *s = bench_alloc(sizeof *s);
	aval_secret_key *key;
	aval_signer      signer;
	char             party[AVAL_PARTY_KEY_LEN + 1];
	uint8_t          point65[65];

	s->count = config->quick ? QUICK_EVENTS : EVENTS;
	s->envelopes = bench_alloc(s->count * sizeof *s->envelopes);
	s->structures = bench_alloc(s->count * sizeof *s->structures);
	s->paths = bench_alloc(s->count * sizeof *s->paths);
	s->path_counts = bench_alloc(s->count * sizeof *s->path_counts);
	require(aval_secret_key_generate(&key, AVAL_ALG_ES256K, &entropy, NULL, NULL), "batch: no key");
	signer = aval_signer_from_secret_key(key);
	s->key = signer.key;
	aval_public_key_party(party, &signer.key);
	aval_public_key_point(point65, &signer.key);
	bench_require(secp256k1_ec_pubkey_parse(secp256k1_context_static, &s->point, point65, 65) == 1, "batch: limit");
	sign_all(s, &signer, party);
	for (size_t i = 0; i < s->count; i++)
		note_limit(s, i);
	aval_secret_key_free(key);
	return s;
}

static void verify(void *state, size_t count)
{
	const sample *s = state;

	for (size_t i = 0; i < count; i++) {
		aval_batch_at_hand batch = { .is_valid = false };
		const aval_memory  memory = { NULL, &batch, NULL };

		for (size_t n = 0; n < s->count; n++) {
			aval_event event;

			require(aval_event_parse(&event, s->envelopes[n].data, s->envelopes[n].len, NULL),
			        "batch: refused");
			bench_require(aval_event_is_complete(&event), "batch: not complete");
			require(aval_event_verify_once(&memory, &event, &s->key, 1, NULL), "batch: invalid");
		}
	}
}

static void limit(void *state, size_t count)
{
	const sample *s = state;
	uint8_t       node[32];

	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < s->count; n++) {
			aval_hash_leaf(node, s->structures[n].data, s->structures[n].len);
			for (size_t k = 0; k < s->path_counts[n]; k++)
				aval_hash_node(node, node, s->paths[n] + 32 * k);
			bench_keep(node, sizeof node);
		}
		bench_require(secp256k1_ecdsa_verify(secp256k1_context_static, &s->signature, s->digest32,
		                                     &s->point) == 1,
		              "batch: limit");
	}
}

static uint64_t ops(const void *state)
{
	return ((const sample *)state)->count;
}

static void note(const void *state)
{
	const sample *s = state;

	printf("  %zu events, %zu bytes each", s->count, s->envelopes[0].len);
}

static void teardown(void *state)
{
	sample *s = state;

	for (size_t i = 0; i < s->count; i++) {
		free((void *)(uintptr_t)s->envelopes[i].data);
		free((void *)(uintptr_t)s->structures[i].data);
		free(s->paths[i]);
	}
	free(s->envelopes);
	free(s->structures);
	free(s->paths);
	free(s->path_counts);
	free(s);
}

static const bench_row rows[] = {
	{ .name = "verify.batch",
	  .limit = "the leaf and path of each event, hashed, and one ECDSA",
	  .target_ratio_milli = 1500,
	  .no_allocation = true,
	  .setup = setup,
	  .work = verify,
	  .limit_work = limit,
	  .ops = ops,
	  .note = note,
	  .teardown = teardown },
};
BENCH_AREA(batch, rows);
