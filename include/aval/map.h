/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_MAP_H
#define AVAL_MAP_H

#include <aval/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Sparse Merkle maps with SHA-256: one root commits to a set of keys and their
 * values, and a proof shows that a key has a value or that it has none. Here are
 * updates in batches, versions that stay readable while the next one is written,
 * proofs and their verification. A map takes a key as its path and a value as its
 * hash; it keeps neither the keys nor the values themselves. It signs nothing: who
 * vouches for a root, and how fresh it is, is said by the log (see state.h).
 *
 * Hashing is that of the SmtSpec of ICS23, so other implementations verify what is
 * exported here: leaf = SHA-256(00 || path || SHA-256(value)),
 * node = SHA-256(01 || left || right), and an empty subtree is 32 zero bytes. A
 * subtree of one leaf is that leaf, at the highest position it can have.
 */

#define AVAL_MAP_MAX_DEPTH 256        /**< nodes between the root and a leaf at most */
#define AVAL_MAP_MAX_CHANGES 1048576  /**< changes of one update */
#define AVAL_MAP_MAX_CLAIMS 65536     /**< keys of one multiproof */
#define AVAL_MAP_PAGE_MAX_LEN 1992    /**< bytes of a page */
#define AVAL_MAP_PROOF_MAX_LEN 8304   /**< bytes that hold every proof about one key */

/** The hash that stands for a value: SHA-256. */
AVAL_API void aval_map_value(uint8_t value32_out[32], const uint8_t *value, size_t value_len);

/** Hash a leaf: SHA-256(00 || path || value32). */
AVAL_API void aval_map_leaf(uint8_t hash32_out[32], const uint8_t path32[32], const uint8_t value32[32]);

/**
 * Where the nodes of a map are kept: pages under ids that the store gives out. A page is written once and never
 * changes; an update writes new pages beside the old ones, so that older versions stay readable.
 *
 * Every callback returns AVAL_OK or the status that is reported as the cause of AVAL_E_CALLBACK; AVAL_E_NO_MEMORY is
 * passed on as it is. get, done and hint must be safe in several threads at once, and beside one that puts.
 */
typedef struct aval_map_store {
	uint32_t struct_size; /**< bytes; sizeof(aval_map_store) */
	/** Give a view of the page; it stays valid until done is called with the id, as often as get was. */
	aval_status (*get)(aval_bytes *page_out, uint64_t id, void *user_data);
	/** Release a view; may be NULL where views live as long as the page. */
	void (*done)(uint64_t id, void *user_data);
	/** Learn that the page will be got soon, so that it can be fetched meanwhile; may be NULL. */
	void (*hint)(uint64_t id, void *user_data);
	/** Store a copy of the page, of at most AVAL_MAP_PAGE_MAX_LEN bytes; the id is not 0. */
	aval_status (*put)(uint64_t *id_out, const uint8_t *page, size_t page_len, void *user_data);
	/** Take back a page that was put in an update that then failed. */
	void (*drop)(uint64_t id, void *user_data);
	/**
	 * Learn that these pages are part of versions before this one only: all of them, or none if it fails. They
	 * are removed when no version before this one is read any more.
	 */
	aval_status (*retire)(const uint64_t *ids, size_t id_count, uint64_t version, void *user_data);
	void *user_data;
} aval_map_store;

/**
 * One version of a map: a value that may be copied; a copy is a snapshot, and stays readable until the store removes
 * its pages. To keep a map beyond the process, keep version, count, page and root32 beside the store's pages.
 */
typedef struct aval_map {
	const aval_map_store *store;      /**< borrowed; the same for all versions */
	uint64_t              version;    /**< updates so far */
	uint64_t              count;      /**< keys */
	uint64_t              page;       /**< id of the uppermost page; 0 if there is no key */
	uint8_t               root32[32]; /**< 32 zero bytes if there is no key */
} aval_map;

/** One change of an update. */
typedef struct aval_map_change {
	uint8_t path32[32];  /**< the key's path */
	uint8_t value32[32]; /**< hash of the new value; ignored if is_delete */
	bool    is_delete;
} aval_map_change;

/** A key and its value, as the map keeps them. */
typedef struct aval_map_item {
	uint8_t path32[32];
	uint8_t value32[32];
} aval_map_item;

/** Start a map without keys, version 0. */
AVAL_API void aval_map_init(aval_map *map_out, const aval_map_store *store);

/**
 * Insert, change and delete keys, all or none, and make that the next version.
 *
 * Changes may come in any order; each node above them is hashed once. A key that has the value already may be set
 * again. Without changes the map stays the version that it is.
 *
 * @param[in,out] map_inout     the newest version in, the new one out; unchanged on failure.
 * @param[in]     changes       change_count changes of different keys; may be NULL if that is 0.
 * @param[in]     change_count  at most AVAL_MAP_MAX_CHANGES.
 * @param[in]     allocator     may be NULL; for memory used during the call.
 * @param[out]    err           filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the new version is in map_inout; its pages are in the store.
 * @retval AVAL_E_INVALID_ARGUMENT  two changes of one key, or the store is of another struct_size.
 * @retval AVAL_E_LIMIT             more than AVAL_MAP_MAX_CHANGES.
 * @retval AVAL_E_NOT_FOUND         a key to be deleted is not there.
 * @retval AVAL_E_NO_MEMORY         the allocator or the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained but pages in the store.
 * @par Threads    One update of a store at a time. Older versions, copied beforehand, may be read meanwhile by any
 *                 number of threads; the new version is to be handed to them by the caller's own synchronisation.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_update(
	aval_map              *map_inout,
	const aval_map_change *changes, size_t change_count,
	const aval_allocator  *allocator,
	aval_error            *err);

/**
 * Look up a key.
 *
 * @param[out] value32_out  32 bytes; hash of the value; written on success; may be NULL.
 * @param[in]  map          a version.
 * @param[in]  path32       32 bytes; the key's path.
 * @param[out] err          filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the key has the value.
 * @retval AVAL_E_NOT_FOUND         the key is not in this version.
 * @retval AVAL_E_INVALID_ARGUMENT  the store is of another struct_size.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_get(
	uint8_t         value32_out[32],
	const aval_map *map,
	const uint8_t   path32[32],
	aval_error     *err);

/**
 * Find the key with the greatest path below a given one.
 *
 * @param[out] item_out  the key and its value; written on success.
 * @param[in]  map       a version.
 * @param[in]  path32    32 bytes; need not be a key of the map.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  item_out holds it.
 * @retval AVAL_E_NOT_FOUND         no key has a path below.
 * @retval AVAL_E_INVALID_ARGUMENT  the store is of another struct_size.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_before(
	aval_map_item  *item_out,
	const aval_map *map,
	const uint8_t   path32[32],
	aval_error     *err);

/**
 * Find the key with the least path above a given one.
 *
 * @param[out] item_out  the key and its value; written on success.
 * @param[in]  map       a version.
 * @param[in]  path32    32 bytes; need not be a key of the map.
 * @param[out] err       filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  item_out holds it.
 * @retval AVAL_E_NOT_FOUND         no key has a path above.
 * @retval AVAL_E_INVALID_ARGUMENT  the store is of another struct_size.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_after(
	aval_map_item  *item_out,
	const aval_map *map,
	const uint8_t   path32[32],
	aval_error     *err);

/**
 * Prove what a version says about one key: that it is present, or that it is absent.
 *
 * @param[out]    proof_out        the proof, CBOR; NULL or short to learn the need.
 * @param[in,out] proof_len_inout  bytes; the room in, the length out; AVAL_MAP_PROOF_MAX_LEN always suffices.
 * @param[in]     map              a version.
 * @param[in]     path32           32 bytes; the key's path.
 * @param[out]    err              filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  proof_out holds the proof; map_proof.h verifies it against root32 of the version.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in proof_len_inout; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  the store is of another struct_size.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained; nothing is allocated.
 * @par Threads    Shared.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_prove(
	uint8_t        *proof_out, size_t *proof_len_inout,
	const aval_map *map,
	const uint8_t   path32[32],
	aval_error     *err);

/**
 * Prove what a version says about many keys, present and absent ones, in one proof.
 *
 * The keys are walked twice: to learn the length, and to write. Where the store fails in between, which one in memory
 * does not, proof_out holds a beginning; proof_len_inout is unchanged even then.
 *
 * @param[out]    proof_out        the proof, CBOR; NULL or short to learn the need.
 * @param[in,out] proof_len_inout  bytes; the room in, the length out.
 * @param[in]     map              a version.
 * @param[in]     paths            path_count x 32 bytes; strictly ascending.
 * @param[in]     path_count       1..AVAL_MAP_MAX_CLAIMS.
 * @param[out]    err              filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  proof_out holds the proof; map_proof.h verifies it against root32 of the version.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in proof_len_inout; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  the store is of another struct_size.
 * @retval AVAL_E_PROOF_SHAPE       no path is given.
 * @retval AVAL_E_PROOF_INDEX       the paths do not strictly ascend.
 * @retval AVAL_E_LIMIT             more than AVAL_MAP_MAX_CLAIMS paths.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained; nothing is allocated.
 * @par Threads    Shared.
 * @par Source     docs/spec/map.md.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_prove_many(
	uint8_t        *proof_out, size_t *proof_len_inout,
	const aval_map *map,
	const uint8_t  *paths, size_t path_count,
	aval_error     *err);

/**
 * Write an ICS23 CommitmentProof that a key has a value.
 *
 * The path of the key must be SHA-256(key), as SmtSpec has it; aval_state_key_preimage() gives such keys.
 *
 * @param[out]    proof_out        protobuf bytes; NULL or short to learn the need.
 * @param[in,out] proof_len_inout  bytes; the room in, the length out.
 * @param[in]     map              a version.
 * @param[in]     key              key_len bytes.
 * @param[in]     key_len          bytes; at least 1.
 * @param[in]     value            value_len bytes; the value itself.
 * @param[in]     value_len        bytes; at least 1, since ICS23 knows no empty value.
 * @param[out]    err              filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  proof_out holds the proof.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in proof_len_inout; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  key or value is empty, or the store is of another struct_size.
 * @retval AVAL_E_NOT_FOUND         the key is not in this version, or has another value.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained; nothing is allocated.
 * @par Threads    Shared.
 * @par Source     ICS23, ExistenceProof and SmtSpec.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_ics23_existence(
	uint8_t        *proof_out, size_t *proof_len_inout,
	const aval_map *map,
	const uint8_t  *key, size_t key_len,
	const uint8_t  *value, size_t value_len,
	aval_error     *err);

/** A key and its value themselves, for ICS23. */
typedef struct aval_map_entry {
	aval_bytes key;
	aval_bytes value;
} aval_map_entry;

/**
 * Write an ICS23 CommitmentProof that a key is absent, by its two neighbours.
 *
 * @param[out]    proof_out        protobuf bytes; NULL or short to learn the need.
 * @param[in,out] proof_len_inout  bytes; the room in, the length out.
 * @param[in]     map              a version.
 * @param[in]     key              key_len bytes; absent.
 * @param[in]     key_len          bytes; at least 1.
 * @param[in]     left             the key that aval_map_before() finds; NULL where it finds none.
 * @param[in]     right            the key that aval_map_after() finds; NULL where it finds none.
 * @param[out]    err              filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  proof_out holds the proof.
 * @retval AVAL_E_BUFFER_TOO_SMALL  the need is in proof_len_inout; nothing was written.
 * @retval AVAL_E_INVALID_ARGUMENT  left or right is not the neighbour or has another value, a key or value is
 *                                  empty, or the store is of another struct_size.
 * @retval AVAL_E_MAP_KIND          the key is present.
 * @retval AVAL_E_UNSUPPORTED       the map has no key, about which ICS23 has no proof.
 * @retval AVAL_E_NO_MEMORY         the store has no memory.
 * @retval AVAL_E_CALLBACK          the store failed; its status is the cause.
 * @retval AVAL_E_MAP_PAGE          the store returned what is not a page.
 *
 * @par Ownership  Nothing is retained; nothing is allocated.
 * @par Threads    Shared.
 * @par Source     ICS23, NonExistenceProof and SmtSpec.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_ics23_nonexistence(
	uint8_t              *proof_out, size_t *proof_len_inout,
	const aval_map       *map,
	const uint8_t        *key, size_t key_len,
	const aval_map_entry *left,
	const aval_map_entry *right,
	aval_error           *err);

/**
 * A store in memory for one map. An id is an address, so reading takes no lock. A second update of a version that has
 * been updated already is refused: AVAL_E_CALLBACK with the cause AVAL_E_INVALID_ARGUMENT.
 */
typedef struct aval_map_memory aval_map_memory;

/**
 * Make an empty store in memory.
 *
 * @param[out] memory_out  the store; written on success.
 * @param[in]  allocator   may be NULL.
 * @param[out] err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           memory_out is to be released by aval_map_memory_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the store.
 * @par Threads    Exclusive.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_map_memory_new(
	aval_map_memory     **memory_out,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release the store and every page in it; NULL is nothing. */
AVAL_API void aval_map_memory_free(aval_map_memory *memory);

/** The store as maps use it; borrowed, it lives as long as memory. */
AVAL_API const aval_map_store *aval_map_memory_store(aval_map_memory *memory);

/**
 * Remove the pages that only versions before a given one need. Exclusive with updates; threads may go on reading that
 * version and later ones.
 */
AVAL_API void aval_map_memory_release(aval_map_memory *memory, uint64_t version);

/** Bytes in pages, retired ones included until they are released. */
AVAL_API size_t aval_map_memory_used(const aval_map_memory *memory);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_MAP_H */
