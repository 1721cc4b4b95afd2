/* SPDX-License-Identifier: Apache-2.0 */
/* MuSig2's objects: what a session gives, that a nonce signs once, that the faulty signer is named. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto_fixture.h"
#include "failing_allocator.h"
#include "sign/musig.h"

static const uint8_t message[] = "three pallets of sealed bearings";

enum { MOST = 5 };

/* Members in the order of the sorted list, each with what it holds. */
typedef struct table {
	test_entropy        entropy;
	size_t              count;
	aval_secret_key    *secret[MOST];
	aval_musig_keys    *keys;
	aval_musig_nonce   *nonces[MOST];
	uint8_t             public_nonces[66 * MOST], partials[32 * MOST];
	aval_musig_session *session;
} table;

/* The secret key of the member in a place. */
static aval_secret_key *key_at(const table *t, size_t index)
{
	uint8_t want32[32], got32[32];

	aval_public_key_thumbprint(want32, aval_musig_keys_member(t->keys, index));
	for (size_t i = 0; i < t->count; i++) {
		aval_public_key_thumbprint(got32, aval_secret_key_public(t->secret[i]));
		if (memcmp(want32, got32, 32) == 0)
			return t->secret[i];
	}
	ck_abort_msg("the member has no key");
	return NULL;
}

static void make_nonces(table *t)
{
	for (size_t i = 0; i < t->count; i++)
		ck_assert_int_eq(aval_musig_nonce_new(&t->nonces[i], t->public_nonces + 66 * i, t->keys,
		                                      key_at(t, i), message, sizeof message, NULL, 0, NULL,
		                                      NULL),
		                 AVAL_OK);
	ck_assert_int_eq(aval_musig_session_new(&t->session, t->keys, t->public_nonces, message, sizeof message,
	                                        NULL, NULL),
	                 AVAL_OK);
}

/* count members, of numbers from 9 on; alike: all have the first one's key. */
static void table_init(table *t, size_t count, bool alike)
{
	aval_public_key members[MOST];

	*t = (table){ .count = count };
	test_entropy_init(&t->entropy);
	for (size_t i = 0; i < count; i++) {
		t->secret[i] = test_key(AVAL_ALG_SCHNORR, alike ? 9 : 9 + (unsigned)i, &t->entropy.entropy);
		members[i] = *aval_secret_key_public(t->secret[i]);
	}
	ck_assert_int_eq(aval_musig_keys_new(&t->keys, members, count, NULL, NULL), AVAL_OK);
	make_nonces(t);
}

static void table_clear(table *t)
{
	aval_musig_session_free(t->session);
	for (size_t i = 0; i < t->count; i++) {
		aval_musig_nonce_free(t->nonces[i]);
		aval_secret_key_free(t->secret[i]);
	}
	aval_musig_keys_free(t->keys);
}

static void sign_all(table *t)
{
	for (size_t i = 0; i < t->count; i++)
		ck_assert_int_eq(aval_musig_session_sign(t->partials + 32 * i, t->session, t->nonces[i],
		                                         key_at(t, i), NULL),
		                 AVAL_OK);
}

/* What comes out is one signature of one Schnorr key. */
START_TEST(sessions_sign)
{
	table      t;
	uint8_t    sig64[64];
	aval_error err = AVAL_ERROR_INIT;

	table_init(&t, (size_t)_i / 2 + 1, _i % 2 == 1);
	sign_all(&t);
	for (size_t i = 0; i < t.count; i++)
		ck_assert_int_eq(aval_musig_session_verify(t.session, i, t.partials + 32 * i, &err), AVAL_OK);
	ck_assert_int_eq(aval_musig_session_aggregate(sig64, t.session, t.partials, &err), AVAL_OK);
	ck_assert_int_eq(aval_public_key_alg(aval_musig_keys_aggregate(t.keys)), AVAL_ALG_SCHNORR);
	ck_assert_int_eq(
		aval_verify_signature(aval_musig_keys_aggregate(t.keys), message, sizeof message, sig64, NULL),
		AVAL_OK);
	ck_assert_int_eq(aval_verify_signature(aval_musig_keys_aggregate(t.keys), message, sizeof message - 1,
	                                       sig64, NULL),
	                 AVAL_E_SIGNATURE_INVALID);
	ck_assert_int_eq(err.status, AVAL_OK);
	table_clear(&t);
}
END_TEST

/* The order in which keys are given does not matter. */
START_TEST(keys_are_sorted)
{
	table            t;
	aval_public_key  members[3];
	aval_musig_keys *other = NULL;
	static const int orders[][3] = { { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	table_init(&t, 3, false);
	for (size_t i = 0; i < 3; i++)
		members[i] = *aval_musig_keys_member(t.keys, (size_t)orders[_i][i]);
	ck_assert_int_eq(aval_musig_keys_new(&other, members, 3, NULL, NULL), AVAL_OK);
	ck_assert_uint_eq(aval_musig_keys_count(other), 3);
	ck_assert_mem_eq(aval_musig_keys_aggregate(t.keys), aval_musig_keys_aggregate(other),
	                 sizeof(aval_public_key));
	for (size_t i = 0; i < 3; i++)
		ck_assert_mem_eq(aval_musig_keys_member(t.keys, i), aval_musig_keys_member(other, i),
		                 sizeof(aval_public_key));
	aval_musig_keys_free(other);
	table_clear(&t);
}
END_TEST

START_TEST(keys_are_refused)
{
	test_entropy           entropy;
	aval_secret_key       *schnorr = test_key(AVAL_ALG_SCHNORR, 9, test_entropy_init(&entropy));
	aval_secret_key       *ecdsa = test_key(AVAL_ALG_ES256K, 10, &entropy.entropy);
	static aval_public_key many[AVAL_MUSIG_MAX_MEMBERS + 1];
	aval_public_key  members[3] = { *aval_secret_key_public(schnorr), *aval_secret_key_public(schnorr),
		                        *aval_secret_key_public(ecdsa) };
	aval_musig_keys *keys = NULL;
	aval_error       err = AVAL_ERROR_INIT;

	ck_assert_int_eq(aval_musig_keys_new(&keys, members, 3, NULL, &err), AVAL_E_COSE_ALGORITHM);
	ck_assert_int_eq(err.cause, 2);
	members[1] = (aval_public_key){ { 0 } };
	ck_assert_int_eq(aval_musig_keys_new(&keys, members, 2, NULL, &err), AVAL_E_COSE_ALGORITHM);
	ck_assert_int_eq(err.cause, 1);
	ck_assert_int_eq(aval_musig_keys_new(&keys, members, 0, NULL, &err), AVAL_E_INVALID_ARGUMENT);
	for (size_t i = 0; i <= AVAL_MUSIG_MAX_MEMBERS; i++)
		many[i] = members[0];
	ck_assert_int_eq(aval_musig_keys_new(&keys, many, AVAL_MUSIG_MAX_MEMBERS + 1, NULL, &err),
	                 AVAL_E_LIMIT);
	ck_assert_ptr_null(keys);
	ck_assert_int_eq(aval_musig_keys_new(&keys, many, AVAL_MUSIG_MAX_MEMBERS, NULL, &err), AVAL_OK);
	aval_musig_keys_free(keys);
	aval_musig_keys_free(NULL);
	aval_secret_key_free(schnorr);
	aval_secret_key_free(ecdsa);
}
END_TEST

static void expect_sign(const aval_musig_session *session, aval_musig_nonce *nonce, const aval_secret_key *key,
                        aval_status want, const char *where)
{
	uint8_t     partial32[32], untouched[32];
	aval_error  err = AVAL_ERROR_INIT;
	aval_status got;

	memset(partial32, 0x11, 32);
	memset(untouched, 0x11, 32);
	got = aval_musig_session_sign(partial32, session, nonce, key, &err);
	ck_assert_msg(got == want, "got %s, want %s (%s)", aval_status_name(got), aval_status_name(want),
	              err.reason);
	if (got == AVAL_OK)
		return;
	ck_assert_str_eq(err.where, where);
	ck_assert_mem_eq(partial32, untouched, 32);
}

/* Each use of a nonce but the one it was made for is refused, and does not use it up. */
START_TEST(nonces_sign_what_they_were_made_for)
{
	table               t, other;
	aval_musig_session *session = NULL;
	uint8_t             public_nonces[66 * 3];

	table_init(&t, 3, false);
	table_init(&other, 2, false);
	expect_sign(t.session, t.nonces[0], key_at(&t, 1), AVAL_E_NONCE_OTHER, "nonce.key");
	expect_sign(other.session, t.nonces[0], key_at(&t, 0), AVAL_E_NONCE_OTHER, "nonce.aggregate");
	ck_assert_int_eq(aval_musig_session_new(&session, t.keys, t.public_nonces, message, sizeof message - 1,
	                                        NULL, NULL),
	                 AVAL_OK);
	expect_sign(session, t.nonces[0], key_at(&t, 0), AVAL_E_NONCE_OTHER, "nonce.message");
	aval_musig_session_free(session);
	/* Another public nonce in its place, or its own in another one's. */
	memcpy(public_nonces, t.public_nonces, sizeof public_nonces);
	memcpy(public_nonces, t.public_nonces + 66, 66);
	memcpy(public_nonces + 66, t.public_nonces, 66);
	ck_assert_int_eq(
		aval_musig_session_new(&session, t.keys, public_nonces, message, sizeof message, NULL, NULL),
		AVAL_OK);
	expect_sign(session, t.nonces[0], key_at(&t, 0), AVAL_E_NONCE_OTHER, "nonce.public");
	aval_musig_session_free(session);
	expect_sign(t.session, t.nonces[0], key_at(&t, 0), AVAL_OK, "");
	table_clear(&other);
	table_clear(&t);
}
END_TEST

/* A second use is refused, in the same session and in one with other co-signers' nonces: that would tell the
 * key. */
START_TEST(nonces_sign_once)
{
	table               t;
	aval_musig_session *session = NULL;
	aval_musig_nonce   *fresh = NULL;
	uint8_t             public_nonces[66 * 3];

	table_init(&t, 3, false);
	memcpy(public_nonces, t.public_nonces, sizeof public_nonces);
	ck_assert_int_eq(aval_musig_nonce_new(&fresh, public_nonces + 132, t.keys, key_at(&t, 2), message,
	                                      sizeof message, NULL, 0, NULL, NULL),
	                 AVAL_OK);
	ck_assert_mem_ne(public_nonces + 132, t.public_nonces + 132, 66);
	ck_assert_int_eq(
		aval_musig_session_new(&session, t.keys, public_nonces, message, sizeof message, NULL, NULL),
		AVAL_OK);
	expect_sign(t.session, t.nonces[0], key_at(&t, 0), AVAL_OK, "");
	expect_sign(session, t.nonces[0], key_at(&t, 0), AVAL_E_NONCE_REUSED, "nonce");
	expect_sign(t.session, t.nonces[0], key_at(&t, 0), AVAL_E_NONCE_REUSED, "nonce");
	expect_sign(t.session, t.nonces[0], key_at(&t, 1), AVAL_E_NONCE_REUSED, "nonce");
	aval_musig_session_free(session);
	aval_musig_nonce_free(fresh);
	aval_musig_nonce_free(NULL);
	table_clear(&t);
}
END_TEST

typedef struct runner {
	const table *t;
	aval_status  status;
	uint8_t      partial32[32];
} runner;

static void *sign_in_thread(void *user_data)
{
	runner *r = user_data;

	r->status =
		aval_musig_session_sign(r->partial32, r->t->session, r->t->nonces[0], key_at(r->t, 0), NULL);
	return NULL;
}

/* Of many threads with one nonce, one signs. */
START_TEST(nonces_sign_in_one_thread)
{
	enum { THREADS = 8 };
	table     t;
	pthread_t threads[THREADS];
	runner    runners[THREADS];
	size_t    signed_by = 0;

	table_init(&t, 2, false);
	for (size_t i = 0; i < THREADS; i++) {
		runners[i] = (runner){ &t, AVAL_OK, { 0 } };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, sign_in_thread, &runners[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert(runners[i].status == AVAL_OK || runners[i].status == AVAL_E_NONCE_REUSED);
		signed_by += runners[i].status == AVAL_OK;
	}
	ck_assert_uint_eq(signed_by, 1);
	table_clear(&t);
}
END_TEST

/* Entropy that repeats itself gives another nonce for another key, aggregate, message or extra input. */
START_TEST(nonces_differ)
{
	static const struct {
		const char *name;
		size_t      signer, len, extra;
		bool        pair;
	} uses[] = { { "base", 0, 20, 0, false },
		     { "key", 1, 20, 0, false },
		     { "message", 0, 21, 0, false },
		     { "extra", 0, 20, 4, false },
		     { "aggregate", 0, 20, 0, true } };
	enum { USES = sizeof uses / sizeof uses[0] };
	table   t, pair;
	uint8_t public66[USES][66];

	table_init(&t, 3, false);
	table_init(&pair, 2, false);
	for (size_t i = 0; i < USES; i++) {
		const table      *at = uses[i].pair ? &pair : &t;
		aval_musig_nonce *nonce = NULL;

		/* The signer of number 9 or 10 is in both. */
		t.entropy.constant = pair.entropy.constant = true;
		t.entropy.next = pair.entropy.next = 5;
		ck_assert_int_eq(aval_musig_nonce_new(&nonce, public66[i], at->keys, at->secret[uses[i].signer],
		                                      message, uses[i].len, message, uses[i].extra, NULL, NULL),
		                 AVAL_OK);
		aval_musig_nonce_free(nonce);
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(memcmp(public66[i], public66[j], 33) != 0 &&
			                      memcmp(public66[i] + 33, public66[j] + 33, 33) != 0,
			              "%s and %s have one nonce", uses[i].name, uses[j].name);
		ck_assert_mem_ne(public66[i], public66[i] + 33, 33);
	}
	table_clear(&pair);
	table_clear(&t);
}
END_TEST

START_TEST(nonces_are_refused)
{
	table             t;
	aval_secret_key  *stranger, *ecdsa;
	aval_musig_nonce *nonce = NULL;
	uint8_t           public66[66];
	aval_error        err = AVAL_ERROR_INIT;

	table_init(&t, 3, false);
	stranger = test_key(AVAL_ALG_SCHNORR, 99, &t.entropy.entropy);
	/* The number of a member, for another algorithm: no key of both. */
	ecdsa = test_key(AVAL_ALG_ES256K, 9, &t.entropy.entropy);
	ck_assert_int_eq(
		aval_musig_nonce_new(&nonce, public66, t.keys, stranger, message, 3, NULL, 0, NULL, &err),
		AVAL_E_MUSIG_KEY);
	ck_assert_int_eq(aval_musig_nonce_new(&nonce, public66, t.keys, ecdsa, message, 3, NULL, 0, NULL, &err),
	                 AVAL_E_MUSIG_KEY);
	expect_sign(t.session, t.nonces[0], ecdsa, AVAL_E_NONCE_OTHER, "nonce.key");
	t.entropy.fail_at = t.entropy.calls + 1;
	ck_assert_int_eq(
		aval_musig_nonce_new(&nonce, public66, t.keys, t.secret[0], message, 3, NULL, 0, NULL, &err),
		AVAL_E_CALLBACK);
	ck_assert_int_eq(err.cause, AVAL_E_IO);
	ck_assert_int_eq(aval_musig_nonce_new(&nonce, public66, t.keys, t.secret[0], message, 3, message,
	                                      (size_t)UINT32_MAX + 1, NULL, &err),
	                 AVAL_E_LIMIT);
	ck_assert_ptr_null(nonce);
	aval_secret_key_free(ecdsa);
	aval_secret_key_free(stranger);
	table_clear(&t);
}
END_TEST

/* A public nonce that is not two points: who gave it is said. */
START_TEST(bad_public_nonces_are_named)
{
	static const struct {
		const char *name;
		size_t      at;
		uint8_t     byte;
	} edits[] = {
		{ "infinity", 0, 0 }, { "uncompressed", 0, 4 }, { "hybrid", 33, 6 }, { "no form", 33, 1 }
	};
	table               t;
	aval_musig_session *session = NULL;

	table_init(&t, 3, false);
	for (size_t i = 0; i < 3; i++) {
		uint8_t    public_nonces[66 * 3];
		aval_error err = AVAL_ERROR_INIT;

		memcpy(public_nonces, t.public_nonces, sizeof public_nonces);
		public_nonces[66 * i + edits[_i].at] = edits[_i].byte;
		if (edits[_i].byte == 0)
			memset(public_nonces + 66 * i, 0, 33);
		ck_assert_msg(aval_musig_session_new(&session, t.keys, public_nonces, message, sizeof message,
		                                     NULL, &err) == AVAL_E_MUSIG_NONCE,
		              "%s is taken", edits[_i].name);
		ck_assert_int_eq(err.cause, (int64_t)i);
		ck_assert_uint_eq(err.offset, 66 * i);
	}
	ck_assert_ptr_null(session);
	table_clear(&t);
}
END_TEST

/* Each bit of each part counts, and the signer whose it is, is named by both calls. */
START_TEST(faulty_parts_are_named)
{
	table   t;
	size_t  signer = (size_t)_i % 3, bit = (size_t)_i / 3 * 5;
	uint8_t sig64[64] = { 0x11 };

	table_init(&t, 3, false);
	sign_all(&t);
	t.partials[32 * signer + bit / 8] ^= (uint8_t)(1u << bit % 8);
	for (size_t i = 0; i < 3; i++) {
		aval_error err = AVAL_ERROR_INIT;

		ck_assert_int_eq(aval_musig_session_verify(t.session, i, t.partials + 32 * i, &err),
		                 i == signer ? AVAL_E_MUSIG_PARTIAL : AVAL_OK);
		ck_assert_int_eq(err.cause, i == signer ? (int64_t)i : 0);
	}
	{
		aval_error err = AVAL_ERROR_INIT;

		ck_assert_int_eq(aval_musig_session_aggregate(sig64, t.session, t.partials, &err),
		                 AVAL_E_MUSIG_PARTIAL);
		ck_assert_int_eq(err.cause, (int64_t)signer);
		ck_assert_uint_eq(err.offset, 32 * signer);
		ck_assert_uint_eq(sig64[0], 0x11);
	}
	table_clear(&t);
}
END_TEST

/* A part in another one's place, and a place that nobody has. */
START_TEST(parts_have_their_place)
{
	table      t;
	uint8_t    sig64[64], swapped[32 * 3];
	aval_error err = AVAL_ERROR_INIT;

	table_init(&t, 3, false);
	sign_all(&t);
	ck_assert_int_eq(aval_musig_session_verify(t.session, 1, t.partials, &err), AVAL_E_MUSIG_PARTIAL);
	ck_assert_int_eq(aval_musig_session_verify(t.session, 3, t.partials, &err), AVAL_E_INVALID_ARGUMENT);
	/* The sum does not care, and what is valid is valid. */
	memcpy(swapped, t.partials + 64, 32);
	memcpy(swapped + 32, t.partials, 64);
	ck_assert_int_eq(aval_musig_session_aggregate(sig64, t.session, swapped, NULL), AVAL_OK);
	memset(swapped, 0, sizeof swapped);
	ck_assert_int_eq(aval_musig_session_aggregate(sig64, t.session, swapped, &err), AVAL_E_MUSIG_PARTIAL);
	ck_assert_int_eq(err.cause, 0);
	memset(swapped, 0xff, sizeof swapped);
	ck_assert_int_eq(aval_musig_session_aggregate(sig64, t.session, swapped, &err), AVAL_E_MUSIG_PARTIAL);
	table_clear(&t);
}
END_TEST

/* Every allocation of every call fails once; every secret is wiped before it is freed. */
static aval_status whole_session(const aval_allocator *allocator, void *user_data)
{
	const table        *t = user_data;
	aval_musig_keys    *keys = NULL;
	aval_musig_nonce   *nonce = NULL;
	aval_musig_session *session = NULL;
	aval_public_key     member = *aval_secret_key_public(t->secret[0]);
	uint8_t             public66[66], partial32[32];
	aval_status         status = aval_musig_keys_new(&keys, &member, 1, allocator, NULL);

	if (status == AVAL_OK)
		status = aval_musig_nonce_new(&nonce, public66, keys, t->secret[0], message, 3, NULL, 0,
		                              allocator, NULL);
	if (status == AVAL_OK)
		status = aval_musig_session_new(&session, keys, public66, message, 3, allocator, NULL);
	if (status == AVAL_OK)
		status = aval_musig_session_sign(partial32, session, nonce, t->secret[0], NULL);
	{
		const failing_allocator *f = allocator->user_data;
		size_t                   before = f->dirty;

		aval_musig_nonce_free(nonce);
		ck_assert_uint_eq(f->dirty, before);
	}
	aval_musig_session_free(session);
	aval_musig_keys_free(keys);
	return status;
}

START_TEST(allocations_fail)
{
	table t;

	table_init(&t, 1, false);
	/* The module wants lists of pointers besides. */
	ck_assert_uint_eq(failing_allocator_walk("a session", whole_session, &t),
	                  strcmp(aval_musig_core_name(), "module") == 0 ? 11 : 7);
	table_clear(&t);
}
END_TEST

/* Of a used nonce nothing is left but that it was. */
START_TEST(used_nonces_are_wiped)
{
	table          t;
	const uint8_t *secret;
	uint8_t        k64[64];
	aval_bytes     digest;
	uint8_t        random32[32], digest32[32], x32[32], point65[65], point33[33] = { 2 };

	table_init(&t, 2, false);
	t.entropy.constant = true;
	t.entropy.next = 7;
	memset(random32, 7, sizeof random32);
	aval_musig_nonce_free(t.nonces[0]);
	t.nonces[0] = NULL;
	ck_assert_int_eq(aval_musig_nonce_new(&t.nonces[0], t.public_nonces, t.keys, key_at(&t, 0), message,
	                                      sizeof message, NULL, 0, NULL, NULL),
	                 AVAL_OK);
	aval_musig_session_free(t.session);
	ck_assert_int_eq(aval_musig_session_new(&t.session, t.keys, t.public_nonces, message, sizeof message,
	                                        NULL, NULL),
	                 AVAL_OK);
	aval_musig_digest(digest32, message, sizeof message);
	digest = (aval_bytes){ digest32, 32 };
	aval_public_key_point(point65, aval_musig_keys_aggregate(t.keys));
	memcpy(x32, point65 + 1, 32);
	aval_public_key_point(point65, aval_musig_keys_member(t.keys, 0));
	memcpy(point33 + 1, point65 + 1, 32);
	aval_musig_nonce_derive(
		k64, &(aval_musig_nonce_input){
			     random32, key_at(&t, 0)->scalar32, point33, x32, &digest, { NULL, 0 } });
	/* The module puts a mark before its numbers. */
	secret = t.nonces[0]->secret + (strcmp(aval_musig_core_name(), "module") == 0 ? 4 : 0);
	ck_assert_msg(memcmp(secret, k64, 64) == 0, "other numbers than BIP327's");
	sign_all(&t);
	for (size_t i = 0; i < AVAL_MUSIG_SECRET_LEN; i++)
		ck_assert_uint_eq(t.nonces[0]->secret[i], 0);
	table_clear(&t);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("musig");
	TCase   *tcase = tcase_create("objects");
	SRunner *runner_ = srunner_create(suite);
	int      failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, sessions_sign, 0, 2 * MOST);
	tcase_add_loop_test(tcase, keys_are_sorted, 0, 5);
	tcase_add_test(tcase, keys_are_refused);
	tcase_add_test(tcase, nonces_sign_what_they_were_made_for);
	tcase_add_test(tcase, nonces_sign_once);
	tcase_add_test(tcase, nonces_sign_in_one_thread);
	tcase_add_test(tcase, nonces_differ);
	tcase_add_test(tcase, nonces_are_refused);
	tcase_add_loop_test(tcase, bad_public_nonces_are_named, 0, 4);
	tcase_add_loop_test(tcase, faulty_parts_are_named, 0, 3 * 51);
	tcase_add_test(tcase, parts_have_their_place);
	tcase_add_test(tcase, allocations_fail);
	tcase_add_test(tcase, used_nonces_are_wiped);
	suite_add_tcase(suite, tcase);
	srunner_set_tap(runner_, "-");
	srunner_run_all(runner_, CK_SILENT);
	failed = srunner_ntests_failed(runner_);
	srunner_free(runner_);
	return failed != 0;
}
