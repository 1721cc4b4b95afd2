/* SPDX-License-Identifier: Apache-2.0 */
/* From the list of terms to what rules read: terms that stand once, groups, sums. One pass, no memory. */
#include "invoice/check.h"

#include "base/base.h"

/* Business terms by number; what is not listed is read by no rule. */
static const uint8_t slot_of_term[] = {
	[1] = AVAL_SLOT_1, [2] = AVAL_SLOT_2, [3] = AVAL_SLOT_3, [5] = AVAL_SLOT_5, [6] = AVAL_SLOT_6,
	[9] = AVAL_SLOT_9, [20] = AVAL_SLOT_20, [27] = AVAL_SLOT_27, [44] = AVAL_SLOT_44, [59] = AVAL_SLOT_59,
	[106] = AVAL_SLOT_106, [107] = AVAL_SLOT_107, [108] = AVAL_SLOT_108, [109] = AVAL_SLOT_109,
	[110] = AVAL_SLOT_110, [111] = AVAL_SLOT_111, [112] = AVAL_SLOT_112, [113] = AVAL_SLOT_113,
	[114] = AVAL_SLOT_114, [115] = AVAL_SLOT_115,
};

static const char *const slot_paths[AVAL_SLOT_COUNT] = {
	"",       "BT-1",   "BT-2",   "BT-3",   "BT-5",   "BT-6",   "BT-9",
	"BT-20",  "BT-27",  "BT-44",  "BT-59",  "BT-106", "BT-107", "BT-108",
	"BT-109", "BT-110", "BT-111", "BT-112", "BT-113", "BT-114", "BT-115",
};

const char *aval_slot_path(aval_slot slot)
{
	return slot_paths[slot];
}

/* Sections by group number, and the terms directly below each group that rules read: amount, category, rate. */
static const struct {
	uint32_t group;
	uint32_t terms[AVAL_GROUP_TERMS];
} sections[AVAL_SECTION_COUNT] = {
	[AVAL_SECTION_ALLOWANCES] = { 20, { 92, 95, 96 } },
	[AVAL_SECTION_CHARGES] = { 21, { 99, 102, 103 } },
	[AVAL_SECTION_BREAKDOWN] = { 23, { 117, 118, 119, [AVAL_IN_BASE] = 116 } },
	[AVAL_SECTION_LINES] = { 25, { 131, 151, 152, [AVAL_IN_QUANTITY] = 129,
	                               [AVAL_IN_PRICE] = 146, [AVAL_IN_PER] = 149 } },
};

bool aval_term_number(aval_decimal *out, const aval_term *term)
{
	return aval_decimal_parse(out, term->value.data, term->value.len, NULL) == AVAL_OK;
}

bool aval_term_is_blank(const aval_term *term)
{
	for (size_t i = 0; term != NULL && i < term->value.len; i++)
		if (strchr(" \t\r\n", term->value.data[i]) == NULL || term->value.data[i] == '\0')
			return false;
	return true;
}

aval_text aval_term_value_or_absent(const aval_term *term)
{
	return term != NULL ? term->value : aval_text_z(AVAL_ABSENT);
}

static void gather_single(aval_checker *c, const aval_term *term, uint32_t number)
{
	aval_slot slot = number < sizeof slot_of_term ? (aval_slot)slot_of_term[number] : AVAL_SLOT_NONE;

	if (slot == AVAL_SLOT_NONE)
		return;
	c->slot[slot] = term;
	if (slot >= AVAL_SLOT_106)
		c->readable[slot] = aval_term_number(&c->number[slot], term);
}

/* Terms ascend, so a section is one stretch of the list. */
static void gather_grouped(aval_checker *c, const aval_term *term, uint32_t group)
{
	for (size_t s = 0; s < AVAL_SECTION_COUNT; s++) {
		if (sections[s].group != group)
			continue;
		if (c->section[s][0] == NULL)
			c->section[s][0] = term;
		c->section[s][1] = term + 1;
	}
}

static aval_term_key key_of(const aval_term_path *path)
{
	if (path->step_count == 0)
		return (aval_term_key){ 0 };
	return (aval_term_key){ path->steps[0].index, (uint16_t)path->steps[path->step_count - 1].number,
		                path->step_count == 3 ? (uint16_t)path->steps[1].number : 0,
		                (uint8_t)path->step_count };
}

void aval_check_gather(aval_checker *c)
{
	for (size_t i = 0; i < c->in->count; i++) {
		const aval_term *term = &c->in->terms[i];
		aval_term_path   path = { 0 };
		bool is_path = aval_term_path_parse(&path, term->path.data, term->path.len, NULL) == AVAL_OK;

		if (c->keys != NULL)
			c->keys[i] = key_of(&path);
		if (!is_path)
			continue;
		if (path.steps[0].is_group)
			gather_grouped(c, term, path.steps[0].number);
		else if (path.steps[0].index == 0)
			gather_single(c, term, path.steps[0].number);
	}
}

aval_group_cursor aval_check_groups(const aval_checker *c, aval_section section)
{
	const aval_term *begin = c->section[section][0];

	return (aval_group_cursor){ section, begin, c->section[section][1],
		                    begin != NULL ? c->keys + (begin - c->in->terms) : NULL };
}

static void place(aval_group *group, const aval_term *term, const aval_term_key *key)
{
	for (size_t i = 0; i < AVAL_GROUP_TERMS && key->step_count == 2; i++)
		if (sections[group->section].terms[i] == key->number)
			group->term[i] = term;
}

bool aval_check_next_group(aval_group *out, aval_group_cursor *cursor)
{
	if (cursor->next == cursor->end)
		return false;
	*out = (aval_group){ .section = cursor->section, .begin = cursor->next, .key = cursor->key };
	out->index = cursor->key->index;
	for (; cursor->next != cursor->end && cursor->key->index == out->index; cursor->next++, cursor->key++)
		place(out, cursor->next, cursor->key);
	out->end = cursor->next;
	return true;
}

size_t aval_check_group_count(const aval_checker *c, aval_section section)
{
	aval_group_cursor cursor = aval_check_groups(c, section);
	aval_group        group;
	size_t            count = 0;

	while (aval_check_next_group(&group, &cursor))
		count++;
	return count;
}

aval_text aval_group_path(char *out, const aval_group *group, int place_in_group)
{
	static const char ten[] = "0123456789";
	uint32_t          numbers[] = { sections[group->section].group, group->index,
		                        sections[group->section].terms[place_in_group] };
	const char       *before[] = { "BG-", ".", "/BT-" };
	size_t            len = 0;

	for (size_t i = 0; i < 3; i++) {
		char   digits[10];
		size_t count = 0;

		memcpy(out + len, before[i], strlen(before[i]));
		len += strlen(before[i]);
		for (uint32_t n = numbers[i]; n != 0 || count == 0; n /= 10)
			digits[count++] = ten[n % 10];
		while (count > 0)
			out[len++] = digits[--count];
	}
	return (aval_text){ out, len };
}

size_t aval_check_find_defect(const aval_checker *c, aval_text path)
{
	size_t low = 0, high = c->in->defect_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (aval_term_path_compare(c->in->defects[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool aval_check_is_repeated(const aval_checker *c, aval_text path)
{
	for (size_t i = aval_check_find_defect(c, path); i < c->in->defect_count; i++) {
		if (!aval_text_equal(c->in->defects[i].path, path))
			return false;
		if (c->in->defects[i].status == AVAL_E_INVOICE_TERM_REPEATED)
			return true;
	}
	return false;
}

bool aval_check_is_vat(const aval_checker *c, const aval_group *g)
{
	const uint32_t *others = c->in->facts.other_taxes;
	size_t          low = 0, high = c->in->facts.other_tax_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (others[middle] < g->index)
			low = middle + 1;
		else
			high = middle;
	}
	return low == c->in->facts.other_tax_count || others[low] != g->index;
}

void aval_sum_add(aval_sum *sum, const aval_term *amount)
{
	aval_decimal  value;
	aval_binary64 binary;

	if (amount == NULL)
		return;
	if (!aval_term_number(&value, amount)) {
		sum->unreadable = true;
		return;
	}
	binary = aval_binary64_from(&value);
	sum->binary = aval_binary64_add(&sum->binary, &binary);
	sum->overflow |= aval_decimal_add(&sum->exact, &sum->exact, &value, NULL) != AVAL_OK;
}

aval_sum aval_check_sum(const aval_checker *c, aval_section section)
{
	aval_group_cursor cursor = aval_check_groups(c, section);
	aval_sum          sum = { 0 };
	aval_group        group;

	while (aval_check_next_group(&group, &cursor)) {
		sum.count++;
		aval_sum_add(&sum, group.term[AVAL_IN_AMOUNT]);
	}
	return sum;
}
