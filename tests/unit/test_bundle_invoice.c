/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles and the invoice behind them: issuing, comparing before signing, showing terms and the file. */
#include "bundle_fixture.h"
#include "hash/hash.h"
#include "invoice/commitment.h"

static test_world world;

static void set_up(void)
{
	t_world_init(&world);
}

static void tear_down(void)
{
	t_world_clear(&world);
}

static aval_invoice *parse_text(const char *xml)
{
	aval_invoice *invoice = NULL;

	t_ok(aval_invoice_parse(&invoice, (const uint8_t *)xml, strlen(xml), NULL, err));
	return invoice;
}

/* The sample file with its first `old` replaced; the caller frees the invoice. */
static aval_invoice *changed_invoice(const char *old, const char *new)
{
	char         *text = malloc(world.file_len + strlen(new) + 1), *at;
	size_t        before;
	aval_invoice *invoice;

	memcpy(text, world.file, world.file_len);
	text[world.file_len] = '\0';
	at = strstr(text, old);
	ck_assert_msg(at != NULL, "the sample has no %s", old);
	before = (size_t)(at - text);
	memcpy(at, new, strlen(new));
	memcpy(at + strlen(new), world.file + before + strlen(old), world.file_len - before - strlen(old));
	text[world.file_len - strlen(old) + strlen(new)] = '\0';
	invoice = parse_text(text);
	free(text);
	return invoice;
}

#define DUE      "<cbc:DueDate>2030-03-16</cbc:DueDate>"
#define TYPE     "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
#define CURRENCY "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
#define PAYABLE  "<cbc:PayableAmount currencyID=\"EUR\">19249.16</cbc:PayableAmount>"

/* Each row changes the invoice, the options, or neither. */
static const struct issue_row {
	const char   *name;
	const char   *old, *new; /* in the file */
	int64_t       face_minor;
	const char   *due;
	aval_status   status;
	const char   *where;
	int64_t       issued_minor;
	aval_due_mark mark;
} issue_rows[] = {
	{ "the whole amount", "", "", 0, "", AVAL_OK, "", 1924916, AVAL_DUE_INVOICE },
	{ "the whole amount by name", "", "", 1924916, "", AVAL_OK, "", 1924916, AVAL_DUE_INVOICE },
	{ "a cent more", "", "", 1924917, "", AVAL_E_TOKEN_FACE, "options.face_minor", 0, 0 },
	{ "one cent", "", "", 1, "", AVAL_OK, "", 1, AVAL_DUE_INVOICE },
	{ "a negative face", "", "", -1, "", AVAL_E_TOKEN_FACE, "options.face_minor", 0, 0 },
	{ "the due date by name", "", "", 0, "2030-03-16", AVAL_OK, "", 1924916, AVAL_DUE_INVOICE },
	{ "another due date", "", "", 0, "2030-03-17", AVAL_E_TOKEN_DUE_DATE, "options.due_date", 0, 0 },
	{ "no due date", DUE, "", 0, "", AVAL_E_TOKEN_DUE_DATE, "options.due_date", 0, 0 },
	{ "an agreed due date", DUE, "", 0, "2030-04-01", AVAL_OK, "", 1924916, AVAL_DUE_AGREED },
	{ "an agreed due date that is none", DUE, "", 0, "2030-02-30", AVAL_E_DATE, NULL, 0, 0 },
	{ "a credit note", TYPE, "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>", 0, "",
	  AVAL_E_INVOICE_CREDIT_NOTE, "BT-3", 0, 0 },
	{ "no type", TYPE, "", 0, "", AVAL_E_INVOICE_TERM_MISSING, "BT-3", 0, 0 },
	{ "a currency without minor unit", CURRENCY, "<cbc:DocumentCurrencyCode>XAU</cbc:DocumentCurrencyCode>",
	  0, "", AVAL_E_INVOICE_CURRENCY, "BT-5", 0, 0 },
	{ "nothing due", PAYABLE, "<cbc:PayableAmount currencyID=\"EUR\">0.00</cbc:PayableAmount>", 0, "",
	  AVAL_E_INVOICE_NOT_PAYABLE, "BT-115", 0, 0 },
	{ "a tenth of a cent", PAYABLE, "<cbc:PayableAmount currencyID=\"EUR\">19249.161</cbc:PayableAmount>",
	  0, "", AVAL_E_INVOICE_TERM_VALUE, "BT-115", 0, 0 },
	{ "two amounts due", PAYABLE, PAYABLE PAYABLE, 0, "", AVAL_E_INVOICE_TERM_REPEATED, "BT-115", 0, 0 },
};

START_TEST(issue_table)
{
	const struct issue_row   *row = &issue_rows[_i];
	aval_invoice             *invoice = row->old[0] == '\0' ? NULL : changed_invoice(row->old, row->new);
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL;
	aval_error                why = AVAL_ERROR_INIT;
	aval_issue                issue;
	aval_status               status;

	options.face_minor = row->face_minor;
	options.due_date = aval_text_z(row->due);
	status = aval_bundle_issue(&b, invoice != NULL ? invoice : world.invoice, world.seed32, &options, NULL,
	                           &why);
	ck_assert_msg(status == row->status, "%s: got %s (%s: %s), want %s", row->name,
	              aval_status_name(status), why.where, why.reason, aval_status_name(row->status));
	ck_assert_msg(row->where == NULL || strcmp(why.where, row->where) == 0, "%s: %s", row->name, why.where);
	if (status == AVAL_OK) {
		t_ok(aval_event_issue(&issue, aval_bundle_event(b, 0), err));
		ck_assert_int_eq(issue.face_minor, row->issued_minor);
		ck_assert_int_eq(issue.due_mark, row->mark);
		ck_assert(aval_text_equal_z(issue.currency, "EUR"));
		t_ok(aval_bundle_compare_invoice(b, invoice != NULL ? invoice : world.invoice, world.seed32,
		                                 err));
	} else {
		ck_assert_ptr_null(b);
	}
	aval_bundle_free(b);
	aval_invoice_free(invoice);
}
END_TEST

START_TEST(issue_options_are_checked)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	static const aval_text    none = { "BT-none", 7 };
	aval_bundle              *b = NULL;

	options.struct_size--;
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, NULL, NULL, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	options = t_issue_options(&world);
	options.debtor = options.supplier;
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, NULL),
	                 AVAL_E_TOKEN_EVENT_FORMAT);
	options = t_issue_options(&world);
	options.paths = &none;
	options.path_count = 1;
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, NULL),
	                 AVAL_E_INVOICE_TERM_UNKNOWN);
	ck_assert_ptr_null(b);
	options.path_count = 0;
	options.by_debtor = true;
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	ck_assert(!aval_bundle_has_draft(b));
	ck_assert_int_eq(aval_bundle_disclosure(&(aval_disclosure){ 0 }, b, NULL), AVAL_E_NOT_FOUND);
	aval_bundle_free(b);
}
END_TEST

/* A party that has the invoice, or not quite. */
static const struct {
	const char *name;
	const char *old, *new;
	bool        other_seed;
	aval_status status;
} compare_rows[] = {
	{ "the invoice", "", "", false, AVAL_OK },
	{ "another seed", "", "", true, AVAL_E_COMMITMENT_MISMATCH },
	{ "another number", "EC-2030-0117", "EC-2030-0118", false, AVAL_E_COMMITMENT_MISMATCH },
	{ "another white space between elements", "</cbc:ID>\n", "</cbc:ID> \n", false, AVAL_E_BUNDLE_SOURCE },
};

START_TEST(compare_table)
{
	aval_bundle  *b = t_sample(&world, T_ISSUED, NULL);
	bool          is_changed = compare_rows[_i].old[0] != '\0';
	aval_invoice *invoice = is_changed ? changed_invoice(compare_rows[_i].old, compare_rows[_i].new) : NULL;
	uint8_t       seed32[32];
	aval_error    why = AVAL_ERROR_INIT;
	aval_status   status;

	memcpy(seed32, world.seed32, 32);
	seed32[31] ^= compare_rows[_i].other_seed;
	status = aval_bundle_compare_invoice(b, is_changed ? invoice : world.invoice, seed32, &why);
	ck_assert_msg(status == compare_rows[_i].status, "%s: got %s (%s), want %s", compare_rows[_i].name,
	              aval_status_name(status), why.reason, aval_status_name(compare_rows[_i].status));
	aval_invoice_free(invoice);
	aval_bundle_free(b);
}
END_TEST

/* An ISSUE that binds the invoice and yet says something else: a supplier who lies about one field. */
static const struct {
	const char   *name;
	int64_t       face_minor;
	const char   *currency, *due;
	aval_due_mark mark;
	aval_status   status;
	const char   *where;
} lies[] = {
	{ "the truth", 1924916, "EUR", "2030-03-16", AVAL_DUE_INVOICE, AVAL_OK, "" },
	{ "a cent more", 1924917, "EUR", "2030-03-16", AVAL_DUE_INVOICE, AVAL_E_TOKEN_FACE, "BT-115" },
	{ "another currency", 1924916, "USD", "2030-03-16", AVAL_DUE_INVOICE, AVAL_E_TOKEN_TERMS, "BT-5" },
	{ "a day earlier", 1924916, "EUR", "2030-03-15", AVAL_DUE_INVOICE, AVAL_E_TOKEN_DUE_DATE, "BT-9" },
	{ "agreed, though the invoice has one", 1924916, "EUR", "2030-03-16", AVAL_DUE_AGREED,
	  AVAL_E_TOKEN_DUE_DATE, "BT-9" },
};

START_TEST(compare_finds_lies)
{
	aval_bundle       *b = NULL, *honest = t_issued(&world, NULL);
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	uint8_t            payload[2048];
	size_t             len = sizeof payload;
	aval_error         why = AVAL_ERROR_INIT;
	aval_status        status;

	t_ok(aval_event_issue(&options.issue, aval_bundle_event(honest, 0), err));
	options.times = t_times();
	options.registry = aval_text_z(T_REGISTRY);
	options.issue.face_minor = lies[_i].face_minor;
	options.issue.currency = aval_text_z(lies[_i].currency);
	options.issue.due_date = aval_text_z(lies[_i].due);
	options.issue.due_mark = lies[_i].mark;
	t_ok(aval_issue_build(payload, &len, &options, err));
	t_ok(aval_bundle_new(&b, NULL, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	status = aval_bundle_compare_invoice(b, world.invoice, world.seed32, &why);
	ck_assert_msg(status == lies[_i].status && strcmp(why.where, lies[_i].where) == 0,
	              "%s: got %s at %s, want %s at %s", lies[_i].name, aval_status_name(status), why.where,
	              aval_status_name(lies[_i].status), lies[_i].where);
	aval_bundle_free(b);
	aval_bundle_free(honest);
}
END_TEST

/* A disclosure takes the place of the one before, and none takes it out. */
START_TEST(disclosures_are_replaced)
{
	aval_bundle              *b = t_sample(&world, T_ACCEPTED, NULL), *other = NULL;
	aval_text                 path = { "BT-10", 5 };
	uint8_t                   seed32[32] = { 9 };
	aval_disclosure           view;
	aval_disclosed            term;
	aval_bundle_issue_options options = t_issue_options(&world);

	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, seed32, &path, 1, NULL),
	                 AVAL_E_COMMITMENT_MISMATCH);
	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, world.seed32, &path, 0, NULL),
	                 AVAL_E_INVALID_ARGUMENT);
	t_ok(aval_bundle_disclosure(&view, b, err));
	t_ok(aval_disclosure_find(&term, &view, "BT-1", 4, err));
	t_ok(aval_bundle_disclose(b, world.invoice, world.seed32, &path, 1, err));
	t_ok(aval_bundle_disclosure(&view, b, err));
	t_ok(aval_disclosure_find(&term, &view, "BT-10", 5, err));
	ck_assert(aval_text_equal_z(term.value, "PLANT-2-ASSEMBLY"));
	ck_assert_int_eq(aval_disclosure_find(&term, &view, "BT-1", 4, NULL), AVAL_E_NOT_FOUND);
	t_ok(aval_bundle_issue(&other, world.invoice, seed32, &options, NULL, err));
	ck_assert_int_eq(
		aval_bundle_set_disclosure(b, other->disclosure.bytes.data, other->disclosure.bytes.len, NULL),
		AVAL_E_DISCLOSURE_MISMATCH);
	t_ok(aval_bundle_disclosure(&view, b, err));
	t_ok(aval_bundle_set_disclosure(b, NULL, 0, err));
	ck_assert_int_eq(aval_bundle_disclosure(&view, b, NULL), AVAL_E_NOT_FOUND);
	aval_bundle_free(other);
	aval_bundle_free(b);
}
END_TEST

/* The source alone shows every term, also when it came in the other syntax. */
static void verify_source_alone(const char *name, int events)
{
	aval_bundle              *b = NULL;
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_policy              *policy = t_policy(&world);
	aval_report              *report = NULL;
	aval_invoice             *invoice = NULL;
	uint8_t                  *file = NULL;
	size_t                    len = 0;
	test_blob                 bytes;
	aval_error                why = AVAL_ERROR_INIT;
	char                      verdicts[AVAL_CHECK_COUNT + 1];

	t_read_file(&file, &len, name);
	t_ok(aval_invoice_parse(&invoice, file, len, NULL, err));
	options.path_count = 0;
	t_ok(aval_bundle_issue(&b, invoice, world.seed32, &options, NULL, err));
	t_sign(b, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	if (events > T_ISSUED) {
		t_draft_accept(b, 0, true);
		t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	}
	t_ok(aval_bundle_set_source(b, file, len, world.seed32, err));
	ck_assert(aval_bundle_source(b).len == len && memcmp(aval_bundle_source(b).data, file, len) == 0);
	bytes = t_serialize(b);
	t_ok(aval_report_new(&report, NULL, err));
	ck_assert_msg(aval_verify(report, bytes.data, bytes.len, policy, &why) == AVAL_OK, "%s: %s", why.where,
	              why.reason);
	t_verdicts(verdicts, report);
	ck_assert_str_eq(verdicts, "ppp-pppp----");
	ck_assert_ptr_null(aval_report_disclosure(report));
	free(bytes.data);
	aval_report_free(report);
	aval_policy_free(policy);
	aval_bundle_free(b);
	aval_invoice_free(invoice);
	aval_free(file, NULL);
}

START_TEST(source_shows_everything)
{
	verify_source_alone("examples/invoices/invoice-ubl.xml", T_ISSUED);
	verify_source_alone("examples/invoices/invoice-cii.xml", T_ACCEPTED);
}
END_TEST

START_TEST(sources_must_be_the_one_issued)
{
	aval_bundle *b = t_sample(&world, T_ISSUED, NULL);
	uint8_t      seed32[32] = { 9 };
	uint8_t     *file = NULL;
	size_t       len = 0;

	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len, seed32, NULL),
	                 AVAL_E_COMMITMENT_MISMATCH);
	/* Without its last newline it is another file, without the last character no file at all. */
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len - 1, world.seed32, NULL),
	                 AVAL_E_BUNDLE_SOURCE);
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len - 2, world.seed32, NULL),
	                 AVAL_E_XML_SYNTAX);
	/* The same invoice in the other syntax has the same terms, but is another file. */
	t_read_file(&file, &len, "examples/invoices/invoice-cii.xml");
	ck_assert_int_eq(aval_bundle_set_source(b, file, len, world.seed32, NULL), AVAL_E_BUNDLE_SOURCE);
	ck_assert_ptr_null(aval_bundle_source(b).data);
	t_ok(aval_bundle_set_source(b, world.file, world.file_len, world.seed32, err));
	t_ok(aval_bundle_set_source(b, NULL, 0, NULL, err));
	ck_assert_ptr_null(aval_bundle_source(b).data);
	aval_free(file, NULL);
	aval_bundle_free(b);
}
END_TEST

/* Sources that ISSUE binds, and that are not the invoice it commits to: a supplier who lies about the file. */
static const struct {
	const char *name;
	const char *file; /* NULL: the sample's */
	bool        other_terms;
	const char *reason; /* NULL: the source opens */
} bound[] = {
	{ "the invoice", NULL, false, NULL },
	{ "no invoice", "<Invoice/>", false, "the file is no invoice" },
	{ "an invoice without terms",
	  "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", false,
	  "the file's terms cannot be committed to" },
	{ "another invoice", NULL, true, "the file's terms give another commitment" },
};

START_TEST(bound_sources)
{
	aval_commitment *commitment = NULL;
	aval_bundle     *honest = t_issued(&world, NULL);
	aval_bytes       file = { world.file, world.file_len };
	aval_invoice    *invoice = NULL;
	aval_issue       issue;
	uint8_t          key32[32], sha256[32];
	aval_error       why = AVAL_ERROR_INIT;
	aval_status      status;

	t_ok(aval_event_issue(&issue, aval_bundle_event(honest, 0), err));
	t_ok(aval_commitment_new(&commitment, world.invoice, world.seed32, NULL, err));
	if (bound[_i].file != NULL)
		file = (aval_bytes){ (const uint8_t *)bound[_i].file, strlen(bound[_i].file) };
	aval_sha256(sha256, file.data, file.len);
	aval_commitment_salt_key(key32, commitment);
	aval_commitment_source_binding(issue.source32, commitment, sha256);
	issue.commitment32[0] ^= bound[_i].other_terms;
	status = aval_source_open(&invoice, &issue, key32, file, NULL, &why);
	ck_assert_msg(status == (bound[_i].reason == NULL ? AVAL_OK : AVAL_E_BUNDLE_SOURCE), "%s: got %s (%s)",
	              bound[_i].name, aval_status_name(status), why.reason);
	ck_assert_str_eq(why.reason, bound[_i].reason == NULL ? "" : bound[_i].reason);
	ck_assert((invoice != NULL) == (status == AVAL_OK));
	aval_invoice_free(invoice);
	aval_commitment_free(commitment);
	aval_bundle_free(honest);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("bundle_invoice");
	TCase   *tc = tcase_create("bundle_invoice");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, issue_table, 0, (int)(sizeof issue_rows / sizeof *issue_rows));
	tcase_add_loop_test(tc, compare_table, 0, (int)(sizeof compare_rows / sizeof *compare_rows));
	tcase_add_loop_test(tc, compare_finds_lies, 0, (int)(sizeof lies / sizeof *lies));
	tcase_add_loop_test(tc, bound_sources, 0, (int)(sizeof bound / sizeof *bound));
	tcase_add_test(tc, issue_options_are_checked);
	tcase_add_test(tc, disclosures_are_replaced);
	tcase_add_test(tc, source_shows_everything);
	tcase_add_test(tc, sources_must_be_the_one_issued);
	suite_add_tcase(s, tc);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
