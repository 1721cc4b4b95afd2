/* SPDX-License-Identifier: Apache-2.0 */
/* DER (X.690), as much of it as certificates and CRLs are written in. */
#include <aval/date.h>

#include "identity/der.h"

aval_der aval_der_open(const aval_der_input *input, aval_bytes bytes)
{
	return (aval_der){ bytes.data, bytes.data == NULL ? NULL : bytes.data + bytes.len, input };
}

aval_status aval_der_fail(const aval_der *in, const char *where, const char *reason)
{
	size_t offset;

	if (in->input->err == NULL)
		return in->input->status;
	offset = in->at == NULL ? 0 : (size_t)(in->at - in->input->begin);
	return aval_fail_at(in->input->err, in->input->status, offset, where, reason);
}

/* Bytes of a head of DER and of its content; 0 where there is none. */
static size_t read_head(size_t *content_len_out, const aval_der *in)
{
	size_t left = (size_t)(in->end - in->at), count, len = 0;

	if (left < 2 || (in->at[0] & 0x1f) == 0x1f)
		return 0;
	if (in->at[1] < 0x80) {
		*content_len_out = in->at[1];
		return 2;
	}
	count = in->at[1] & 0x7fu;
	if (count == 0 || count > 4 || left < 2 + count || in->at[2] == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		len = len << 8 | in->at[2 + i];
	*content_len_out = len;
	return len < 0x80 ? 0 : 2 + count;
}

aval_status aval_der_take_any(aval_der *in, unsigned *tag_out, aval_bytes *whole_out, aval_der *content_out,
                              const char *where)
{
	size_t content_len = 0, head = read_head(&content_len, in);

	if (head == 0)
		return aval_der_fail(in, where, "no element of DER");
	if (content_len > (size_t)(in->end - in->at) - head)
		return aval_der_fail(in, where, "an element that ends beyond what holds it");
	if (tag_out != NULL)
		*tag_out = in->at[0];
	if (whole_out != NULL)
		*whole_out = (aval_bytes){ in->at, head + content_len };
	if (content_out != NULL)
		*content_out = (aval_der){ in->at + head, in->at + head + content_len, in->input };
	in->at += head + content_len;
	return AVAL_OK;
}

aval_status aval_der_take(aval_der *in, unsigned tag, aval_der *content_out, const char *where)
{
	if (!aval_der_next_is(in, tag))
		return aval_der_fail(in, where, "not the element that stands here");
	return aval_der_take_any(in, NULL, NULL, content_out, where);
}

aval_status aval_der_take_whole(aval_der *in, unsigned tag, aval_bytes *whole_out, const char *where)
{
	if (!aval_der_next_is(in, tag))
		return aval_der_fail(in, where, "not the element that stands here");
	return aval_der_take_any(in, NULL, whole_out, NULL, where);
}

aval_status aval_der_take_bytes(aval_der *in, unsigned tag, aval_bytes *content_out, const char *where)
{
	aval_der    content = { NULL, NULL, in->input };
	aval_status status = aval_der_take(in, tag, &content, where);

	if (status == AVAL_OK)
		*content_out = aval_der_rest(&content);
	return status;
}

aval_status aval_der_expect_end(const aval_der *in, const char *where)
{
	return aval_der_is_empty(in) ? AVAL_OK : aval_der_fail(in, where, "something follows the last element");
}

aval_status aval_der_take_integer(aval_der *in, aval_bytes *content_out, const char *where)
{
	aval_der    before = *in;
	aval_bytes  n = { NULL, 0 };
	aval_status status = aval_der_take_bytes(in, DER_INTEGER, &n, where);

	if (status != AVAL_OK)
		return status;
	if (n.len == 0 ||
	    (n.len > 1 && ((n.data[0] == 0 && n.data[1] < 0x80) || (n.data[0] == 0xff && n.data[1] >= 0x80))))
		return aval_der_fail(&before, where, "a number that is not in its shortest form");
	*content_out = n;
	return AVAL_OK;
}

aval_status aval_der_take_natural(aval_der *in, aval_bytes *magnitude_out, const char *where)
{
	aval_der    before = *in;
	aval_bytes  n = { NULL, 0 };
	aval_status status = aval_der_take_integer(in, &n, where);

	if (status != AVAL_OK)
		return status;
	if (n.data[0] >= 0x80)
		return aval_der_fail(&before, where, "a negative number");
	if (n.data[0] == 0)
		n.data++, n.len--;
	*magnitude_out = n;
	return AVAL_OK;
}

aval_status aval_der_take_uint(aval_der *in, uint32_t *value_out, const char *where)
{
	aval_bytes  n = { NULL, 0 };
	uint32_t    value = 0;
	aval_status status = aval_der_take_natural(in, &n, where);

	if (status != AVAL_OK)
		return status;
	for (size_t i = 0; i < n.len && i < 4; i++)
		value = value << 8 | n.data[i];
	*value_out = n.len > 4 ? UINT32_MAX : value;
	return AVAL_OK;
}

aval_status aval_der_take_boolean(aval_der *in, bool *value_out, const char *where)
{
	aval_der    before = *in;
	aval_bytes  content;
	aval_status status = aval_der_take_bytes(in, DER_BOOLEAN, &content, where);

	if (status != AVAL_OK)
		return status;
	if (content.len != 1 || (content.data[0] != 0 && content.data[0] != 0xff))
		return aval_der_fail(&before, where, "neither true nor false");
	*value_out = content.data[0] != 0;
	return AVAL_OK;
}

aval_status aval_der_take_bits(aval_der *in, aval_bytes *bytes_out, unsigned *unused_out, const char *where)
{
	aval_der    before = *in;
	aval_bytes  b;
	unsigned    unused;
	aval_status status = aval_der_take_bytes(in, DER_BIT_STRING, &b, where);

	if (status != AVAL_OK)
		return status;
	unused = b.len == 0 ? 8 : b.data[0];
	if (unused > 7 || (b.len == 1 && unused != 0) || (b.data[b.len - 1] & ((1u << unused) - 1)) != 0)
		return aval_der_fail(&before, where, "not a bit string of DER");
	*bytes_out = (aval_bytes){ b.data + 1, b.len - 1 };
	*unused_out = unused;
	return AVAL_OK;
}

static bool are_digits(const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] < '0' || at[i] > '9')
			return false;
	return true;
}

static int64_t two_digits(const uint8_t *at)
{
	return (at[0] - '0') * 10 + (at[1] - '0');
}

/* YYYYMMDDHHMMSS, all digits. */
static bool time_of(int64_t *unix_ms_out, const uint8_t at[14])
{
	char    date[10] = { 0, 0, 0, 0, '-', 0, 0, '-', 0, 0 };
	int64_t days, hour = two_digits(at + 8), minute = two_digits(at + 10), second = two_digits(at + 12);

	memcpy(date, at, 4);
	memcpy(date + 5, at + 4, 2);
	memcpy(date + 8, at + 6, 2);
	if (hour > 23 || minute > 59 || second > 59 ||
	    aval_date_parse(&days, date, sizeof date, NULL) != AVAL_OK)
		return false;
	*unix_ms_out = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
	return true;
}

aval_status aval_der_take_time(aval_der *in, int64_t *unix_ms_out, const char *where)
{
	aval_der    before = *in;
	uint8_t     full[14] = { '2', '0' };
	unsigned    tag = 0;
	aval_der    content;
	aval_bytes  text;
	size_t      len;
	aval_status status = aval_der_take_any(in, &tag, NULL, &content, where);

	if (status != AVAL_OK)
		return status;
	text = aval_der_rest(&content);
	len = tag == DER_UTC_TIME ? 12 : 14;
	if ((tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME) || text.len != len + 1 ||
	    text.data[len] != 'Z' || !are_digits(text.data, len))
		return aval_der_fail(&before, where, "not a time in UTC to the second");
	memcpy(full + 14 - len, text.data, len);
	/* RFC 5280, 4.1.2.5.1: two digits from 50 on are of 19xx. */
	if (tag == DER_UTC_TIME && full[2] >= '5')
		memcpy(full, "19", 2);
	return time_of(unix_ms_out, full) ? AVAL_OK
	                                  : aval_der_fail(&before, where, "not a day and time of day");
}

bool aval_bytes_equal(aval_bytes a, aval_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
