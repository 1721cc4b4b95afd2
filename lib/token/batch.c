/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of events and of bundles' drafts: docs/spec/batch.md. */
#include <assert.h>

#include <aval/batch.h>

#include "sign/sign.h"
#include "token/bundle.h"

/* A draft in the batch: a signer that it asks for, and its leaf. */
typedef struct batch_item {
	aval_bundle *bundle;
	uint32_t     signer; /* index among the draft's */
	uint32_t     leaf;
} batch_item;

/* A bundle's draft with all its signatures by the batch, before it takes the old one's place. */
typedef struct signed_draft {
	aval_bundle *bundle;
	uint8_t     *envelope;
	size_t       len;
} signed_draft;

struct aval_batch {
	const aval_allocator *allocator;
	aval_batch_tree       tree;
	uint8_t               thumbprint32[32];
	batch_item           *items;
	size_t                item_count;
	size_t                item_room;
};

aval_status aval_batch_new(aval_batch **batch_out, const aval_signer *signer, const aval_allocator *allocator,
                           aval_error *err)
{
	aval_batch *batch = aval_alloc_zero(allocator, sizeof *batch);
	aval_status status;

	if (batch == NULL)
		return aval_fail_no_memory(err);
	batch->allocator = allocator;
	status = aval_batch_tree_init(&batch->tree, signer, allocator, err);
	if (status != AVAL_OK) {
		aval_free(batch, allocator);
		return status;
	}
	aval_public_key_thumbprint(batch->thumbprint32, &signer->key);
	*batch_out = batch;
	return AVAL_OK;
}

void aval_batch_free(aval_batch *batch)
{
	if (batch == NULL)
		return;
	aval_batch_tree_clear(&batch->tree);
	aval_free(batch->items, batch->allocator);
	aval_free(batch, batch->allocator);
}

size_t aval_batch_count(const aval_batch *batch)
{
	return (size_t)aval_log_size(batch->tree.log);
}

bool aval_batch_is_signed(const aval_batch *batch)
{
	return batch->tree.is_signed;
}

/* One signature to be made: what it is over, and its header. */
typedef struct batch_entry {
	aval_cose_sign sign;
	aval_bytes     header;
	uint8_t        leaf32[32];
	uint8_t        header_room[AVAL_COSE_HEADER_MAX_LEN];
} batch_entry;

static aval_status write_header(batch_entry *entry, const aval_batch *batch, const aval_cose_signer *as,
                                aval_error *err)
{
	aval_cbor_writer w;

	entry->header.data = entry->header_room;
	aval_cbor_writer_init(&w, entry->header_room, sizeof entry->header_room);
	aval_cose_write_signature_header(&w, &batch->tree.signer.key, true, as);
	return aval_cbor_writer_finish(&w, &entry->header.len, err);
}

static aval_status insert(uint8_t *out, size_t *len_inout, const batch_entry *entry, aval_bytes signature,
                          aval_error *err)
{
	const aval_cose_sign *sign = entry->sign.signature_count == 0 ? NULL : &entry->sign;

	return aval_cose_sign_insert(out, len_inout, &entry->sign.body, sign, entry->header, signature, err);
}

static aval_status check_len(size_t len, aval_error *err)
{
	if (len > AVAL_EVENT_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "event",
		                 "the envelope would be longer than AVAL_EVENT_MAX_LEN");
	return AVAL_OK;
}

/* Whether the event may be signed so, as far as it can be told before the batch has its size. */
static aval_status make_entry(batch_entry *entry, const aval_batch *batch, const aval_event *event,
                              const aval_cose_signer *as, aval_error *err)
{
	const aval_bytes longest = { NULL, AVAL_BATCH_SIGNATURE_MAX_LEN };
	aval_error       inner = AVAL_ERROR_INIT;
	size_t           need = 0;
	aval_status      status = aval_event_check_signer(event, as, err);

	if (status != AVAL_OK)
		return status;
	entry->sign = aval_event_cose(event);
	status = write_header(entry, batch, as, err);
	if (status != AVAL_OK)
		return status;
	status = insert(NULL, &need, entry, longest, &inner);
	if (status != AVAL_E_BUFFER_TOO_SMALL)
		return aval_fail_at(err, status, inner.offset, inner.where, inner.reason);
	aval_cose_batch_leaf(entry->leaf32, &entry->sign.body, entry->header);
	return check_len(need, err);
}

aval_status aval_batch_add_event(aval_batch *batch, const aval_event *event, aval_role role, const char *party,
                                 size_t party_len, aval_error *err)
{
	aval_cose_signer as = { (uint64_t)role, { party, party_len } };
	batch_entry      entry;
	aval_status      status = make_entry(&entry, batch, event, &as, err);

	return status == AVAL_OK ? aval_batch_tree_add(&batch->tree, entry.leaf32, err) : status;
}

static const aval_event *draft_of(const aval_bundle *bundle)
{
	return &bundle->events[bundle->event_count - 1].event;
}

/* The signer at an index, or the index of a signer that the event is known to ask for. */
static aval_cose_signer signer_at(const aval_event *event, uint32_t index)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer = { 0 };

	while (cursor.index <= index && aval_event_next_signer(&signer, &cursor, event))
		;
	return (aval_cose_signer){ (uint64_t)signer.role, signer.party };
}

static uint32_t signer_index(const aval_event *event, const aval_cose_signer *as)
{
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	while (aval_event_next_signer(&signer, &cursor, event))
		if ((uint64_t)signer.role == as->role && aval_text_equal(signer.party, as->party))
			break;
	return (uint32_t)cursor.index - 1;
}

static bool reserve_item(aval_batch *batch)
{
	batch_item *items = aval_grow(batch->items, &batch->item_room, batch->item_count, sizeof *items,
	                              batch->allocator);

	if (items == NULL)
		return false;
	batch->items = items;
	return true;
}

/* Whether the bundle's mandates let the key sign. */
static aval_status check_bundle(const aval_batch *batch, const aval_bundle *bundle, const aval_event *event,
                                const aval_cose_signer *as, aval_error *err)
{
	aval_event_signer signer = { (aval_role)as->role, as->party };

	return aval_bundle_check_signer(bundle, event, &signer, batch->thumbprint32, err);
}

aval_status aval_batch_add(aval_batch *batch, aval_bundle *bundle, aval_role role, const char *party,
                           size_t party_len, aval_error *err)
{
	aval_cose_signer as = { (uint64_t)role, { party, party_len } };
	batch_entry      entry;
	uint32_t         leaf = (uint32_t)aval_batch_count(batch);
	aval_status      status = aval_bundle_check_draft(bundle, err);

	if (status == AVAL_OK)
		status = check_bundle(batch, bundle, draft_of(bundle), &as, err);
	if (status == AVAL_OK)
		status = aval_bundle_prepare_key(bundle, &batch->tree.signer.key, batch->thumbprint32, err);
	if (status == AVAL_OK)
		status = make_entry(&entry, batch, draft_of(bundle), &as, err);
	if (status != AVAL_OK)
		return status;
	if (!reserve_item(batch))
		return aval_fail_no_memory(err);
	status = aval_batch_tree_add(&batch->tree, entry.leaf32, err);
	if (status == AVAL_OK)
		batch->items[batch->item_count++] =
			(batch_item){ bundle, signer_index(draft_of(bundle), &as), leaf };
	return status;
}

/* By bundle, so that the signatures of one stand together, then by signer. */
static int compare_items(const void *a, const void *b, const void *unused)
{
	const batch_item *x = a, *y = b;
	uintptr_t         p = (uintptr_t)x->bundle, q = (uintptr_t)y->bundle;

	(void)unused;
	return p != q ? (p > q) - (p < q) : (x->signer > y->signer) - (x->signer < y->signer);
}

static aval_status sort_items(aval_batch *batch, aval_error *err)
{
	const batch_item *items = batch->items;

	aval_heap_sort(batch->items, batch->item_count, sizeof *items, compare_items, NULL);
	for (size_t i = 1; i < batch->item_count; i++)
		if (compare_items(&items[i - 1], &items[i], NULL) == 0)
			return aval_fail(err, AVAL_E_COSE_ORDER, "batch",
			                 "a bundle was added twice for one role and party");
	return AVAL_OK;
}

/* The envelope with the signature of one leaf more, in memory of the bundle's. */
static aval_status sign_entry(uint8_t **envelope_out, size_t *len_out, const aval_batch *batch, uint64_t leaf,
                              const batch_entry *entry, const aval_allocator *allocator, aval_error *err)
{
	uint8_t     string[AVAL_BATCH_SIGNATURE_MAX_LEN];
	aval_bytes  signature = { string, 0 };
	size_t      len = 0;
	uint8_t    *envelope;
	aval_status status = aval_batch_tree_signature(string, &signature.len, &batch->tree, leaf, entry->leaf32, err);

	if (status != AVAL_OK)
		return status;
	(void)insert(NULL, &len, entry, signature, NULL);
	status = check_len(len, err);
	if (status != AVAL_OK)
		return status;
	envelope = aval_alloc(allocator, len);
	if (envelope == NULL)
		return aval_fail_no_memory(err);
	status = insert(envelope, &len, entry, signature, err);
	if (status != AVAL_OK) {
		aval_free(envelope, allocator);
		return status;
	}
	*envelope_out = envelope;
	*len_out = len;
	return AVAL_OK;
}

static aval_status sign_item(signed_draft *draft, aval_event *event, const aval_batch *batch,
                             const batch_item *item, aval_error *err)
{
	const aval_allocator *allocator = draft->bundle->allocator;
	aval_cose_signer      as = signer_at(event, item->signer);
	batch_entry           entry;
	uint8_t              *envelope;
	size_t                len;
	aval_status           status = make_entry(&entry, batch, event, &as, err);

	if (status == AVAL_OK)
		status = check_bundle(batch, draft->bundle, event, &as, err);
	if (status == AVAL_E_SIGNER_UNEXPECTED || status == AVAL_E_SIGNER_KEY)
		return aval_fail(err, AVAL_E_BATCH_CHANGED, "batch", "a bundle ends in another draft");
	if (status == AVAL_OK)
		status = sign_entry(&envelope, &len, batch, item->leaf, &entry, allocator, err);
	if (status != AVAL_OK)
		return status;
	aval_free(draft->envelope, allocator);
	draft->envelope = envelope;
	draft->len = len;
	return aval_event_parse(event, envelope, len, err);
}

static aval_status check_changed(const aval_bundle *bundle, aval_error *err)
{
	if (aval_bundle_has_draft(bundle))
		return AVAL_OK;
	return aval_fail(err, AVAL_E_BATCH_CHANGED, "batch", "a bundle does not end in a draft any more");
}

/* The draft of the first item's bundle, with the signatures of all its items; *count_out is how many they are. */
static aval_status sign_draft(signed_draft *draft, size_t *count_out, const aval_batch *batch,
                              const batch_item *items, size_t count, aval_error *err)
{
	aval_bundle *bundle = items[0].bundle;
	aval_event   event;
	aval_status  status = check_changed(bundle, err);
	size_t       n;

	if (status == AVAL_OK)
		status = aval_bundle_prepare_key(bundle, &batch->tree.signer.key, batch->thumbprint32, err);
	if (status != AVAL_OK)
		return status;
	*draft = (signed_draft){ bundle, NULL, 0 };
	event = *draft_of(bundle);
	for (n = 0; n < count && items[n].bundle == bundle && status == AVAL_OK; n++)
		status = sign_item(draft, &event, batch, &items[n], err);
	*count_out = n;
	if (status != AVAL_OK)
		aval_free(draft->envelope, bundle->allocator);
	return status;
}

/* What cannot fail: the envelope was read before. The state is replayed when somebody asks for it. */
static void take_draft(const aval_batch *batch, const signed_draft *draft)
{
	aval_bundle        *bundle = draft->bundle;
	aval_bundled_event *at = &bundle->events[bundle->event_count - 1];
	aval_status         status;

	aval_free(at->owned, bundle->allocator);
	at->owned = draft->envelope;
	at->offset = AVAL_NO_OFFSET;
	status = aval_event_parse(&at->event, draft->envelope, draft->len, NULL);
	assert(status == AVAL_OK);
	(void)status;
	aval_bundle_put_key(bundle, &batch->tree.signer.key, batch->thumbprint32);
	aval_token_free(bundle->state);
	bundle->state = NULL;
}

static aval_status sign_drafts(aval_batch *batch, signed_draft *drafts, aval_error *err)
{
	size_t      drafted = 0, taken = 0, n = 0;
	aval_status status = AVAL_OK;

	for (size_t i = 0; i < batch->item_count && status == AVAL_OK; i += n) {
		status = sign_draft(&drafts[drafted], &n, batch, batch->items + i, batch->item_count - i, err);
		drafted += status == AVAL_OK;
	}
	for (; status == AVAL_OK && taken < drafted; taken++)
		take_draft(batch, &drafts[taken]);
	for (; taken < drafted; taken++)
		aval_free(drafts[taken].envelope, drafts[taken].bundle->allocator);
	return status;
}

aval_status aval_batch_sign(aval_batch *batch, aval_error *err)
{
	signed_draft *drafts = NULL;
	aval_status   status = sort_items(batch, err);

	if (status != AVAL_OK)
		return status;
	if (batch->item_count > 0) {
		drafts = aval_alloc_array(batch->allocator, batch->item_count, sizeof *drafts);
		if (drafts == NULL)
			return aval_fail_no_memory(err);
	}
	status = aval_batch_tree_sign(&batch->tree, err);
	if (status == AVAL_OK)
		status = sign_drafts(batch, drafts, err);
	aval_free(drafts, batch->allocator);
	if (status == AVAL_OK)
		batch->item_count = 0;
	return status;
}

aval_status aval_batch_sign_event(uint8_t *envelope_out, size_t *len_inout, const aval_batch *batch, size_t index,
                                  const aval_event *event, aval_role role, const char *party, size_t party_len,
                                  aval_error *err)
{
	aval_cose_signer as = { (uint64_t)role, { party, party_len } };
	batch_entry      entry;
	uint8_t          string[AVAL_BATCH_SIGNATURE_MAX_LEN];
	aval_bytes       signature = { string, 0 };
	size_t           need = 0;
	aval_status      status = make_entry(&entry, batch, event, &as, err);

	if (status == AVAL_OK)
		status = aval_batch_tree_signature(string, &signature.len, &batch->tree, index, entry.leaf32, err);
	if (status != AVAL_OK)
		return status;
	(void)insert(NULL, &need, &entry, signature, NULL);
	status = check_len(need, err);
	return status == AVAL_OK ? insert(envelope_out, len_inout, &entry, signature, err) : status;
}
