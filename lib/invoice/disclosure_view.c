/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a disclosure that was verified. Its bytes are read again, and would still be refused if they had
 * changed. */
#include "invoice/disclosure.h"

void aval_disclosure_cursor_init(aval_disclosure_cursor *cursor, const aval_disclosure *disclosure)
{
	cursor->disclosure = disclosure;
	cursor->slots_offset = disclosure->slots_offset;
	cursor->absent_offset = disclosure->absent_offset;
	cursor->slots_left = disclosure->slot_count;
	cursor->entries_left = 0;
	cursor->absent_left = disclosure->absent_count;
}

/* Start reading outside of all containers. */
static void start(aval_cbor_reader *r, const aval_disclosure *disclosure, size_t offset)
{
	aval_cbor_reader_init(r, disclosure->data.data + offset, disclosure->data.len - offset);
}

/* Pass the head of the next slot. */
static aval_status enter_slot(aval_disclosure_cursor *cursor, aval_error *err)
{
	aval_cbor_reader r;

	start(&r, cursor->disclosure, cursor->slots_offset);
	aval_cbor_enter_array_exact(&r, "disclosure.slots[]", 3);
	aval_cbor_read_uint(&r, "disclosure.slots[].index");
	(void)aval_disclosure_read_hash(&r, "disclosure.slots[].salt");
	cursor->entries_left = aval_cbor_enter_array(&r, "disclosure.slots[].entries");
	if (!aval_cbor_ok(&r))
		return aval_cbor_reader_finish(&r, err);
	cursor->slots_offset += r.offset;
	cursor->slots_left--;
	return AVAL_OK;
}

/* Pass the next entry of the slot. */
static aval_status next_entry(aval_disclosure_entry *entry_out, aval_disclosure_cursor *cursor, aval_error *err)
{
	aval_cbor_reader r;

	start(&r, cursor->disclosure, cursor->slots_offset);
	aval_disclosure_read_entry(entry_out, &r);
	if (!aval_cbor_ok(&r))
		return aval_cbor_reader_finish(&r, err);
	cursor->slots_offset += r.offset;
	cursor->entries_left--;
	return AVAL_OK;
}

static aval_status next_opened(aval_disclosed *out, aval_disclosure_cursor *cursor, aval_error *err)
{
	aval_disclosure_entry e = { .is_opened = false };

	while (!e.is_opened) {
		aval_status status;

		if (cursor->entries_left > 0)
			status = next_entry(&e, cursor, err);
		else if (cursor->slots_left > 0)
			status = enter_slot(cursor, err);
		else
			return AVAL_E_NOT_FOUND;
		if (status != AVAL_OK)
			return status;
	}
	*out = (aval_disclosed){ .path = e.path,
		                 .is_absent = false,
		                 .value = e.value,
		                 .qualifier_count = e.qualifier_count,
		                 .qualifiers = e.qualifiers };
	return AVAL_OK;
}

static aval_status next_absent(aval_disclosed *out, aval_disclosure_cursor *cursor, aval_error *err)
{
	aval_cbor_reader r;
	aval_text        path;

	if (cursor->absent_left == 0)
		return aval_fail(err, AVAL_E_NOT_FOUND, "disclosure", "there are no more terms");
	start(&r, cursor->disclosure, cursor->absent_offset);
	path = aval_cbor_read_text(&r, "disclosure.absent[]");
	if (!aval_cbor_ok(&r))
		return aval_cbor_reader_finish(&r, err);
	cursor->absent_offset += r.offset;
	cursor->absent_left--;
	*out = (aval_disclosed){ .path = path, .is_absent = true };
	return AVAL_OK;
}

aval_status aval_disclosure_next(aval_disclosed *disclosed_out, aval_disclosure_cursor *cursor, aval_error *err)
{
	aval_disclosure_cursor at = *cursor;
	aval_disclosed         out;
	aval_status            status = next_opened(&out, &at, err);

	if (status == AVAL_E_NOT_FOUND)
		status = next_absent(&out, &at, err);
	if (status != AVAL_OK)
		return status;
	*cursor = at;
	*disclosed_out = out;
	return AVAL_OK;
}

aval_status aval_disclosure_find(aval_disclosed *disclosed_out, const aval_disclosure *disclosure,
                                 const char *path, size_t path_len, aval_error *err)
{
	const aval_text        wanted = { path, path_len };
	aval_disclosure_cursor cursor;
	aval_disclosed         d;
	aval_status            status;

	aval_disclosure_cursor_init(&cursor, disclosure);
	while ((status = aval_disclosure_next(&d, &cursor, NULL)) == AVAL_OK) {
		if (aval_text_equal(d.path, wanted)) {
			*disclosed_out = d;
			return AVAL_OK;
		}
	}
	return aval_fail(err, status, "disclosure", "the path is neither opened nor proven absent");
}

aval_status aval_disclosed_qualifier(aval_qualifier *qualifier_out, const aval_disclosed *disclosed,
                                     size_t index, aval_error *err)
{
	aval_cbor_reader r;
	aval_qualifier   q = { { NULL, 0 }, { NULL, 0 } };

	if (index >= disclosed->qualifier_count)
		return aval_fail(err, AVAL_E_NOT_FOUND, "disclosure.slots[].entries[].qualifiers",
		                 "the term has fewer qualifiers");
	aval_cbor_reader_init(&r, disclosed->qualifiers.data, disclosed->qualifiers.len);
	for (size_t i = 0; i <= index && aval_cbor_ok(&r); i++) {
		q.name = aval_cbor_read_text(&r, "disclosure.slots[].entries[].qualifiers");
		q.value = aval_cbor_read_text(&r, "disclosure.slots[].entries[].qualifiers[]");
	}
	if (!aval_cbor_ok(&r))
		return aval_cbor_reader_finish(&r, err);
	*qualifier_out = q;
	return AVAL_OK;
}

aval_status aval_disclosed_find_qualifier(aval_text *value_out, const aval_disclosed *disclosed,
                                          const char *name, aval_error *err)
{
	aval_qualifier q;

	for (size_t i = 0; aval_disclosed_qualifier(&q, disclosed, i, NULL) == AVAL_OK; i++) {
		if (aval_text_equal_z(q.name, name)) {
			*value_out = q.value;
			return AVAL_OK;
		}
	}
	return aval_fail(err, AVAL_E_NOT_FOUND, "disclosure.slots[].entries[].qualifiers",
	                 "the term has no such qualifier");
}
