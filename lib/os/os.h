/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_LIB_OS_H
#define AVAL_LIB_OS_H

/* What the files of this folder share. */

#include <aval/os.h>

#include "base/base.h"

/* AVAL_E_IO with errno as its cause. */
aval_status aval_os_io_error(aval_error *err, const char *reason);

/* Write all of it and sync the file. */
aval_status aval_os_write_all(int fd, const uint8_t *data, size_t len, aval_error *err);

/* Sync an open folder, so that the names in it are durable; some file systems cannot, and are passed over. */
bool aval_os_sync_folder(int fd);

#endif /* AVAL_LIB_OS_H */
