/* SPDX-License-Identifier: Apache-2.0 */
/* From captures in document order to terms in path order. */
#include "invoice/import.h"
#include "invoice/key.h"
#include "invoice/object.h"

typedef struct builder {
	aval_import    *im;
	aval_invoice   *invoice;
	aval_text       currencies[2];                 /* BT-5, BT-6 */
	bool            has_total;                     /* BT-110 is found */
	uint32_t        counters[AVAL_MAP_TERM_COUNT]; /* of indexed terms, within their group */
	uint32_t        counted_in[AVAL_MAP_TERM_COUNT];
	aval_sort_item *items, *scratch;
	size_t          item_count;
} builder;

static aval_capture *captures(const aval_import *im)
{
	return im->captures.data;
}

static const aval_map_action *action_of(const aval_capture *c, uint8_t i)
{
	return &aval_map_actions[aval_map_nodes[c->node].actions + i];
}

static aval_captured_qualifier *qualifiers_of(const aval_import *im, const aval_capture *c)
{
	return (aval_captured_qualifier *)im->qualifiers.data + c->qualifiers;
}

static aval_text value_of(const aval_import *im, const aval_capture *c)
{
	return aval_import_text(&im->text, c->value);
}

static const aval_captured_qualifier *find_qualifier(const aval_import *im, const aval_capture *c, uint8_t kind)
{
	for (uint8_t i = 0; i < c->qualifier_count; i++)
		if (qualifiers_of(im, c)[i].kind == kind)
			return &qualifiers_of(im, c)[i];
	return NULL;
}

static bool is_in_currency(const builder *b, const aval_capture *c, uint8_t term)
{
	const aval_captured_qualifier *q = find_qualifier(b->im, c, AVAL_QUALIFIER_CURRENCY);

	return q != NULL && q->value.len > 0 &&
	       aval_text_equal(aval_import_text(&b->im->text, q->value), b->currencies[term - 5]);
}

/*
 * Total VAT amounts are told apart by their currency. Where BT-5 and BT-6 are
 * the same, the first is BT-110 and the others BT-111.
 */
static const aval_map_action *decide_currency(builder *b, const aval_capture *c)
{
	const aval_map_action *total = action_of(c, 0), *accounting = action_of(c, 1);
	bool                   is_total = is_in_currency(b, c, total->currency);

	if (is_in_currency(b, c, accounting->currency) && (b->has_total || !is_total))
		return accounting;
	b->has_total |= is_total;
	return is_total ? total : NULL;
}

/* The one action that is left, or NULL: no term takes the capture. */
static const aval_map_action *decide(builder *b, const aval_capture *c)
{
	uint8_t i = 0;

	while (i < 8 && (c->alive >> i & 1) == 0)
		i++;
	if (i == 8 || action_of(c, i)->qualifier != 0)
		return NULL;
	return action_of(c, i)->currency != 0 ? decide_currency(b, c) : action_of(c, i);
}

static void find_currencies(builder *b)
{
	for (uint32_t i = 0; i < b->im->captures.count; i++) {
		const aval_capture *c = &captures(b->im)[i];
		uint8_t             term = c->alive == 1 ? action_of(c, 0)->term : 0;

		if ((term == 5 || term == 6) && b->currencies[term - 5].len == 0)
			b->currencies[term - 5] = value_of(b->im, c);
	}
}

/* The index of the next term of its kind in its group. */
static uint32_t next_index(builder *b, uint8_t term, uint32_t group_index)
{
	if (b->counted_in[term] != group_index) {
		b->counted_in[term] = group_index;
		b->counters[term] = 0;
	}
	return ++b->counters[term];
}

static void add_item(builder *b, const aval_capture *c, const aval_map_action *action)
{
	const aval_map_term *term = &aval_map_terms[action->term];
	bool                 is_indexed = term->repeat == AVAL_REPEAT_INDEXED;
	uint32_t             index = is_indexed ? next_index(b, action->term, c->index[0]) : 0;
	bool                 gives_way = c->value.len == 0 && !is_indexed;
	uint32_t             steps[3] = { 0, 0, 0 };
	size_t               i = 0;

	for (; i < 2 && term->groups[i] != 0; i++)
		steps[i] = aval_key_group(term->groups[i], c->index[i]);
	steps[i] = aval_key_last(action->term, index);
	b->items[b->item_count++] = aval_key(steps, action->rank + (gives_way ? AVAL_KEY_RANK_EMPTY : 0u),
	                                     (uint32_t)(c - captures(b->im)));
}

static bool add_items(builder *b)
{
	size_t count = b->im->captures.count;

	if (count == 0)
		return true;
	b->items = aval_alloc_array(b->im->allocator, 2 * count, sizeof *b->items);
	if (b->items == NULL)
		return aval_import_fail(b->im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	b->scratch = b->items + count;
	for (uint32_t i = 0; i < count && b->im->status == AVAL_OK; i++) {
		const aval_capture    *c = &captures(b->im)[i];
		const aval_map_action *action = c->node == 0 ? NULL : decide(b, c);

		if (action != NULL)
			add_item(b, c, action);
		else if (c->node != 0)
			aval_import_list_node(b->im, c->node, value_of(b->im, c), AVAL_UNMAPPED_UNSELECTED,
			                      c->offset);
	}
	return b->im->status == AVAL_OK;
}

static const aval_capture *capture_of(const builder *b, const aval_sort_item *item)
{
	return &captures(b->im)[aval_key_place(item)];
}

static const aval_map_term *term_of(const aval_sort_item *item)
{
	return &aval_map_terms[aval_key_term(item)];
}

/* Whether a term may have the qualifier; what only selected it, it has not. */
static bool keeps(const builder *b, const aval_sort_item *item, const aval_captured_qualifier *q)
{
	const aval_map_term *term = term_of(item);
	bool                 is_bt_6 = term == &aval_map_terms[111];

	if ((term->qualifiers >> q->kind & 1) == 0)
		return false;
	return q->kind != AVAL_QUALIFIER_CURRENCY ||
	       !aval_text_equal(aval_import_text(&b->im->text, q->value), b->currencies[is_bt_6]);
}

static const char *const qualifier_names[AVAL_QUALIFIER_COUNT] = {
	NULL, "currency", "filename", "mime", "scheme", "version",
};

/* Writes the qualifiers of a capture, ascending; returns how many. */
static size_t put_qualifiers(const builder *b, const aval_sort_item *item, aval_qualifier *out)
{
	const aval_capture *c = capture_of(b, item);
	size_t              count = 0;

	for (uint8_t kind = 1; kind < AVAL_QUALIFIER_COUNT && c->qualifier_count > 0; kind++) {
		const aval_captured_qualifier *q = find_qualifier(b->im, c, kind);

		if (q == NULL || !keeps(b, item, q))
			continue;
		out[count].name = aval_text_z(qualifier_names[kind]);
		out[count++].value = aval_import_text(&b->im->text, q->value);
	}
	return count;
}

static bool is_same_value(const builder *b, const aval_sort_item *x, const aval_sort_item *y)
{
	aval_qualifier of_x[AVAL_QUALIFIER_COUNT], of_y[AVAL_QUALIFIER_COUNT];
	size_t         count = put_qualifiers(b, x, of_x);

	if (!aval_text_equal(value_of(b->im, capture_of(b, x)), value_of(b->im, capture_of(b, y))) ||
	    put_qualifiers(b, y, of_y) != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (of_x[i].name.data != of_y[i].name.data || !aval_text_equal(of_x[i].value, of_y[i].value))
			return false;
	return true;
}

static void add_defect(builder *b, aval_text path, aval_status status, const aval_capture *c,
                       const char *reason)
{
	aval_defect defect = { path, status, c->offset, reason };

	(void)aval_vector_append(b->im, &b->im->defects, &defect, 1, sizeof defect);
}

/* A further text for a path that has its term. */
static void repeat(builder *b, const aval_sort_item *first, const aval_sort_item *again)
{
	const aval_capture *c = capture_of(b, again);
	bool                is_alternative = aval_key_rank(first) != aval_key_rank(again);
	bool                may_repeat = term_of(first)->repeat == AVAL_REPEAT_SAME;

	if (is_same_value(b, first, again) && (is_alternative || may_repeat))
		return;
	aval_import_list_node(b->im, c->node, value_of(b->im, c), AVAL_UNMAPPED_REPEATED, c->offset);
	if (c->value.len > 0 && (may_repeat || !is_alternative))
		add_defect(b, b->invoice->terms[b->invoice->term_count - 1].path, AVAL_E_INVOICE_TERM_REPEATED,
		           c, "the term occurs again");
}

static void add_term(builder *b, const aval_sort_item *item, aval_qualifier **qualifiers, char **path)
{
	const aval_capture *c = capture_of(b, item);
	aval_term          *term = &b->invoice->terms[b->invoice->term_count++];

	term->path = (aval_text){ *path, aval_key_put_path(*path, item) };
	*path += term->path.len;
	term->value = value_of(b->im, c);
	term->qualifiers = *qualifiers;
	term->qualifier_count = put_qualifiers(b, item, *qualifiers);
	*qualifiers += term->qualifier_count;
	if (c->defect != NULL)
		add_defect(b, term->path, AVAL_E_INVOICE_TERM_VALUE, c, c->defect);
	if (term->qualifier_count > 0 &&
	    term->qualifiers[0].name.data == qualifier_names[AVAL_QUALIFIER_CURRENCY])
		add_defect(b, term->path, AVAL_E_INVOICE_TERM_VALUE, c, "an amount in another currency");
}

static void add_terms(builder *b)
{
	aval_qualifier *qualifiers = b->invoice->qualifiers;
	char           *path = b->invoice->paths;
	size_t          first = 0;

	for (size_t i = 0; i < b->item_count && b->im->status == AVAL_OK; i++) {
		if (i > 0 && aval_key_is_same_path(&b->items[first], &b->items[i])) {
			repeat(b, &b->items[first], &b->items[i]);
			continue;
		}
		first = i;
		add_term(b, &b->items[i], &qualifiers, &path);
	}
}

/* At least one byte, so that NULL means that memory is out. */
static void *array(builder *b, size_t count, size_t size)
{
	return aval_alloc_array(b->im->allocator, count + 1, size);
}

static bool alloc_invoice(builder *b)
{
	aval_import  *im = b->im;
	aval_invoice *invoice = b->invoice = aval_alloc_zero(im->allocator, sizeof *invoice);
	char          path[AVAL_KEY_PATH_CAPACITY];
	size_t        path_len = 0;

	for (size_t i = 0; i < b->item_count; i++)
		path_len += aval_key_put_path(path, &b->items[i]);
	if (invoice == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	invoice->allocator = im->allocator;
	invoice->syntax = im->syntax;
	invoice->terms = array(b, b->item_count, sizeof *invoice->terms);
	invoice->qualifiers = array(b, im->qualifiers.count, sizeof *invoice->qualifiers);
	invoice->paths = array(b, path_len, 1);
	if (invoice->terms == NULL || invoice->qualifiers == NULL || invoice->paths == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	return true;
}

/* Document order: what was listed at the end goes to its place. */
static bool add_unmapped(builder *b)
{
	aval_import       *im = b->im;
	size_t             count = im->listed.count;
	const aval_listed *listed = im->listed.data;
	aval_sort_item    *items = array(b, 2 * count, sizeof *items);

	b->invoice->unmapped = array(b, count, sizeof *b->invoice->unmapped);
	if (items == NULL || b->invoice->unmapped == NULL) {
		aval_free(items, im->allocator);
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	}
	for (size_t i = 0; i < count; i++)
		items[i] = (aval_sort_item){ listed[i].offset, i };
	aval_sort(items, items + count, count);
	for (size_t i = 0; i < count; i++) {
		const aval_listed *entry = &listed[items[i].low];

		b->invoice->unmapped[i] = (aval_unmapped){ aval_import_text(&im->listing, entry->path),
			                                   aval_import_text(&im->listing, entry->value),
			                                   entry->reason, entry->offset };
	}
	b->invoice->unmapped_count = count;
	aval_free(items, im->allocator);
	return true;
}

/* The array moves from the import into the invoice. */
static void *take_data(aval_vector *v)
{
	void *data = v->data;

	*v = (aval_vector){ NULL, 0, 0 };
	return data;
}

static bool build(builder *b)
{
	find_currencies(b);
	if (!add_items(b))
		return false;
	aval_sort(b->items, b->scratch, b->item_count);
	if (!alloc_invoice(b))
		return false;
	add_terms(b);
	if (b->im->status != AVAL_OK || !add_unmapped(b) || !aval_import_build_facts(b->im, b->invoice))
		return false;
	b->invoice->defect_count = b->im->defects.count;
	b->invoice->defects = take_data(&b->im->defects);
	b->invoice->text = take_data(&b->im->text);
	b->invoice->listing = take_data(&b->im->listing);
	return true;
}

aval_invoice *aval_import_build(aval_import *im)
{
	builder b = { .im = im };
	bool    is_built = build(&b);

	aval_free(b.items, im->allocator);
	if (is_built)
		return b.invoice;
	aval_invoice_free(b.invoice);
	return NULL;
}
