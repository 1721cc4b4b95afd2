/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#11 modules are shared objects with one function by a known name. */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>

#include "sign/pkcs11.h"

static void unload(void *handle)
{
	(void)dlclose(handle);
}

/* Where a path is wrong dlerror() says why, but its words are not static: the reason is not kept. */
static aval_status module_error(aval_error *err, const char *reason, CK_RV rv)
{
	return aval_fail_cause(err, AVAL_E_PKCS11_MODULE, "pkcs11.module", reason, (int64_t)rv);
}

static aval_status list_functions(CK_FUNCTION_LIST **list_out, void *handle, aval_error *err)
{
	CK_C_GetFunctionList get;
	CK_FUNCTION_LIST    *list = NULL;
	void                *symbol = dlsym(handle, "C_GetFunctionList");
	CK_RV                rv;

	if (symbol == NULL)
		return module_error(err, "the shared object is no PKCS#11 module", 0);
	/* POSIX promises that this is a function, which ISO C has no cast for. */
	memcpy(&get, &symbol, sizeof get);
	rv = get(&list);
	if (rv != CKR_OK || list == NULL)
		return module_error(err, "the module does not give its functions", rv);
	if (list->version.major < 2)
		return module_error(err, "a module of PKCS#11 before version 2", 0);
	*list_out = list;
	return AVAL_OK;
}

aval_status aval_pkcs11_module_load(aval_pkcs11_module **module_out, const char *path,
                                    const aval_allocator *allocator, aval_error *err)
{
	void             *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	CK_FUNCTION_LIST *list = NULL;
	aval_status       status;

	if (handle == NULL)
		return module_error(err, "the shared object cannot be loaded", 0);
	status = list_functions(&list, handle, err);
	if (status == AVAL_OK)
		status = aval_pkcs11_module_new(module_out, list, handle, unload, allocator, err);
	if (status != AVAL_OK)
		(void)dlclose(handle);
	return status;
}
