/* SPDX-License-Identifier: Apache-2.0 */
/* expat's events, followed down the term map. The only file that includes expat.h. */
#include <expat.h>

#include "hash/hash.h"
#include "invoice/import.h"
#include "invoice/object.h"
#include "invoice/value.h"

/* Between namespace and name, as no URI has it. */
#define SEPARATOR '\n'

typedef struct reader {
	aval_import im;
	XML_Parser  parser;
} reader;

bool aval_import_fail(aval_import *im, aval_status status, const char *reason, size_t offset)
{
	if (im->status == AVAL_OK) {
		im->status = status;
		im->reason = reason;
		im->offset = offset;
	}
	return false;
}

bool aval_vector_reserve(aval_import *im, aval_vector *v, uint32_t count, size_t size)
{
	size_t need = (size_t)v->count + count, capacity = v->capacity < 128 ? 128 : v->capacity;
	void  *data;

	if (need <= v->capacity)
		return true;
	while (capacity < need)
		capacity *= 2;
	data = capacity > INT32_MAX ? NULL : aval_alloc_array(im->allocator, capacity, size);
	if (data == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	if (v->count > 0)
		memcpy(data, v->data, v->count * size);
	aval_free(v->data, im->allocator);
	v->data = data;
	v->capacity = (uint32_t)capacity;
	return true;
}

bool aval_vector_append(aval_import *im, aval_vector *v, const void *items, uint32_t count, size_t size)
{
	if (!aval_vector_reserve(im, v, count, size))
		return false;
	if (count > 0)
		memcpy((char *)v->data + v->count * size, items, count * size);
	v->count += count;
	return true;
}

void aval_import_free(aval_import *im)
{
	aval_vector *vectors[] = { &im->text,    &im->names,  &im->captures, &im->qualifiers,
		                   &im->listing, &im->listed, &im->defects,    &im->tax_totals };

	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		aval_free(vectors[i]->data, im->allocator);
}

static size_t byte_offset(const reader *r)
{
	return (size_t)XML_GetCurrentByteIndex(r->parser);
}

/* A name of expat's taken apart: "uri\nlocal" or "local". */
typedef struct qname {
	const char *uri, *local;
	size_t      uri_len, local_len;
} qname;

static qname split_name(const char *name)
{
	size_t len = strlen(name), at = len;

	while (at > 0 && name[at - 1] != SEPARATOR)
		at--;
	return (qname){ name, name + at, at > 0 ? at - 1 : 0, len - at };
}

/* "cbc:ID" with a prefix that everybody knows, "Q{uri}ID" with others, "ID" without namespace. */
static aval_span add_name(aval_import *im, aval_vector *v, const qname *name)
{
	const char *prefix = name->uri_len == 0 ? "" : aval_map_prefix(name->uri, name->uri_len);
	uint32_t    at = v->count;

	if (prefix == NULL) {
		(void)aval_import_add_text(im, v, "Q{", 2);
		(void)aval_import_add_text(im, v, name->uri, name->uri_len);
		(void)aval_import_add_text(im, v, "}", 1);
	} else if (prefix[0] != '\0') {
		(void)aval_import_add_text(im, v, prefix, strlen(prefix));
		(void)aval_import_add_text(im, v, ":", 1);
	}
	(void)aval_import_add_text(im, v, name->local, name->local_len);
	return (aval_span){ at, v->count - at };
}

static bool is_ext(const qname *name, const char *local)
{
	const char *prefix = aval_map_prefix(name->uri, name->uri_len);

	return prefix != NULL && strcmp(prefix, "ext") == 0 && strlen(local) == name->local_len &&
	       memcmp(local, name->local, name->local_len) == 0;
}

/*
 * Inside an extension: what ext:ExtensionContent holds gives the entry its
 * value, everything else is passed over.
 */
static void skip_start(aval_import *im, const char *name)
{
	qname      q = split_name(name);
	aval_frame *extension = aval_import_top(im);

	im->skipped++;
	if (im->skipped == 2 && (extension->flags & AVAL_FRAME_CHILD) == 0) {
		aval_span content = add_name(im, &im->names, &q);

		extension->flags |= AVAL_FRAME_CHILD;
		aval_import_list(im, aval_import_text(&im->names, content), AVAL_UNMAPPED_EXTENSION);
	}
	if (im->depth + im->skipped > AVAL_XML_MAX_DEPTH)
		aval_import_fail(im, AVAL_E_XML_DEPTH, "nested deeper than AVAL_XML_MAX_DEPTH", AVAL_NO_OFFSET);
}

/* What stands before a child ends a run of text. */
static void interrupt(aval_import *im)
{
	aval_frame *top = aval_import_top(im);
	bool        is_first = (top->flags & AVAL_FRAME_CHILD) == 0;

	top->flags |= AVAL_FRAME_CHILD;
	if (top->node == 0 || (aval_map_nodes[top->node].flags & AVAL_NODE_LEAF) == 0 || !is_first)
		aval_import_list_run(im, top->run);
	else
		top->value = (aval_span){ top->run, im->text.count - top->run };
}

static uint16_t find_child(uint16_t parent, const qname *name)
{
	return aval_map_child(parent, aval_map_namespace(name->uri, name->uri_len), name->local, name->local_len);
}

static void set_syntax(aval_import *im, const qname *name, size_t offset)
{
	switch (aval_map_namespace(name->uri, name->uri_len)) {
	case AVAL_NS_UBL:
		im->syntax = AVAL_INVOICE_UBL_INVOICE;
		break;
	case AVAL_NS_CN:
		im->syntax = AVAL_INVOICE_UBL_CREDIT_NOTE;
		break;
	default:
		im->syntax = AVAL_INVOICE_CII;
	}
	im->is_cii = im->syntax == AVAL_INVOICE_CII;
	aval_import_find_facts(im, find_child(0, name));
	if (find_child(0, name) == 0)
		aval_import_fail(im, AVAL_E_XML_ROOT, "the root is no UBL Invoice or CreditNote and no CII D16B", offset);
}

/* Opens a frame for the element; the frame is there even after a failure. */
static void push_frame(aval_import *im, const qname *name, size_t offset)
{
	uint16_t   parent = im->depth > 0 ? aval_import_top(im)->node : 0;
	bool       is_mapped = im->depth == 0 || parent != 0;
	aval_frame frame = { .node = is_mapped ? find_child(parent, name) : 0, .offset = (uint32_t)offset };

	frame.captures = im->captures.count;
	frame.qualifiers = im->qualifiers.count;
	frame.run = im->text.count;
	if (frame.node == 0)
		frame.name = add_name(im, &im->names, name);
	if (frame.node == 0 && is_ext(name, "UBLExtension"))
		frame.flags |= AVAL_FRAME_EXTENSION;
	im->frames[im->depth++] = frame;
}

static void read_attribute(aval_import *im, const char *name, const char *value)
{
	uint16_t node = aval_import_top(im)->node;
	qname    q = split_name(name);
	uint16_t attribute = node == 0 || q.uri_len > 0 ? 0 :
	                     aval_map_child(node, AVAL_NS_ATTRIBUTE, q.local, q.local_len);
	aval_span span;

	if (attribute != 0) {
		aval_import_attribute(im, attribute, value);
		return;
	}
	span = add_name(im, &im->names, &q);
	if (im->status == AVAL_OK)
		aval_import_list_attribute(im, aval_import_text(&im->names, span), aval_text_z(value));
	im->names.count = span.at;
}

static void stop_if_failed(reader *r)
{
	if (r->im.status != AVAL_OK)
		(void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user_data, const XML_Char *name, const XML_Char **attributes)
{
	reader      *r = user_data;
	aval_import *im = &r->im;
	size_t       offset = byte_offset(r);
	qname        q;

	if (im->status != AVAL_OK)
		return;
	if (im->skipped > 0 || (im->depth > 0 && (aval_import_top(im)->flags & AVAL_FRAME_EXTENSION) != 0)) {
		skip_start(im, name);
		stop_if_failed(r);
		return;
	}
	q = split_name(name);
	if (im->depth == 0)
		set_syntax(im, &q, offset);
	else
		interrupt(im);
	if (im->depth == AVAL_XML_MAX_DEPTH)
		aval_import_fail(im, AVAL_E_XML_DEPTH, "nested deeper than AVAL_XML_MAX_DEPTH", offset);
	if (im->status == AVAL_OK)
		push_frame(im, &q, offset);
	for (size_t i = 0; attributes[i] != NULL && im->status == AVAL_OK; i += 2)
		read_attribute(im, attributes[i], attributes[i + 1]);
	stop_if_failed(r);
}

/* An element that is not in the map: its text, or that it is empty. */
static void close_unknown(aval_import *im)
{
	const aval_frame *top = aval_import_top(im);
	aval_text         text = aval_import_text(&im->text, (aval_span){ top->run, im->text.count - top->run });
	bool              is_leaf = (top->flags & AVAL_FRAME_CHILD) == 0;

	if ((top->flags & AVAL_FRAME_EXTENSION) != 0) {
		if (is_leaf)
			aval_import_list(im, (aval_text){ NULL, 0 }, AVAL_UNMAPPED_EXTENSION);
	} else if (is_leaf || aval_value_strip(text).len > 0) {
		aval_import_list(im, text, AVAL_UNMAPPED_UNKNOWN);
	}
	im->text.count = top->run;
	im->names.count = top->name.at;
}

static void close_frame(aval_import *im)
{
	const aval_frame *top = aval_import_top(im);
	uint8_t           flags = top->node != 0 ? aval_map_nodes[top->node].flags : 0;

	if (top->node == 0)
		close_unknown(im);
	else if ((flags & AVAL_NODE_LEAF) != 0)
		aval_import_close_leaf(im);
	else
		aval_import_list_run(im, top->run);
	if (im->status == AVAL_OK && (flags & AVAL_NODE_SCOPE) != 0)
		aval_import_close_scope(im);
	if (im->status == AVAL_OK && top->node != 0)
		aval_import_note_facts(im);
	im->depth--;
	if (im->depth > 0)
		aval_import_top(im)->run = im->text.count;
}

static void XMLCALL on_end(void *user_data, const XML_Char *name)
{
	reader      *r = user_data;
	aval_import *im = &r->im;

	(void)name;
	if (im->status != AVAL_OK)
		return;
	if (im->skipped > 0)
		im->skipped--;
	else
		close_frame(im);
	stop_if_failed(r);
}

static bool is_blank(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r'))
		text++, len--;
	return len == 0;
}

static void XMLCALL on_text(void *user_data, const XML_Char *text, int len)
{
	reader           *r = user_data;
	aval_import      *im = &r->im;
	const aval_frame *top = aval_import_top(im);
	bool is_leaf = top->node == 0 || (aval_map_nodes[top->node].flags & AVAL_NODE_LEAF) != 0;

	if (im->status != AVAL_OK || im->skipped > 0 || (top->flags & AVAL_FRAME_EXTENSION) != 0)
		return;
	/* White space between elements is not kept; within a run of text it is. */
	if (!is_leaf && im->text.count == top->run && is_blank(text, (size_t)len))
		return;
	(void)aval_import_add_text(im, &im->text, text, (size_t)len);
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
 * remembered, since expat does not always report it as one.
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
	static const char                      separator[] = { SEPARATOR, '\0' };

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

static void run(reader *r, const uint8_t *xml, size_t len)
{
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	if (XML_Parse(r->parser, (const char *)xml, (int)len, 1) != XML_STATUS_OK)
		take_error(r);
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
	run(r, xml, len);
	if (r->im.status == AVAL_OK)
		invoice = aval_import_build(&r->im);
	status = r->im.status;
	if (invoice != NULL)
		aval_sha256(invoice->source_hash, xml, len);
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
