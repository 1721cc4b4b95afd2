/* SPDX-License-Identifier: Apache-2.0 */
/* The body's protected header of every event: { 16: "application/aval-event+cbor" }, encoded. */
#include "token/token.h"

static const uint8_t header[] = "\xA1\x10\x78\x1B" AVAL_EVENT_TYP;

aval_bytes aval_event_protected(void)
{
	return (aval_bytes){ header, sizeof header - 1 };
}
