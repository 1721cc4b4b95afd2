/* SPDX-License-Identifier: Apache-2.0 */
/* aval party: check a party id, show what a certificate says, verify a chain of them. */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { CHAIN_MAX_LEN = 1 << 20, CRLS_MAX_LEN = 1 << 26 };

static const struct {
	aval_party_scheme scheme;
	const char       *name, *checked;
} schemes[] = {
	{ AVAL_PARTY_KEY, "key", "form" },
	{ AVAL_PARTY_LEI, "lei", "form, ISO 7064 check digits" },
	{ AVAL_PARTY_VAT, "vat", "form" },
	{ AVAL_PARTY_ISO6523, "iso6523", "form, scheme of the list " },
	{ AVAL_PARTY_USCC, "uscc", "form, GB 32100 check character" },
};

static size_t find_scheme(aval_party_scheme scheme)
{
	size_t i = 0;

	while (schemes[i].scheme != scheme)
		i++;
	return i;
}

static int print_verdict(const struct tool_args *args, json_t *answer, int code, const char *subject,
                         aval_status status, const aval_error *err)
{
	static const char *const words[] = { "valid", "invalid" };
	const char              *word = code == TOOL_INCOMPLETE ? "incomplete" : words[code != TOOL_DONE];
	int                      printed;

	if (status != AVAL_OK)
		tool_say("%s: %s: %s: %s", subject, aval_status_name(status), err->where, err->reason);
	if (!args->json) {
		puts(word);
		printed = tool_flush();
	} else {
		tool_json_set_z(answer, "result", word);
		tool_json_set_z(answer, "status", aval_status_name(status));
		tool_json_set_z(answer, "where", status == AVAL_OK ? "" : err->where);
		tool_json_set_z(answer, "reason", status == AVAL_OK ? "" : err->reason);
		printed = tool_json_print(answer);
	}
	return printed == TOOL_DONE ? code : printed;
}

/* ---- check ---- */

static void print_scheme(const struct tool_args *args, json_t *answer, aval_party_scheme scheme)
{
	size_t      i = find_scheme(scheme);
	const char *list = scheme == AVAL_PARTY_ISO6523 ? aval_party_iso6523_list() : "";

	if (!args->json) {
		printf("scheme   %s\nchecked  %s%s\n", schemes[i].name, schemes[i].checked, list);
		return;
	}
	tool_json_set_z(answer, "scheme", schemes[i].name);
	if (list[0] != '\0')
		tool_json_set_z(answer, "list", list);
}

int tool_party_check(const struct tool_args *args)
{
	aval_party_scheme scheme = AVAL_PARTY_KEY;
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       status = aval_party_check(&scheme, args->operand, strlen(args->operand), &err);
	json_t           *answer = args->json ? tool_json_object() : NULL;

	if (args->json)
		tool_json_set_z(answer, "party", args->operand);
	if (status == AVAL_OK)
		print_scheme(args, answer, scheme);
	return print_verdict(args, answer, status == AVAL_OK ? TOOL_DONE : TOOL_INVALID, args->operand, status,
	                     &err);
}

/* ---- show ---- */

static int read_chain(const struct tool_args *args, aval_chain **chain_out)
{
	struct tool_file file;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, args->operand, CHAIN_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_chain_parse_file(chain_out, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, args->operand, &err);
	tool_file_free(&file);
	return code;
}

static const char *const key_names[] = { "other", "P-256", "P-384", "secp256k1", "RSA" };

/* The common name, or the organization where there is none. */
static aval_text name_of(aval_text common_name, aval_text organization)
{
	return common_name.len != 0 ? common_name : organization;
}

static void print_line(const char *label, aval_text text)
{
	printf("  %-12s", label);
	tool_put_text(stdout, text);
	putchar('\n');
}

static void print_time_line(const char *label, int64_t unix_ms)
{
	char text[AVAL_TIME_LEN + 1];

	(void)tool_time_put(text, unix_ms);
	print_line(label, tool_text(text));
}

static void print_certificate(size_t index, const aval_certificate_info *info)
{
	char serial[2 * 64 + 1];

	tool_hex(serial, info->serial.data, info->serial.len > 64 ? 64 : info->serial.len);
	printf("%s %zu\n", index == 0 ? "leaf" : "certificate", index);
	print_line("subject", name_of(info->subject_common_name, info->subject_organization));
	print_line("issuer", name_of(info->issuer_common_name, info->issuer_organization));
	print_line("serial", tool_text(serial));
	print_time_line("from", info->valid_from_unix_ms);
	print_time_line("until", info->valid_until_unix_ms);
	printf("  %-12s%s", "key", key_names[info->key_kind]);
	if (info->key_kind == AVAL_CERTIFICATE_KEY_RSA)
		printf(" %u bits", info->key_bits);
	printf("%s\n", info->is_ca ? "\n  may issue   yes" : "");
}

static json_t *certificate_json(const aval_chain *chain, size_t index, const aval_certificate_info *info)
{
	json_t    *object = tool_json_object();
	aval_bytes der = aval_chain_certificate(chain, index);

	tool_json_set_text(object, "subject", name_of(info->subject_common_name, info->subject_organization));
	tool_json_set_text(object, "subject_organization", info->subject_organization);
	tool_json_set_text(object, "issuer", name_of(info->issuer_common_name, info->issuer_organization));
	tool_json_set_hex(object, "serial", info->serial.data, info->serial.len);
	tool_json_set(object, "from", tool_json_time(info->valid_from_unix_ms));
	tool_json_set(object, "until", tool_json_time(info->valid_until_unix_ms));
	tool_json_set_z(object, "key", key_names[info->key_kind]);
	tool_json_set(object, "key_bits", json_integer((json_int_t)info->key_bits));
	tool_json_set(object, "ca", json_boolean(info->is_ca));
	tool_json_set(object, "bytes", json_integer((json_int_t)der.len));
	return object;
}

static const char *source_name(aval_party_source source)
{
	return source == AVAL_PARTY_SOURCE_LEI_EXTENSION ? "LEI extension" : "organizationIdentifier";
}

static void print_parties(const aval_chain *chain, json_t *answer)
{
	json_t           *rows = answer == NULL ? NULL : tool_json_add_array(answer, "parties");
	aval_party_source source = 0;
	aval_text         party;

	for (size_t i = 0; (party = aval_chain_party(&source, chain, i)).data != NULL; i++) {
		json_t *row;

		if (answer == NULL) {
			printf("party %.*s (%s)\n", (int)party.len, party.data, source_name(source));
			continue;
		}
		row = tool_json_object();
		tool_json_set_text(row, "party", party);
		tool_json_set_z(row, "source", source_name(source));
		tool_json_append(rows, row);
	}
}

/* The leaf's key as one that signs events, and its fingerprint. */
static void print_leaf(const aval_chain *chain, json_t *answer)
{
	aval_public_key key;
	bool            signs_events = aval_chain_key(&key, chain, NULL) == AVAL_OK;
	uint8_t         sha256[32];
	char            hex[65], party[AVAL_PARTY_KEY_LEN + 1];

	aval_chain_leaf_hash(sha256, chain);
	tool_hex(hex, sha256, 32);
	if (signs_events)
		aval_public_key_party(party, &key);
	if (answer == NULL) {
		printf("sha256 %s\n", hex);
		if (signs_events)
			printf("signs events as %s\n", party);
		return;
	}
	tool_json_set_z(answer, "sha256", hex);
	tool_json_set(answer, "key_party", signs_events ? tool_json_text(tool_text(party)) : json_null());
}

int tool_party_show(const struct tool_args *args)
{
	aval_chain *chain = NULL;
	json_t     *answer = NULL, *rows = NULL;
	int         code = read_chain(args, &chain);

	if (code != TOOL_DONE)
		return code;
	if (args->json) {
		answer = tool_json_object();
		rows = tool_json_add_array(answer, "certificates");
	}
	for (size_t i = 0; i < aval_chain_count(chain); i++) {
		aval_certificate_info info;

		if (aval_chain_info(&info, chain, i, NULL) != AVAL_OK)
			continue;
		if (args->json)
			tool_json_append(rows, certificate_json(chain, i, &info));
		else
			print_certificate(i, &info);
	}
	print_parties(chain, answer);
	print_leaf(chain, answer);
	aval_chain_free(chain);
	return args->json ? tool_json_print(answer) : tool_flush();
}

/* ---- verify ---- */

static int read_mode(const struct tool_args *args, aval_crl_mode *mode_out)
{
	static const char *const names[] = { "required", "if-present", "ignored" };
	const char              *word = tool_arg(args, "crl-mode");

	for (unsigned i = 0; i < 3; i++)
		if (word == NULL || strcmp(word, names[i]) == 0) {
			*mode_out = (aval_crl_mode)i;
			return TOOL_DONE;
		}
	return tool_usage(args, "--crl-mode is required, if-present or ignored");
}

static int add_files(const struct tool_args *args, aval_trust *trust, const char *option, size_t max,
                     aval_status (*add)(aval_trust *, const uint8_t *, size_t, aval_error *))
{
	size_t      cursor = 0;
	const char *path;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (path = tool_arg_next(args, option, &cursor)) != NULL) {
		struct tool_file file;
		aval_error       err = AVAL_ERROR_INIT;

		code = tool_read(args, &file, path, max);
		if (code == TOOL_DONE && add(trust, file.data, file.len, &err) != AVAL_OK)
			code = tool_fail(args, TOOL_UNREADABLE, path, &err);
		if (code == TOOL_DONE || file.data != NULL)
			tool_file_free(&file);
	}
	return code;
}

static int read_trust(const struct tool_args *args, aval_trust **trust_out)
{
	aval_error err = AVAL_ERROR_INIT;
	int        code;

	if (aval_trust_new(trust_out, NULL, &err) != AVAL_OK)
		return tool_fail_status(args, "trust", &err);
	code = add_files(args, *trust_out, "anchor", CHAIN_MAX_LEN, aval_trust_add_anchors);
	return code == TOOL_DONE ? add_files(args, *trust_out, "crl", CRLS_MAX_LEN, aval_trust_add_crls) : code;
}

/* What could not be established is not proven wrong. */
static int code_of(aval_status status)
{
	switch ((int)status) {
	case AVAL_OK:
		return TOOL_DONE;
	case AVAL_E_CRL_MISSING:
	case AVAL_E_CRL_STALE:
	case AVAL_E_CRL_NOT_YET_VALID:
	case AVAL_E_CRL_SIGNER:
	case AVAL_E_CRL_CRITICAL:
		return TOOL_INCOMPLETE;
	default:
		return TOOL_INVALID;
	}
}

static void print_result(const struct tool_args *args, json_t *answer, const aval_chain_result *result)
{
	if (!args->json) {
		print_time_line("from", result->valid_from_unix_ms);
		print_time_line("until", result->valid_until_unix_ms);
		printf("  %-12s%zu certificates, %u cleared by CRLs\n", "path", result->path_count,
		       (unsigned)result->crl_count);
		return;
	}
	tool_json_set(answer, "from", tool_json_time(result->valid_from_unix_ms));
	tool_json_set(answer, "until", tool_json_time(result->valid_until_unix_ms));
	tool_json_set(answer, "path", json_integer((json_int_t)result->path_count));
	tool_json_set(answer, "cleared", json_integer((json_int_t)result->crl_count));
}

static int verify(const struct tool_args *args, const aval_chain *chain, const aval_trust *trust,
                  const aval_chain_options *options)
{
	aval_chain_result result = { 0 };
	aval_error        err = AVAL_ERROR_INIT;
	aval_status       status = aval_chain_verify(&result, chain, trust, options, &err);
	json_t           *answer;

	if (status == AVAL_E_NO_MEMORY || status == AVAL_E_LIMIT)
		return tool_fail_status(args, args->operand, &err);
	answer = args->json ? tool_json_object() : NULL;
	if (args->json)
		tool_json_set(answer, "at", tool_json_time(options->at_unix_ms));
	print_parties(chain, answer);
	if (status == AVAL_OK)
		print_result(args, answer, &result);
	return print_verdict(args, answer, code_of(status), args->operand, status, &err);
}

int tool_party_verify(const struct tool_args *args)
{
	aval_chain_options options = AVAL_CHAIN_OPTIONS_INIT;
	aval_chain        *chain = NULL;
	aval_trust        *trust = NULL;
	int                code = read_mode(args, &options.crl_mode);

	options.party = tool_text(tool_arg(args, "party"));
	if (code == TOOL_DONE && options.party.len != 0 &&
	    aval_party_check(NULL, options.party.data, options.party.len, NULL) != AVAL_OK)
		code = tool_usage(args, "--party is no party id");
	if (code == TOOL_DONE)
		code = tool_time_arg(args, "at", &options.at_unix_ms);
	if (code == TOOL_DONE)
		code = read_chain(args, &chain);
	if (code == TOOL_DONE)
		code = read_trust(args, &trust);
	if (code == TOOL_DONE)
		code = verify(args, chain, trust, &options);
	aval_trust_free(trust);
	aval_chain_free(chain);
	return code;
}
