/* SPDX-License-Identifier: Apache-2.0 */
/* Files in and out, and which exit code a status is. */
#include <string.h>

#include "tool.h"

int tool_code(aval_status status)
{
	if (status == AVAL_OK)
		return TOOL_DONE;
	/* Calls and files, decimals, CBOR, XML, key files, bundles: what was given cannot be read. */
	if (status == AVAL_E_IO || status == AVAL_E_EXISTS || status == AVAL_E_NOT_FOUND || status == AVAL_E_LIMIT ||
	    status == AVAL_E_NO_MEMORY)
		return TOOL_UNREADABLE;
	if (status <= AVAL_E_CBOR_TRUNCATED && status >= AVAL_E_XML_ROOT)
		return TOOL_UNREADABLE;
	if (status == AVAL_E_KEY_FORMAT || status == AVAL_E_KEY_ENCRYPTED || status == AVAL_E_BUNDLE_FORMAT)
		return TOOL_UNREADABLE;
	return TOOL_REFUSED;
}

int tool_fail_status(const struct tool_args *args, const char *subject, const aval_error *err)
{
	return tool_fail(args, tool_code(err->status), subject, err);
}

int tool_read(const struct tool_args *args, struct tool_file *file, const char *path, size_t max)
{
	aval_error err = AVAL_ERROR_INIT;

	*file = (struct tool_file){ path, NULL, 0 };
	if (aval_os_file_read(&file->data, &file->len, path, max, NULL, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	return TOOL_DONE;
}

aval_status tool_read_part(struct tool_file *file, const char *path, size_t max, aval_error *err)
{
	*file = (struct tool_file){ path, NULL, 0 };
	return aval_os_file_read_regular(&file->data, &file->len, path, max, NULL, err);
}

int tool_read_regular(const struct tool_args *args, struct tool_file *file, const char *path, size_t max)
{
	aval_error err = AVAL_ERROR_INIT;

	if (tool_read_part(file, path, max, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	return TOOL_DONE;
}

void tool_file_free(struct tool_file *file)
{
	if (file->data != NULL)
		aval_wipe(file->data, file->len);
	aval_free(file->data, NULL);
	file->data = NULL;
}

int tool_write(const struct tool_args *args, const char *path, const uint8_t *data, size_t len, uint32_t mode)
{
	aval_error err = AVAL_ERROR_INIT;

	if (aval_os_file_write_new(path, data, len, mode, &err) != AVAL_OK)
		return tool_fail(args, TOOL_UNREADABLE, path, &err);
	return TOOL_DONE;
}
