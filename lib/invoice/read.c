/* SPDX-License-Identifier: Apache-2.0 */
/* Elements, attributes and text, followed down the term map. */
#include "invoice/import.h"
#include "invoice/value.h"

/* A name of expat's taken apart: "uri\nlocal" or "local". */
typedef struct qname {
	const char *uri, *local;
	size_t      uri_len, local_len;
} qname;

static qname split_name(const char *name)
{
	size_t len = strlen(name), at = len;

	while (at > 0 && name[at - 1] != AVAL_IMPORT_SEPARATOR)
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
static void skip_start(aval_import *im, const char *name, size_t offset)
{
	qname       q = split_name(name);
	aval_frame *extension = aval_import_top(im);

	im->skipped++;
	if (im->skipped == 2 && (extension->flags & AVAL_FRAME_CHILD) == 0) {
		aval_span content = add_name(im, &im->names, &q);

		extension->flags |= AVAL_FRAME_CHILD;
		aval_import_list(im, aval_import_text(&im->names, content), AVAL_UNMAPPED_EXTENSION);
	}
	if (im->depth + im->skipped > AVAL_XML_MAX_DEPTH)
		aval_import_fail(im, AVAL_E_XML_DEPTH, "nested deeper than AVAL_XML_MAX_DEPTH", offset);
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
	return aval_map_child(parent, aval_map_namespace(name->uri, name->uri_len), name->local,
	                      name->local_len);
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
		aval_import_fail(im, AVAL_E_XML_ROOT,
		                 "the root is no UBL Invoice or CreditNote and no CII D16B", offset);
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
	uint16_t attribute =
		node == 0 || q.uri_len > 0 ? 0 : aval_map_child(node, AVAL_NS_ATTRIBUTE, q.local, q.local_len);
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

void aval_import_start(aval_import *im, const char *name, const char **attributes, size_t offset)
{
	qname q = split_name(name);

	if (im->skipped > 0 || (im->depth > 0 && (aval_import_top(im)->flags & AVAL_FRAME_EXTENSION) != 0)) {
		skip_start(im, name, offset);
		return;
	}
	if (im->depth == 0)
		set_syntax(im, &q, offset);
	else
		interrupt(im);
	if (im->depth == AVAL_XML_MAX_DEPTH)
		aval_import_fail(im, AVAL_E_XML_DEPTH, "nested deeper than AVAL_XML_MAX_DEPTH", offset);
	if (im->status == AVAL_OK)
		push_frame(im, &q, offset);
	for (size_t i = 0; im->status == AVAL_OK && attributes[i] != NULL; i += 2)
		read_attribute(im, attributes[i], attributes[i + 1]);
}

/* An element that is not in the map: its text, or that it is empty. */
static void close_unknown(aval_import *im)
{
	const aval_frame *top = aval_import_top(im);
	aval_text text = aval_import_text(&im->text, (aval_span){ top->run, im->text.count - top->run });
	bool      is_leaf = (top->flags & AVAL_FRAME_CHILD) == 0;

	if ((top->flags & AVAL_FRAME_EXTENSION) != 0) {
		if (is_leaf)
			aval_import_list(im, (aval_text){ NULL, 0 }, AVAL_UNMAPPED_EXTENSION);
	} else if (is_leaf || aval_value_strip(text).len > 0) {
		aval_import_list(im, text, AVAL_UNMAPPED_UNKNOWN);
	}
	im->text.count = top->run;
	im->names.count = top->name.at;
}

void aval_import_end(aval_import *im)
{
	const aval_frame *top = aval_import_top(im);
	uint8_t           flags = top->node != 0 ? aval_map_nodes[top->node].flags : 0;

	if (im->skipped > 0) {
		im->skipped--;
		return;
	}
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

static bool is_blank(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r'))
		text++, len--;
	return len == 0;
}

void aval_import_characters(aval_import *im, const char *text, size_t len)
{
	const aval_frame *top = aval_import_top(im);
	bool              is_leaf = top->node == 0 || (aval_map_nodes[top->node].flags & AVAL_NODE_LEAF) != 0;

	if (im->skipped > 0 || (top->flags & AVAL_FRAME_EXTENSION) != 0)
		return;
	/* White space between elements is not kept; within a run of text it is. */
	if (is_leaf || im->text.count > top->run || !is_blank(text, len))
		(void)aval_import_add_text(im, &im->text, text, len);
}
