/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a MuSig2 session (docs/spec/musig.md#files): deterministic CBOR, a name and a version first. */
#include <aval/musig_file.h>

#include "cbor/cbor.h"
#include "sign/musig.h"

enum { VERSION = 1 };

static const char group_name[] = "aval/musig-group";
static const char session_name[] = "aval/musig-session";
static const char nonce_name[] = "aval/musig-nonce";
static const char partial_name[] = "aval/musig-partial";

/* Names are hashed too: docs/spec/musig.md#files. */
static const char nonces_tag[] = "aval/musig-nonces";

static void write_head(aval_cbor_writer *w, const char *name, size_t items)
{
	aval_cbor_write_array(w, 2 + items);
	aval_cbor_write_text_z(w, name);
	aval_cbor_write_uint(w, VERSION);
}

static void read_head(aval_cbor_reader *r, const char *name, size_t items)
{
	size_t    count = aval_cbor_enter_array(r, name);
	aval_text found = aval_cbor_read_text(r, name);
	size_t    at;

	if (aval_cbor_ok(r) && (!aval_text_equal_z(found, name) || count != 2 + items))
		aval_cbor_fail_at(r, AVAL_E_MUSIG_FORMAT, 0, name, "not a file of this kind");
	at = r->offset;
	if (aval_cbor_read_uint(r, name) != VERSION)
		aval_cbor_fail_at(r, AVAL_E_UNSUPPORTED, at, name, "a version that is not known");
}

static void write_members(aval_cbor_writer *w, const aval_musig_keys *keys)
{
	aval_cbor_write_array(w, keys->count);
	for (size_t i = 0; i < keys->count; i++) {
		uint8_t cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
		size_t  len = sizeof cose_key;

		/* A key that is there has room. */
		if (aval_public_key_serialize(cose_key, &len, &keys->seats[i].key, NULL) == AVAL_OK)
			aval_cbor_write_raw(w, cose_key, len);
	}
}

static bool in_order(const aval_public_key *before, const aval_public_key *key)
{
	uint8_t a65[65], b65[65];

	aval_public_key_point(a65, before);
	aval_public_key_point(b65, key);
	return memcmp(a65 + 1, b65 + 1, 32) <= 0;
}

static aval_status read_member(aval_public_key *out, aval_cbor_reader *r, const aval_public_key *before,
                               aval_error *err)
{
	aval_bytes  item = aval_cbor_read_item(r, "members[]");
	size_t      at = r->offset - item.len;
	aval_status status;

	if (!aval_cbor_ok(r))
		return aval_cbor_status(r);
	status = aval_public_key_parse(out, item.data, item.len, err);
	if (status != AVAL_OK && err != NULL)
		err->offset = err->offset == AVAL_NO_OFFSET ? at : at + err->offset;
	if (status != AVAL_OK)
		return status;
	if (aval_public_key_alg(out) != AVAL_ALG_SCHNORR)
		return aval_fail_at(err, AVAL_E_COSE_ALGORITHM, at, "members[]",
		                    "a member's key is not of algorithm schnorr");
	if (before != NULL && !in_order(before, out))
		return aval_fail_at(err, AVAL_E_MUSIG_FORMAT, at, "members[]", "the members are not sorted");
	return AVAL_OK;
}

/* The members of an array that was entered; what the reader itself finds is said by its finish. */
static aval_status read_members(aval_public_key *members, size_t count, aval_cbor_reader *r, aval_error *err)
{
	for (size_t i = 0; i < count; i++) {
		aval_status status = read_member(&members[i], r, i == 0 ? NULL : &members[i - 1], err);

		if (!aval_cbor_ok(r))
			return AVAL_OK;
		if (status != AVAL_OK)
			return status;
	}
	aval_cbor_leave(r, "members");
	aval_cbor_leave(r, "file");
	return AVAL_OK;
}

/* The last item of a file is its members. */
static aval_status finish_with_members(aval_musig_keys **keys_out, aval_cbor_reader *r,
                                       const aval_allocator *allocator, aval_error *err)
{
	size_t           count = aval_cbor_enter_array(r, "members");
	aval_public_key *members;
	aval_status      status;

	if (!aval_cbor_ok(r))
		return aval_cbor_reader_finish(r, err);
	if (count == 0)
		return aval_fail_at(err, AVAL_E_MUSIG_FORMAT, r->offset, "members", "there is no member");
	if (count > AVAL_MUSIG_MAX_MEMBERS)
		return aval_fail_at(err, AVAL_E_LIMIT, r->offset, "members",
		                    "more than AVAL_MUSIG_MAX_MEMBERS");
	members = aval_alloc_array(allocator, count, sizeof members[0]);
	if (members == NULL)
		return aval_fail_no_memory(err);
	status = read_members(members, count, r, err);
	if (status == AVAL_OK)
		status = aval_cbor_reader_finish(r, err);
	if (status == AVAL_OK)
		status = aval_musig_keys_new(keys_out, members, count, allocator, err);
	aval_free(members, allocator);
	return status;
}

/* Counts first, so that nothing is written where it does not fit. */
typedef void (*write_file)(aval_cbor_writer *w, const void *file);

static aval_status serialize(uint8_t *out, size_t *len_inout, write_file write, const void *file,
                             aval_error *err)
{
	size_t           room = out == NULL ? 0 : *len_inout;
	aval_cbor_writer w;

	aval_cbor_writer_init(&w, NULL, 0);
	write(&w, file);
	*len_inout = w.len;
	if (room < w.len)
		return aval_fail(err, AVAL_E_BUFFER_TOO_SMALL, "out", "the buffer is shorter than the output");
	aval_cbor_writer_init(&w, out, room);
	write(&w, file);
	return AVAL_OK;
}

static void write_group(aval_cbor_writer *w, const void *file)
{
	write_head(w, group_name, 1);
	write_members(w, file);
}

aval_status aval_musig_keys_serialize(uint8_t *out, size_t *len_inout, const aval_musig_keys *keys,
                                      aval_error *err)
{
	return serialize(out, len_inout, write_group, keys, err);
}

aval_status aval_musig_keys_parse(aval_musig_keys **keys_out, const uint8_t *data, size_t len,
                                  const aval_allocator *allocator, aval_error *err)
{
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, data, len);
	read_head(&r, group_name, 1);
	return finish_with_members(keys_out, &r, allocator, err);
}

typedef struct session_file {
	const aval_musig_request *request;
	const aval_musig_keys    *keys;
} session_file;

static void write_session(aval_cbor_writer *w, const void *file)
{
	const session_file *f = file;

	write_head(w, session_name, 4);
	aval_cbor_write_bytes(w, f->request->id32, 32);
	aval_cbor_write_uint(w, f->request->role);
	aval_cbor_write_text(w, f->request->party);
	write_members(w, f->keys);
}

aval_status aval_musig_request_serialize(uint8_t *out, size_t *len_inout, const aval_musig_request *request,
                                         const aval_musig_keys *keys, aval_error *err)
{
	if (request == NULL || request->struct_size < sizeof *request)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "request", "the request is not filled in");
	if (request->party.len > AVAL_PARTY_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "request.party", "longer than AVAL_PARTY_MAX_LEN");
	return serialize(out, len_inout, write_session, &(session_file){ request, keys }, err);
}

aval_status aval_musig_request_parse(aval_musig_request *request_out, aval_musig_keys **keys_out,
                                     const uint8_t *data, size_t len, const aval_allocator *allocator,
                                     aval_error *err)
{
	aval_musig_request request = { .struct_size = sizeof request };
	aval_cbor_reader   r;
	aval_status        status;

	aval_cbor_reader_init(&r, data, len);
	read_head(&r, session_name, 4);
	aval_cbor_read_bytes_exact(&r, "session.id", request.id32, 32);
	request.role = aval_cbor_read_uint(&r, "session.role");
	request.party = aval_cbor_read_text_range(&r, "session.party", 1, AVAL_PARTY_MAX_LEN);
	status = finish_with_members(keys_out, &r, allocator, err);
	if (status == AVAL_OK)
		*request_out = request;
	return status;
}

void aval_musig_request_name(uint8_t name32_out[32], const aval_musig_request *request,
                             const aval_musig_keys *keys, const uint8_t *message, size_t message_len)
{
	uint8_t parts[96];

	memcpy(parts, request->id32, 32);
	memcpy(parts + 32, keys->group.x32, 32);
	aval_musig_digest(parts + 64, message, message_len);
	aval_tagged_hash(name32_out, session_name, parts, sizeof parts);
}

/* A nonce, or with nonces32 a partial signature. */
typedef struct part_file {
	const char    *name;
	const uint8_t *session32;
	uint64_t       index;
	const uint8_t *nonces32; /* NULL: a nonce */
	aval_bytes     content;
} part_file;

static void write_part(aval_cbor_writer *w, const void *file)
{
	const part_file *f = file;

	write_head(w, f->name, f->nonces32 == NULL ? 3 : 4);
	aval_cbor_write_bytes(w, f->session32, 32);
	aval_cbor_write_uint(w, f->index);
	if (f->nonces32 != NULL)
		aval_cbor_write_bytes(w, f->nonces32, 32);
	aval_cbor_write_bytes(w, f->content.data, f->content.len);
}

/* The content of a file that is the one expected, and for a partial signature the nonces that it names. */
static aval_status read_part(uint8_t *content, uint8_t *nonces32, const part_file *expected,
                             const uint8_t *data, size_t len, aval_error *err)
{
	uint8_t          session32[32];
	uint64_t         index;
	size_t           at;
	aval_cbor_reader r;

	aval_cbor_reader_init(&r, data, len);
	read_head(&r, expected->name, nonces32 == NULL ? 3 : 4);
	at = r.offset;
	aval_cbor_read_bytes_exact(&r, "session", session32, 32);
	if (aval_cbor_ok(&r) && memcmp(session32, expected->session32, 32) != 0)
		aval_cbor_fail_at(&r, AVAL_E_MUSIG_SESSION, at, "session", "of another session");
	at = r.offset;
	index = aval_cbor_read_uint(&r, "index");
	if (aval_cbor_ok(&r) && index != expected->index)
		aval_cbor_fail_at(&r, AVAL_E_MUSIG_SESSION, at, "index", "of another member");
	if (nonces32 != NULL)
		aval_cbor_read_bytes_exact(&r, "nonces", nonces32, 32);
	aval_cbor_read_bytes_exact(&r, "content", content, expected->content.len);
	aval_cbor_leave(&r, "file");
	return aval_cbor_reader_finish(&r, err);
}

aval_status aval_musig_public_nonce_serialize(uint8_t *out, size_t *len_inout, const uint8_t session32[32],
                                              size_t index, const uint8_t public_nonce66[66], aval_error *err)
{
	const part_file file = { nonce_name, session32, index, NULL, { public_nonce66, 66 } };

	return serialize(out, len_inout, write_part, &file, err);
}

aval_status aval_musig_public_nonce_parse(uint8_t public_nonce66_out[66], const uint8_t *data, size_t len,
                                          const uint8_t session32[32], size_t index, aval_error *err)
{
	const part_file expected = { nonce_name, session32, index, NULL, { NULL, 66 } };
	uint8_t         public_nonce66[66];
	aval_status     status = read_part(public_nonce66, NULL, &expected, data, len, err);

	if (status == AVAL_OK)
		memcpy(public_nonce66_out, public_nonce66, 66);
	return status;
}

aval_status aval_musig_partial_serialize(uint8_t *out, size_t *len_inout, const uint8_t session32[32],
                                         size_t index, const uint8_t *public_nonces, size_t count,
                                         const uint8_t partial32[32], aval_error *err)
{
	uint8_t         nonces32[32];
	const part_file file = { partial_name, session32, index, nonces32, { partial32, 32 } };

	aval_tagged_hash(nonces32, nonces_tag, public_nonces, 66 * count);
	return serialize(out, len_inout, write_part, &file, err);
}

aval_status aval_musig_partial_parse(uint8_t partial32_out[32], const uint8_t *data, size_t len,
                                     const uint8_t session32[32], size_t index, const uint8_t *public_nonces,
                                     size_t count, aval_error *err)
{
	const part_file expected = { partial_name, session32, index, NULL, { NULL, 32 } };
	uint8_t         partial32[32], named32[32], nonces32[32];
	aval_status     status = read_part(partial32, named32, &expected, data, len, err);

	if (status != AVAL_OK)
		return status;
	aval_tagged_hash(nonces32, nonces_tag, public_nonces, 66 * count);
	if (memcmp(named32, nonces32, 32) != 0)
		return aval_fail(err, AVAL_E_MUSIG_NONCES, "nonces", "made over other public nonces");
	memcpy(partial32_out, partial32, 32);
	return AVAL_OK;
}
