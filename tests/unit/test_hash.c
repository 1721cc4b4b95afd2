/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash/batch.h"
#include "hash/hash.h"

static const char *hex32(const uint8_t hash32[32])
{
	static char text[65];

	for (size_t i = 0; i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", hash32[i]);
	return text;
}

/* Messages of FIPS 180-2 appendix B and of NIST's example files. */
static const struct {
	const char *name, *message;
	size_t      len, repeat;
	const char *want;
} sha256_cases[] = {
	{ "empty", "", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "one block", "abc", 3, 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "896 bits",
	  "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	  112, 1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	{ "a million letters", "aaaaaaaaaa", 10, 100000,
	  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	{ "one byte", "\xbd", 1, 1, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b" },
	{ "four bytes", "\xc9\x8c\x8e\x55", 4, 1,
	  "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504" },
};

START_TEST(sha256_case)
{
	aval_sha256_ctx ctx;
	uint8_t         got[32];

	aval_sha256_init(&ctx);
	for (size_t i = 0; i < sha256_cases[_i].repeat; i++)
		aval_sha256_update(&ctx, sha256_cases[_i].message, sha256_cases[_i].len);
	aval_sha256_finish(&ctx, got);
	ck_assert_msg(strcmp(hex32(got), sha256_cases[_i].want) == 0, "%s: got %s", sha256_cases[_i].name,
	              hex32(got));
}
END_TEST

/* However a message is cut, its hash is the same. */
START_TEST(pieces_equal_one_shot)
{
	uint8_t message[200], want[32], got[32];

	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(7 * i + 1);
	for (size_t len = 0; len <= sizeof message; len++) {
		aval_sha256(want, message, len);
		for (size_t cut = 0; cut <= len; cut += 5) {
			aval_sha256_ctx ctx;

			aval_sha256_init(&ctx);
			aval_sha256_update(&ctx, message, cut);
			aval_sha256_update(&ctx, NULL, 0);
			aval_sha256_update(&ctx, message + cut, len - cut);
			aval_sha256_finish(&ctx, got);
			ck_assert_mem_eq(got, want, 32);
		}
	}
}
END_TEST

/* RFC 4231, section 4; case 5 truncates the code and has no place here. */
static const struct {
	const char *name;
	uint8_t     key_byte, key_step, data_byte;
	size_t      key_len, data_len;
	const char *key_text, *data_text, *want;
} hmac_cases[] = {
	{ "case 1", 0x0b, 0, 0, 20, 8, NULL, "Hi There",
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "case 2, key shorter than the hash", 0, 0, 0, 4, 28, "Jefe", "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "case 3", 0xaa, 0, 0xdd, 20, 50, NULL, NULL,
	  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
	{ "case 4", 0x01, 1, 0xcd, 25, 50, NULL, NULL,
	  "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
	{ "case 6, key longer than a block", 0xaa, 0, 0, 131, 54, NULL,
	  "Test Using Larger Than Block-Size Key - Hash Key First",
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ "case 7, key and data longer than a block", 0xaa, 0, 0, 131, 152, NULL,
	  "This is a test using a larger than block-size key and a larger than block-size data. "
	  "The key needs to be hashed before being used by the HMAC algorithm.",
	  "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
};

START_TEST(hmac_case)
{
	uint8_t       key[131], data[152], got[32];
	aval_hmac_key midstates;

	for (size_t i = 0; i < hmac_cases[_i].key_len; i++)
		key[i] = (uint8_t)(hmac_cases[_i].key_byte + i * hmac_cases[_i].key_step);
	if (hmac_cases[_i].key_text != NULL)
		memcpy(key, hmac_cases[_i].key_text, hmac_cases[_i].key_len);
	memset(data, hmac_cases[_i].data_byte, hmac_cases[_i].data_len);
	if (hmac_cases[_i].data_text != NULL)
		memcpy(data, hmac_cases[_i].data_text, hmac_cases[_i].data_len);
	aval_hmac_sha256(got, key, hmac_cases[_i].key_len, data, hmac_cases[_i].data_len);
	ck_assert_msg(strcmp(hex32(got), hmac_cases[_i].want) == 0, "%s: got %s", hmac_cases[_i].name, hex32(got));

	aval_hmac_key_init(&midstates, key, hmac_cases[_i].key_len);
	for (int again = 0; again < 2; again++) {
		aval_hmac(got, &midstates, data, hmac_cases[_i].data_len);
		ck_assert_str_eq(hex32(got), hmac_cases[_i].want);
	}
	aval_hmac_key_clear(&midstates);
}
END_TEST

static const struct {
	const char     *name;
	const aval_tag *tag;
} tag_cases[] = {
	{ "aval/slot-index", &aval_tag_slot_index }, { "aval/value", &aval_tag_value },
	{ "aval/slot", &aval_tag_slot },             { "aval/terms", &aval_tag_terms },
	{ "aval/commitment", &aval_tag_commitment }, { "aval/event", &aval_tag_event },
	{ "aval/note", &aval_tag_note },             { "aval/record", &aval_tag_record },
	{ "aval/schnorr", &aval_tag_schnorr },       { "aval/delta", &aval_tag_delta },
	{ "aval/mandate", &aval_tag_mandate },       { "aval/map-key", &aval_tag_map_key },
};

START_TEST(tag_case)
{
	aval_tag computed;

	aval_tag_init(&computed, tag_cases[_i].name);
	ck_assert_mem_eq(computed.state, tag_cases[_i].tag->state, sizeof computed.state);
}
END_TEST

START_TEST(tagged_hash_is_its_definition)
{
	uint8_t  message[64 + 200] = { 0 }, want[32], got[32];
	aval_tag tag;

	aval_sha256(message, "BIP0340/challenge", 17);
	memcpy(message + 32, message, 32);
	memset(message + 64, 0x5a, 200);
	aval_tag_init(&tag, "BIP0340/challenge");
	for (size_t len = 0; len <= 200; len++) {
		aval_sha256(want, message, 64 + len);
		aval_tagged_hash(got, "BIP0340/challenge", message + 64, len);
		ck_assert_mem_eq(got, want, 32);
		aval_tagged(got, &tag, message + 64, len);
		ck_assert_mem_eq(got, want, 32);
	}
	aval_tagged_hash(got, "BIP0340/challenge", "abc", 3);
	ck_assert_str_eq(hex32(got), "770a5b7e7c304bbcc3ea107343ff951dd404312ef418db0c3b94e2ebfbb50087");
}
END_TEST

START_TEST(leaf_hashes_prefix_zero)
{
	uint8_t message[1 + 200] = { 0 }, want[32], got[32];

	for (size_t len = 0; len <= 200; len++) {
		message[len] = (uint8_t)len;
		message[0] = 0;
		aval_sha256(want, message, 1 + len);
		aval_hash_leaf(got, message + 1, len);
		ck_assert_mem_eq(got, want, 32);
	}
}
END_TEST

/* Counts past every interleaving width, apart and in place. */
START_TEST(batches_equal_their_definition)
{
	uint8_t in[64 * 70], out[32 * 70], want[32], message[65];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * i + i / 64);
	for (size_t count = 0; count <= 70; count++) {
		uint8_t place[sizeof in];

		memcpy(place, in, sizeof in);
		aval_hash_nodes(out, in, count);
		aval_hash_nodes(place, place, count);
		for (size_t i = 0; i < count; i++) {
			message[0] = 1;
			memcpy(message + 1, in + 64 * i, 64);
			aval_sha256(want, message, 65);
			ck_assert_mem_eq(out + 32 * i, want, 32);
			ck_assert_mem_eq(place + 32 * i, want, 32);
			aval_hash_node(want, in + 64 * i, in + 64 * i + 32);
			ck_assert_mem_eq(out + 32 * i, want, 32);
		}
		aval_hash_leaves32(out, in, count);
		memcpy(place, in, sizeof in);
		aval_hash_leaves32(place, place, count);
		for (size_t i = 0; i < count; i++) {
			message[0] = 0;
			memcpy(message + 1, in + 32 * i, 32);
			aval_sha256(want, message, 33);
			ck_assert_mem_eq(out + 32 * i, want, 32);
			ck_assert_mem_eq(place + 32 * i, want, 32);
		}
		aval_hash_leaves64(out, in, count);
		memcpy(place, in, sizeof in);
		aval_hash_leaves64(place, place, count);
		for (size_t i = 0; i < count; i++) {
			message[0] = 0;
			memcpy(message + 1, in + 64 * i, 64);
			aval_sha256(want, message, 65);
			ck_assert_mem_eq(out + 32 * i, want, 32);
			ck_assert_mem_eq(place + 32 * i, want, 32);
		}
	}
}
END_TEST

/* Messages of every length, more of them than there are rooms; those too long find none. */
START_TEST(short_messages_are_hashed_side_by_side)
{
	enum { COUNT = 3 * AVAL_HASH_BATCH_LANES * AVAL_HASH_BATCH_MAX_LEN / 2 };
	static aval_hash_batch batch;
	static uint8_t         got[32 * COUNT], message[AVAL_HASH_BATCH_MAX_LEN];
	uint8_t                want[32];

	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(7 * i + 1);
	aval_hash_batch_init(&batch, aval_tag_value.state);
	for (size_t i = 0; i < COUNT; i++) {
		size_t   len = (i * 37 + i / 5) % (AVAL_HASH_BATCH_MAX_LEN + 1);
		uint8_t *room = aval_hash_batch_add(&batch, got + 32 * i, len);

		ck_assert_ptr_nonnull(room);
		memcpy(room, message, len);
	}
	ck_assert_ptr_null(aval_hash_batch_add(&batch, got, AVAL_HASH_BATCH_MAX_LEN + 1));
	aval_hash_batch_flush(&batch);
	for (size_t i = 0; i < COUNT; i++) {
		aval_tagged(want, &aval_tag_value, message, (i * 37 + i / 5) % (AVAL_HASH_BATCH_MAX_LEN + 1));
		ck_assert_msg(memcmp(got + 32 * i, want, 32) == 0, "message %zu", i);
	}
	aval_hash_batch_flush(&batch);
	aval_hash_batch_clear(&batch);
}
END_TEST

int main(void)
{
	Suite   *s  = suite_create("hash");
	TCase   *tc = tcase_create("hash");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_loop_test(tc, sha256_case, 0, (int)(sizeof sha256_cases / sizeof *sha256_cases));
	tcase_add_test(tc, pieces_equal_one_shot);
	tcase_add_loop_test(tc, hmac_case, 0, (int)(sizeof hmac_cases / sizeof *hmac_cases));
	tcase_add_loop_test(tc, tag_case, 0, (int)(sizeof tag_cases / sizeof *tag_cases));
	tcase_add_test(tc, tagged_hash_is_its_definition);
	tcase_add_test(tc, leaf_hashes_prefix_zero);
	tcase_add_test(tc, batches_equal_their_definition);
	tcase_add_test(tc, short_messages_are_hashed_side_by_side);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
