/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#11 URIs (RFC 7512): attributes of the path between semicolons, of the query between ampersands. */
#include <aval/pkcs11.h>

#include "base/base.h"

/* What an attribute is; TEXT attributes stand in the row's place of aval_pkcs11_uri. */
enum kind { TEXT, ID, SLOT, TYPE, PIN, LEFT_OUT };

static const struct attribute_row {
	const char *name;
	bool        in_query;
	enum kind   kind;
	size_t      place;
} rows[] = {
#define PLACE(field) offsetof(aval_pkcs11_uri, field)
	{ "token", false, TEXT, PLACE(selection.token) },
	{ "serial", false, TEXT, PLACE(selection.serial) },
	{ "manufacturer", false, TEXT, PLACE(selection.manufacturer) },
	{ "model", false, TEXT, PLACE(selection.model) },
	{ "object", false, TEXT, PLACE(selection.object) },
	{ "id", false, ID, 0 },
	{ "slot-id", false, SLOT, 0 },
	{ "type", false, TYPE, 0 },
	{ "library-description", false, LEFT_OUT, 0 },
	{ "library-manufacturer", false, LEFT_OUT, 0 },
	{ "library-version", false, LEFT_OUT, 0 },
	{ "slot-description", false, LEFT_OUT, 0 },
	{ "slot-manufacturer", false, LEFT_OUT, 0 },
	{ "module-path", true, TEXT, PLACE(module_path) },
	{ "pin-source", true, TEXT, PLACE(pin_source) },
	{ "pin-value", true, PIN, 0 },
	{ "module-name", true, LEFT_OUT, 0 },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

typedef struct reader {
	aval_pkcs11_uri uri;
	aval_text       text;
	char           *room;
	uint32_t        seen; /* by row */
	aval_error     *err;
} reader;

_Static_assert(ROWS <= 32, "seen has a bit for each row");

static aval_status refuse(const reader *r, aval_status status, size_t at, const char *where, const char *reason)
{
	return aval_fail_at(r->err, status, at, where, reason);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 7512, section 2.3: unreserved characters and these stand for themselves, all others are written %XX. */
static bool stands(char c, bool in_query)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) >= 0)
		return true;
	return c != '\0' && strchr(in_query ? "-._~:[]@!$'()*+,=/?|" : "-._~:[]@!$'()*+,=&", c) != NULL;
}

/* The value at [at, end), decoded into its own place of the room, which is never shorter. */
static bool decode(aval_text *out, reader *r, size_t at, size_t end, bool in_query)
{
	char *to = r->room + at;

	out->data = to;
	for (; at < end; at++) {
		char c = r->text.data[at];

		if (c == '%') {
			int high = end - at > 2 ? digit(r->text.data[at + 1]) : -1;
			int low = high >= 0 ? digit(r->text.data[at + 2]) : -1;

			if (low < 0)
				return false;
			*to++ = (char)(unsigned char)(high << 4 | low);
			at += 2;
		} else if (stands(c, in_query)) {
			*to++ = c;
		} else {
			return false;
		}
	}
	out->len = (size_t)(to - out->data);
	return true;
}

static bool parse_slot(uint64_t *out, aval_text text)
{
	uint64_t slot = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned d = (unsigned char)text.data[i] - (unsigned)'0';

		if (d > 9 || slot > (UINT64_MAX - d) / 10)
			return false;
		slot = 10 * slot + d;
	}
	*out = slot;
	return text.len != 0;
}

static aval_status store(reader *r, const struct attribute_row *row, aval_text value, size_t at)
{
	aval_pkcs11_selection *s = &r->uri.selection;

	switch (row->kind) {
	case TEXT:
		if (memchr(value.data, '\0', value.len) != NULL)
			return refuse(r, AVAL_E_PKCS11_URI, at, row->name, "a NUL in a text");
		memcpy((char *)&r->uri + row->place, &value, sizeof value);
		return AVAL_OK;
	case ID:
		s->id = (aval_bytes){ (const uint8_t *)value.data, value.len };
		return AVAL_OK;
	case SLOT:
		s->has_slot = parse_slot(&s->slot, value);
		return s->has_slot ? AVAL_OK : refuse(r, AVAL_E_PKCS11_URI, at, row->name, "not a number");
	case TYPE:
		if (!aval_text_equal_z(value, "private"))
			return refuse(r, AVAL_E_UNSUPPORTED, at, row->name,
			              "another type of object than private");
		return AVAL_OK;
	case PIN:
		r->uri.has_pin = true;
		r->uri.pin_value = value;
		return AVAL_OK;
	case LEFT_OUT:
		break;
	}
	return refuse(r, AVAL_E_UNSUPPORTED, at, row->name, "an attribute that is not supported");
}

static const struct attribute_row *find_row(aval_text name, bool in_query)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].in_query == in_query && aval_text_equal_z(name, rows[i].name))
			return &rows[i];
	return NULL;
}

static aval_status read_attribute(reader *r, size_t at, size_t end, bool in_query)
{
	const char                 *text = r->text.data + at;
	const char                 *equals = memchr(text, '=', end - at);
	const struct attribute_row *row;
	aval_text                   value;
	uint32_t                    bit;

	if (equals == NULL)
		return refuse(r, AVAL_E_PKCS11_URI, at, "uri", "an attribute without a value");
	row = find_row((aval_text){ text, (size_t)(equals - text) }, in_query);
	if (row == NULL)
		return refuse(r, AVAL_E_UNSUPPORTED, at, "uri", "an attribute that is not known");
	bit = UINT32_C(1) << (row - rows);
	if ((r->seen & bit) != 0)
		return refuse(r, AVAL_E_PKCS11_URI, at, row->name, "the attribute stands twice");
	r->seen |= bit;
	if (!decode(&value, r, at + (size_t)(equals - text) + 1, end, in_query))
		return refuse(r, AVAL_E_PKCS11_URI, at, row->name,
		              "a character that must be written with % and two digits, or a % without them");
	return store(r, row, value, at);
}

/* Attributes at [at, end) with a separator between them; there may be none, but no empty one. */
static aval_status read_list(reader *r, size_t at, size_t end, bool in_query)
{
	while (at < end) {
		const char *text = r->text.data + at;
		const char *next = memchr(text, in_query ? '&' : ';', end - at);
		size_t      stop = next == NULL ? end : at + (size_t)(next - text);
		aval_status status = read_attribute(r, at, stop, in_query);

		if (status != AVAL_OK)
			return status;
		if (next != NULL && stop + 1 == end)
			return refuse(r, AVAL_E_PKCS11_URI, stop, "uri", "nothing follows a separator");
		at = next == NULL ? end : stop + 1;
	}
	return AVAL_OK;
}

aval_status aval_pkcs11_uri_parse(aval_pkcs11_uri *uri_out, const char *text, size_t len, char *room,
                                  aval_error *err)
{
	static const char scheme[] = "pkcs11:";
	const size_t      begin = sizeof scheme - 1;
	reader            r = { AVAL_PKCS11_URI_INIT, { text, len }, room, 0, err };
	const char       *query;
	size_t            path_end;
	aval_status       status;

	if (len > AVAL_PKCS11_URI_MAX_LEN)
		return aval_fail(err, AVAL_E_LIMIT, "uri", "longer than AVAL_PKCS11_URI_MAX_LEN");
	if (len < begin || memcmp(text, scheme, begin) != 0)
		return refuse(&r, AVAL_E_PKCS11_URI, 0, "uri", "does not begin with pkcs11:");
	query = memchr(text + begin, '?', len - begin);
	path_end = query == NULL ? len : (size_t)(query - text);
	status = read_list(&r, begin, path_end, false);
	if (status == AVAL_OK && query != NULL)
		status = read_list(&r, path_end + 1, len, true);
	if (status == AVAL_OK && r.uri.has_pin && r.uri.pin_source.len != 0)
		return refuse(&r, AVAL_E_PKCS11_URI, path_end, "uri",
		              "pin-value and pin-source exclude each other");
	if (status == AVAL_OK)
		*uri_out = r.uri;
	return status;
}
