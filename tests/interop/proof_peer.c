/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs, notes and receipts for programs in other languages: one request a line on standard input, one answer
 * a line. Bytes are hexadecimal, "-" is none. An answer is the name of a status, or what was asked for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/log.h>
#include <aval/merkle.h>
#include <aval/receipt.h>

enum { MAX_WORDS = 16, MAX_LINE = 1 << 20 };

typedef struct request {
	char      *words[MAX_WORDS];
	int        count;
	aval_bytes bytes[MAX_WORDS]; /* of words that are hexadecimal; else of no meaning */
} request;

static void stop(const char *why)
{
	fprintf(stderr, "peer: %s\n", why);
	exit(1);
}

static aval_bytes bytes(const request *q, int i)
{
	if (i >= q->count)
		stop("a word is missing");
	return q->bytes[i];
}

static const uint8_t *hash(const request *q, int i)
{
	if (bytes(q, i).len != 32)
		stop("a hash has 32 bytes");
	return bytes(q, i).data;
}

static uint64_t number(const request *q, int i)
{
	if (i >= q->count)
		stop("a word is missing");
	return strtoull(q->words[i], NULL, 10);
}

static void print_status(aval_status status)
{
	printf("%s\n", aval_status_name(status));
}

/* inclusion ROOT SIZE INDEX LEAF PATH */
static void inclusion(const request *q)
{
	aval_bytes path = bytes(q, 5);

	print_status(aval_merkle_verify_inclusion(hash(q, 1), number(q, 2), number(q, 3), hash(q, 4), path.data,
	                                          path.len / 32, NULL));
}

/* consistency ROOT1 SIZE1 ROOT2 SIZE2 PATH */
static void consistency(const request *q)
{
	aval_bytes path = bytes(q, 5);

	print_status(aval_merkle_verify_consistency(hash(q, 1), number(q, 2), hash(q, 3), number(q, 4),
	                                            path.data, path.len / 32, NULL));
}

/* subtreeinclusion ROOT BEGIN END INDEX LEAF PATH */
static void subtree_inclusion(const request *q)
{
	aval_bytes path = bytes(q, 6);

	print_status(aval_merkle_verify_subtree_inclusion(hash(q, 1), number(q, 2), number(q, 3), number(q, 4),
	                                                  hash(q, 5), path.data, path.len / 32, NULL));
}

/* subtreeconsistency SUBTREE-ROOT BEGIN END ROOT SIZE PATH */
static void subtree_consistency(const request *q)
{
	aval_bytes path = bytes(q, 6);

	print_status(aval_merkle_verify_subtree(hash(q, 1), number(q, 2), number(q, 3), hash(q, 4),
	                                        number(q, 5), path.data, path.len / 32, NULL));
}

/* root LEAF... */
static void root(const request *q)
{
	uint8_t   root32[32];
	aval_log *log;

	if (aval_log_new(&log, NULL, NULL) != AVAL_OK)
		stop("no memory");
	for (int i = 1; i < q->count; i++)
		if (aval_log_append(log, bytes(q, i).data, bytes(q, i).len, NULL) != AVAL_OK)
			stop("no memory");
	if (aval_log_root(root32, log, aval_log_size(log), NULL) != AVAL_OK)
		stop("no root");
	aval_log_free(log);
	for (int i = 0; i < 32; i++)
		printf("%02x", root32[i]);
	putchar('\n');
}

static bool parse_vkey(aval_vkey *vkey, aval_bytes text)
{
	aval_status status = aval_vkey_parse(vkey, (const char *)text.data, text.len, NULL);

	if (status != AVAL_OK)
		print_status(status);
	return status == AVAL_OK;
}

/* note NOTE VKEY */
static void note(const request *q)
{
	aval_signed_note parsed;
	aval_vkey        vkey;
	aval_status      status = aval_signed_note_parse(&parsed, bytes(q, 1).data, bytes(q, 1).len, NULL);

	if (!parse_vkey(&vkey, bytes(q, 2)))
		return;
	print_status(status == AVAL_OK ? aval_signed_note_verify(&parsed, &vkey, NULL) : status);
}

/* checkpoint NOTE VKEY: a status and the size */
static void checkpoint(const request *q)
{
	aval_checkpoint c = { .size = 0 };
	aval_vkey       vkey;
	aval_status     status = aval_checkpoint_parse(&c, bytes(q, 1).data, bytes(q, 1).len, NULL);

	if (!parse_vkey(&vkey, bytes(q, 2)))
		return;
	if (status == AVAL_OK)
		status = aval_checkpoint_verify(&c, &vkey, NULL, NULL);
	printf("%s %" PRIu64 "\n", aval_status_name(status), c.size);
}

/*
 * receipt RECEIPT: a status, counts of proofs, size and index of the first inclusion, sizes of the first
 * consistency
 */
static void receipt(const request *q)
{
	aval_receipt             r;
	aval_receipt_inclusion   i;
	aval_receipt_consistency c;
	aval_status              status = aval_receipt_parse(&r, bytes(q, 1).data, bytes(q, 1).len, NULL);

	if (status != AVAL_OK) {
		print_status(status);
		return;
	}
	i = aval_receipt_inclusion_at(&r, 0);
	c = aval_receipt_consistency_at(&r, 0);
	printf("AVAL_OK %zu %zu %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", r.inclusion_count,
	       r.consistency_count, i.size, i.index, c.old_size, c.new_size);
}

/* receipt-inclusion RECEIPT KEY LEAF: a point of 65 bytes, or an Ed25519 key of 32 */
static void receipt_inclusion(const request *q)
{
	aval_bytes   key = bytes(q, 2);
	aval_receipt r;
	aval_vkey    vkey;
	aval_status  status =
                key.len == 65 ? aval_vkey_from_p256(&vkey, "log", 3, key.data, NULL)
			       : aval_vkey_from_ed25519(&vkey, "log", 3, AVAL_VKEY_ED25519, key.data, NULL);

	if (status == AVAL_OK)
		status = aval_receipt_parse(&r, bytes(q, 1).data, bytes(q, 1).len, NULL);
	if (status == AVAL_OK)
		status = aval_receipt_verify_inclusion(&r, 0, hash(q, 3), &vkey, NULL, NULL);
	print_status(status);
}

/* leaf DATA */
static void leaf(const request *q)
{
	uint8_t hash32[32];

	aval_merkle_leaf(hash32, bytes(q, 1).data, bytes(q, 1).len);
	for (int i = 0; i < 32; i++)
		printf("%02x", hash32[i]);
	putchar('\n');
}

static const struct {
	const char *name;
	void (*answer)(const request *q);
} answers[] = {
	{ "inclusion", inclusion },
	{ "consistency", consistency },
	{ "subtreeinclusion", subtree_inclusion },
	{ "subtreeconsistency", subtree_consistency },
	{ "root", root },
	{ "leaf", leaf },
	{ "note", note },
	{ "checkpoint", checkpoint },
	{ "receipt", receipt },
	{ "receipt-inclusion", receipt_inclusion },
};

static int digit(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* The bytes of a word overwrite its text, of which only its first half is needed then; numbers stay apart. */
static void decode(request *q, uint8_t *out)
{
	for (int i = 1; i < q->count; i++) {
		size_t len = strcmp(q->words[i], "-") == 0 ? 0 : strlen(q->words[i]) / 2;

		for (size_t k = 0; k < len; k++)
			out[k] = (uint8_t)(digit(q->words[i][2 * k]) << 4 | digit(q->words[i][2 * k + 1]));
		q->bytes[i] = (aval_bytes){ out, len };
		out += len;
	}
}

static void answer(char *line)
{
	static uint8_t memory[MAX_LINE];
	request        q = { .count = 0 };

	for (char *w = strtok(line, " \n"); w != NULL && q.count < MAX_WORDS; w = strtok(NULL, " \n"))
		q.words[q.count++] = w;
	decode(&q, memory);
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (q.count != 0 && strcmp(q.words[0], answers[i].name) == 0) {
			answers[i].answer(&q);
			fflush(stdout);
			return;
		}
	stop("no such request");
}

int main(void)
{
	static char line[MAX_LINE];

	while (fgets(line, sizeof line, stdin) != NULL)
		answer(line);
	return 0;
}
