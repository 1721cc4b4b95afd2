/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of events, where some of them, or their batch, were found valid before. */
#include "token/verified.h"

/* Everything that the outcome depends on is compared. */
static bool is_at_hand(const aval_batch_at_hand *batch, const aval_cose_signature *s, const aval_key_data *key,
                       const uint8_t root32[32])
{
	return batch->is_valid && batch->size == s->batch.size && batch->row == key->row &&
	       memcmp(batch->root32, root32, 32) == 0 && memcmp(batch->sig64, s->sig64, 64) == 0 &&
	       memcmp(batch->thumbprint32, key->thumbprint32, 32) == 0;
}

static void take_in_hand(aval_batch_at_hand *batch, const aval_cose_signature *s, const aval_key_data *key,
                         const uint8_t root32[32])
{
	batch->is_valid = true;
	batch->row = key->row;
	batch->size = s->batch.size;
	memcpy(batch->root32, root32, 32);
	memcpy(batch->sig64, s->sig64, 64);
	memcpy(batch->thumbprint32, key->thumbprint32, 32);
}

aval_status aval_claims_settle(aval_claims *claims)
{
	for (size_t i = 0; i < claims->count && claims->status == AVAL_OK; i++) {
		if (i + 1 < claims->count)
			aval_verified_fetch(claims->verified, claims->queue[i + 1].key32);
		claims->status = aval_verify_claim_once(claims->verified, &claims->queue[i], NULL);
	}
	claims->count = 0;
	return claims->status;
}

static void push(aval_claims *claims, aval_verified_kind kind, const aval_public_key *key,
                 const uint8_t digest32[32], const uint8_t sig64[64])
{
	if (claims->count == AVAL_CLAIMS)
		(void)aval_claims_settle(claims);
	aval_claim_make(&claims->queue[claims->count++], kind, key, digest32, sig64);
}

static aval_status verify_digest(const aval_memory *memory, aval_verified_kind kind, const aval_public_key *key,
                                 const uint8_t digest32[32], const aval_cose_signature *s, aval_error *err)
{
	aval_status status;

	if (memory->claims != NULL) {
		push(memory->claims, kind, key, digest32, s->sig64);
		return AVAL_OK;
	}
	status = aval_verify_digest_once(memory->verified, kind, key, digest32, s->sig64, err);
	if (status != AVAL_OK && err != NULL)
		err->offset = s->offset;
	return status;
}

static aval_status verify_batch(const aval_memory *memory, const aval_cose_body *body, const aval_cose_signature *s,
                                const aval_public_key *key, aval_error *err)
{
	aval_batch_at_hand *batch = memory->batch;
	uint8_t             root32[32], digest32[32];
	aval_status         status = aval_cose_check_key(s, key, err);

	if (status == AVAL_OK)
		status = aval_cose_batch_root(root32, &batch->way, body, s, err);
	if (status != AVAL_OK || is_at_hand(batch, s, aval_key_data_of(key), root32))
		return status;
	aval_cose_batch_digest(digest32, s->algorithm, s->batch.size, root32);
	status = verify_digest(memory, AVAL_VERIFIED_BATCH, key, digest32, s, err);
	if (status == AVAL_OK)
		take_in_hand(batch, s, aval_key_data_of(key), root32);
	return status;
}

aval_status aval_cose_verify_once(const aval_memory *memory, const aval_cose_body *body,
                                  const aval_cose_signature *s, const aval_public_key *key, aval_error *err)
{
	aval_verified_kind kind = s->is_batch ? AVAL_VERIFIED_BATCH : AVAL_VERIFIED_SIGNATURE;
	uint8_t            digest32[32];
	aval_status        status;

	if (s->is_batch && memory->batch != NULL)
		return verify_batch(memory, body, s, key, err);
	status = aval_cose_digest(digest32, body, s, key, err);
	return status == AVAL_OK ? verify_digest(memory, kind, key, digest32, s, err) : status;
}
