/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes from the kernel. */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <sys/random.h>

#include <aval/os.h>

#include "base/base.h"

static aval_status fill(uint8_t *out, size_t len, void *user_data)
{
	(void)user_data;
	while (len != 0) {
		ssize_t n = getrandom(out, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return AVAL_E_IO;
		out += n;
		len -= (size_t)n;
	}
	return AVAL_OK;
}

const aval_entropy *aval_os_entropy(void)
{
	static const aval_entropy entropy = { sizeof entropy, fill, NULL };

	return &entropy;
}
