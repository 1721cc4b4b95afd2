/* SPDX-License-Identifier: Apache-2.0 */
/* Names and shapes of tiles (C2SP tlog-tiles), and the entries in a bundle. */
#include "proof/tile.h"

static const char entries_name[] = "entries";

static bool is_tile(const aval_tile *t)
{
	if (t->level > AVAL_TILE_MAX_LEVEL || (t->is_entries && t->level != 0))
		return false;
	if (t->width < 1 || t->width > AVAL_TILE_WIDTH)
		return false;
	return t->index <= ((uint64_t)INT64_MAX >> (8 * t->level)) / AVAL_TILE_WIDTH;
}

static size_t put_text(char *out, size_t at, const char *text)
{
	size_t len = strlen(text);

	memcpy(out + at, text, len);
	return at + len;
}

static size_t put_number(char *out, size_t at, uint32_t value)
{
	char   digits[10];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	while (count != 0)
		out[at++] = digits[--count];
	return at;
}

/* Groups of three digits, all but the last behind an x. */
static size_t put_index(char *out, size_t at, uint64_t index)
{
	uint32_t groups[7];
	size_t   count = 0;

	do
		groups[count++] = (uint32_t)(index % 1000);
	while ((index /= 1000) != 0);
	while (count != 0) {
		uint32_t group = groups[--count];

		at = put_text(out, at, count == 0 ? "/" : "/x");
		out[at++] = (char)('0' + group / 100);
		out[at++] = (char)('0' + group / 10 % 10);
		out[at++] = (char)('0' + group % 10);
	}
	return at;
}

/* The longest: "tile/entries" + 6 x "/x999" + "/999" + ".p/255" + NUL is below AVAL_TILE_PATH_ROOM. */
static size_t put_path(char *out, const aval_tile *tile)
{
	size_t at = put_text(out, 0, "tile/");

	at = tile->is_entries ? put_text(out, at, entries_name) : put_number(out, at, tile->level);
	at = put_index(out, at, tile->index);
	if (tile->width != AVAL_TILE_WIDTH) {
		at = put_text(out, at, ".p/");
		at = put_number(out, at, tile->width);
	}
	out[at] = '\0';
	return at;
}

aval_status aval_tile_path(char path_out[AVAL_TILE_PATH_ROOM], const aval_tile *tile, aval_error *err)
{
	if (!is_tile(tile))
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile",
		                 "no log below 2^63 leaves has such a tile");
	put_path(path_out, tile);
	return AVAL_OK;
}

/* Digits at *at, up to the first other character; at most max_digits. */
static uint64_t take_number(aval_text path, size_t *at, size_t max_digits)
{
	uint64_t value = 0;

	for (size_t n = 0; n < max_digits && *at < path.len && path.data[*at] >= '0' && path.data[*at] <= '9';
	     n++)
		value = value * 10 + (uint64_t)(path.data[(*at)++] - '0');
	return value;
}

static bool take_text(aval_text path, size_t *at, const char *text)
{
	size_t len = strlen(text);

	if (path.len - *at < len || memcmp(path.data + *at, text, len) != 0)
		return false;
	*at += len;
	return true;
}

static uint64_t take_index(aval_text path, size_t *at)
{
	uint64_t index = 0;

	for (size_t groups = 0; groups < 6 && take_text(path, at, "/x"); groups++)
		index = index * 1000 + take_number(path, at, 3);
	return take_text(path, at, "/") ? index * 1000 + take_number(path, at, 3) : index;
}

/* Reads loosely, then demands that writing gives the same path again: there is one path for each tile. */
aval_status aval_tile_parse_path(aval_tile *tile_out, const char *path, size_t path_len, aval_error *err)
{
	aval_text text = { path, path_len };
	aval_tile tile = { false, 0, 0, AVAL_TILE_WIDTH };
	char      again[AVAL_TILE_PATH_ROOM];
	size_t    at = 0;

	if (path_len >= AVAL_TILE_PATH_ROOM || !take_text(text, &at, "tile/"))
		return aval_fail(err, AVAL_E_TILE_FORMAT, "tile.path", "the path does not begin with tile/");
	tile.is_entries = take_text(text, &at, entries_name);
	if (!tile.is_entries)
		tile.level = (uint32_t)take_number(text, &at, 2);
	tile.index = take_index(text, &at);
	if (take_text(text, &at, ".p/"))
		tile.width = (uint32_t)take_number(text, &at, 3);
	if (!is_tile(&tile) || put_path(again, &tile) != path_len || memcmp(again, path, path_len) != 0)
		return aval_fail_at(err, AVAL_E_TILE_FORMAT, at, "tile.path", "not the path of a tile");
	*tile_out = tile;
	return AVAL_OK;
}

aval_status aval_tile_at(aval_tile *tile_out, bool is_entries, uint32_t level, uint64_t index, uint64_t size,
                         aval_error *err)
{
	uint64_t hashes, first;

	if (level > AVAL_TILE_MAX_LEVEL || (is_entries && level != 0) || size > INT64_MAX)
		return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "tile",
		                 "a level or a size that no log below 2^63 leaves has");
	hashes = size >> (8 * level);
	if (index > hashes / AVAL_TILE_WIDTH || index * AVAL_TILE_WIDTH == hashes)
		return aval_fail(err, AVAL_E_NOT_FOUND, "tile", "a log of this size has no such tile");
	first = index * AVAL_TILE_WIDTH;
	*tile_out =
		(aval_tile){ is_entries, level, index,
		             hashes - first < AVAL_TILE_WIDTH ? (uint32_t)(hashes - first) : AVAL_TILE_WIDTH };
	return AVAL_OK;
}

aval_status aval_tile_next_entry(aval_bytes *entry_out, size_t *offset_inout, const uint8_t *bundle,
                                 size_t bundle_len, aval_error *err)
{
	size_t offset = *offset_inout, left, len;

	if (offset >= bundle_len)
		return aval_fail_at(err, AVAL_E_NOT_FOUND, offset, "tile.entries[]",
		                    "the bundle has no more entries");
	left = bundle_len - offset;
	if (left < 2)
		return aval_fail_at(err, AVAL_E_TILE_FORMAT, offset, "tile.entries[]",
		                    "the bundle ends inside a length");
	len = (size_t)bundle[offset] << 8 | bundle[offset + 1];
	if (left - 2 < len)
		return aval_fail_at(err, AVAL_E_TILE_FORMAT, offset, "tile.entries[]",
		                    "the bundle ends inside an entry");
	*entry_out = (aval_bytes){ bundle + offset + 2, len };
	*offset_inout = offset + 2 + len;
	return AVAL_OK;
}
