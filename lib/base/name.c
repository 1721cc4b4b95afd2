/* SPDX-License-Identifier: Apache-2.0 */
/* Names of keys and logs, as signed notes have them. */
#include "base/base.h"

/* U+0085, U+00A0, U+1680, U+2000..200A, U+2028, U+2029, U+202F, U+205F, U+3000 in UTF-8. */
static bool is_wide_space(const uint8_t *p, size_t len)
{
	if (len >= 2 && p[0] == 0xC2)
		return p[1] == 0x85 || p[1] == 0xA0;
	if (len < 3)
		return false;
	if (p[0] == 0xE2 && p[1] == 0x80)
		return p[2] <= 0x8A || p[2] == 0xA8 || p[2] == 0xA9 || p[2] == 0xAF;
	return (p[0] == 0xE1 && p[1] == 0x9A && p[2] == 0x80) ||
	       (p[0] == 0xE2 && p[1] == 0x81 && p[2] == 0x9F) || (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80);
}

bool aval_name_check(aval_text name, size_t max)
{
	const uint8_t *p = (const uint8_t *)name.data;
	size_t         bad;

	if (name.len == 0 || name.len > max || !aval_utf8_check(&bad, p, name.len))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (p[i] <= ' ' || p[i] == '+' || p[i] == 0x7F || is_wide_space(p + i, name.len - i))
			return false;
	return true;
}
