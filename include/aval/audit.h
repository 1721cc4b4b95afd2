/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_AUDIT_H
#define AVAL_AUDIT_H

#include <aval/map.h>
#include <aval/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An auditor's replay of a registry's log: entries and the deltas beside them go in,
 * in the order of the log, and every map root, every hash and every rule that ties
 * them is recomputed. The first entry that does not agree is named: it is the one
 * at aval_audit_size(). Signatures, events and the laws of the token are not looked
 * at, nor how the registry came to its fingerprints.
 */

/** A replay: the map and the ids so far, in memory, about 150 bytes a key and 150 an entry. */
typedef struct aval_audit aval_audit;

/**
 * Start a replay at the empty log and the empty map.
 *
 * @param[out] audit_out  the replay; written on success.
 * @param[in]  allocator  may be NULL.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           audit_out is to be released by aval_audit_free().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  allocator is kept and must outlive the replay.
 * @par Threads    Exclusive.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_audit_new(
	aval_audit          **audit_out,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a replay; NULL is nothing. */
AVAL_API void aval_audit_free(aval_audit *audit);

/**
 * Replay the next entry of the log.
 *
 * A failure leaves the replay as it was, so that another delta may be tried, but for AVAL_E_STATE_ROOT, after which
 * every call fails with it.
 *
 * @param[in,out] audit      the replay.
 * @param[in]     entry      entry_len bytes: the entry as it is in the log.
 * @param[in]     entry_len  bytes.
 * @param[in]     delta      delta_len bytes: the delta beside it; empty for a state entry.
 * @param[in]     delta_len  bytes.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the entry agrees with all before.
 * @retval AVAL_E_CBOR_TRUNCATED    and every other failure of aval_entry_parse() and aval_delta_parse().
 * @retval AVAL_E_INVALID_ARGUMENT  a delta beside a state entry.
 * @retval AVAL_E_STATE_BASE        base is not the number of entries up to the last state.
 * @retval AVAL_E_STATE_TIME        the entry is earlier than the one before.
 * @retval AVAL_E_STATE_DUPLICATE   an event or mandate with this id was registered before.
 * @retval AVAL_E_STATE_DELTA       the delta is not the one that the entry names.
 * @retval AVAL_E_STATE_CHANGE      an event changes a party, or a mandate something else.
 * @retval AVAL_E_STATE_OLD         the map has another value than the delta's old one.
 * @retval AVAL_E_STATE_ROOT        the map has another root than the state entry says.
 * @retval AVAL_E_LIMIT             a rule of the log: the delta has more than AVAL_DELTA_MAX_CHANGES. A limit of the
 *                                  replay, which finds nothing; where begins with "audit.": more than
 *                                  AVAL_MAP_MAX_CHANGES registrations since the last state; as many keys changed since
 *                                  then and changes of the delta together; the log is full.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/state.md, section 4.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_audit_add(
	aval_audit    *audit,
	const uint8_t *entry, size_t entry_len,
	const uint8_t *delta, size_t delta_len,
	aval_error    *err);

/** Where entries and deltas are read from. */
typedef struct aval_audit_source {
	uint32_t struct_size; /**< bytes; sizeof(aval_audit_source) */
	/** Give views of entry `index` and of its delta, empty for a state; they stay valid until the next call. */
	aval_status (*read)(aval_bytes *entry_out, aval_bytes *delta_out, uint64_t index, void *user_data);
	void *user_data;
} aval_audit_source;

/**
 * Replay entries from a source, from the one at aval_audit_size() on, up to a size.
 *
 * @param[in,out] audit   the replay.
 * @param[in]     source  gives the entries.
 * @param[in]     size    entries in all.
 * @param[out]    err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  all of them agree.
 * @retval AVAL_E_INVALID_ARGUMENT  source is of another struct_size.
 * @retval AVAL_E_CALLBACK          the source failed; its status is the cause.
 * @retval AVAL_E_STATE_ROOT        and every other failure of aval_audit_add(); the entry is at aval_audit_size().
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/state.md, section 4.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_audit_run(
	aval_audit              *audit,
	const aval_audit_source *source,
	uint64_t                 size,
	aval_error              *err);

/**
 * Check that a signed tree is what was replayed.
 *
 * @param[in]  audit   the replay.
 * @param[in]  size    leaves of the signed tree.
 * @param[in]  root32  32 bytes; its root.
 * @param[out] err     filled only on failure; may be NULL.
 *
 * @retval AVAL_OK             the tree has the entries replayed, and ends with a state.
 * @retval AVAL_E_PROOF_INDEX  another number of entries was replayed.
 * @retval AVAL_E_PROOF_FORK   the entries have another root.
 * @retval AVAL_E_STATE_OPEN   the last entry is no state.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Shared.
 * @par Source     docs/spec/state.md, section 4.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_audit_check(
	const aval_audit *audit,
	uint64_t          size,
	const uint8_t     root32[32],
	aval_error       *err);

/** Entries that agreed: the index of the next one. */
AVAL_API uint64_t aval_audit_size(const aval_audit *audit);

/** The root of the log of these entries. */
AVAL_API void aval_audit_log_root(uint8_t root32_out[32], const aval_audit *audit);

/** The map as of the last state, or the one that AVAL_E_STATE_ROOT found; borrowed, valid until the replay goes on. */
AVAL_API const aval_map *aval_audit_map(const aval_audit *audit);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_AUDIT_H */
