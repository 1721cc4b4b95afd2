/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the import makes of files, one JSON object a line: dump_terms FILE...
 * With a dash it reads the names of the files from standard input, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/aval.h>

static void put_text(aval_text text)
{
	putchar('"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20 || c == '"' || c == '\\')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void put_z(const char *z)
{
	put_text((aval_text){ z, strlen(z) });
}

static void put_term(const aval_term *term)
{
	putchar('[');
	put_text(term->path);
	putchar(',');
	put_text(term->value);
	fputs(",{", stdout);
	for (size_t i = 0; i < term->qualifier_count; i++) {
		fputs(i > 0 ? "," : "", stdout);
		put_text(term->qualifiers[i].name);
		putchar(':');
		put_text(term->qualifiers[i].value);
	}
	fputs("}]", stdout);
}

/* Under a seed of zeros: equal invoices have equal commitments. */
static void put_commitment(const aval_invoice *invoice)
{
	static const uint8_t seed[32];
	aval_commitment     *commitment = NULL;
	uint8_t              hash[32];

	if (aval_commitment_new_from_terms(&commitment, aval_invoice_terms(invoice), aval_invoice_term_count(invoice),
	                                   seed, NULL, NULL) != AVAL_OK)
		return;
	aval_commitment_hash(hash, commitment);
	fputs(",\"commitment\":\"", stdout);
	for (size_t i = 0; i < sizeof hash; i++)
		printf("%02x", hash[i]);
	putchar('"');
	aval_commitment_free(commitment);
}

static void put_invoice(const aval_invoice *invoice)
{
	const aval_term     *terms = aval_invoice_terms(invoice);
	const aval_unmapped *unmapped = aval_invoice_unmapped(invoice);
	const aval_defect   *defects = aval_invoice_defects(invoice);

	printf(",\"syntax\":%d,\"terms\":[", aval_invoice_syntax_of(invoice));
	for (size_t i = 0; i < aval_invoice_term_count(invoice); i++) {
		fputs(i > 0 ? "," : "", stdout);
		put_term(&terms[i]);
	}
	fputs("],\"unmapped\":[", stdout);
	for (size_t i = 0; i < aval_invoice_unmapped_count(invoice); i++) {
		printf("%s[%d,%zu,", i > 0 ? "," : "", unmapped[i].reason, unmapped[i].offset);
		put_text(unmapped[i].path);
		putchar(',');
		put_text(unmapped[i].value);
		putchar(']');
	}
	fputs("],\"defects\":[", stdout);
	for (size_t i = 0; i < aval_invoice_defect_count(invoice); i++) {
		printf("%s[", i > 0 ? "," : "");
		put_text(defects[i].path);
		printf(",\"%s\",%zu,", aval_status_name(defects[i].status), defects[i].offset);
		put_z(defects[i].reason);
		putchar(']');
	}
	putchar(']');
}

static void dump(const char *name)
{
	aval_error    err = AVAL_ERROR_INIT;
	aval_invoice *invoice = NULL;
	uint8_t      *data = NULL;
	size_t        len = 0;
	aval_status   status = aval_os_file_read(&data, &len, name, AVAL_INVOICE_MAX_LEN, NULL, &err);

	if (status == AVAL_OK)
		status = aval_invoice_parse(&invoice, data, len, NULL, &err);
	fputs("{\"file\":", stdout);
	put_z(name);
	printf(",\"status\":\"%s\",\"offset\":%lld,\"reason\":", aval_status_name(status),
	       status == AVAL_OK ? -1LL : (long long)err.offset);
	put_z(err.reason);
	if (status == AVAL_OK) {
		put_invoice(invoice);
		put_commitment(invoice);
	}
	puts("}");
	aval_invoice_free(invoice);
	aval_free(data, NULL);
}

int main(int argc, char **argv)
{
	char line[4096];

	if (argc == 2 && strcmp(argv[1], "-") == 0) {
		while (fgets(line, sizeof line, stdin) != NULL) {
			line[strcspn(line, "\n")] = '\0';
			dump(line);
		}
		return 0;
	}
	for (int i = 1; i < argc; i++)
		dump(argv[i]);
	return 0;
}
