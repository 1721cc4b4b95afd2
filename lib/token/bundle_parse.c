/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a bundle: docs/spec/bundle.md#bun-format. */
#include "token/bundle.h"

/* Keys of the other bundle that are looked at; more would make a search quadratic. */
enum { KEYS_BESIDE = 16 };

typedef struct parser {
	aval_cbor_reader   r;
	aval_bundle       *bundle;
	const aval_bundle *beside; /* whose parts may be taken over; NULL: none */
	aval_issue         issue;  /* once the events were read */
} parser;

/* What a nested object was refused with, seen from the file. */
static void fail_within(parser *p, const aval_error *inner, size_t offset)
{
	aval_error err = *inner;

	aval_bundle_shift(&err, offset);
	aval_cbor_fail_at(&p->r, err.status, err.offset, err.where, err.reason);
}

static void fail_no_memory(parser *p)
{
	aval_cbor_fail_at(&p->r, AVAL_E_NO_MEMORY, AVAL_NO_OFFSET, "memory", "the allocator returned NULL");
}

static void read_head(parser *p)
{
	size_t    count = aval_cbor_enter_array(&p->r, "bundle");
	size_t    offset = p->r.offset;
	aval_text name = aval_cbor_read_text(&p->r, "bundle");
	uint64_t  version;

	if (aval_cbor_ok(&p->r) && !aval_text_equal_z(name, AVAL_BUNDLE_NAME))
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle",
		                  "the first item is not \"aval/bundle\"");
	offset = p->r.offset;
	version = aval_cbor_read_uint(&p->r, "bundle.version");
	if (aval_cbor_ok(&p->r) && version != AVAL_BUNDLE_VERSION)
		aval_cbor_fail_at(&p->r, AVAL_E_UNSUPPORTED, offset, "bundle.version",
		                  "another version of the format");
	if (aval_cbor_ok(&p->r) && count != 3)
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, 0, "bundle",
		                  "the outer array does not have three items");
}

static void add_event(parser *p, const aval_event *event, size_t offset)
{
	aval_bundle        *b = p->bundle;
	aval_bundled_event *events;

	if ((event->type == AVAL_EVENT_ISSUE) != (b->event_count == 0))
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle.events[]",
		                  "the first event is ISSUE, and no other");
	if (b->event_count > 0 && !aval_event_is_complete(&b->events[b->event_count - 1].event))
		aval_cbor_fail_at(&p->r, AVAL_E_TOKEN_DRAFT, b->events[b->event_count - 1].offset,
		                  "bundle.events[]", "an event before the last lacks signatures");
	if (!aval_cbor_ok(&p->r))
		return;
	events = aval_grow(b->events, &b->event_room, b->event_count, sizeof *events, b->allocator);
	if (events == NULL) {
		fail_no_memory(p);
		return;
	}
	b->events = events;
	events[b->event_count++] = (aval_bundled_event){ *event, NULL, offset };
}

static bool same_bytes(aval_bytes a, aval_bytes b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* The event that stands in this place in the other bundle, where all before it are the same; NULL if it is not. */
static const aval_event *event_beside(const parser *p, aval_bytes envelope)
{
	size_t index = p->bundle->event_count;

	if (p->beside == NULL || p->bundle->shared_count != index || index >= p->beside->event_count)
		return NULL;
	return same_bytes(p->beside->events[index].event.envelope, envelope) ? &p->beside->events[index].event : NULL;
}

static void read_event(parser *p, aval_bytes envelope, size_t offset)
{
	const aval_event *beside = event_beside(p, envelope);
	aval_error        err = AVAL_ERROR_INIT;
	aval_event        event;

	if (beside != NULL) {
		add_event(p, beside, offset);
		p->bundle->shared_count++;
	} else if (aval_event_parse(&event, envelope.data, envelope.len, &err) != AVAL_OK) {
		fail_within(p, &err, offset);
	} else {
		add_event(p, &event, offset);
	}
}

static void read_events(parser *p)
{
	aval_error err = AVAL_ERROR_INIT;
	size_t     offset = p->r.offset;
	size_t     count = aval_cbor_enter_array(&p->r, "bundle.events");

	if (aval_cbor_ok(&p->r) && count == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.events", "there is no event");
	for (size_t i = 0; i < count && aval_cbor_ok(&p->r); i++) {
		aval_bytes envelope = aval_cbor_read_bytes(&p->r, "bundle.events[]");

		if (!aval_cbor_ok(&p->r))
			return;
		read_event(p, envelope, p->r.offset - envelope.len);
	}
	aval_cbor_leave(&p->r, "bundle.events");
	if (aval_cbor_ok(&p->r) && aval_bundle_terms(&p->issue, p->bundle, &err) != AVAL_OK)
		fail_within(p, &err, AVAL_NO_OFFSET);
}

static void add_key(parser *p, const aval_public_key *key, aval_bytes bytes, size_t offset)
{
	aval_bundle      *b = p->bundle;
	aval_bundled_key *keys = aval_grow(b->keys, &b->key_room, b->key_count, sizeof *keys, b->allocator);
	aval_bundled_key *added;

	if (keys == NULL) {
		fail_no_memory(p);
		return;
	}
	b->keys = keys;
	added = &keys[b->key_count];
	*added = (aval_bundled_key){ *key, { 0 }, bytes, offset, false };
	aval_public_key_thumbprint(added->thumbprint32, key);
	if (b->key_count > 0 && memcmp(keys[b->key_count - 1].thumbprint32, added->thumbprint32, 32) >= 0)
		aval_cbor_fail_at(&p->r, AVAL_E_COSE_ORDER, offset, "bundle.keys[]",
		                  "the keys do not ascend strictly by thumbprint");
	else
		b->key_count++;
}

/* The same COSE_Key in the other bundle; NULL where it is not among its first ones. */
static const aval_public_key *key_beside(const parser *p, aval_bytes item)
{
	size_t count = p->beside == NULL ? 0 : p->beside->key_count;

	if (count > KEYS_BESIDE)
		count = KEYS_BESIDE;
	for (size_t i = 0; i < count; i++)
		if (same_bytes(p->beside->keys[i].bytes, item))
			return &p->beside->keys[i].key;
	return NULL;
}

static void read_key(parser *p, aval_bytes item, size_t offset)
{
	const aval_public_key *beside = key_beside(p, item);
	aval_error             err = AVAL_ERROR_INIT;
	aval_public_key        key;

	if (beside != NULL)
		add_key(p, beside, item, offset);
	else if (aval_public_key_parse(&key, item.data, item.len, &err) != AVAL_OK)
		fail_within(p, &err, offset);
	else
		add_key(p, &key, item, offset);
}

static void read_keys(parser *p)
{
	size_t offset = p->r.offset;
	size_t count = aval_cbor_enter_array(&p->r, "bundle.keys");

	if (aval_cbor_ok(&p->r) && count == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.keys", "there is no key");
	for (size_t i = 0; i < count && aval_cbor_ok(&p->r); i++) {
		aval_bytes item;

		offset = p->r.offset;
		item = aval_cbor_read_item(&p->r, "bundle.keys[]");
		if (!aval_cbor_ok(&p->r))
			return;
		read_key(p, item, offset);
	}
	aval_cbor_leave(&p->r, "bundle.keys");
}

/* The one disclosure there can be; events stand before it, since its key is the larger one. */
static void read_disclosures(parser *p)
{
	aval_bundle_blob *blob = &p->bundle->disclosure;
	uint8_t           commitment32[32];
	size_t            offset = p->r.offset;
	size_t            count = aval_cbor_enter_array(&p->r, "bundle.disclosures");

	if (aval_cbor_ok(&p->r) && count == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.disclosures",
		                  "there is no disclosure");
	if (count > 1)
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle.disclosures",
		                  "more than one disclosure");
	aval_cbor_enter_array_exact(&p->r, "bundle.disclosures[]", 2);
	offset = p->r.offset;
	aval_cbor_read_bytes_exact(&p->r, "bundle.disclosures[].commitment", commitment32, sizeof commitment32);
	if (aval_cbor_ok(&p->r) && memcmp(commitment32, p->issue.commitment32, sizeof commitment32) != 0)
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle.disclosures[].commitment",
		                  "a disclosure of another token");
	blob->bytes = aval_cbor_read_bytes(&p->r, "bundle.disclosures[].disclosure");
	blob->offset = p->r.offset - blob->bytes.len;
	aval_cbor_leave(&p->r, "bundle.disclosures[]");
	aval_cbor_leave(&p->r, "bundle.disclosures");
}

static void read_source(parser *p)
{
	aval_bundle_blob *blob = &p->bundle->source;
	size_t            offset;

	aval_cbor_enter_array_exact(&p->r, "bundle.source", 2);
	aval_cbor_read_bytes_exact(&p->r, "bundle.source.salt_key", p->bundle->source_key32, 32);
	offset = p->r.offset;
	blob->bytes = aval_cbor_read_bytes(&p->r, "bundle.source.file");
	blob->offset = p->r.offset - blob->bytes.len;
	if (aval_cbor_ok(&p->r) && blob->bytes.len == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.source.file", "the file is empty");
	aval_cbor_leave(&p->r, "bundle.source");
}

static void add_mandate(parser *p, const aval_mandate *mandate, size_t offset)
{
	aval_bundle *b = p->bundle;

	if (b->mandate_count > 0 && memcmp(b->mandates[b->mandate_count - 1].mandate.id32, mandate->id32, 32) >= 0)
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle.mandates[]",
		                  "the mandates do not ascend strictly by id");
	else if (aval_bundle_push_mandate(b, mandate, NULL, offset, NULL) != AVAL_OK)
		fail_no_memory(p);
}

static void read_mandates(parser *p)
{
	aval_error err = AVAL_ERROR_INIT;
	size_t     offset = p->r.offset;
	size_t     count = aval_cbor_enter_array(&p->r, "bundle.mandates");

	if (aval_cbor_ok(&p->r) && count == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.mandates", "there is no mandate");
	if (count > AVAL_BUNDLE_MAX_MANDATES)
		aval_cbor_fail_at(&p->r, AVAL_E_LIMIT, offset, "bundle.mandates",
		                  "more than AVAL_BUNDLE_MAX_MANDATES");
	for (size_t i = 0; i < count && aval_cbor_ok(&p->r); i++) {
		aval_bytes   envelope = aval_cbor_read_bytes(&p->r, "bundle.mandates[]");
		aval_mandate mandate;

		if (!aval_cbor_ok(&p->r))
			return;
		offset = p->r.offset - envelope.len;
		if (aval_mandate_parse(&mandate, envelope.data, envelope.len, &err) != AVAL_OK)
			fail_within(p, &err, offset);
		else
			add_mandate(p, &mandate, offset);
	}
	aval_cbor_leave(&p->r, "bundle.mandates");
	if (aval_cbor_ok(&p->r) && aval_bundle_check_mandates(p->bundle, &err) != AVAL_OK)
		aval_cbor_fail_at(&p->r, err.status, err.offset, err.where, err.reason);
}

static void read_certificate(parser *p)
{
	aval_error   err = AVAL_ERROR_INIT;
	aval_bundle *b = p->bundle;
	aval_bytes   der = aval_cbor_read_bytes(&p->r, "bundle.certificates[]");
	size_t       offset = p->r.offset - der.len, last = b->certificate_count;

	if (!aval_cbor_ok(&p->r))
		return;
	if (aval_bundle_push_certificate(b, der, offset, &err) != AVAL_OK)
		fail_within(p, &err, offset);
	else if (last > 0 && memcmp(b->certificates[last - 1].sha256, b->certificates[last].sha256, 32) >= 0)
		aval_cbor_fail_at(&p->r, AVAL_E_BUNDLE_FORMAT, offset, "bundle.certificates[]",
		                  "the certificates do not ascend strictly by SHA-256");
}

static void read_certificates(parser *p)
{
	size_t offset = p->r.offset;
	size_t count = aval_cbor_enter_array(&p->r, "bundle.certificates");

	if (aval_cbor_ok(&p->r) && count == 0)
		aval_cbor_fail_at(&p->r, AVAL_E_CBOR_RANGE, offset, "bundle.certificates", "there is no certificate");
	if (count > AVAL_BUNDLE_MAX_CERTIFICATES)
		aval_cbor_fail_at(&p->r, AVAL_E_LIMIT, offset, "bundle.certificates",
		                  "more than AVAL_BUNDLE_MAX_CERTIFICATES");
	for (size_t i = 0; i < count && aval_cbor_ok(&p->r); i++)
		read_certificate(p);
	aval_cbor_leave(&p->r, "bundle.certificates");
}

static const struct section {
	int64_t key;
	bool    is_required;
	void (*read)(parser *p);
	const char *where;
} sections[] = {
	{ AVAL_BUNDLE_EVENTS, true, read_events, "bundle.events" },
	{ AVAL_BUNDLE_KEYS, true, read_keys, "bundle.keys" },
	{ AVAL_BUNDLE_DISCLOSURES, false, read_disclosures, "bundle.disclosures" },
	{ AVAL_BUNDLE_SOURCE, false, read_source, "bundle.source" },
	{ AVAL_BUNDLE_MANDATES, false, read_mandates, "bundle.mandates" },
	{ AVAL_BUNDLE_CERTIFICATES, false, read_certificates, "bundle.certificates" },
};

static const struct section *const sections_end = sections + sizeof sections / sizeof *sections;

/* Step over the sections before a key, none of which may be required. */
static const struct section *pass_optional(parser *p, const struct section *due, int64_t key, size_t offset)
{
	for (; due != sections_end && due->key < key; due++)
		if (due->is_required)
			aval_cbor_fail_at(&p->r, AVAL_E_CBOR_FIELD_MISSING, offset, due->where,
			                  "the section is missing");
	return due;
}

/* The section with a key that was read at offset. */
static const struct section *section_of(parser *p, const struct section *due, int64_t key, size_t offset)
{
	due = pass_optional(p, due, key, offset);
	if (due != sections_end && due->key == key)
		return due;
	aval_cbor_fail_at(&p->r, AVAL_E_CBOR_FIELD_UNKNOWN, offset, "bundle", "no section of this format");
	return NULL;
}

static void read_sections(parser *p)
{
	const struct section *due = sections;
	int64_t               key;
	size_t                offset;

	aval_cbor_enter_map(&p->r, "bundle");
	for (offset = p->r.offset; aval_cbor_next_key_int(&p->r, "bundle", &key); offset = p->r.offset) {
		const struct section *section = section_of(p, due, key, offset);

		if (section == NULL)
			return;
		section->read(p);
		due = section + 1;
	}
	pass_optional(p, due, INT64_MAX, offset);
	aval_cbor_leave(&p->r, "bundle");
}

aval_status aval_bundle_parse_form(aval_bundle **bundle_out, const uint8_t *data, size_t len,
                                   const aval_allocator *allocator, aval_error *err)
{
	return aval_bundle_parse_beside(bundle_out, data, len, NULL, allocator, err);
}

aval_status aval_bundle_parse_beside(aval_bundle **bundle_out, const uint8_t *data, size_t len,
                                     const aval_bundle *beside, const aval_allocator *allocator, aval_error *err)
{
	parser      p = { .beside = beside };
	aval_status status;

	if (len > AVAL_BUNDLE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "bundle", "longer than AVAL_BUNDLE_MAX_LEN");
	status = aval_bundle_new(&p.bundle, allocator, err);
	if (status != AVAL_OK)
		return status;
	aval_cbor_reader_init(&p.r, data, len);
	read_head(&p);
	read_sections(&p);
	aval_cbor_leave(&p.r, "bundle");
	status = aval_cbor_reader_finish(&p.r, err);
	if (status == AVAL_OK)
		status = aval_bundle_check_certificates(p.bundle, err);
	if (status == AVAL_OK)
		*bundle_out = p.bundle;
	else
		aval_bundle_free(p.bundle);
	return status;
}

aval_status aval_bundle_parse(aval_bundle **bundle_out, const uint8_t *data, size_t len,
                              const aval_allocator *allocator, aval_error *err)
{
	aval_bundle *bundle;
	aval_status  status = aval_bundle_parse_form(&bundle, data, len, allocator, err);

	if (status != AVAL_OK)
		return status;
	status = aval_bundle_check_keys(bundle, err);
	if (status == AVAL_OK)
		*bundle_out = bundle;
	else
		aval_bundle_free(bundle);
	return status;
}
