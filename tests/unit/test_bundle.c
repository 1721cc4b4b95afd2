/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles as they are made: issuing, signing, showing, comparing before signing, writing; what each refuses. */
#include <time.h>

#include "bundle_fixture.h"

#include "failing_allocator.h"

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
	{ "a credit note", TYPE, "<cbc:InvoiceTypeCode>381</cbc:InvoiceTypeCode>", 0, "", AVAL_E_INVOICE_CREDIT_NOTE,
	  "BT-3", 0, 0 },
	{ "no type", TYPE, "", 0, "", AVAL_E_INVOICE_TERM_MISSING, "BT-3", 0, 0 },
	{ "a currency without minor unit", CURRENCY, "<cbc:DocumentCurrencyCode>XAU</cbc:DocumentCurrencyCode>", 0, "",
	  AVAL_E_INVOICE_CURRENCY, "BT-5", 0, 0 },
	{ "nothing due", PAYABLE, "<cbc:PayableAmount currencyID=\"EUR\">0.00</cbc:PayableAmount>", 0, "",
	  AVAL_E_INVOICE_NOT_PAYABLE, "BT-115", 0, 0 },
	{ "a tenth of a cent", PAYABLE, "<cbc:PayableAmount currencyID=\"EUR\">19249.161</cbc:PayableAmount>", 0, "",
	  AVAL_E_INVOICE_TERM_VALUE, "BT-115", 0, 0 },
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
	status = aval_bundle_issue(&b, invoice != NULL ? invoice : world.invoice, world.seed32, &options, NULL, &why);
	ck_assert_msg(status == row->status, "%s: got %s (%s: %s), want %s", row->name, aval_status_name(status),
	              why.where, why.reason, aval_status_name(row->status));
	ck_assert_msg(row->where == NULL || strcmp(why.where, row->where) == 0, "%s: %s", row->name, why.where);
	if (status == AVAL_OK) {
		t_ok(aval_event_issue(&issue, aval_bundle_event(b, 0), err));
		ck_assert_int_eq(issue.face_minor, row->issued_minor);
		ck_assert_int_eq(issue.due_mark, row->mark);
		ck_assert(aval_text_equal_z(issue.currency, "EUR"));
		t_ok(aval_bundle_compare_invoice(b, invoice != NULL ? invoice : world.invoice, world.seed32, err));
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
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
	ck_assert_int_eq(aval_bundle_issue(&b, world.invoice, world.seed32, NULL, NULL, NULL), AVAL_E_INVALID_ARGUMENT);
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
	{ "agreed, though the invoice has one", 1924916, "EUR", "2030-03-16", AVAL_DUE_AGREED, AVAL_E_TOKEN_DUE_DATE,
	  "BT-9" },
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
	ck_assert_msg(status == lies[_i].status && strcmp(why.where, lies[_i].where) == 0, "%s: got %s at %s, want %s at %s",
	              lies[_i].name, aval_status_name(status), why.where, aval_status_name(lies[_i].status),
	              lies[_i].where);
	aval_bundle_free(b);
	aval_bundle_free(honest);
}
END_TEST

static void want_sign(aval_bundle *b, aval_role role, unsigned who, unsigned key, aval_status want)
{
	test_blob   before = { NULL, 0 }, after = { NULL, 0 };
	bool        is_signed = b->events[b->event_count - 1].event.signature_count > 0;
	aval_status status;

	if (is_signed)
		before = t_serialize(b);
	status = aval_bundle_sign(b, role, world.parties[who], strlen(world.parties[who]), &world.signers[key], NULL);
	ck_assert_msg(status == want, "got %s, want %s", aval_status_name(status), aval_status_name(want));
	if (is_signed && want != AVAL_OK) {
		after = t_serialize(b);
		ck_assert(before.len == after.len && memcmp(before.data, after.data, before.len) == 0);
	}
	free(before.data);
	free(after.data);
}

START_TEST(drafts_are_signed_in_any_order)
{
	aval_bundle      *b = t_sample(&world, T_ACCEPTED, NULL), *back = NULL;
	aval_event_cursor cursor = AVAL_EVENT_CURSOR_INIT;
	aval_event_signer missing;
	test_blob         draft, bytes;
	size_t            none = 0;

	want_sign(b, AVAL_ROLE_HOLDER, T_SUPPLIER, T_SUPPLIER, AVAL_E_TOKEN_DRAFT);
	t_draft_assign(b, world.parties[T_FACTOR], 500, 0);
	ck_assert(aval_bundle_has_draft(b));
	ck_assert_int_eq(aval_bundle_serialize(NULL, &none, b, NULL), AVAL_E_SIGNER_MISSING);
	ck_assert_int_eq(aval_bundle_append(b, world.seed32, 32, NULL), AVAL_E_TOKEN_DRAFT);
	want_sign(b, AVAL_ROLE_SUPPLIER, T_SUPPLIER, T_SUPPLIER, AVAL_E_SIGNER_UNEXPECTED);
	want_sign(b, AVAL_ROLE_HOLDER, T_FACTOR, T_FACTOR, AVAL_E_SIGNER_UNEXPECTED);
	want_sign(b, AVAL_ROLE_HOLDER, T_SUPPLIER, T_FACTOR, AVAL_E_SIGNER_KEY);
	want_sign(b, AVAL_ROLE_ASSIGNEE, T_FACTOR, T_FACTOR, AVAL_OK);
	want_sign(b, AVAL_ROLE_ASSIGNEE, T_FACTOR, T_FACTOR, AVAL_E_COSE_ORDER);
	ck_assert(aval_event_next_missing(&missing, &cursor, aval_bundle_event(b, 2)));
	ck_assert(missing.role == AVAL_ROLE_HOLDER && aval_text_equal(missing.party, t_party(&world, T_SUPPLIER)));
	ck_assert(!aval_event_next_missing(&missing, &cursor, aval_bundle_event(b, 2)));
	/* The draft travels, and the last party signs it elsewhere. */
	draft = t_serialize(b);
	t_ok(aval_bundle_parse(&back, draft.data, draft.len, NULL, err));
	ck_assert(aval_bundle_has_draft(back));
	t_sign(back, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	ck_assert(!aval_bundle_has_draft(back));
	bytes = t_serialize(back);
	aval_bundle_free(back);
	free(draft.data);
	t_ok(aval_bundle_parse(&back, bytes.data, bytes.len, NULL, err));
	aval_bundle_free(back);
	free(bytes.data);
	aval_bundle_free(b);
}
END_TEST

/* What is parsed and written again is the same; the getters say what is in it. */
START_TEST(parse_and_serialize_are_inverse)
{
	test_blob    sample = t_sample_bytes(&world, T_ASSIGNED), again;
	aval_bundle *b = NULL;
	uint8_t      thumbprint32[32];
	uint8_t     *exact;
	size_t       len;

	t_ok(aval_bundle_parse(&b, sample.data, sample.len, NULL, err));
	again = t_serialize(b);
	ck_assert(again.len == sample.len && memcmp(again.data, sample.data, again.len) == 0);
	ck_assert_uint_eq(aval_bundle_event_count(b), 3);
	ck_assert_int_eq(aval_bundle_event(b, 2)->type, AVAL_EVENT_ASSIGN);
	ck_assert_ptr_null(aval_bundle_event(b, 3));
	ck_assert_uint_eq(aval_bundle_key_count(b), 3);
	ck_assert_ptr_null(aval_bundle_key(b, 3));
	for (size_t i = 0; i < 3; i++) {
		aval_public_key_thumbprint(thumbprint32, aval_bundle_key(b, i));
		ck_assert_ptr_eq(aval_bundle_find_key(b, thumbprint32), aval_bundle_key(b, i));
	}
	thumbprint32[0] ^= 1;
	ck_assert_ptr_null(aval_bundle_find_key(b, thumbprint32));
	ck_assert_ptr_null(aval_bundle_source(b).data);
	/* A buffer that is a byte too short stays as it is. */
	exact = malloc(again.len);
	memset(exact, 0xEE, again.len);
	len = again.len - 1;
	ck_assert_int_eq(aval_bundle_serialize(exact, &len, b, NULL), AVAL_E_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(len, again.len);
	for (size_t i = 0; i < len; i++)
		ck_assert_uint_eq(exact[i], 0xEE);
	t_ok(aval_bundle_serialize(exact, &len, b, err));
	free(exact);
	free(again.data);
	aval_bundle_free(b);
	free(sample.data);
}
END_TEST

START_TEST(empty_bundles_show_nothing)
{
	aval_bundle    *b = NULL;
	aval_token     *token = NULL;
	aval_disclosure view;
	size_t          len = 0;
	uint8_t         payload[2048];

	t_ok(aval_bundle_new(&b, NULL, err));
	ck_assert(!aval_bundle_has_draft(b));
	ck_assert_int_eq(aval_bundle_serialize(NULL, &len, b, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_replay(&token, b, NULL, NULL), AVAL_E_TOKEN_DRAFT);
	ck_assert_int_eq(aval_bundle_set_disclosure(b, payload, 1, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, world.seed32, t_paths, 1, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len, world.seed32, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_compare_invoice(b, world.invoice, world.seed32, NULL), AVAL_E_BUNDLE_FORMAT);
	ck_assert_int_eq(aval_bundle_disclosure(&view, b, NULL), AVAL_E_NOT_FOUND);
	ck_assert_int_eq(aval_bundle_append(b, payload, 0, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_int_eq(aval_bundle_append(b, payload, AVAL_EVENT_MAX_LEN + 1, NULL), AVAL_E_LIMIT);
	aval_bundle_free(b);
	aval_bundle_free(NULL);
}
END_TEST

/* Events that can never be applied are not taken in: one that is no ISSUE, another ISSUE, one of another token. */
START_TEST(append_refuses_what_cannot_be)
{
	aval_bundle              *b = t_sample(&world, T_ISSUED, NULL), *other = NULL, *empty = NULL;
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bytes                accept, issue;

	options.nonce16[0] ^= 1;
	t_ok(aval_bundle_issue(&other, world.invoice, world.seed32, &options, NULL, err));
	t_sign(other, &world, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_draft_accept(other, 0, true);
	issue = aval_bundle_event(other, 0)->payload;
	accept = aval_bundle_event(other, 1)->payload;
	ck_assert_int_eq(aval_bundle_append(b, issue.data, issue.len, NULL), AVAL_E_TOKEN_STATUS);
	ck_assert_int_eq(aval_bundle_append(b, accept.data, accept.len, NULL), AVAL_E_TOKEN_OTHER);
	ck_assert_uint_eq(aval_bundle_event_count(b), 1);
	t_ok(aval_bundle_new(&empty, NULL, err));
	ck_assert_int_eq(aval_bundle_append(empty, accept.data, accept.len, NULL), AVAL_E_BUNDLE_FORMAT);
	aval_bundle_free(empty);
	aval_bundle_free(other);
	aval_bundle_free(b);
}
END_TEST

/* A draft that came in a file and is not lawful is not signed; nor is anything where the history is not. */
START_TEST(unlawful_drafts_are_not_signed)
{
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL), *lower = t_sample(&world, T_ISSUED, NULL), *back = NULL;
	test_parts   p, q;
	test_blob    blob;

	t_draft_accept(lower, 100, false);
	t_sign(lower, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
	t_take_apart(&p, b);
	t_take_apart(&q, lower);
	p.events[p.event_count++] = q.events[1];
	blob = t_compose(&p);
	t_ok(aval_bundle_parse(&back, blob.data, blob.len, NULL, err));
	want_sign(back, AVAL_ROLE_HOLDER, T_SUPPLIER, T_SUPPLIER, AVAL_E_TOKEN_STATUS);
	aval_bundle_free(back);
	free(blob.data);
	aval_bundle_free(lower);
	aval_bundle_free(b);
}
END_TEST

/* One key, one algorithm: the same point under another number has no place beside the first. */
START_TEST(one_key_has_one_algorithm)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	static const char         supplier[] = "vat:DE100000001", debtor[] = "vat:DE200000002";
	aval_secret_key          *schnorr = test_key(AVAL_ALG_SCHNORR, 101, &world.entropy.entropy);
	aval_signer               signer = aval_signer_from_secret_key(schnorr);
	aval_bundle              *b = NULL;

	options.supplier = aval_text_z(supplier);
	options.debtor = aval_text_z(debtor);
	t_ok(aval_bundle_issue(&b, world.invoice, world.seed32, &options, NULL, err));
	t_sign_as(b, &world, AVAL_ROLE_SUPPLIER, supplier, T_SUPPLIER);
	t_draft_accept(b, 0, true);
	ck_assert_int_eq(aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor, strlen(debtor), &signer, NULL), AVAL_E_COSE_ORDER);
	t_sign_as(b, &world, AVAL_ROLE_DEBTOR, debtor, T_SUPPLIER);
	ck_assert_uint_eq(aval_bundle_key_count(b), 1);
	aval_secret_key_free(schnorr);
	aval_bundle_free(b);
}
END_TEST

/* A disclosure takes the place of the one before, and none takes it out. */
START_TEST(disclosures_are_replaced)
{
	aval_bundle    *b = t_sample(&world, T_ACCEPTED, NULL), *other = NULL;
	aval_text       path = { "BT-10", 5 };
	uint8_t         seed32[32] = { 9 };
	aval_disclosure view;
	aval_disclosed  term;
	aval_bundle_issue_options options = t_issue_options(&world);

	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, seed32, &path, 1, NULL), AVAL_E_COMMITMENT_MISMATCH);
	ck_assert_int_eq(aval_bundle_disclose(b, world.invoice, world.seed32, &path, 0, NULL), AVAL_E_INVALID_ARGUMENT);
	t_ok(aval_bundle_disclosure(&view, b, err));
	t_ok(aval_disclosure_find(&term, &view, "BT-1", 4, err));
	t_ok(aval_bundle_disclose(b, world.invoice, world.seed32, &path, 1, err));
	t_ok(aval_bundle_disclosure(&view, b, err));
	t_ok(aval_disclosure_find(&term, &view, "BT-10", 5, err));
	ck_assert(aval_text_equal_z(term.value, "PLANT-2-ASSEMBLY"));
	ck_assert_int_eq(aval_disclosure_find(&term, &view, "BT-1", 4, NULL), AVAL_E_NOT_FOUND);
	t_ok(aval_bundle_issue(&other, world.invoice, seed32, &options, NULL, err));
	ck_assert_int_eq(aval_bundle_set_disclosure(b, other->disclosure.bytes.data, other->disclosure.bytes.len, NULL),
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
	ck_assert_msg(aval_verify(report, bytes.data, bytes.len, policy, &why) == AVAL_OK, "%s: %s", why.where, why.reason);
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

	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len, seed32, NULL), AVAL_E_COMMITMENT_MISMATCH);
	/* Without its last newline it is another file, without the last character no file at all. */
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len - 1, world.seed32, NULL),
	                 AVAL_E_BUNDLE_SOURCE);
	ck_assert_int_eq(aval_bundle_set_source(b, world.file, world.file_len - 2, world.seed32, NULL), AVAL_E_XML_SYNTAX);
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

/* Making, signing, disclosing, writing and reading, with each allocation failing in turn. */
static aval_status walk(const aval_allocator *allocator, void *user_data)
{
	aval_bundle_issue_options options = t_issue_options(&world);
	aval_bundle              *b = NULL, *back = NULL;
	aval_token               *token = NULL;
	aval_accept_options       accept = AVAL_ACCEPT_OPTIONS_INIT;
	uint8_t                   payload[2048], bytes[16384];
	size_t                    len = sizeof payload, size = sizeof bytes;
	aval_text                 supplier = t_party(&world, T_SUPPLIER), debtor = t_party(&world, T_DEBTOR);
	aval_status               status;

	(void)user_data;
	status = aval_bundle_issue(&b, world.invoice, world.seed32, &options, allocator, NULL);
	ck_assert(status == AVAL_OK || b == NULL);
	if (status == AVAL_OK)
		status = aval_bundle_sign(b, AVAL_ROLE_SUPPLIER, supplier.data, supplier.len, &world.signers[T_SUPPLIER], NULL);
	if (status == AVAL_OK)
		status = aval_bundle_replay(&token, b, allocator, NULL);
	if (status == AVAL_OK) {
		accept.times = t_times();
		accept.accept.accepted_minor = 1924916;
		t_ok(aval_accept_build(payload, &len, token, &accept, err));
		status = aval_bundle_append(b, payload, len, NULL);
	}
	if (status == AVAL_OK)
		status = aval_bundle_sign(b, AVAL_ROLE_DEBTOR, debtor.data, debtor.len, &world.signers[T_DEBTOR], NULL);
	if (status == AVAL_OK)
		status = aval_bundle_disclose(b, world.invoice, world.seed32, t_paths, 2, NULL);
	if (status == AVAL_OK)
		status = aval_bundle_compare_invoice(b, world.invoice, world.seed32, NULL);
	if (status == AVAL_OK) {
		t_ok(aval_bundle_serialize(bytes, &size, b, err));
		status = aval_bundle_parse(&back, bytes, size, allocator, NULL);
	}
	aval_bundle_free(back);
	aval_bundle_free(b);
	aval_token_free(token);
	return status;
}

START_TEST(memory_that_fails)
{
	ck_assert_uint_gt(failing_allocator_walk("bundle", walk, NULL), 20);
}
END_TEST

/* A failed signature, for want of memory, leaves a bundle that can be signed. */
START_TEST(failed_signatures_leave_no_trace)
{
	size_t tries = 0;
	bool   done = false;

	for (size_t n = 1; !done; n++) {
		failing_allocator f;
		aval_bundle      *b;
		test_blob         before, after;

		failing_allocator_init(&f, 0);
		b = t_sample(&world, T_ISSUED, &f.allocator);
		before = t_serialize(b);
		t_draft_accept(b, 0, true);
		f.fail_at = f.calls + n;
		done = aval_bundle_sign(b, AVAL_ROLE_DEBTOR, world.parties[T_DEBTOR], strlen(world.parties[T_DEBTOR]),
		                        &world.signers[T_DEBTOR], NULL) == AVAL_OK;
		f.fail_at = 0;
		ck_assert_int_eq(aval_bundle_has_draft(b), !done);
		if (!done)
			t_sign(b, &world, AVAL_ROLE_DEBTOR, T_DEBTOR);
		after = t_serialize(b);
		ck_assert_uint_gt(after.len, before.len);
		ck_assert_uint_eq(aval_bundle_key_count(b), 2);
		free(before.data);
		free(after.data);
		aval_bundle_free(b);
		ck_assert_uint_eq(f.live, 0);
		tries++;
	}
	ck_assert_uint_gt(tries, 3);
}
END_TEST

/* The first `count` splits of a chain that cuts a cent off the low end each time. */
static test_blob chain(size_t count)
{
	aval_bundle *b = t_sample(&world, T_ACCEPTED, NULL);
	aval_token  *token = t_state(b);
	aval_event   event;
	test_blob    blob;

	for (size_t i = 0; i < count; i++) {
		aval_assign_options options = AVAL_ASSIGN_OPTIONS_INIT;
		aval_output         outputs[2];
		aval_note           note;
		uint8_t             payload[2048];
		size_t              len = sizeof payload;

		t_ok(aval_token_note(&note, token, aval_token_note_count(token) - 1, err));
		outputs[0] = (aval_output){ 1, note.holder, 0 };
		outputs[1] = (aval_output){ note.end_minor - note.begin_minor - 1, note.holder, 0 };
		options.times = t_times();
		options.inputs = note.id32;
		options.input_count = 1;
		options.outputs = outputs;
		options.output_count = 2;
		t_ok(aval_assign_build(payload, &len, token, &options, err));
		t_ok(aval_event_parse_payload(&event, payload, len, err));
		t_ok(aval_token_apply(token, &event, AVAL_TIME_NONE, err));
		t_ok(aval_bundle_append(b, payload, len, err));
		t_sign(b, &world, AVAL_ROLE_HOLDER, T_SUPPLIER);
	}
	blob = t_serialize(b);
	aval_token_free(token);
	aval_bundle_free(b);
	return blob;
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Reading and replaying, which is all but the signatures: time and memory grow with the bytes. */
static double read_and_replay(const test_blob *blob, size_t *peak_out)
{
	failing_allocator f;
	aval_bundle      *b = NULL;
	aval_token       *token = NULL;
	double            began = seconds();

	failing_allocator_init(&f, 0);
	t_ok(aval_bundle_parse(&b, blob->data, blob->len, &f.allocator, err));
	t_ok(aval_bundle_replay(&token, b, &f.allocator, err));
	began = seconds() - began;
	aval_token_free(token);
	aval_bundle_free(b);
	*peak_out = f.peak_bytes;
	return began;
}

enum { EVENTS = 10000, FEWER = EVENTS / 8 };

START_TEST(cost_is_linear)
{
	test_blob    large = chain(EVENTS), small = chain(FEWER);
	aval_policy *policy = t_policy(&world);
	aval_report *report = NULL;
	size_t       peak_large, peak_small;
	double       time_small = read_and_replay(&small, &peak_small), time_large = read_and_replay(&large, &peak_large);

	/* Four times the bytes: views, notes, keys and the doubling of arrays. */
	ck_assert_msg(peak_large < 4 * large.len, "%zu bytes of memory for %zu", peak_large, large.len);
	ck_assert_msg(time_large < 8 * 5 * time_small + 0.05, "%zu bytes in %.3f s, %zu in %.3f s", small.len, time_small,
	              large.len, time_large);
	t_ok(aval_report_new(&report, NULL, err));
	t_ok(aval_verify(report, large.data, large.len, policy, err));
	ck_assert_uint_eq(aval_token_note_count(aval_report_token(report)), 1 + 2 * EVENTS);
	aval_report_free(report);
	aval_policy_free(policy);
	free(large.data);
	free(small.data);
}
END_TEST

/* A count in the file takes no memory before its bytes are there. */
START_TEST(counts_take_no_memory)
{
	failing_allocator f;
	aval_bundle      *b = NULL;
	size_t            len = 1 << 20;
	uint8_t          *data = calloc(1, len);
	static const char head[] = "\x83\x6b" "aval/bundle" "\x01\xa1\x01\x9a\x00\x0f\xff\x00";

	/* A million events of no byte each: the first is refused. */
	memcpy(data, head, sizeof head - 1);
	memset(data + sizeof head - 1, 0x40, len - sizeof head + 1);
	failing_allocator_init(&f, 0);
	ck_assert_int_eq(aval_bundle_parse(&b, data, len, &f.allocator, NULL), AVAL_E_CBOR_TRUNCATED);
	ck_assert_uint_lt(f.peak_bytes, 4096);
	ck_assert_uint_eq(f.live, 0);
	ck_assert_int_eq(aval_bundle_parse(&b, data, (size_t)AVAL_BUNDLE_MAX_LEN + 1, &f.allocator, NULL), AVAL_E_LIMIT);
	ck_assert_ptr_null(b);
	free(data);
}
END_TEST

int main(void)
{
	Suite   *s = suite_create("bundle");
	TCase   *tc = tcase_create("bundle"), *large = tcase_create("large");
	SRunner *sr = srunner_create(s);
	int      failed;

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, issue_table, 0, (int)(sizeof issue_rows / sizeof *issue_rows));
	tcase_add_test(tc, issue_options_are_checked);
	tcase_add_loop_test(tc, compare_table, 0, (int)(sizeof compare_rows / sizeof *compare_rows));
	tcase_add_loop_test(tc, compare_finds_lies, 0, (int)(sizeof lies / sizeof *lies));
	tcase_add_test(tc, drafts_are_signed_in_any_order);
	tcase_add_test(tc, parse_and_serialize_are_inverse);
	tcase_add_test(tc, empty_bundles_show_nothing);
	tcase_add_test(tc, append_refuses_what_cannot_be);
	tcase_add_test(tc, unlawful_drafts_are_not_signed);
	tcase_add_test(tc, one_key_has_one_algorithm);
	tcase_add_test(tc, disclosures_are_replaced);
	tcase_add_test(tc, source_shows_everything);
	tcase_add_test(tc, sources_must_be_the_one_issued);
	tcase_add_test(tc, memory_that_fails);
	tcase_add_test(tc, failed_signatures_leave_no_trace);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(large, set_up, tear_down);
	tcase_set_timeout(large, 300);
	tcase_add_test(large, cost_is_linear);
	tcase_add_test(large, counts_take_no_memory);
	suite_add_tcase(s, large);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
