/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the checks find in files, one file a line: the name, the status of
 * the import, and each finding as RULE@WHERE=EXPECTED/FOUND, separated by tabs.
 * Reads the names of the files from standard input, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aval/aval.h>

/* Tabs and line ends would be taken for separators. */
static void put(aval_text text)
{
	for (size_t i = 0; i < text.len; i++)
		putchar(text.data[i] == '\t' || text.data[i] == '\n' ? ' ' : text.data[i]);
}

static void put_findings(const aval_invoice *invoice)
{
	aval_check         *check = NULL;
	const aval_finding *finding;

	if (aval_check_invoice(&check, invoice, NULL, NULL, NULL) != AVAL_OK)
		exit(1);
	finding = aval_check_findings(check);
	for (size_t i = 0; i < aval_check_finding_count(check); i++, finding++) {
		putchar('\t');
		put(finding->rule);
		putchar('@');
		put(finding->where);
		putchar('=');
		put(finding->expected);
		putchar('/');
		put(finding->found);
	}
	aval_check_free(check);
}

static void check_file(const char *path)
{
	uint8_t      *data = NULL;
	size_t        len = 0;
	aval_invoice *invoice = NULL;
	aval_status   status = aval_os_file_read(&data, &len, path, AVAL_INVOICE_MAX_LEN, NULL, NULL);

	if (status == AVAL_OK)
		status = aval_invoice_parse(&invoice, data, len, NULL, NULL);
	printf("%s\t%s", path, aval_status_name(status));
	if (status == AVAL_OK)
		put_findings(invoice);
	putchar('\n');
	aval_invoice_free(invoice);
	aval_free(data, NULL);
}

int main(void)
{
	char line[4096];

	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		check_file(line);
	}
	return 0;
}
