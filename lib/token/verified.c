/* SPDX-License-Identifier: Apache-2.0 */
/* A set of hashes in parts, each an open table behind a lock of its own that is held for some instructions. */
#include <stdatomic.h>

#include "crypto/crypto.h"
#include "token/verified.h"

enum { PARTS = 64, FIRST_ROOM = 64 };

typedef struct part {
	atomic_flag lock;
	uint8_t (*slots)[32]; /* zeros: empty, which no hash is */
	size_t room, count;   /* room: a power of two, or 0 */
	char   apart[64];     /* from the next one's lock */
} part;

struct aval_verified {
	const aval_allocator *allocator;
	atomic_size_t         counts[AVAL_VERIFIED_KINDS];
	part                  parts[PARTS];
};

aval_status aval_verified_new(aval_verified **verified_out, const aval_allocator *allocator, aval_error *err)
{
	aval_verified *verified = aval_alloc_zero(allocator, sizeof *verified);

	if (verified == NULL)
		return aval_fail_no_memory(err);
	verified->allocator = allocator;
	for (size_t i = 0; i < PARTS; i++)
		atomic_flag_clear(&verified->parts[i].lock);
	for (size_t i = 0; i < AVAL_VERIFIED_KINDS; i++)
		atomic_init(&verified->counts[i], 0);
	*verified_out = verified;
	return AVAL_OK;
}

void aval_verified_free(aval_verified *verified)
{
	if (verified == NULL)
		return;
	for (size_t i = 0; i < PARTS; i++)
		aval_free(verified->parts[i].slots, verified->allocator);
	aval_free(verified, verified->allocator);
}

static part *lock(aval_verified *verified, const uint8_t key32[32])
{
	part *p = &verified->parts[key32[0] % PARTS];

	while (atomic_flag_test_and_set_explicit(&p->lock, memory_order_acquire))
		;
	return p;
}

static void unlock(part *p)
{
	atomic_flag_clear_explicit(&p->lock, memory_order_release);
}

static bool is_empty(const uint8_t slot32[32])
{
	static const uint8_t zeros[32];

	return memcmp(slot32, zeros, 32) == 0;
}

/* Where the search for a hash begins. */
static size_t first_slot(size_t room, const uint8_t key32[32])
{
	size_t at = 0;

	for (int i = 8; i < 16; i++)
		at = at << 8 | key32[i];
	return at & (room - 1);
}

/* Where a hash stands, or the empty slot for it; there is one. */
static uint8_t *slot_of(uint8_t (*slots)[32], size_t room, const uint8_t key32[32])
{
	size_t at;

	for (at = first_slot(room, key32); !is_empty(slots[at]) && memcmp(slots[at], key32, 32) != 0;)
		at = (at + 1) & (room - 1);
	return slots[at];
}

static bool grow(part *p, const aval_allocator *allocator)
{
	size_t room = p->room == 0 ? FIRST_ROOM : 2 * p->room;
	uint8_t(*slots)[32] = aval_alloc_array(allocator, room, sizeof *slots);

	if (slots == NULL)
		return false;
	memset(slots, 0, room * sizeof *slots);
	for (size_t i = 0; i < p->room; i++)
		if (!is_empty(p->slots[i]))
			memcpy(slot_of(slots, room, p->slots[i]), p->slots[i], 32);
	aval_free(p->slots, allocator);
	p->slots = slots;
	p->room = room;
	return true;
}

bool aval_verified_has(aval_verified *verified, const uint8_t key32[32])
{
	part *p;
	bool  has;

	if (verified == NULL)
		return false;
	p = lock(verified, key32);
	has = p->room > 0 && !is_empty(slot_of(p->slots, p->room, key32));
	unlock(p);
	return has;
}

void aval_verified_fetch(aval_verified *verified, const uint8_t key32[32])
{
#if defined(__GNUC__)
	part *p;

	if (verified == NULL)
		return;
	p = lock(verified, key32);
	if (p->room > 0)
		__builtin_prefetch(p->slots[first_slot(p->room, key32)]);
	unlock(p);
#else
	(void)verified;
	(void)key32;
#endif
}

/* Tables are at most two thirds full. */
static bool insert(part *p, const uint8_t key32[32], bool *is_new_out, const aval_allocator *allocator)
{
	uint8_t *slot;

	*is_new_out = false;
	if (3 * (p->count + 1) > 2 * p->room && !grow(p, allocator))
		return false;
	slot = slot_of(p->slots, p->room, key32);
	if (!is_empty(slot))
		return true;
	memcpy(slot, key32, 32);
	p->count++;
	*is_new_out = true;
	return true;
}

aval_status aval_verified_add(aval_verified *verified, aval_verified_kind kind, const uint8_t key32[32],
                              aval_error *err)
{
	part *p;
	bool  is_new, done;

	if (verified == NULL)
		return AVAL_OK;
	p = lock(verified, key32);
	done = insert(p, key32, &is_new, verified->allocator);
	unlock(p);
	if (!done)
		return aval_fail_no_memory(err);
	if (is_new)
		atomic_fetch_add_explicit(&verified->counts[kind], 1, memory_order_relaxed);
	return AVAL_OK;
}

size_t aval_verified_count(const aval_verified *verified, aval_verified_kind kind)
{
	return atomic_load_explicit(&verified->counts[kind], memory_order_relaxed);
}

void aval_verified_key(uint8_t key32_out[32], aval_verified_kind kind, const aval_bytes *parts, size_t count)
{
	uint8_t         first = (uint8_t)kind;
	aval_sha256_ctx ctx;

	aval_sha256_init(&ctx);
	aval_sha256_update(&ctx, &first, 1);
	for (size_t i = 0; i < count; i++)
		aval_sha256_update(&ctx, parts[i].data, parts[i].len);
	aval_sha256_finish(&ctx, key32_out);
}

/* The algorithm, the point, what was signed and the signature, each of one length: no two claims look alike. */
static void signature_key(uint8_t key32_out[32], aval_verified_kind kind, const aval_public_key *key,
                          const uint8_t digest32[32], const uint8_t sig64[64])
{
	const aval_key_data *data = aval_key_data_of(key);
	const aval_bytes     parts[] = { { &data->row, 1 }, { data->point65, 65 }, { digest32, 32 }, { sig64, 64 } };

	aval_verified_key(key32_out, kind, parts, sizeof parts / sizeof *parts);
}

aval_status aval_verify_claim_once(aval_verified *verified, const aval_claim *c, aval_error *err)
{
	aval_status status;

	if (aval_verified_has(verified, c->key32))
		return AVAL_OK;
	status = aval_verify_digest(&c->key, c->digest32, c->sig64, err);
	return status == AVAL_OK ? aval_verified_add(verified, c->kind, c->key32, err) : status;
}

void aval_claim_make(aval_claim *claim_out, aval_verified_kind kind, const aval_public_key *key,
                     const uint8_t digest32[32], const uint8_t sig64[64])
{
	claim_out->kind = kind;
	claim_out->key = *key;
	memcpy(claim_out->digest32, digest32, 32);
	memcpy(claim_out->sig64, sig64, 64);
	signature_key(claim_out->key32, kind, key, digest32, sig64);
}

aval_status aval_verify_digest_once(aval_verified *verified, aval_verified_kind kind, const aval_public_key *key,
                                    const uint8_t digest32[32], const uint8_t sig64[64], aval_error *err)
{
	aval_claim claim;

	if (verified == NULL)
		return aval_verify_digest(key, digest32, sig64, err);
	aval_claim_make(&claim, kind, key, digest32, sig64);
	return aval_verify_claim_once(verified, &claim, err);
}
