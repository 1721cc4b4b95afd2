/* SPDX-License-Identifier: Apache-2.0 */
/* Text of the C2SP formats: lines, numbers, hashes, key names. */
#include "proof/proof.h"

bool aval_line_next(aval_text *line_out, aval_text text, size_t *offset)
{
	const char *begin = text.data + *offset;
	const char *end = *offset < text.len ? memchr(begin, '\n', text.len - *offset) : NULL;

	if (end == NULL)
		return false;
	*line_out = (aval_text){ begin, (size_t)(end - begin) };
	*offset += line_out->len + 1;
	return true;
}

bool aval_number_parse(uint64_t *number_out, aval_text line)
{
	uint64_t number = 0;

	if (line.len == 0 || line.len > 19 || (line.data[0] == '0' && line.len != 1))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] < '0' || line.data[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(line.data[i] - '0');
	}
	*number_out = number;
	return number <= INT64_MAX;
}

size_t aval_number_put(char out[AVAL_NUMBER_ROOM], uint64_t number)
{
	char   digits[AVAL_NUMBER_ROOM];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	for (size_t i = 0; i < count; i++)
		out[i] = digits[count - 1 - i];
	return count;
}

bool aval_base64_alphabet(aval_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
		      c == '/' || (c == '=' && i + 2 >= text.len)))
			return false;
	}
	return text.len % 4 == 0;
}

bool aval_hash_line_parse(uint8_t hash32_out[32], aval_text line)
{
	uint8_t hash[33];
	size_t  len;

	if (line.len != AVAL_HASH_LINE_LEN || !aval_base64_decode(hash, &len, sizeof hash, line) || len != 32)
		return false;
	memcpy(hash32_out, hash, 32);
	return true;
}

bool aval_note_name_check(aval_text name)
{
	return aval_name_check(name, AVAL_VKEY_MAX_NAME);
}
