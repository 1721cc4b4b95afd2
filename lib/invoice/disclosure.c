/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disclosure is read once, in the order of its schema (docs/spec/commitment.md): encoding and rules are
 * checked, and slots handed on to be hashed. The hashes of the proof stand last; where there are more slots
 * than are kept until then, they are looked up beforehand.
 */
#include "invoice/disclosure.h"
#include "invoice/commitment.h"
#include "invoice/path.h"
#include "invoice/slot.h"

/* An absent path: its slot in the upper half, its offset in the lower. So keys sort by slot, then by path. */
typedef uint64_t absent_key;

typedef struct checker {
	aval_cbor_reader r;
	aval_disclosure  view;
	/* Those before next_absent were met, in their slots. */
	absent_key             absent[AVAL_DISCLOSURE_MAX_ABSENT];
	size_t                 next_absent;
	uint32_t               next_index; /* the least that the next slot may have */
	size_t                 hash_need;
	aval_disclosure_hasher hasher;
} checker;

static size_t offset_of(const checker *c, const void *view)
{
	return (size_t)((const uint8_t *)view - c->r.data);
}

/* Take a path that was read apart; it names a term of the map. */
static bool parse_path(checker *c, aval_term_path *path_out, aval_text text, const char *where)
{
	aval_error err = AVAL_ERROR_INIT;

	if (!aval_cbor_ok(&c->r))
		return false;
	if (aval_term_path_parse(path_out, text.data, text.len, &err) == AVAL_OK &&
	    aval_term_path_is_mapped(path_out, &err))
		return true;
	aval_cbor_fail_at(&c->r, err.status, offset_of(c, text.data) + err.offset, where, err.reason);
	return false;
}

/* A text at an offset where it was read before, so that nothing can fail. */
static aval_text text_at(const checker *c, size_t offset)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, c->r.data + offset, c->r.len - offset);
	return aval_cbor_read_text(&r, "disclosure.absent[]");
}

/* Put a key into the first count ones, which are sorted. */
static void insert_key(checker *c, size_t count, absent_key key)
{
	for (; count > 0 && c->absent[count - 1] > key; count--)
		c->absent[count] = c->absent[count - 1];
	c->absent[count] = key;
}

/* From offsets to keys, sorted. The hasher's room is not in use yet. */
static void place_absent(checker *c)
{
	enum { LANES = AVAL_HASH_BATCH_LANES };
	aval_hash_batch *batch = &c->hasher.batch;
	uint8_t         *hashes = c->hasher.hashes;

	aval_hash_batch_init(batch, aval_tag_slot_index.state);
	for (size_t first = 0; first < c->view.absent_count; first += LANES) {
		size_t count = c->view.absent_count - first < LANES ? c->view.absent_count - first : LANES;

		for (size_t i = 0; i < count; i++) {
			aval_text text = text_at(c, (size_t)c->absent[first + i]);

			memcpy(aval_hash_batch_add(batch, hashes + 32 * i, text.len), text.data, text.len);
		}
		aval_hash_batch_flush(batch);
		for (size_t i = 0; i < count; i++)
			insert_key(c, first + i,
			           (uint64_t)aval_slot_of_hash(hashes + 32 * i, c->view.depth) << 32 |
			                   c->absent[first + i]);
	}
}

static void read_absent(checker *c)
{
	static const char where[] = "disclosure.absent[]";
	size_t            start = c->r.offset;
	size_t            count = aval_cbor_enter_array(&c->r, "disclosure.absent");
	aval_term_path    last = { 0, { { 0 } } }, path;

	if (count > AVAL_DISCLOSURE_MAX_ABSENT)
		aval_cbor_fail_at(&c->r, AVAL_E_LIMIT, start, "disclosure.absent",
		                  "too many paths are claimed absent");
	c->view.absent_offset = c->r.offset;
	c->view.absent_count = count;
	for (size_t i = 0; i < count; i++) {
		size_t    offset = c->r.offset;
		aval_text text = aval_cbor_read_text(&c->r, where);

		if (!parse_path(c, &path, text, where))
			return;
		if (i > 0 && aval_term_path_order(&last, &path) >= 0)
			aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_ORDER, offset, where,
			                  "the absent paths do not ascend strictly");
		c->absent[i] = offset;
		last = path;
	}
	aval_cbor_leave(&c->r, "disclosure.absent");
	if (aval_cbor_ok(&c->r))
		place_absent(c);
}

/* Whether the next absent path belongs to a slot, or to one before it. */
static bool absent_is_due(const checker *c, uint32_t index)
{
	return c->next_absent < c->view.absent_count && c->absent[c->next_absent] >> 32 <= index;
}

static size_t absent_offset(const checker *c)
{
	return (size_t)(c->absent[c->next_absent] & UINT32_MAX);
}

/* Pass over the absent paths of a slot that stand before one of its entries; none may be that entry. */
static void meet_absent(checker *c, uint32_t index, aval_text path)
{
	for (; absent_is_due(c, index); c->next_absent++) {
		size_t offset = absent_offset(c);
		int    order = aval_term_path_compare(text_at(c, offset), path);

		if (order == 0)
			aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_PRESENT, offset, "disclosure.absent[]",
			                  "the path is listed in its slot");
		if (order >= 0)
			return;
	}
}

static void fail_unopened(checker *c)
{
	aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_PRESENT, absent_offset(c), "disclosure.absent[]",
	                  "the slot of the path is not opened");
}

const uint8_t *aval_disclosure_read_hash(aval_cbor_reader *r, const char *where)
{
	size_t         start = r->offset;
	const uint8_t *hash;

	if (aval_cbor_take_hashes(r, 1, &hash) == 1)
		return hash;
	(void)aval_cbor_read_bytes(r, where);
	aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, start, where, "the byte string has another length than 32");
	return NULL;
}

static aval_bytes since(const aval_cbor_reader *r, size_t start)
{
	return (aval_bytes){ r->data + start, r->offset - start };
}

/* Value and qualifiers of an opened term. */
static void read_rest(aval_disclosure_entry *e, aval_cbor_reader *r)
{
	size_t    start = r->offset, first;
	aval_text name;

	e->value = aval_cbor_read_text(r, "disclosure.slots[].entries[].value");
	e->qualifier_count = aval_cbor_enter_map(r, "disclosure.slots[].entries[].qualifiers");
	first = r->offset;
	while (aval_cbor_next_key_text(r, "disclosure.slots[].entries[].qualifiers", &name))
		aval_cbor_read_text(r, "disclosure.slots[].entries[].qualifiers[]");
	e->qualifiers = since(r, first);
	aval_cbor_leave(r, "disclosure.slots[].entries[].qualifiers");
	e->rest = since(r, start);
}

void aval_disclosure_read_entry(aval_disclosure_entry *e, aval_cbor_reader *r)
{
	size_t start = r->offset, count = aval_cbor_enter_array(r, "disclosure.slots[].entries[]");

	if (count != 2 && count != 4)
		aval_cbor_fail_at(r, AVAL_E_CBOR_RANGE, start, "disclosure.slots[].entries[]",
		                  "the entry has neither two items nor four");
	start = r->offset;
	e->path = aval_cbor_read_text(r, "disclosure.slots[].entries[].path");
	e->path_item = since(r, start);
	e->is_opened = count == 4;
	e->hash32 = aval_disclosure_read_hash(r, e->is_opened ? "disclosure.slots[].entries[].salt"
	                                                      : "disclosure.slots[].entries[].commitment");
	if (e->is_opened)
		read_rest(e, r);
	aval_cbor_leave(r, "disclosure.slots[].entries[]");
}

/* The entries of a slot; false if none is opened. */
static bool read_entries(checker *c, const aval_disclosure_slot *slot)
{
	static const char     where[] = "disclosure.slots[].entries[].path";
	size_t                opened = 0;
	aval_term_path        last = { 0, { { 0 } } }, path;
	aval_disclosure_entry e;

	for (size_t i = 0; i < slot->entry_count; i++) {
		aval_disclosure_read_entry(&e, &c->r);
		if (!parse_path(c, &path, e.path, where))
			return false;
		if (i > 0 && aval_term_path_order(&last, &path) >= 0)
			aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_ORDER, offset_of(c, e.path_item.data), where,
			                  "the paths of a slot do not ascend strictly");
		meet_absent(c, slot->index, e.path);
		aval_disclosure_add_entry(&c->hasher, &e);
		opened += e.is_opened;
		last = path;
	}
	aval_cbor_leave(&c->r, "disclosure.slots[].entries");
	c->view.opened_count += opened;
	c->view.hidden_count += slot->entry_count - opened;
	return opened > 0;
}

static void read_slot_head(checker *c, aval_disclosure_slot *slot)
{
	size_t   start = c->r.offset;
	uint32_t most = (UINT32_C(1) << c->view.depth) - 1;

	slot->index = (uint32_t)aval_cbor_read_uint_range(&c->r, "disclosure.slots[].index", 0, most);
	slot->index_item = since(&c->r, start);
	if (slot->index < c->next_index)
		aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_ORDER, start, "disclosure.slots[].index",
		                  "the slots do not ascend strictly");
	start = c->r.offset;
	(void)aval_disclosure_read_hash(&c->r, "disclosure.slots[].salt");
	slot->salt_item = since(&c->r, start);
	if (slot->index > 0 && absent_is_due(c, slot->index - 1))
		fail_unopened(c);
	start = c->r.offset;
	slot->entry_count = aval_cbor_enter_array(&c->r, "disclosure.slots[].entries");
	slot->count_item = since(&c->r, start);
}

static void read_slot(checker *c)
{
	size_t               start = c->r.offset;
	aval_disclosure_slot slot;
	bool                 is_needed;

	aval_cbor_enter_array_exact(&c->r, "disclosure.slots[]", 3);
	read_slot_head(c, &slot);
	if (!aval_cbor_ok(&c->r))
		return;
	is_needed = absent_is_due(c, slot.index);
	slot.gap = aval_fold_parts(c->next_index, slot.index);
	aval_disclosure_begin_slot(&c->hasher, &slot);
	is_needed |= read_entries(c, &slot);
	if (!aval_cbor_ok(&c->r))
		return;
	aval_disclosure_end_slot(&c->hasher);
	while (absent_is_due(c, slot.index))
		c->next_absent++;
	if (!is_needed)
		aval_cbor_fail_at(&c->r, AVAL_E_DISCLOSURE_SUPERFLUOUS, start, "disclosure.slots[]",
		                  "the slot has no opened term and is that of no absent path");
	aval_cbor_leave(&c->r, "disclosure.slots[]");
	c->hash_need += slot.gap;
	c->next_index = slot.index + 1;
}

/* Find the hashes behind so many slots. What is wrong there is left to be refused in its turn. */
static void look_ahead(checker *c, size_t slot_count)
{
	aval_cbor_reader ahead = c->r;
	const uint8_t   *hashes;
	size_t           count;

	while (slot_count-- > 0 && aval_cbor_ok(&ahead))
		(void)aval_cbor_read_item(&ahead, "");
	aval_cbor_leave(&ahead, "");
	count = aval_cbor_enter_array(&ahead, "");
	count = aval_cbor_take_hashes(&ahead, count, &hashes);
	if (count > 0)
		aval_fold_set_hashes(&c->hasher.fold, hashes, AVAL_CBOR_HASH_STEP, count);
}

static void read_slots(checker *c)
{
	size_t start = c->r.offset, count = aval_cbor_enter_array(&c->r, "disclosure.slots");

	if (aval_cbor_ok(&c->r) && count == 0)
		aval_cbor_fail_at(&c->r, AVAL_E_CBOR_RANGE, start, "disclosure.slots", "no slot is opened");
	c->view.slots_offset = c->r.offset;
	c->view.slot_count = count;
	aval_disclosure_hasher_init(&c->hasher, c->view.depth);
	if (count > AVAL_FOLD_BATCH)
		look_ahead(c, count);
	for (size_t i = 0; i < count && aval_cbor_ok(&c->r); i++)
		read_slot(c);
	if (aval_cbor_ok(&c->r) && c->next_absent < c->view.absent_count)
		fail_unopened(c);
	aval_cbor_leave(&c->r, "disclosure.slots");
}

static void read_hashes(checker *c)
{
	size_t         start = c->r.offset, count = aval_cbor_enter_array(&c->r, "disclosure.hashes");
	const uint8_t *hashes = NULL;

	if (!aval_cbor_ok(&c->r))
		return;
	c->hash_need += aval_fold_parts(c->next_index, UINT32_C(1) << c->view.depth);
	if (count != c->hash_need)
		aval_cbor_fail_at(&c->r, AVAL_E_PROOF_LENGTH, start, "disclosure.hashes",
		                  "the number of hashes is not what the slots need");
	if (aval_cbor_take_hashes(&c->r, count, &hashes) < count)
		(void)aval_disclosure_read_hash(&c->r, "disclosure.hashes[]");
	aval_cbor_leave(&c->r, "disclosure.hashes");
	aval_fold_set_hashes(&c->hasher.fold, hashes, AVAL_CBOR_HASH_STEP, count);
}

static aval_status check(checker *c, aval_error *err)
{
	uint64_t version;
	size_t   start;

	aval_cbor_enter_array_exact(&c->r, "disclosure", 5);
	c->view.depth = (uint32_t)aval_cbor_read_uint_range(
		&c->r, "disclosure.depth", AVAL_COMMITMENT_MIN_DEPTH, AVAL_COMMITMENT_MAX_DEPTH);
	start = c->r.offset;
	version = aval_cbor_read_uint(&c->r, "disclosure.map_version");
	if (version != AVAL_TERM_MAP_VERSION)
		aval_cbor_fail_at(&c->r, AVAL_E_UNSUPPORTED, start, "disclosure.map_version",
		                  "the version of the term map is not known");
	read_absent(c);
	read_slots(c);
	read_hashes(c);
	aval_cbor_leave(&c->r, "disclosure");
	return aval_cbor_reader_finish(&c->r, err);
}

/* The root to which all leads, once it is known to be in order. */
static aval_status finish(uint8_t root32_out[32], checker *c, aval_error *err)
{
	aval_disclosure_hasher_flush(&c->hasher);
	if (c->hasher.stray != NULL)
		return aval_fail_at(err, AVAL_E_DISCLOSURE_SLOT, offset_of(c, c->hasher.stray),
		                    "disclosure.slots[].entries[].path", "the path belongs to another slot");
	if (!aval_fold_finish(&c->hasher.fold, root32_out))
		return aval_fail(err, AVAL_E_PROOF_LENGTH, "disclosure.hashes",
		                 "the number of hashes is not what the slots need");
	return AVAL_OK;
}

aval_status aval_disclosure_open(aval_disclosure *disclosure_out, uint8_t commitment32_out[32],
                                 const uint8_t *data, size_t len, aval_error *err)
{
	checker     c;
	aval_status status;
	uint8_t     root[32];

	if (len > AVAL_DISCLOSURE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "disclosure", "the disclosure is too long");
	aval_cbor_reader_init(&c.r, data, len);
	c.view = (aval_disclosure){ .data = { data, len } };
	c.next_absent = 0;
	c.next_index = 0;
	c.hash_need = 0;
	status = check(&c, err);
	if (status == AVAL_OK)
		status = finish(root, &c, err);
	if (status != AVAL_OK)
		return status;
	aval_commitment_of_root(commitment32_out, c.view.depth, AVAL_TERM_MAP_VERSION, root);
	*disclosure_out = c.view;
	return AVAL_OK;
}

aval_status aval_disclosure_verify(aval_disclosure *disclosure_out, const uint8_t *data, size_t len,
                                   const uint8_t commitment32[32], aval_error *err)
{
	aval_disclosure view;
	uint8_t         commitment[32];
	aval_status     status = aval_disclosure_open(&view, commitment, data, len, err);

	if (status != AVAL_OK)
		return status;
	if (memcmp(commitment, commitment32, 32) != 0)
		return aval_fail(err, AVAL_E_DISCLOSURE_MISMATCH, "disclosure", "it opens another commitment");
	*disclosure_out = view;
	return AVAL_OK;
}
