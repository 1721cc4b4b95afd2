/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One MuSig2 signer for programs in other languages, in three rounds: a line on standard input, a line back,
 * all in hexadecimal; keys as 33 bytes, in the order of the sorted list.
 *
 *   SCALAR MESSAGE KEY...   the aggregate's x and this signer's public nonce
 *   NONCE...                this signer's partial signature
 *   PARTIAL...              the signature
 *
 * Where a round fails the answer is the status, the signer who is to blame, and the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/musig.h>
#include <aval/os.h>

#include "crypto/crypto.h"

enum { MAX_SIGNERS = 8, MAX_LINE = 4096 };

static char line[MAX_LINE];

static void give_up(const char *why)
{
	fprintf(stderr, "musig_peer: %s\n", why);
	exit(1);
}

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : ((unsigned)c | 32) - 'a' + 10;
}

static size_t from_hex(uint8_t *out, size_t room, const char *hex)
{
	size_t len = strlen(hex) / 2;

	if (len > room)
		give_up("a word is too long");
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	return len;
}

static char *read_line(void)
{
	if (fgets(line, sizeof line, stdin) == NULL)
		give_up("a line is missing");
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void put_hex(const uint8_t *data, size_t len, char end)
{
	for (size_t i = 0; i < len; i++)
		printf("%02x", data[i]);
	putchar(end);
	fflush(stdout);
}

static void check(aval_status status, const aval_error *err)
{
	if (status == AVAL_OK)
		return;
	printf("%s %lld\n", aval_status_name(status), (long long)err->cause);
	exit(0);
}

/* Words of len bytes each, one after another; how many there are. */
static size_t take_list(uint8_t *out, size_t len, char *words)
{
	size_t count = 0;

	for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
		if (count == MAX_SIGNERS || from_hex(out + count * len, len, word) != len)
			give_up("not a list of values of one length");
		count++;
	}
	return count;
}

static aval_musig_keys *aggregate(const uint8_t *points33, size_t count, aval_error *err)
{
	aval_public_key  members[MAX_SIGNERS];
	aval_musig_keys *keys = NULL;

	for (size_t i = 0; i < count; i++) {
		uint8_t point65[65];

		if (!aval_k1_decompress(point65, points33 + 33 * i))
			give_up("not a point");
		check(aval_public_key_from_point(&members[i], AVAL_ALG_SCHNORR, point65, err), err);
	}
	check(aval_musig_keys_new(&keys, members, count, NULL, err), err);
	return keys;
}

int main(void)
{
	aval_error err = AVAL_ERROR_INIT;
	uint8_t    scalar32[32], message[256], list[66 * MAX_SIGNERS], public66[66], point65[65], sig64[64];
	char      *words = read_line(), *scalar = strtok(words, " "), *text = strtok(NULL, " ");
	size_t     len;
	aval_secret_key    *key = NULL;
	aval_musig_keys    *keys;
	aval_musig_nonce   *nonce = NULL;
	aval_musig_session *session = NULL;

	if (scalar == NULL || text == NULL || from_hex(scalar32, 32, scalar) != 32)
		give_up("a word is missing");
	len = from_hex(message, sizeof message, text);
	keys = aggregate(list, take_list(list, 33, NULL), &err);
	check(aval_secret_key_from_scalar(&key, AVAL_ALG_SCHNORR, scalar32, aval_os_entropy(), NULL, &err),
	      &err);
	check(aval_musig_nonce_new(&nonce, public66, keys, key, message, len, NULL, 0, NULL, &err), &err);
	aval_public_key_point(point65, aval_musig_keys_aggregate(keys));
	put_hex(point65 + 1, 32, ' ');
	put_hex(public66, 66, '\n');
	if (take_list(list, 66, read_line()) != aval_musig_keys_count(keys))
		give_up("not a nonce a member");
	check(aval_musig_session_new(&session, keys, list, message, len, NULL, &err), &err);
	check(aval_musig_session_sign(sig64, session, nonce, key, &err), &err);
	put_hex(sig64, 32, '\n');
	if (take_list(list, 32, read_line()) != aval_musig_keys_count(keys))
		give_up("not a part a member");
	check(aval_musig_session_aggregate(sig64, session, list, &err), &err);
	put_hex(sig64, 64, '\n');
	aval_musig_session_free(session);
	aval_musig_nonce_free(nonce);
	aval_musig_keys_free(keys);
	aval_secret_key_free(key);
	return 0;
}
