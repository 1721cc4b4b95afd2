/* SPDX-License-Identifier: Apache-2.0 */
/* Wall-clock time in milliseconds. */
#define _POSIX_C_SOURCE 200809L

#include <time.h>

#include <aval/os.h>

#include "base/base.h"

static aval_status now(int64_t *unix_ms_out, void *user_data)
{
	struct timespec t;

	(void)user_data;
	if (clock_gettime(CLOCK_REALTIME, &t) != 0)
		return AVAL_E_IO;
	*unix_ms_out = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	return AVAL_OK;
}

const aval_clock *aval_os_clock(void)
{
	static const aval_clock clock = { sizeof clock, now, NULL };

	return &clock;
}
