/* SPDX-License-Identifier: Apache-2.0 */
/* aval key: make a key file, show whose it is; and the keys that other commands sign with. */
#include <string.h>

#include "tool.h"

static const struct algorithm {
	const char *name;
	aval_alg    alg;
} algorithms[] = {
	{ "es256k", AVAL_ALG_ES256K },
	{ "schnorr", AVAL_ALG_SCHNORR },
	{ "esp256", AVAL_ALG_ESP256 },
};

enum { ALGORITHMS = sizeof algorithms / sizeof algorithms[0] };

static const char *algorithm_name(aval_alg alg)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (algorithms[i].alg == alg)
			return algorithms[i].name;
	return "unknown";
}

static int algorithm_arg(const struct tool_args *args, aval_alg *alg_out)
{
	const char *name = tool_arg(args, "alg");

	if (name == NULL)
		name = "es256k";
	for (size_t i = 0; i < ALGORITHMS; i++) {
		if (strcmp(algorithms[i].name, name) == 0) {
			*alg_out = algorithms[i].alg;
			return TOOL_DONE;
		}
	}
	return tool_usage(args, "--alg is es256k, schnorr or esp256, not %s", name);
}

int tool_key_read(const struct tool_args *args, aval_secret_key **key_out, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, AVAL_SECRET_KEY_FILE_MAX);

	if (code != TOOL_DONE)
		return code;
	if (aval_secret_key_parse_pem(key_out, (const char *)file.data, file.len, aval_os_entropy(), NULL, &err) !=
	    AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

int tool_key_open(const struct tool_args *args, struct tool_key *key, const char *where)
{
	int code;

	*key = (struct tool_key){ .secret = NULL };
	if (strncmp(where, "pkcs11:", 7) == 0)
		return tool_pkcs11_open(args, key, where);
	if (tool_musig_is_group(where))
		return tool_fail_text(args, TOOL_REFUSED, AVAL_E_UNSUPPORTED, where,
		                      "this command does not sign with a group of keys; see: aval help musig");
	code = tool_key_read(args, &key->secret, where);
	if (code == TOOL_DONE)
		key->signer = aval_signer_from_secret_key(key->secret);
	return code;
}

void tool_key_close(struct tool_key *key)
{
	aval_secret_key_free(key->secret);
	tool_pkcs11_close(key->pkcs11);
	*key = (struct tool_key){ .secret = NULL };
}

int tool_key_fail(const struct tool_args *args, const struct tool_key *key, const char *subject, const aval_error *err)
{
	if (err->status == AVAL_E_CALLBACK && key->pkcs11 != NULL)
		return tool_pkcs11_fail(args, key->pkcs11);
	return tool_fail(args, TOOL_REFUSED, subject, err);
}

static int put_key(const struct tool_args *args, const aval_public_key *key)
{
	char        party[AVAL_PARTY_KEY_LEN + 1], hex[2 * AVAL_PUBLIC_KEY_MAX_LEN + 1];
	uint8_t     cose_key[AVAL_PUBLIC_KEY_MAX_LEN];
	size_t      len = sizeof cose_key;
	const char *alg = algorithm_name(aval_public_key_alg(key));
	aval_error  err = AVAL_ERROR_INIT;
	json_t     *answer;

	if (aval_public_key_serialize(cose_key, &len, key, &err) != AVAL_OK)
		return tool_fail_status(args, "key", &err);
	aval_public_key_party(party, key);
	tool_hex(hex, cose_key, len);
	if (!args->json) {
		printf("party     %s\nalg       %s\nCOSE_Key  %s\n", party, alg, hex);
		return tool_flush();
	}
	answer = tool_json_object();
	tool_json_set_z(answer, "party", party);
	tool_json_set_z(answer, "alg", alg);
	tool_json_set_z(answer, "cose_key", hex);
	return tool_json_print(answer);
}

static int write_key(const struct tool_args *args, const aval_secret_key *key)
{
	char       pem[AVAL_SECRET_KEY_PEM_MAX_LEN];
	size_t     len = sizeof pem;
	aval_error err = AVAL_ERROR_INIT;
	int        code;

	if (aval_secret_key_serialize_pem(pem, &len, key, &err) != AVAL_OK)
		code = tool_fail_status(args, "key", &err);
	else
		code = tool_write(args, tool_arg(args, "out"), (const uint8_t *)pem, len, 0600);
	aval_wipe(pem, sizeof pem);
	return code;
}

int tool_key_new(const struct tool_args *args)
{
	aval_alg         alg = AVAL_ALG_ES256K;
	aval_secret_key *key;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = algorithm_arg(args, &alg);

	if (code != TOOL_DONE)
		return code;
	if (aval_secret_key_generate(&key, alg, aval_os_entropy(), NULL, &err) != AVAL_OK)
		return tool_fail_status(args, "key", &err);
	code = write_key(args, key);
	if (code == TOOL_DONE)
		code = put_key(args, aval_secret_key_public(key));
	aval_secret_key_free(key);
	return code;
}

int tool_key_show(const struct tool_args *args)
{
	struct tool_key key;
	int             code = tool_key_open(args, &key, args->operand);

	if (code == TOOL_DONE)
		code = put_key(args, &key.signer.key);
	tool_key_close(&key);
	return code;
}
