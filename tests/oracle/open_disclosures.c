/* SPDX-License-Identifier: Apache-2.0 */
/* Reads lines "commitment disclosure" in hexadecimal and writes status and offset of each, as the oracle does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/disclosure.h>

enum { LINE_MAX_LEN = 1 << 20 };

static size_t from_hex(uint8_t *out, const char *hex, size_t digits)
{
	for (size_t i = 0; i < digits / 2; i++) {
		const char pair[3] = { hex[2 * i], hex[2 * i + 1], 0 };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return digits / 2;
}

int main(void)
{
	static char    line[LINE_MAX_LEN];
	static uint8_t data[LINE_MAX_LEN / 2];

	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t          digits = strcspn(line, "\n");
		uint8_t         commitment[32];
		aval_disclosure view;
		aval_error      err = AVAL_ERROR_INIT;
		size_t          len;
		aval_status     status;

		if (digits < 65)
			return 1;
		from_hex(commitment, line, 64);
		len = from_hex(data, line + 65, digits - 65);
		status = aval_disclosure_verify(&view, data, len, commitment, &err);
		if (err.offset == AVAL_NO_OFFSET)
			printf("%s -\n", aval_status_name(status));
		else
			printf("%s %zu\n", aval_status_name(status), err.offset);
	}
	return 0;
}
