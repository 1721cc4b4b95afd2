/* SPDX-License-Identifier: Apache-2.0 */
/* What no term takes: listed with its path in the file, never dropped. */
#include "invoice/import.h"
#include "invoice/value.h"

static bool add(aval_import *im, const char *text, size_t len)
{
	return aval_import_add_text(im, &im->listing, text, len);
}

static bool add_node_name(aval_import *im, uint16_t node)
{
	const aval_map_name *name = &aval_map_names[aval_map_nodes[node].name];
	const char          *prefix = aval_map_prefix_of(name->ns);
	bool                 is_attribute = name->ns == AVAL_NS_ATTRIBUTE;

	return add(im, "/", 1) && add(im, prefix, strlen(prefix)) && (is_attribute || add(im, ":", 1)) &&
	       add(im, name->text, name->len);
}

/* The names of a node and those above it, from the root. */
static bool add_node_path(aval_import *im, uint16_t node)
{
	uint16_t chain[AVAL_XML_MAX_DEPTH];
	size_t   count = 0;

	for (; node != 0; node = aval_map_nodes[node].parent)
		chain[count++] = node;
	while (count > 0)
		if (!add_node_name(im, chain[--count]))
			return false;
	return true;
}

static bool add_frame_name(aval_import *im, const aval_frame *frame)
{
	aval_text name = aval_import_text(&im->names, frame->name);

	if (frame->node != 0)
		return add_node_name(im, frame->node);
	return add(im, "/", 1) && add(im, name.data, name.len);
}

/* Names of all open elements. */
static bool add_open_path(aval_import *im)
{
	for (uint32_t i = 0; i < im->depth; i++)
		if (!add_frame_name(im, &im->frames[i]))
			return false;
	return true;
}

/* Ends an entry whose path stands in the listing from path_at on. */
static void finish(aval_import *im, uint32_t path_at, aval_text value, aval_unmapped_reason reason,
                   uint32_t offset)
{
	aval_listed entry = { .reason = reason, .offset = offset };

	entry.path = (aval_span){ path_at, im->listing.count - path_at };
	value = aval_value_strip(value);
	entry.value = (aval_span){ im->listing.count, (uint32_t)value.len };
	if (!add(im, value.data, value.len))
		return;
	if (im->listing.count > AVAL_INVOICE_MAX_LEN || im->listed.count >= AVAL_INVOICE_MAX_TERMS) {
		aval_import_fail(im, AVAL_E_LIMIT, "more unmapped content than can be listed", offset);
		return;
	}
	(void)aval_vector_append(im, &im->listed, &entry, 1, sizeof entry);
}

void aval_import_list(aval_import *im, aval_text value, aval_unmapped_reason reason)
{
	uint32_t at = im->listing.count;

	if (add_open_path(im))
		finish(im, at, value, reason, aval_import_top(im)->offset);
}

void aval_import_list_attribute(aval_import *im, aval_text name, aval_text value)
{
	uint32_t at = im->listing.count;

	if (add_open_path(im) && add(im, "/@", 2) && add(im, name.data, name.len))
		finish(im, at, value, AVAL_UNMAPPED_UNKNOWN, aval_import_top(im)->offset);
}

void aval_import_list_node(aval_import *im, uint16_t node, aval_text value, aval_unmapped_reason reason,
                           uint32_t offset)
{
	uint32_t at = im->listing.count;

	if (add_node_path(im, node))
		finish(im, at, value, reason, offset);
}

void aval_import_list_run(aval_import *im, uint32_t run)
{
	aval_text text = aval_import_text(&im->text, (aval_span){ run, im->text.count - run });

	if (aval_value_strip(text).len > 0)
		aval_import_list(im, text, AVAL_UNMAPPED_UNKNOWN);
	im->text.count = run;
}
