/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file with expat: its memory, its events, its errors. The only file that includes expat.h. */
#include <expat.h>

#include "hash/hash.h"
#include "invoice/import.h"
#include "invoice/object.h"

/* From 2.9 on expat has wider siblings of two calls, and deprecates the older ones. */
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 9)
#define GET_BYTE_INDEX(parser)      XML_GetCurrentByteIndex64(parser)
#define SET_HASH_SALT(parser, hash) XML_SetHashSalt16Bytes(parser, hash)
#else
#define GET_BYTE_INDEX(parser)      ((int64_t)XML_GetCurrentByteIndex(parser))
#define SET_HASH_SALT(parser, hash) XML_SetHashSalt(parser, salt_of(hash))

/* No salt is 0: that would be none. */
static unsigned long salt_of(const uint8_t *hash)
{
	unsigned long salt;

	memcpy(&salt, hash, sizeof salt);
	return salt | 1;
}
#endif

typedef struct reader {
	aval_import im;
	XML_Parser  parser;
	uint8_t     source_hash[AVAL_HASH_LEN];
} reader;

/* expat has no offset before the first event. */
static size_t byte_offset(const reader *r)
{
	int64_t index = GET_BYTE_INDEX(r->parser);

	return index < 0 ? 0 : (size_t)index;
}

static void stop_if_failed(reader *r)
{
	if (r->im.status != AVAL_OK)
		(void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user_data, const XML_Char *name, const XML_Char **attributes)
{
	reader *r = user_data;

	if (r->im.status == AVAL_OK)
		aval_import_start(&r->im, name, attributes, byte_offset(r));
	stop_if_failed(r);
}

static void XMLCALL on_end(void *user_data, const XML_Char *name)
{
	reader *r = user_data;

	(void)name;
	if (r->im.status == AVAL_OK)
		aval_import_end(&r->im);
	stop_if_failed(r);
}

static void XMLCALL on_text(void *user_data, const XML_Char *text, int len)
{
	reader *r = user_data;

	if (r->im.status == AVAL_OK)
		aval_import_characters(&r->im, text, (size_t)len);
	stop_if_failed(r);
}

static void XMLCALL on_doctype(void *user_data, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
	reader *r = user_data;

	(void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
	aval_import_fail(&r->im, AVAL_E_XML_DOCTYPE, "a document type declaration", byte_offset(r));
	stop_if_failed(r);
}

/*
 * expat's memory comes from the caller's allocator, whose functions take a
 * user_data that expat's do not have. So the allocator stands in a variable of
 * the thread while expat runs, and in front of each block. A refusal is
 * remembered, since expat may report it as another error, or not at all.
 */
typedef struct expat_memory {
	const aval_allocator *allocator;
	bool                  is_refused;
} expat_memory;

static _Thread_local expat_memory running;

typedef union block {
	struct {
		const aval_allocator *allocator;
		size_t                size;
	} head;
	max_align_t align;
} block;

static void *expat_alloc(size_t size)
{
	size_t whole;
	block *b = NULL;

	if (aval_add_size(&whole, size, sizeof *b))
		b = aval_alloc(running.allocator, whole);
	if (b == NULL) {
		running.is_refused = true;
		return NULL;
	}
	b->head.allocator = running.allocator;
	b->head.size = size;
	return b + 1;
}

static void expat_free(void *pointer)
{
	if (pointer != NULL)
		aval_free((block *)pointer - 1, ((block *)pointer - 1)->head.allocator);
}

static void *expat_realloc(void *pointer, size_t size)
{
	size_t old = pointer == NULL ? 0 : ((block *)pointer - 1)->head.size;
	void  *moved = expat_alloc(size);

	if (moved == NULL)
		return NULL;
	if (old > 0)
		memcpy(moved, pointer, old < size ? old : size);
	expat_free(pointer);
	return moved;
}

static XML_Parser new_parser(void)
{
	static const XML_Memory_Handling_Suite suite = { expat_alloc, expat_realloc, expat_free };
	static const char                      separator[] = { AVAL_IMPORT_SEPARATOR, '\0' };

	return XML_ParserCreate_MM(NULL, &suite, separator);
}

/* Which failure of ours an error of expat's is. */
static void take_error(reader *r)
{
	enum XML_Error code = XML_GetErrorCode(r->parser);
	const char    *reason = XML_ErrorString(code);
	size_t         offset = byte_offset(r);
	aval_status    status = AVAL_E_XML_SYNTAX;

	if (code == XML_ERROR_NO_MEMORY || running.is_refused)
		status = AVAL_E_NO_MEMORY;
	if (code == XML_ERROR_UNDEFINED_ENTITY || code == XML_ERROR_RECURSIVE_ENTITY_REF)
		status = AVAL_E_XML_DOCTYPE;
	if (code == XML_ERROR_UNKNOWN_ENCODING || code == XML_ERROR_INCORRECT_ENCODING)
		status = AVAL_E_XML_ENCODING;
	aval_import_fail(&r->im, status, reason != NULL ? reason : "not well-formed", offset);
}

/*
 * expat's hash tables are salted, else it would ask the system for entropy. The
 * salt is a hash of the file, so nobody can choose names that collide under it.
 */
static void set_salt(reader *r)
{
	(void)SET_HASH_SALT(r->parser, r->source_hash);
}

static void run(reader *r, const uint8_t *xml, size_t len)
{
	set_salt(r);
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	if (XML_Parse(r->parser, (const char *)xml, (int)len, 1) != XML_STATUS_OK)
		take_error(r);
	if (running.is_refused)
		aval_import_fail(&r->im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
}

static int64_t cause_of(const reader *r)
{
	return r->im.status == AVAL_E_XML_SYNTAX ? (int64_t)XML_GetErrorCode(r->parser) : 0;
}

static aval_status parse(aval_invoice **invoice_out, reader *r, const uint8_t *xml, size_t len, aval_error *err)
{
	aval_invoice *invoice = NULL;
	aval_status   status;

	r->parser = new_parser();
	if (r->parser == NULL)
		return aval_fail_no_memory(err);
	aval_sha256(r->source_hash, xml, len);
	run(r, xml, len);
	if (r->im.status == AVAL_OK)
		invoice = aval_import_build(&r->im);
	status = r->im.status;
	if (invoice != NULL)
		memcpy(invoice->source_hash, r->source_hash, sizeof r->source_hash);
	if (status == AVAL_OK)
		*invoice_out = invoice;
	else
		aval_fail_full(err, status, r->im.offset, "invoice", r->im.reason, cause_of(r));
	XML_ParserFree(r->parser);
	return status;
}

aval_status aval_invoice_parse(aval_invoice **invoice_out, const uint8_t *xml, size_t xml_len,
                               const aval_allocator *allocator, aval_error *err)
{
	expat_memory outer = running;
	reader      *r;
	aval_status  status;

	if (invoice_out == NULL || (xml == NULL && xml_len > 0))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "invoice", "invoice_out or xml is NULL");
	if (xml_len > AVAL_INVOICE_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "invoice", "longer than AVAL_INVOICE_MAX_LEN");
	r = aval_alloc_zero(allocator, sizeof *r);
	if (r == NULL)
		return aval_fail_no_memory(err);
	r->im.allocator = allocator;
	running = (expat_memory){ allocator, false };
	status = parse(invoice_out, r, xml, xml_len, err);
	running = outer;
	aval_import_free(&r->im);
	aval_free(r, allocator);
	return status;
}
