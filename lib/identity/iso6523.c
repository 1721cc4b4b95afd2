/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemes of "iso6523:" ids: the International Code Designators of ISO 6523 and, from 9900 on, the schemes that the
 * list of Electronic Address Schemes (EAS) adds. Facts of the code lists in the validation artefacts of EN 16931.
 */
#include "identity/identity.h"

/* Both lists are of this release; a later one may add, and never takes away. */
static const char list[] = "EN16931-1.3.16";

typedef struct span {
	uint16_t first, last;
} span;

/* Ascending. */
static const span schemes[] = {
	{ 2, 91 },      { 93, 102 },    { 104, 180 },   { 183, 248 },   { 9910, 9910 }, { 9913, 9915 }, { 9918, 9920 },
	{ 9922, 9953 }, { 9957, 9957 }, { 9959, 9959 },
};

const char *aval_party_iso6523_list(void)
{
	return list;
}

bool aval_iso6523_has(unsigned scheme)
{
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (scheme >= schemes[i].first && scheme <= schemes[i].last)
			return true;
	return false;
}
