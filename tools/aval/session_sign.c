/* SPDX-License-Identifier: Apache-2.0 */
/* Signing the draft of a session, in every role and for every party that the key may sign for. */
#include <string.h>

#include "tool.h"

static bool is_key_party(aval_text party)
{
	return party.len == AVAL_PARTY_KEY_LEN && memcmp(party.data, "key:", 4) == 0;
}

static bool has_signed(const aval_event *event, const aval_event_signer *as, const uint8_t thumbprint32[32])
{
	aval_event_cursor    cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signature s;

	while (aval_event_next_signature(&s, &cursor, event))
		if (s.signer.role == as->role && tool_same_text(s.signer.party, as->party) &&
		    memcmp(s.kid32, thumbprint32, 32) == 0)
			return true;
	return false;
}

bool tool_has_mandate(const aval_bundle *bundle, const struct tool_key *key, const aval_event *event,
                      const aval_event_signer *signer)
{
	uint8_t thumbprint32[32];

	aval_public_key_thumbprint(thumbprint32, &key->signer.key);
	for (size_t i = 0; i < aval_bundle_mandate_count(bundle); i++) {
		const aval_mandate *m = aval_bundle_mandate(bundle, i);

		if (tool_same_text(m->party, signer->party) && tool_same_text(m->registry, event->registry) &&
		    aval_mandate_has_key(m, thumbprint32))
			return !has_signed(event, signer, thumbprint32);
	}
	return false;
}

/* For its own id a key signs in every role, so under a mandate; for another party where the command says so. */
static bool signs_for(const struct tool_session *s, const struct tool_signing *signing, const aval_event *event,
                      const aval_event_signer *signer)
{
	uint8_t thumbprint32[32];

	aval_public_key_thumbprint(thumbprint32, &s->key.signer.key);
	if (has_signed(event, signer, thumbprint32))
		return false;
	if (tool_same_text(signer->party, signing->own) || tool_has_mandate(s->bundle, &s->key, event, signer))
		return true;
	if (is_key_party(signer->party))
		return false;
	if (signing->party.len > 0)
		return tool_same_text(signer->party, signing->party);
	return signing->role == signer->role;
}

/* One signature changes the bundle and what it gave out, so the walk starts anew after each. */
static bool next_to_sign(const struct tool_session *s, const struct tool_signing *signing,
                         aval_event_signer *out)
{
	size_t            index = aval_bundle_event_count(s->bundle) - 1;
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer signer;

	if (!aval_bundle_has_draft(s->bundle))
		return false;
	while (tool_event_next_missing(&signer, &cursor, s->bundle, index)) {
		if (signs_for(s, signing, aval_bundle_event(s->bundle, index), &signer)) {
			*out = signer;
			return true;
		}
	}
	return false;
}

static int fail_signer(const struct tool_args *args)
{
	return tool_fail_text(args, TOOL_REFUSED, AVAL_E_SIGNER_KEY, args->operand,
	                      "this key signs for none of the parties whose signature is missing");
}

static int sign_all(const struct tool_args *args, struct tool_session *s, const struct tool_signing *signing)
{
	aval_event_signer signer;
	size_t            count = 0;
	char              party[AVAL_PARTY_MAX_LEN];
	aval_error        err = AVAL_ERROR_INIT;

	for (; next_to_sign(s, signing, &signer); count++) {
		memcpy(party, signer.party.data, signer.party.len);
		if (aval_bundle_sign(s->bundle, signer.role, party, signer.party.len, &s->key.signer, &err) !=
		    AVAL_OK)
			return tool_key_fail(args, &s->key, args->operand, &err);
	}
	return count == 0 ? fail_signer(args) : TOOL_DONE;
}

/* A group signs later: for whom is kept until the folder of its session is made. */
static int note_session(const struct tool_args *args, struct tool_session *s,
                        const struct tool_signing *signing)
{
	aval_event_signer signer;

	if (!next_to_sign(s, signing, &signer))
		return fail_signer(args);
	s->role = signer.role;
	snprintf(s->party, sizeof s->party, "%.*s", (int)signer.party.len, signer.party.data);
	return TOOL_DONE;
}

int tool_session_sign(const struct tool_args *args, struct tool_session *s, aval_role role, const char *party)
{
	char                own[AVAL_PARTY_KEY_LEN + 1];
	struct tool_signing signing = { role, tool_text(party), { own, AVAL_PARTY_KEY_LEN } };
	int                 code = tool_add_mandates(args, s->bundle);

	if (code != TOOL_DONE)
		return code;
	aval_public_key_party(own, &s->key.signer.key);
	if (s->group != NULL)
		return note_session(args, s, &signing);
	code = sign_all(args, s, &signing);
	return code == TOOL_DONE ? tool_add_certificates(args, s->bundle) : code;
}

/* Revocations name a grant, so the grants come first. */
int tool_add_mandate(const struct tool_args *args, aval_bundle *bundle, const char *path, aval_mandate_kind kind,
                     tool_reader reader)
{
	struct tool_file file;
	aval_mandate     mandate;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = reader(args, &file, path, AVAL_MANDATE_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_mandate_parse(&mandate, file.data, file.len, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	else if (mandate.kind == kind && aval_bundle_add_mandate(bundle, file.data, file.len, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_REFUSED, path, &err);
	tool_file_free(&file);
	return code;
}

int tool_add_mandates(const struct tool_args *args, aval_bundle *bundle)
{
	static const aval_mandate_kind kinds[] = { AVAL_MANDATE_GRANT, AVAL_MANDATE_REVOCATION };
	int                            code = TOOL_DONE;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t      cursor = 0;
		const char *path;

		while (code == TOOL_DONE && (path = tool_arg_next(args, "mandate", &cursor)) != NULL)
			code = tool_add_mandate(args, bundle, path, kinds[i], tool_read);
	}
	return code;
}

static int add_chain(const struct tool_args *args, aval_bundle *bundle, const char *path)
{
	struct tool_file file;
	aval_chain      *chain = NULL;
	aval_error       err = AVAL_ERROR_INIT;
	int              code = tool_read(args, &file, path, TOOL_PEM_MAX_LEN);

	if (code != TOOL_DONE)
		return code;
	if (aval_chain_parse_file(&chain, file.data, file.len, NULL, &err) != AVAL_OK)
		code = tool_fail(args, TOOL_UNREADABLE, path, &err);
	for (size_t i = 0; code == TOOL_DONE && i < aval_chain_count(chain); i++) {
		aval_bytes der = aval_chain_certificate(chain, i);

		if (aval_bundle_add_certificate(bundle, der.data, der.len, &err) != AVAL_OK)
			code = tool_fail(args, TOOL_REFUSED, path, &err);
	}
	aval_chain_free(chain);
	tool_file_free(&file);
	return code;
}

int tool_add_certificates(const struct tool_args *args, aval_bundle *bundle)
{
	size_t      cursor = 0;
	const char *path;
	int         code = TOOL_DONE;

	while (code == TOOL_DONE && (path = tool_arg_next(args, "certificates", &cursor)) != NULL)
		code = add_chain(args, bundle, path);
	return code;
}
