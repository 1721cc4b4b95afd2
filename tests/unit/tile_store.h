/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_TESTS_TILE_STORE_H
#define AVAL_TESTS_TILE_STORE_H

/* Tiles in memory by their paths, with counters and faults. */

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <aval/tile.h>

typedef struct tile_object {
	char     path[AVAL_TILE_PATH_ROOM];
	uint8_t *data;
	size_t   len;
	unsigned writes;
} tile_object;

typedef struct tile_store {
	tile_object *objects;
	size_t       count, room;
	unsigned     reads, writes;
	unsigned     fail_at;      /* the write, from 1, that fails and stores nothing; 0 is none */
	bool         hide_partial; /* as a log that has grown and dropped them */
	aval_status  read_status;  /* of every read */
	bool         unordered;    /* a tile came before what it hashes */
} tile_store;

static inline tile_object *tile_store_find(const tile_store *s, const char *path)
{
	for (size_t i = s->count; i-- > 0;)
		if (strcmp(s->objects[i].path, path) == 0)
			return &s->objects[i];
	return NULL;
}

static inline tile_object *tile_store_at(const tile_store *s, const char *path)
{
	tile_object *o = tile_store_find(s, path);

	ck_assert_msg(o != NULL, "there is no %s", path);
	return o;
}

static inline void tile_store_put(tile_store *s, const char *path, const uint8_t *data, size_t len)
{
	tile_object *o = tile_store_find(s, path);

	if (o == NULL) {
		if (s->count == s->room) {
			s->room = s->room == 0 ? 64 : 2 * s->room;
			s->objects = realloc(s->objects, s->room * sizeof *s->objects);
			ck_assert_ptr_nonnull(s->objects);
		}
		o = &s->objects[s->count++];
		memset(o, 0, sizeof *o);
		strcpy(o->path, path);
	}
	free(o->data);
	o->data = malloc(len + 1);
	ck_assert_ptr_nonnull(o->data);
	memcpy(o->data, data, len);
	o->len = len;
	o->writes++;
}

static inline aval_status tile_store_read(uint8_t *out, size_t *len_out, size_t cap, const aval_tile *tile,
                                          void *user_data)
{
	tile_store  *s = user_data;
	char         path[AVAL_TILE_PATH_ROOM];
	tile_object *o;

	s->reads++;
	ck_assert_int_eq(aval_tile_path(path, tile, NULL), AVAL_OK);
	if (s->read_status != AVAL_OK)
		return s->read_status;
	o = tile_store_find(s, path);
	if (o == NULL || (s->hide_partial && tile->width != AVAL_TILE_WIDTH))
		return AVAL_E_NOT_FOUND;
	*len_out = o->len;
	if (o->len > cap)
		return AVAL_E_BUFFER_TOO_SMALL;
	memcpy(out, o->data, o->len);
	return AVAL_OK;
}

static inline aval_status tile_store_write(const aval_tile *tile, const uint8_t *data, size_t len,
                                           void *user_data)
{
	tile_store *s = user_data;
	aval_tile   below = *tile;
	char        path[AVAL_TILE_PATH_ROOM];

	if (++s->writes == s->fail_at)
		return AVAL_E_IO;
	ck_assert_int_eq(aval_tile_path(path, tile, NULL), AVAL_OK);
	/* The bundle of a tile of leaves, the tiles of a higher one. */
	below.is_entries = tile->level == 0;
	if (tile->level > 0) {
		below = (aval_tile){ false, tile->level - 1, tile->index * 256 + tile->width - 1, 256 };
	}
	if (!tile->is_entries) {
		char below_path[AVAL_TILE_PATH_ROOM];

		ck_assert_int_eq(aval_tile_path(below_path, &below, NULL), AVAL_OK);
		s->unordered |= tile_store_find(s, below_path) == NULL;
	}
	tile_store_put(s, path, data, len);
	return AVAL_OK;
}

static inline aval_tile_source tile_store_source(tile_store *s)
{
	return (aval_tile_source){ sizeof(aval_tile_source), tile_store_read, s };
}

static inline aval_tile_sink tile_store_sink(tile_store *s)
{
	return (aval_tile_sink){ sizeof(aval_tile_sink), tile_store_write, s };
}

static inline void tile_store_copy(tile_store *copy_out, const tile_store *s)
{
	memset(copy_out, 0, sizeof *copy_out);
	for (size_t i = 0; i < s->count; i++)
		tile_store_put(copy_out, s->objects[i].path, s->objects[i].data, s->objects[i].len);
}

static inline void tile_store_clear(tile_store *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->objects[i].data);
	free(s->objects);
	memset(s, 0, sizeof *s);
}

#endif
