/* SPDX-License-Identifier: Apache-2.0 */
/* aval mandate show and revoke, and what new shares with revoke: who signs, and how it is written. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* A PKCS#11 key in the place of a certificate's. */
static aval_status sign_by_key(uint8_t *signature_out, size_t *signature_len_out, const uint8_t *message, size_t message_len,
                               const uint8_t *digest, size_t digest_len, void *user_data)
{
	const aval_signer *signer = user_data;

	if (digest_len != 32)
		return AVAL_E_COSE_ALGORITHM;
	*signature_len_out = AVAL_SIGNATURE_LEN;
	return signer->sign(signature_out, message, message_len, digest, signer->user_data);
}

static int open_token_key(const struct tool_args *args, struct tool_author *a, const char *word)
{
	int code = tool_key_open(args, &a->key, word);

	a->endorser = (aval_endorser){ sizeof a->endorser, aval_chain_endorsement_alg(a->chain), sign_by_key,
		                       &a->key.signer };
	return code;
}

static int open_certificate_key(const struct tool_args *args, struct tool_author *a, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code;

	if (strncmp(path, "pkcs11:", 7) == 0)
		return open_token_key(args, a, path);
	code = tool_read(args, &file, path, AVAL_SECRET_KEY_FILE_MAX);
	if (code != TOOL_DONE)
		return code;
	if (aval_endorser_key_parse_pem(&a->secret, (const char *)file.data, file.len, aval_os_entropy(), NULL, &err) ==
	    AVAL_OK)
		a->endorser = aval_endorser_from_key(a->secret, (aval_endorsement_alg)0);
	else
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

static int read_chain(const struct tool_args *args, aval_chain **chain_out, const char *path)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, TOOL_PEM_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_chain_parse_file(chain_out, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(&file);
	return code;
}

int tool_author_open(const struct tool_args *args, struct tool_author *a)
{
	const char *path = tool_arg(args, "certificate"), *key = tool_arg(args, "key");
	int         code;

	*a = (struct tool_author){ .chain = NULL };
	if (path == NULL)
		return tool_key_open(args, &a->key, key);
	code = read_chain(args, &a->chain, path);
	return code == TOOL_DONE ? open_certificate_key(args, a, key) : code;
}

void tool_author_close(struct tool_author *a)
{
	tool_key_close(&a->key);
	aval_endorser_key_free(a->secret);
	aval_chain_free(a->chain);
}

int tool_mandate_read(const struct tool_args *args, struct tool_file *file, aval_mandate *mandate_out,
                      const char *path)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code = tool_read(args, file, path, AVAL_MANDATE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_mandate_parse(mandate_out, file->data, file->len, &err) == AVAL_OK)
		return TOOL_DONE;
	code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	tool_file_free(file);
	return code;
}

static int write_mandate(const struct tool_args *args, const uint8_t *data, size_t len)
{
	aval_mandate mandate;
	aval_error   err = AVAL_ERROR_INIT;
	int          code;

	if (aval_mandate_parse(&mandate, data, len, &err) != AVAL_OK)
		return tool_fail_status(args, "mandate", &err);
	code = tool_write(args, tool_arg(args, "out"), data, len, 0644);
	return code == TOOL_DONE ? tool_mandate_print(args, &mandate, "valid") : code;
}

static aval_status sign(uint8_t *data, size_t *len, const uint8_t *payload, size_t payload_len,
                        const struct tool_author *a, aval_error *err)
{
	if (a->chain != NULL)
		return aval_mandate_sign_certified(data, len, payload, payload_len, a->chain, &a->endorser, NULL, err);
	return aval_mandate_sign(data, len, payload, payload_len, &a->key.signer, NULL, err);
}

/* Sign a payload and write the mandate. */
int tool_mandate_sign(const struct tool_args *args, const uint8_t *payload, size_t payload_len,
                      const struct tool_author *a)
{
	aval_error err = AVAL_ERROR_INIT;
	size_t     len = AVAL_MANDATE_MAX_LEN;
	uint8_t   *data = malloc(len);
	int        code;

	if (data == NULL)
		return tool_fail_text(args, TOOL_UNREADABLE, AVAL_E_NO_MEMORY, "mandate", "out of memory");
	if (sign(data, &len, payload, payload_len, a, &err) == AVAL_OK)
		code = write_mandate(args, data, len);
	else
		code = tool_key_fail(args, &a->key, tool_arg(args, "key"), &err);
	free(data);
	return code;
}

static int verify_by_certificate(const struct tool_args *args, const aval_mandate *m, const char **word_out)
{
	aval_chain *chain = NULL;
	aval_error  err = AVAL_ERROR_INIT;
	int         code = read_chain(args, &chain, tool_arg(args, "certificate"));

	if (code == TOOL_DONE)
		*word_out = aval_mandate_verify_certified(m, chain, NULL, &err) == AVAL_OK ? "valid" : "INVALID";
	aval_chain_free(chain);
	return code;
}

/* Whose signature it is, the policy of a verification says; here it is only whether it verifies. */
static int show(const struct tool_args *args, const aval_mandate *m)
{
	const char *word = "not checked: say --certificate";
	int         code = TOOL_DONE;

	if (!m->has_certificate)
		word = aval_mandate_verify(m, NULL) == AVAL_OK ? "valid" : "INVALID";
	else if (tool_arg(args, "certificate") != NULL)
		code = verify_by_certificate(args, m, &word);
	if (code != TOOL_DONE)
		return code;
	if (aval_mandate_check_groups(m, NULL) != AVAL_OK)
		word = "INVALID";
	code = tool_mandate_print(args, m, word);
	return code == TOOL_DONE && strcmp(word, "INVALID") == 0 ? TOOL_INVALID : code;
}

int tool_mandate_show(const struct tool_args *args)
{
	struct tool_file file;
	aval_mandate     mandate;
	int              code = tool_mandate_read(args, &file, &mandate, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = show(args, &mandate);
	tool_file_free(&file);
	return code;
}

static int revoke(const struct tool_args *args, const aval_mandate *grant, const struct tool_author *a)
{
	aval_revocation_options options = AVAL_REVOCATION_OPTIONS_INIT;
	uint8_t                 payload[1024];
	size_t                  len = sizeof payload;
	aval_error              err = AVAL_ERROR_INIT;
	int                     code = tool_time_arg(args, "at", &options.revoked_at_ms);

	if (code != TOOL_DONE)
		return code;
	if (grant->kind != AVAL_MANDATE_GRANT)
		return tool_usage(args, "%s is a revocation", args->operand);
	options.registry = grant->registry;
	options.party = grant->party;
	memcpy(options.mandate32, grant->id32, 32);
	options.reason = tool_text(tool_arg(args, "reason"));
	if (aval_revocation_build(payload, &len, &options, &err) != AVAL_OK)
		return tool_fail(args, TOOL_USAGE, "mandate", &err);
	return tool_mandate_sign(args, payload, len, a);
}

int tool_mandate_revoke(const struct tool_args *args)
{
	struct tool_file   file;
	struct tool_author a = { .chain = NULL };
	aval_mandate       grant;
	int                code = tool_mandate_read(args, &file, &grant, args->operand);

	if (code != TOOL_DONE)
		return code;
	code = tool_author_open(args, &a);
	if (code == TOOL_DONE)
		code = revoke(args, &grant, &a);
	tool_author_close(&a);
	tool_file_free(&file);
	return code;
}
