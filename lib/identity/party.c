/* SPDX-License-Identifier: Apache-2.0 */
/* Party ids: one row a scheme, each with the check of what stands behind its prefix. */
#include "identity/identity.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_alphanumeric(char c)
{
	return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

static aval_status bad_form(aval_error *err, const char *reason)
{
	return aval_fail(err, AVAL_E_PARTY_FORMAT, "party", reason);
}

static aval_status check_key(aval_text id, aval_error *err)
{
	if (id.len != 64)
		return bad_form(err, "a key thumbprint has 64 digits");
	for (size_t i = 0; i < id.len; i++)
		if (!is_digit(id.data[i]) && !(id.data[i] >= 'a' && id.data[i] <= 'f'))
			return bad_form(err, "a key thumbprint has lower-case hexadecimal digits only");
	return AVAL_OK;
}

/* ISO 7064, MOD 97-10: letters count as 10 to 35, the whole is 1 modulo 97. */
static unsigned mod_97(aval_text id)
{
	uint64_t rest = 0;

	for (size_t i = 0; i < id.len; i++) {
		/* Divided as seldom as 64 bits allow. */
		if (rest > UINT64_MAX / 100 - 1)
			rest %= 97;
		if (is_digit(id.data[i]))
			rest = rest * 10 + (uint64_t)(id.data[i] - '0');
		else
			rest = rest * 100 + (uint64_t)(id.data[i] - 'A') + 10;
	}
	return (unsigned)(rest % 97);
}

static aval_status check_lei(aval_text id, aval_error *err)
{
	if (id.len != 20)
		return bad_form(err, "an LEI has 20 characters");
	for (size_t i = 0; i < id.len; i++)
		if (!is_digit(id.data[i]) && (i >= 18 || !is_upper(id.data[i])))
			return bad_form(err, "an LEI has digits and capital letters, and ends in two digits");
	if (mod_97(id) != 1)
		return aval_fail(err, AVAL_E_PARTY_CHECK, "party", "the check digits of the LEI do not fit");
	return AVAL_OK;
}

static aval_status check_vat(aval_text id, aval_error *err)
{
	if (id.len < 4 || id.len > 14 || !is_upper(id.data[0]) || !is_upper(id.data[1]))
		return bad_form(err, "a VAT number has a country prefix and 2 to 12 characters");
	for (size_t i = 2; i < id.len; i++)
		if (!is_digit(id.data[i]) && !is_upper(id.data[i]) && id.data[i] != '+' && id.data[i] != '*')
			return bad_form(err, "a VAT number has digits and capital letters");
	return AVAL_OK;
}

static aval_status check_iso6523(aval_text id, aval_error *err)
{
	static const char others[] = "-._~:";
	unsigned          scheme = 0;

	if (id.len < 6 || id.len > 55 || id.data[4] != ':')
		return bad_form(err,
		                "an ISO 6523 id has a scheme of four digits, a colon and 1 to 50 characters");
	for (size_t i = 0; i < 4; i++) {
		if (!is_digit(id.data[i]))
			return bad_form(err, "the ISO 6523 scheme is not four digits");
		scheme = scheme * 10 + (unsigned)(id.data[i] - '0');
	}
	for (size_t i = 5; i < id.len; i++)
		if (!is_alphanumeric(id.data[i]) && memchr(others, id.data[i], sizeof others - 1) == NULL)
			return bad_form(err, "the identifier has a character that participant ids do not have");
	if (!aval_iso6523_has(scheme))
		return aval_fail(err, AVAL_E_PARTY_SCHEME, "party", "the ISO 6523 scheme is not on the list");
	return AVAL_OK;
}

/* GB 32100: 31 characters, without I, O, S, V and Z. */
static const char uscc_characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static aval_status check_uscc(aval_text id, aval_error *err)
{
	unsigned sum = 0, weight = 1;

	if (id.len != 18)
		return bad_form(err, "a USCC has 18 characters");
	for (size_t i = 0; i < id.len; i++) {
		const char *at = memchr(uscc_characters, id.data[i], sizeof uscc_characters - 1);

		if (at == NULL || (i >= 2 && i < 8 && !is_digit(id.data[i])))
			return bad_form(err, "a USCC has 31 kinds of characters, and digits in places 3 to 8");
		/* The last character makes the sum, weighted by the powers of 3, a multiple of 31. */
		sum += (unsigned)(at - uscc_characters) * (i == 17 ? 1 : weight);
		weight = weight * 3 % 31;
	}
	if (sum % 31 != 0)
		return aval_fail(err, AVAL_E_PARTY_CHECK, "party",
		                 "the check character of the USCC does not fit");
	return AVAL_OK;
}

static const struct {
	const char       *prefix;
	aval_party_scheme scheme;
	aval_status (*check)(aval_text id, aval_error *err);
} schemes[] = {
	{ "key:", AVAL_PARTY_KEY, check_key },
	{ "lei:", AVAL_PARTY_LEI, check_lei },
	{ "vat:", AVAL_PARTY_VAT, check_vat },
	{ "iso6523:", AVAL_PARTY_ISO6523, check_iso6523 },
	{ "uscc:", AVAL_PARTY_USCC, check_uscc },
};

aval_status aval_party_check(aval_party_scheme *scheme_out, const char *party, size_t party_len,
                             aval_error *err)
{
	if (party_len > AVAL_PARTY_MAX_LEN)
		return bad_form(err, "longer than AVAL_PARTY_MAX_LEN");
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t      prefix_len = strlen(schemes[i].prefix);
		aval_status status;

		if (party_len < prefix_len || memcmp(party, schemes[i].prefix, prefix_len) != 0)
			continue;
		status = schemes[i].check((aval_text){ party + prefix_len, party_len - prefix_len }, err);
		if (status == AVAL_OK && scheme_out != NULL)
			*scheme_out = schemes[i].scheme;
		return status;
	}
	return bad_form(err, "none of the schemes key, lei, vat, iso6523 and uscc");
}

#define KEY_PREFIX "key:"

bool aval_party_has_key(aval_text party)
{
	return party.len == AVAL_PARTY_KEY_LEN && memcmp(party.data, KEY_PREFIX, sizeof KEY_PREFIX - 1) == 0;
}

bool aval_party_is_key(aval_text party, const uint8_t thumbprint32[32])
{
	static const char digits[] = "0123456789abcdef";
	const char       *hex = party.data + sizeof KEY_PREFIX - 1;

	if (!aval_party_has_key(party))
		return false;
	for (size_t i = 0; i < 32; i++)
		if (hex[2 * i] != digits[thumbprint32[i] >> 4] ||
		    hex[2 * i + 1] != digits[thumbprint32[i] & 15])
			return false;
	return true;
}
