/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A factor's portfolio: notes of tokens that were each issued, accepted and split in ten, twice, before the notes were
 * sold one by one. Every file holds its note's whole history and the terms shown of the invoice. Beside it the bare
 * verification of all distinct signatures, by keys that are parsed already, on as many threads.
 */
#include <secp256k1.h>
#include <stdio.h>
#include <stdlib.h>

#include <aval/os.h>
#include <aval/portfolio.h>

#include "bench.h"
#include "cose/cose.h"
#include "token/bundle.h"

enum { PIECES = 10, NOTES = PIECES * PIECES }; /* of a token */
enum { SUPPLIERS = 20, DEBTORS = 20, FACTOR = SUPPLIERS + DEBTORS, PARTIES };
enum { SHARED_SIGNATURES = 3 + PIECES, SIGNATURES = SHARED_SIGNATURES + 2 * NOTES }; /* distinct, of a token */
enum { DIVISOR = 10 }; /* notes are so many times fewer than --size */

typedef struct party {
	aval_secret_key *key;
	aval_signer      signer;
	char             id[AVAL_PARTY_KEY_LEN + 1];
} party;

typedef struct claim {
	size_t  party;
	uint8_t digest32[32];
	uint8_t sig64[64];
} claim;

typedef struct blob {
	uint8_t *data;
	size_t   len;
} blob;

typedef struct sample {
	const aval_executor *executor;
	aval_policy         *policy;
	party                parties[PARTIES];
	secp256k1_pubkey     keys[PARTIES];
	size_t               token_count;
	blob                *notes;
	claim               *claims;
	size_t               bytes;
} sample;

static const aval_text paths[] = {
	{ "BT-1", 4 }, { "BT-3", 4 }, { "BT-5", 4 }, { "BT-9", 4 }, { "BT-115", 6 }
};
static const aval_event_times times = { INT64_C(1790000000000), INT64_C(1792592000000) };

static void require(aval_status status, const char *what)
{
	bench_require(status == AVAL_OK, what);
}

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	bench_fill(out, len, ++*(uint64_t *)user_data);
	return AVAL_OK;
}

static void make_parties(sample *s, const aval_entropy *entropy)
{
	const secp256k1_context *ctx = secp256k1_context_static;
	uint8_t                  point65[65];

	for (size_t i = 0; i < PARTIES; i++) {
		party *p = &s->parties[i];

		require(aval_secret_key_generate(&p->key, AVAL_ALG_ES256K, entropy, NULL, NULL), "portfolio: no key");
		p->signer = aval_signer_from_secret_key(p->key);
		aval_public_key_party(p->id, &p->signer.key);
		aval_public_key_point(point65, &p->signer.key);
		bench_require(secp256k1_ec_pubkey_parse(ctx, &s->keys[i], point65, 65) == 1, "portfolio: no key");
	}
}

static void make_policy(sample *s)
{
	static const aval_check_id without[] = { AVAL_CHECK_PARTIES, AVAL_CHECK_REGISTERED, AVAL_CHECK_LIVE,
		                                 AVAL_CHECK_DUPLICATE, AVAL_CHECK_FRESH };
	uint8_t                    thumbprint32[32];

	require(aval_policy_new(&s->policy, NULL, NULL), "portfolio: no policy");
	for (size_t i = 0; i < PARTIES; i++) {
		aval_public_key_thumbprint(thumbprint32, &s->parties[i].signer.key);
		require(aval_policy_trust_key(s->policy, thumbprint32, NULL, 0, NULL), "portfolio: no policy");
	}
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		require(aval_policy_without(s->policy, without[i], NULL), "portfolio: no policy");
}

static aval_commitment *commit(size_t token)
{
	char             number[32];
	aval_term        terms[] = { { paths[0], { number, 0 }, NULL, 0 },
		                     { paths[1], aval_text_z("380"), NULL, 0 },
		                     { paths[2], aval_text_z("EUR"), NULL, 0 },
		                     { paths[3], aval_text_z("2026-12-31"), NULL, 0 },
		                     { paths[4], aval_text_z("10000"), NULL, 0 } };
	uint8_t          seed32[32] = { 1 };
	aval_commitment *commitment;

	terms[0].value.len = (size_t)snprintf(number, sizeof number, "R-%zu", token);
	require(aval_commitment_new_from_terms(&commitment, terms, 5, seed32, NULL, NULL),
	        "portfolio: no commitment");
	return commitment;
}

/* Note the last signature of the last event, which p made. */
static void note_claim(claim *c, const sample *s, size_t p, const aval_bundle *b)
{
	aval_cose_sign sign = aval_event_cose(aval_bundle_event(b, aval_bundle_event_count(b) - 1));
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature signature;

	while (aval_cose_sign_next(&cursor, &signature, &sign))
		if (aval_text_equal_z(signature.signer.party, s->parties[p].id))
			break;
	require(aval_cose_digest(c->digest32, &sign.body, &signature, &s->parties[p].signer.key, NULL),
	        "portfolio: no digest");
	memcpy(c->sig64, signature.sig64, 64);
	c->party = p;
}

static void sign(claim **claim_inout, const sample *s, aval_bundle *b, aval_role role, size_t p)
{
	const party *by = &s->parties[p];

	require(aval_bundle_sign(b, role, by->id, AVAL_PARTY_KEY_LEN, &by->signer, NULL), "portfolio: not signed");
	note_claim((*claim_inout)++, s, p, b);
}

static void issue(claim **claims, const sample *s, aval_bundle *b, size_t token)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	aval_commitment   *commitment = commit(token);
	uint8_t            payload[2048], disclosure[4096];
	size_t             len = sizeof payload, disclosure_len = sizeof disclosure;

	options.times = times;
	options.registry = aval_text_z("registry.example");
	options.issue.face_minor = 1000000;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2026-12-31");
	options.issue.supplier = aval_text_z(s->parties[token % SUPPLIERS].id);
	options.issue.debtor = aval_text_z(s->parties[SUPPLIERS + token / SUPPLIERS % DEBTORS].id);
	bench_fill(options.issue.nonce16, 16, token);
	aval_commitment_hash(options.issue.commitment32, commitment);
	require(aval_issue_build(payload, &len, &options, NULL), "portfolio: no ISSUE");
	require(aval_bundle_append(b, payload, len, NULL), "portfolio: no ISSUE");
	sign(claims, s, b, AVAL_ROLE_SUPPLIER, token % SUPPLIERS);
	require(aval_commitment_disclose(disclosure, &disclosure_len, commitment, paths, 5, NULL),
	        "portfolio: no terms");
	require(aval_bundle_set_disclosure(b, disclosure, disclosure_len, NULL), "portfolio: no terms");
	aval_commitment_free(commitment);
}

static aval_token *state(const aval_bundle *b)
{
	aval_token *token;

	require(aval_bundle_replay(&token, b, NULL, NULL), "portfolio: no state");
	return token;
}

static void accept(claim **claims, const sample *s, aval_bundle *b, size_t token)
{
	aval_accept_options options = AVAL_ACCEPT_OPTIONS_INIT;
	aval_token         *before = state(b);
	uint8_t             payload[2048];
	size_t              len = sizeof payload;

	options.times = times;
	options.accept = (aval_accept){ 1000000, true, true };
	require(aval_accept_build(payload, &len, before, &options, NULL), "portfolio: no ACCEPT");
	require(aval_bundle_append(b, payload, len, NULL), "portfolio: no ACCEPT");
	sign(claims, s, b, AVAL_ROLE_DEBTOR, SUPPLIERS + token / SUPPLIERS % DEBTORS);
	aval_token_free(before);
}

/* The number of the piece-th live note. */
static size_t live_note(const aval_token *token, size_t piece)
{
	size_t number = aval_token_first_live(token);

	for (; piece > 0; piece--)
		number = aval_token_next_live(token, number);
	return number;
}

/* Give a live note to a party, or split it in ten. */
static void assign(aval_bundle *b, size_t piece, const char *to)
{
	aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
	aval_output         outputs[PIECES];
	aval_token         *before = state(b);
	aval_note           note;
	uint8_t             payload[4096];
	size_t              len = sizeof payload;

	require(aval_token_note(&note, before, live_note(before, piece), NULL), "portfolio: no note");
	options.times = times;
	options.inputs = note.id32;
	options.input_count = 1;
	options.outputs = outputs;
	options.output_count = to != NULL ? 1 : PIECES;
	for (size_t i = 0; i < options.output_count; i++)
		outputs[i] = (aval_output){ (note.end_minor - note.begin_minor) / (int64_t)options.output_count,
			                    to != NULL ? aval_text_z(to) : note.holder, 0 };
	options.assign.kind = to != NULL ? AVAL_ASSIGN_SALE : AVAL_ASSIGN_REORGANISE;
	require(aval_assign_build(payload, &len, before, &options, NULL), "portfolio: no ASSIGN");
	require(aval_bundle_append(b, payload, len, NULL), "portfolio: no ASSIGN");
	aval_token_free(before);
}

static blob write(const aval_bundle *b)
{
	blob out = { NULL, 0 };

	bench_require(aval_bundle_serialize(NULL, &out.len, b, NULL) == AVAL_E_BUFFER_TOO_SMALL,
	              "portfolio: not written");
	out.data = bench_raw_malloc(out.len);
	bench_require(out.data != NULL, "portfolio: no memory");
	require(aval_bundle_serialize(out.data, &out.len, b, NULL), "portfolio: not written");
	return out;
}

static aval_bundle *read(const blob *from)
{
	aval_bundle *b;

	require(aval_bundle_parse(&b, from->data, from->len, NULL, NULL), "portfolio: not read");
	return b;
}

/* Ten notes out of one piece. */
static void make_piece(claim **claims, const sample *s, size_t token, size_t piece, const blob *base)
{
	aval_bundle *b = read(base);
	blob         split;

	assign(b, piece, NULL);
	sign(claims, s, b, AVAL_ROLE_HOLDER, token % SUPPLIERS);
	split = write(b);
	aval_bundle_free(b);
	for (size_t i = 0; i < PIECES; i++) {
		b = read(&split);
		assign(b, piece + i, s->parties[FACTOR].id);
		sign(claims, s, b, AVAL_ROLE_HOLDER, token % SUPPLIERS);
		sign(claims, s, b, AVAL_ROLE_ASSIGNEE, FACTOR);
		s->notes[token * NOTES + piece * PIECES + i] = write(b);
		aval_bundle_free(b);
	}
	bench_raw_free(split.data);
}

static aval_status make_token(size_t token, void *task_data)
{
	const sample *s = task_data;
	claim        *claims = s->claims + token * SIGNATURES;
	aval_bundle  *b;
	blob          base;

	require(aval_bundle_new(&b, NULL, NULL), "portfolio: no bundle");
	issue(&claims, s, b, token);
	accept(&claims, s, b, token);
	assign(b, 0, NULL);
	sign(&claims, s, b, AVAL_ROLE_HOLDER, token % SUPPLIERS);
	base = write(b);
	aval_bundle_free(b);
	for (size_t i = 0; i < PIECES; i++)
		make_piece(&claims, s, token, i, &base);
	bench_require(claims == s->claims + (token + 1) * SIGNATURES, "portfolio: other signatures than expected");
	bench_raw_free(base.data);
	return AVAL_OK;
}

static void *setup(const bench_config *config)
{
	sample      *s = bench_alloc(sizeof *s);
	uint64_t     seed = 0;
	aval_entropy entropy = { sizeof entropy, fill, &seed };

	s->token_count = (size_t)(config->size / DIVISOR / NOTES);
	s->token_count += s->token_count == 0;
	require(aval_os_executor_new(&s->executor, 0, NULL, NULL), "portfolio: no threads");
	make_parties(s, &entropy);
	make_policy(s);
	s->notes = bench_alloc(s->token_count * NOTES * sizeof *s->notes);
	s->claims = bench_alloc(s->token_count * SIGNATURES * sizeof *s->claims);
	require(s->executor->run(s->token_count, make_token, s, s->executor->user_data), "portfolio: not made");
	for (size_t i = 0; i < s->token_count * NOTES; i++)
		s->bytes += s->notes[i].len;
	return s;
}

static void verify(void *state_, size_t count)
{
	const sample          *s = state_;
	aval_portfolio_summary summary;

	for (size_t i = 0; i < count; i++) {
		aval_portfolio *portfolio;

		require(aval_portfolio_new(&portfolio, s->policy, s->executor, NULL, NULL), "portfolio: no portfolio");
		for (size_t n = 0; n < s->token_count * NOTES; n++)
			require(aval_portfolio_add(portfolio, s->notes[n].data, s->notes[n].len, NULL),
			        "portfolio: not added");
		require(aval_portfolio_verify(portfolio, NULL), "portfolio: not valid");
		aval_portfolio_summarize(&summary, portfolio);
		bench_require(summary.distinct_signatures == s->token_count * SIGNATURES,
		              "portfolio: other signatures than expected");
		aval_portfolio_free(portfolio);
	}
}

static aval_status verify_token(size_t token, void *task_data)
{
	const sample            *s = task_data;
	const secp256k1_context *ctx = secp256k1_context_static;

	for (size_t i = 0; i < SIGNATURES; i++) {
		const claim              *c = &s->claims[token * SIGNATURES + i];
		secp256k1_ecdsa_signature signature;

		bench_require(secp256k1_ecdsa_signature_parse_compact(ctx, &signature, c->sig64) == 1 &&
		                      secp256k1_ecdsa_verify(ctx, &signature, c->digest32, &s->keys[c->party]) == 1,
		              "portfolio: limit");
	}
	return AVAL_OK;
}

static void limit(void *state_, size_t count)
{
	sample *s = state_;

	for (size_t i = 0; i < count; i++)
		require(s->executor->run(s->token_count, verify_token, s, s->executor->user_data), "portfolio: limit");
}

static uint64_t ops(const void *state_)
{
	return ((const sample *)state_)->token_count * NOTES;
}

static void note(const void *state_)
{
	const sample *s = state_;

	printf("  %zu notes of %zu tokens, %zu bytes each, on %u threads", s->token_count * NOTES, s->token_count,
	       s->bytes / (s->token_count * NOTES), (unsigned)s->executor->width);
}

static void teardown(void *state_)
{
	sample *s = state_;

	for (size_t i = 0; i < s->token_count * NOTES; i++)
		bench_raw_free(s->notes[i].data);
	for (size_t i = 0; i < PARTIES; i++)
		aval_secret_key_free(s->parties[i].key);
	aval_policy_free(s->policy);
	aval_os_executor_free(s->executor);
	free(s->claims);
	free(s->notes);
	free(s);
}

static const bench_row rows[] = {
	{ .name = "verify.portfolio",
	  .limit = "its distinct signatures, bare, by parsed keys, on all cores",
	  .target_ratio_milli = 1150,
	  .clock = BENCH_WALL,
	  .setup = setup,
	  .work = verify,
	  .limit_work = limit,
	  .ops = ops,
	  .note = note,
	  .teardown = teardown },
};
BENCH_AREA(portfolio, rows);
