/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of an import, and its failure. */
#include "invoice/import.h"

enum { FIRST_BYTES = 8192 }; /* of a vector; more than any element has */

bool aval_import_fail(aval_import *im, aval_status status, const char *reason, size_t offset)
{
	if (im->status == AVAL_OK) {
		im->status = status;
		im->reason = reason;
		im->offset = offset;
	}
	return false;
}

bool aval_vector_reserve(aval_import *im, aval_vector *v, uint32_t count, size_t size)
{
	size_t need = (size_t)v->count + count, capacity = v->capacity == 0 ? FIRST_BYTES / size : v->capacity;
	void  *data;

	if (need <= v->capacity)
		return true;
	while (capacity < need)
		capacity *= 2;
	data = capacity > INT32_MAX ? NULL : aval_alloc_array(im->allocator, capacity, size);
	if (data == NULL)
		return aval_import_fail(im, AVAL_E_NO_MEMORY, "the allocator returned NULL", AVAL_NO_OFFSET);
	if (v->count > 0)
		memcpy(data, v->data, v->count * size);
	aval_free(v->data, im->allocator);
	v->data = data;
	v->capacity = (uint32_t)capacity;
	return true;
}

bool aval_vector_append(aval_import *im, aval_vector *v, const void *items, uint32_t count, size_t size)
{
	if (!aval_vector_reserve(im, v, count, size))
		return false;
	if (count > 0)
		memcpy((char *)v->data + v->count * size, items, count * size);
	v->count += count;
	return true;
}

void aval_import_free(aval_import *im)
{
	aval_vector *vectors[] = { &im->text,   &im->names,   &im->captures,   &im->qualifiers, &im->listing,
		                   &im->listed, &im->defects, &im->tax_totals, &im->other_taxes };

	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
		aval_free(vectors[i]->data, im->allocator);
}
