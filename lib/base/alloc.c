/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: the caller's allocator or malloc, wiping, constant-time equality. */
#include <stdlib.h>

#include "base/base.h"

void *aval_alloc(const aval_allocator *allocator, size_t size)
{
	if (size == 0)
		return NULL;
	return allocator == NULL ? malloc(size) : allocator->alloc(size, allocator->user_data);
}

void *aval_alloc_array(const aval_allocator *allocator, size_t count, size_t size)
{
	size_t bytes;

	if (!aval_mul_size(&bytes, count, size))
		return NULL;
	return aval_alloc(allocator, bytes);
}

void *aval_alloc_zero(const aval_allocator *allocator, size_t size)
{
	void *pointer = aval_alloc(allocator, size);

	if (pointer != NULL)
		memset(pointer, 0, size);
	return pointer;
}

enum { FIRST_ROOM = 4 };

void *aval_grow(void *array, size_t *room_inout, size_t count, size_t size, const aval_allocator *allocator)
{
	size_t room = FIRST_ROOM;
	void  *grown;

	if (count < *room_inout)
		return array;
	if (*room_inout != 0 && !aval_mul_size(&room, *room_inout, 2))
		return NULL;
	grown = aval_alloc_array(allocator, room, size);
	if (grown == NULL)
		return NULL;
	if (count > 0)
		memcpy(grown, array, count * size);
	aval_free(array, allocator);
	*room_inout = room;
	return grown;
}

void aval_free(void *pointer, const aval_allocator *allocator)
{
	if (allocator == NULL)
		free(pointer);
	else
		allocator->free(pointer, allocator->user_data);
}

void aval_wipe(void *pointer, size_t len)
{
	/* What a volatile pointer holds is unknown to the compiler, so it cannot drop the call. */
	static void *(*const volatile set)(void *, int, size_t) = memset;

	if (len > 0)
		set(pointer, 0, len);
}

void aval_wipe_stack(void)
{
	uint8_t room[8192];

	aval_wipe(room, sizeof room);
}

bool aval_equal_ct(const void *a, const void *b, size_t len)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t                 difference = 0;

	for (size_t i = 0; i < len; i++)
		difference |= (uint8_t)(x[i] ^ y[i]);
	return difference == 0;
}
