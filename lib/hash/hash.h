/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_HASH_H
#define AVAL_LIB_HASH_H

/*
 * SHA-256 and what is built of it: tagged hashes, HMAC, and the leaf and node
 * hashes of every Merkle tree. Nothing here can fail, allocates or keeps state;
 * the compression function is the fastest one that the machine has.
 */

#include <stddef.h>
#include <stdint.h>

#define AVAL_HASH_LEN 32

/* A running SHA-256. Copying the struct copies the hash so far. */
typedef struct aval_sha256_ctx {
	uint32_t state[8];
	uint64_t len; /* bytes absorbed */
	uint8_t  block[64];
} aval_sha256_ctx;

/* A state as the bytes of a hash. */
void aval_sha256_store(uint8_t out32[32], const uint32_t state[8]);

void aval_sha256_init(aval_sha256_ctx *ctx);
void aval_sha256_update(aval_sha256_ctx *ctx, const void *data, size_t len);

/* Wipes ctx. */
void aval_sha256_finish(aval_sha256_ctx *ctx, uint8_t out32[32]);

void aval_sha256(uint8_t out32[32], const void *data, size_t len);

/*
 * TH(tag, m) = SHA-256(SHA-256(tag) || SHA-256(tag) || m), the tagged hash of
 * BIP340. An aval_tag is the state after its first block: it saves two of the
 * compressions.
 */
typedef struct aval_tag {
	uint32_t state[8];
} aval_tag;

/* Every tag of the formats, computed beforehand. */
extern const aval_tag aval_tag_slot_index; /* "aval/slot-index" */
extern const aval_tag aval_tag_value;      /* "aval/value" */
extern const aval_tag aval_tag_slot;       /* "aval/slot" */
extern const aval_tag aval_tag_terms;      /* "aval/terms" */
extern const aval_tag aval_tag_commitment; /* "aval/commitment" */
extern const aval_tag aval_tag_delta;      /* "aval/delta" */
extern const aval_tag aval_tag_event;      /* "aval/event" */
extern const aval_tag aval_tag_mandate;    /* "aval/mandate" */
extern const aval_tag aval_tag_map_key;    /* "aval/map-key" */
extern const aval_tag aval_tag_note;       /* "aval/note" */
extern const aval_tag aval_tag_record;     /* "aval/record" */
extern const aval_tag aval_tag_schnorr;    /* "aval/schnorr" */

void aval_tag_init(aval_tag *tag, const char *name);

/* Start ctx as a tagged hash; go on with aval_sha256_update() and _finish(). */
void aval_tagged_init(aval_sha256_ctx *ctx, const aval_tag *tag);

/* The tagged hash of data under a tag computed beforehand. */
void aval_tagged(uint8_t out32[32], const aval_tag *tag, const void *data, size_t len);

/* The tagged hash of data under a tag given by name. */
void aval_tagged_hash(uint8_t out32[32], const char *tag, const void *data, size_t len);

/* An HMAC-SHA256 key after its two pads; as secret as the key itself. */
typedef struct aval_hmac_key {
	uint32_t inner[8];
	uint32_t outer[8];
} aval_hmac_key;

void aval_hmac_key_init(aval_hmac_key *key, const void *bytes, size_t len);
void aval_hmac_key_clear(aval_hmac_key *key);

/* One code in pieces: init, aval_sha256_update(), finish. */
void aval_hmac_init(aval_sha256_ctx *ctx, const aval_hmac_key *key);
void aval_hmac_finish(aval_sha256_ctx *ctx, const aval_hmac_key *key, uint8_t out32[32]);

void aval_hmac(uint8_t out32[32], const aval_hmac_key *key, const void *data, size_t len);
void aval_hmac_sha256(uint8_t out32[32], const void *key, size_t key_len, const void *data, size_t len);

/*
 * RFC 9162, 2.1.1: leaf = SHA-256(00 || data), node = SHA-256(01 || left || right).
 * An output may be one of its own inputs.
 */
void aval_hash_leaf(uint8_t out32[32], const void *data, size_t len);
void aval_hash_node(uint8_t out32[32], const uint8_t left32[32], const uint8_t right32[32]);

/*
 * Many at once: 2 x pairs children to pairs parents, and count values of 32 or 64
 * bytes to count leaf hashes. out may be in, but must not overlap it otherwise.
 */
void aval_hash_nodes(uint8_t *out, const uint8_t *in, size_t pairs);
void aval_hash_leaves32(uint8_t *out, const uint8_t *in, size_t count);
void aval_hash_leaves64(uint8_t *out, const uint8_t *in, size_t count);

/*
 * One block of many messages: from the hash so far starts[i] and blocks[i] to the hash out[i]. They stand start_step,
 * block_step and out_step bytes apart; start_step 0 is one start for all. out may be starts, but must not overlap
 * either otherwise.
 */
void aval_hash_blocks(uint8_t *out, size_t out_step, const uint8_t *starts, size_t start_step, const uint8_t *blocks,
                      size_t block_step, size_t count);

#endif /* AVAL_LIB_HASH_H */
