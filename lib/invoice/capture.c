/* SPDX-License-Identifier: Apache-2.0 */
/* Captures: texts that a term may take, and what becomes of them when the scopes around them close. */
#include "invoice/import.h"
#include "invoice/value.h"

static const aval_map_node *map_node(uint16_t node)
{
	return &aval_map_nodes[node];
}

static const aval_map_action *map_actions(uint16_t node)
{
	return &aval_map_actions[map_node(node)->actions];
}

static void push(aval_import *im, uint16_t node, aval_span value, const char *defect)
{
	aval_frame  *frame = aval_import_top(im);
	aval_capture capture = { .node = node, .value = value, .offset = frame->offset, .defect = defect };

	capture.alive = (uint8_t)((1u << map_node(node)->action_count) - 1);
	if (node == frame->node) {
		capture.qualifiers = frame->qualifiers;
		capture.qualifier_count = (uint8_t)(im->qualifiers.count - frame->qualifiers);
	}
	if (im->captures.count >= AVAL_INVOICE_MAX_TERMS)
		aval_import_fail(im, AVAL_E_LIMIT, "more than AVAL_INVOICE_MAX_TERMS terms", frame->offset);
	else
		(void)aval_vector_append(im, &im->captures, &capture, 1, sizeof capture);
}

/* Text is compared in capital letters; xs:boolean may also be written 1 and 0. */
static bool is_value(aval_text text, const char *value)
{
	size_t len = strlen(value);

	if (text.len == 1 && (text.data[0] == '1' || text.data[0] == '0'))
		return strcmp(value, text.data[0] == '1' ? "TRUE" : "FALSE") == 0;
	if (text.len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text.data[i];

		if ((c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c) != value[i])
			return false;
	}
	return true;
}

/* Sets the variant of a scope; a second selector must agree with the first. Tells the variant. */
static uint8_t select_variant(aval_frame *scope, aval_text text)
{
	const aval_map_node *node = map_node(scope->node);
	uint8_t              variant = AVAL_VARIANT_OTHER;

	for (uint8_t i = 0; i < node->value_count && variant == AVAL_VARIANT_OTHER; i++)
		if (is_value(text, aval_map_values[node->values + i]))
			variant = (uint8_t)(i + 1);
	if ((scope->flags & AVAL_FRAME_SELECTED) != 0 && scope->variant != variant)
		scope->variant = AVAL_VARIANT_AMBIGUOUS;
	else
		scope->variant = variant;
	scope->flags |= AVAL_FRAME_SELECTED;
	return variant;
}

/* A selector with elements in it selects nothing that is sure. */
static void select_by(aval_import *im, uint16_t node, aval_text text)
{
	aval_frame *top = aval_import_top(im), *scope = top - map_node(node)->up;
	uint8_t     variant = select_variant(scope, text);

	if ((top->flags & AVAL_FRAME_CHILD) != 0)
		scope->variant = AVAL_VARIANT_AMBIGUOUS;
	/* What is selected by "none of the values" does not say the value. */
	if (variant == AVAL_VARIANT_OTHER && map_node(node)->action_count == 0)
		aval_import_list_node(im, node, text, AVAL_UNMAPPED_UNKNOWN, top->offset);
}

static void keep_qualifier(aval_import *im, uint8_t kind, aval_text value)
{
	aval_captured_qualifier qualifier = { kind, { im->text.count, (uint32_t)value.len } };

	if (aval_import_add_text(im, &im->text, value.data, value.len))
		(void)aval_vector_append(im, &im->qualifiers, &qualifier, 1, sizeof qualifier);
}

static void note_format(aval_import *im, aval_text value)
{
	aval_frame *top = aval_import_top(im);

	if (aval_text_equal_z(value, "102"))
		top->flags |= AVAL_FRAME_102;
}

void aval_import_attribute(aval_import *im, uint16_t node, const char *value_z)
{
	const aval_map_node *n = map_node(node);
	aval_text            value = aval_value_strip(aval_text_z(value_z));
	uint8_t              qualifier = n->action_count > 0 ? map_actions(node)->qualifier : 0;
	aval_frame          *top = aval_import_top(im);

	if ((n->flags & AVAL_NODE_SELECTOR) != 0)
		select_by(im, node, value);
	if ((n->flags & AVAL_NODE_FORMAT) != 0)
		note_format(im, value);
	if ((n->flags & AVAL_NODE_CURRENCY) != 0)
		qualifier = AVAL_QUALIFIER_CURRENCY;
	if (qualifier != 0) {
		keep_qualifier(im, qualifier, value);
	} else if (n->action_count > 0) {
		aval_span span = { im->text.count, (uint32_t)value.len };

		if (aval_import_add_text(im, &im->text, value.data, value.len))
			push(im, node, span, NULL);
	}
	top->run = im->text.count;
}

/* The value in the form of its term, or the reason why it is not. */
static const char *convert(const aval_import *im, aval_form form, aval_text text, char *out, size_t *len_out)
{
	uint8_t flags = im->frames[im->depth - 1].flags;

	switch (form) {
	case AVAL_FORM_DATE:
		if (!im->is_cii)
			return aval_value_date(out, len_out, text);
		if ((flags & AVAL_FRAME_102) == 0)
			return "a date of another format than 102";
		return aval_value_date_102(out, len_out, text);
	case AVAL_FORM_DECIMAL:
	case AVAL_FORM_AMOUNT:
		return aval_value_decimal(out, len_out, text);
	case AVAL_FORM_TAXPOINT:
		return aval_value_tax_point(out, len_out, text, im->is_cii);
	case AVAL_FORM_BINARY:
		return aval_value_binary(out, len_out, text);
	case AVAL_FORM_TEXT:
	case AVAL_FORM_NOTE:
	case AVAL_FORM_SUBJECT:
	default:
		return NULL;
	}
}

/* Puts a converted value in the place of its text, at the end of the buffer. */
static aval_span replace(aval_import *im, uint32_t run, const char *value, size_t len)
{
	im->text.count = run;
	(void)aval_import_add_text(im, &im->text, value, len);
	return (aval_span){ run, (uint32_t)len };
}

/* Cuts "#AAI#" off a note where the syntax has no element for it. */
static void split_note(aval_import *im, uint16_t node, aval_span *value)
{
	uint16_t  subject = aval_map_child(node, AVAL_NS_ATTRIBUTE, "#subject", 8);
	aval_text text = aval_import_text(&im->text, *value), rest;

	if (subject == 0 || aval_value_subject_len(text) == 0)
		return;
	push(im, subject, (aval_span){ value->at + 1, 3 }, NULL);
	rest = aval_value_strip((aval_text){ text.data + 5, text.len - 5 });
	value->at += (uint32_t)(rest.data - text.data);
	value->len = (uint32_t)rest.len;
}

static void close_term(aval_import *im, uint16_t node, aval_span value, bool has_child)
{
	char        out[AVAL_VALUE_MAX_LEN];
	size_t      len = 0;
	aval_text   text = aval_import_text(&im->text, value);
	const char *defect = has_child ? "elements stand in the value" : NULL;

	if (map_node(node)->form == AVAL_FORM_NOTE)
		split_note(im, node, &value);
	if (defect == NULL && !(map_node(node)->form == AVAL_FORM_BINARY && text.len == 0))
		defect = convert(im, (aval_form)map_node(node)->form, text, out, &len);
	if (defect == NULL && len > 0)
		value = replace(im, aval_import_top(im)->run, out, len);
	if (im->status == AVAL_OK)
		push(im, node, value, defect);
}

void aval_import_close_leaf(aval_import *im)
{
	aval_frame *top = aval_import_top(im);
	uint16_t    node = top->node;
	bool        has_child = (top->flags & AVAL_FRAME_CHILD) != 0;
	aval_span   span = { top->run, im->text.count - top->run };
	aval_text   text;

	if (has_child) {
		aval_import_list_run(im, top->run);
		span = top->value;
	}
	text = aval_value_strip(aval_import_text(&im->text, span));
	span.at = (uint32_t)(text.data - (const char *)im->text.data);
	span.len = (uint32_t)text.len;
	if ((map_node(node)->flags & AVAL_NODE_SELECTOR) != 0)
		select_by(im, node, text);
	if (map_node(node)->action_count > 0)
		close_term(im, node, span, has_child);
}

/* Strikes the actions that ask for another variant of the scope. */
static void narrow(aval_capture *c, const aval_frame *scope)
{
	const aval_map_action *actions = map_actions(c->node);

	for (uint8_t i = 0; i < map_node(c->node)->action_count; i++)
		for (size_t k = 0; k < 2; k++)
			if (actions[i].scope[k] == scope->node && actions[i].variant[k] != scope->variant)
				c->alive &= (uint8_t) ~(1u << i);
}

/* The first action that is still possible, or NULL. */
static const aval_map_action *first_action(const aval_capture *c)
{
	for (uint8_t i = 0; i < 8; i++)
		if ((c->alive >> i & 1) != 0)
			return &map_actions(c->node)[i];
	return NULL;
}

/* The first capture that is a qualifier, or is none, of a term (0: of any); count where there is none. */
static uint32_t find_action(const aval_capture *captures, uint32_t count, bool is_qualifier, uint8_t term)
{
	uint32_t i = 0;

	for (; i < count; i++) {
		const aval_map_action *action = first_action(&captures[i]);

		if (action != NULL && (action->qualifier != 0) == is_qualifier &&
		    (term == 0 || action->term == term))
			break;
	}
	return i;
}

/* An element that qualifies another one of its scope becomes its qualifier; a second one stays a capture. */
static void attach_qualifier(aval_import *im, aval_capture *captures, uint32_t count)
{
	uint32_t                from = find_action(captures, count, true, 0), to;
	const aval_map_action  *action;
	aval_captured_qualifier qualifier;

	if (from == count)
		return;
	action = first_action(&captures[from]);
	to = find_action(captures, count, false, action->term);
	if (to == count || captures[to].qualifier_count > 0)
		return;
	qualifier = (aval_captured_qualifier){ action->qualifier, captures[from].value };
	captures[to].qualifiers = im->qualifiers.count;
	captures[to].qualifier_count = 1;
	captures[from].node = 0;
	captures[from].alive = 0;
	(void)aval_vector_append(im, &im->qualifiers, &qualifier, 1, sizeof qualifier);
}

/* Whether the capture is, as far as is known, a term of the group. */
static bool is_of_group(const aval_capture *c, uint8_t group, uint8_t level)
{
	const aval_map_action *action = first_action(c);

	return action != NULL && action->qualifier == 0 && aval_map_terms[action->term].groups[level] == group;
}

/* Gives the captures of a group its next index; a group without terms has none. */
static void number_group(aval_import *im, aval_capture *captures, uint32_t count, uint8_t group)
{
	uint8_t  level = (uint8_t)(aval_map_group_levels[group] - 1);
	uint32_t index = im->counters[level][group] + 1;

	for (uint32_t i = 0; i < count; i++) {
		if (!is_of_group(&captures[i], group, level))
			continue;
		captures[i].index[level] = index;
		im->counters[level][group] = index;
	}
}

void aval_import_close_scope(aval_import *im)
{
	const aval_frame    *scope = aval_import_top(im);
	const aval_map_node *node = map_node(scope->node);
	uint32_t             count = im->captures.count - scope->captures;
	aval_capture        *captures = count > 0 ? (aval_capture *)im->captures.data + scope->captures : NULL;

	for (uint32_t i = 0; i < count && node->value_count > 0; i++)
		narrow(&captures[i], scope);
	if (node->value_count > 0)
		attach_qualifier(im, captures, count);
	for (uint8_t i = 0; i < node->group_count; i++) {
		const aval_map_group *group = &aval_map_groups[node->groups + i];

		if (group->variant == AVAL_VARIANT_ANY || group->variant == scope->variant)
			number_group(im, captures, count, group->number);
	}
	if ((node->flags & AVAL_NODE_OUTER) != 0)
		memset(im->counters[1], 0, sizeof im->counters[1]);
}
