/* SPDX-License-Identifier: Apache-2.0 */
/* A build without the headers of p11-kit loads no PKCS#11 module, so that no key in a token can be opened. */
#include <aval/pkcs11.h>

#include "base/base.h"

static aval_status unsupported(aval_error *err)
{
	return aval_fail(err, AVAL_E_UNSUPPORTED, "pkcs11", "this build is without PKCS#11");
}

aval_status aval_pkcs11_module_load(aval_pkcs11_module **module_out, const char *path,
                                    const aval_allocator *allocator, aval_error *err)
{
	(void)module_out;
	(void)path;
	(void)allocator;
	return unsupported(err);
}

void aval_pkcs11_module_free(aval_pkcs11_module *module)
{
	(void)module;
}

aval_status aval_pkcs11_key_open(aval_pkcs11_key **key_out, aval_pkcs11_module *module,
                                 const aval_pkcs11_selection *selection, aval_alg alg,
                                 const aval_pkcs11_pin *pin, const aval_allocator *allocator, aval_error *err)
{
	(void)key_out;
	(void)module;
	(void)selection;
	(void)alg;
	(void)pin;
	(void)allocator;
	return unsupported(err);
}

const aval_public_key *aval_pkcs11_key_public(const aval_pkcs11_key *key)
{
	(void)key;
	return NULL;
}

aval_signer aval_pkcs11_key_signer(aval_pkcs11_key *key)
{
	(void)key;
	return (aval_signer){ .struct_size = sizeof(aval_signer) };
}

const aval_error *aval_pkcs11_key_error(const aval_pkcs11_key *key)
{
	static const aval_error none = AVAL_ERROR_INIT;

	(void)key;
	return &none;
}

void aval_pkcs11_key_free(aval_pkcs11_key *key)
{
	(void)key;
}
