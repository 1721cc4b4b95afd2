/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and invoices that name parties: each rule of docs/spec/bundle.md#ver-parties with its nearest neighbours. */
#include "made_parties.h"

#define VAT_DE "vat:DE100000001"
#define VAT_FR "vat:FR300000003"
#define LEI_OTHER "5299000AVALTEST00176"
#define USCC_ONE   "91310000MA1FLAWX0U"
#define USCC_OTHER "91350100M000100Y43"

/* What the invoice has: "BT-29.1=scheme:value" or "BT-31=value", parted by spaces; shown: paths, parted by spaces. */
typedef struct plan {
	const char *supplier; /* NULL: the key's own id */
	const char *debtor;
	const char *has;
	const char *shown;
} plan;

#define BUYER "BT-48=FR300000003"

static const plan plans[PARTIES_COUNT] = {
	[PARTIES_VAT] = { VAT_DE, VAT_FR, "BT-31=DE100000001 " BUYER, "BT-31 BT-48" },
	[PARTIES_VAT_OTHER] = { VAT_DE, VAT_FR, "BT-31=DE100000002 " BUYER, "BT-31 BT-48" },
	[PARTIES_VAT_HIDDEN] = { VAT_DE, VAT_FR, "BT-31=DE100000001 " BUYER, "BT-48" },
	[PARTIES_VAT_ABSENT] = { VAT_DE, VAT_FR, BUYER, "BT-31 BT-48" },
	[PARTIES_BUYER_OTHER] = { VAT_DE, "vat:FR300000004", "BT-31=DE100000001 " BUYER, "BT-31 BT-48" },
	[PARTIES_BUYER_HIDDEN] = { VAT_DE, VAT_FR, "BT-31=DE100000001 " BUYER, "BT-31" },
	[PARTIES_LEI_LEGAL] = { T_LEI, VAT_FR, "BT-30=0199:5299000AVALTEST00079 " BUYER, "BT-30 BT-48" },
	[PARTIES_LEI_ID] = { T_LEI, VAT_FR, "BT-29.1=0088:4012345000009 BT-29.2=0199:5299000AVALTEST00079 " BUYER,
	                     "BT-29.2 BT-48" },
	[PARTIES_LEI_OTHER] = { T_LEI, VAT_FR, "BT-29.1=0199:" LEI_OTHER " BT-29.2=0088:4012345000009 " BUYER,
	                        "BT-29.1 BT-48" },
	[PARTIES_LEI_SCHEME] = { T_LEI, VAT_FR, "BT-30=0088:5299000AVALTEST00079 " BUYER, "BT-30 BT-48" },
	[PARTIES_LEI_TWO] = { T_LEI, VAT_FR,
	                      "BT-29.1=0199:5299000AVALTEST00079 BT-30=0199:" LEI_OTHER " " BUYER, "BT-29.1 BT-30 BT-48" },
	[PARTIES_LEI_TWICE] = { T_LEI, VAT_FR,
	                        "BT-29.1=0199:5299000AVALTEST00079 BT-30=0199:5299000AVALTEST00079 " BUYER,
	                        "BT-29.1 BT-30 BT-48" },
	[PARTIES_BUYER_LEI_TWO] = { VAT_DE, T_LEI,
	                            "BT-31=DE100000001 BT-46=0199:5299000AVALTEST00079 BT-47=0199:" LEI_OTHER,
	                            "BT-31 BT-46 BT-47" },
	[PARTIES_GLN] = { "iso6523:0088:4012345000009", VAT_FR, "BT-29.1=0088:4012345000009 " BUYER, "BT-29.1 BT-48" },
	[PARTIES_GLN_OTHER] = { "iso6523:0088:4012345000009", VAT_FR, "BT-29.1=0088:4012345000016 " BUYER,
	                        "BT-29.1 BT-29.2 BT-48" },
	[PARTIES_GLN_OPEN] = { "iso6523:0088:4012345000009", VAT_FR, "BT-29.1=0088:4012345000016 " BUYER, "BT-29.1 BT-48" },
	[PARTIES_GLN_SECOND] = { "iso6523:0088:4012345000009", VAT_FR,
	                         "BT-29.1=0088:4012345000016 BT-29.2=0088:4012345000009 " BUYER, "BT-29.1 BT-29.2 BT-48" },
	[PARTIES_GLN_LEGAL] = { "iso6523:0088:4012345000009", VAT_FR, "BT-30=0088:4012345000016 " BUYER, "BT-30 BT-48" },
	[PARTIES_GLN_PLAIN] = { "iso6523:0088:4012345000009", VAT_FR, "BT-30=4012345000009 " BUYER, "BT-30 BT-48" },
	[PARTIES_BUYER_GLN] = { VAT_DE, "iso6523:0088:4012345000009", "BT-31=DE100000001 BT-46=0088:4012345000009",
	                        "BT-31 BT-46" },
	[PARTIES_BUYER_GLN_OTHER] = { VAT_DE, "iso6523:0088:4012345000009", "BT-31=DE100000001 BT-46=0088:4012345000016",
	                              "BT-31 BT-46" },
	[PARTIES_BUYER_LEGAL] = { VAT_DE, "iso6523:0088:4012345000009", "BT-31=DE100000001 BT-47=0088:4012345000009",
	                          "BT-31 BT-47" },
	[PARTIES_USCC_LEGAL] = { "uscc:" USCC_ONE, VAT_FR, "BT-30=" USCC_ONE " " BUYER, "BT-30 BT-48" },
	[PARTIES_USCC_VAT] = { "uscc:" USCC_ONE, VAT_FR, "BT-31=" USCC_ONE " " BUYER, "BT-31 BT-48" },
	[PARTIES_USCC_OTHER] = { "uscc:" USCC_ONE, VAT_FR, "BT-30=" USCC_OTHER " " BUYER, "BT-30 BT-48" },
	[PARTIES_USCC_TEXT] = { "uscc:" USCC_ONE, VAT_FR, "BT-30=HRB12345 " BUYER, "BT-30 BT-48" },
	[PARTIES_USCC_TWO] = { "uscc:" USCC_ONE, VAT_FR, "BT-30=" USCC_OTHER " BT-31=" USCC_ONE " " BUYER,
	                       "BT-30 BT-31 BT-48" },
	[PARTIES_USCC_BESIDE] = { "uscc:" USCC_ONE, VAT_FR, "BT-30=HRB12345 BT-31=" USCC_ONE " " BUYER,
	                          "BT-30 BT-31 BT-48" },
	[PARTIES_KEY] = { NULL, VAT_FR, "BT-31=DE100000001 " BUYER, "BT-31 BT-48" },
	[PARTIES_KEY_TWO] = { NULL, VAT_FR, "BT-30=0199:" LEI_OTHER " BT-31=DE100000001 " BUYER, "BT-30 BT-31 BT-48" },
};

enum { MAX_TERMS = 12, MAX_SHOWN = 12 };

typedef struct term_list {
	aval_term      terms[MAX_TERMS];
	aval_qualifier schemes[MAX_TERMS];
	size_t         count;
} term_list;

static void add(term_list *list, const char *path, size_t path_len, const char *value, size_t value_len)
{
	list->terms[list->count++] = (aval_term){ { path, path_len }, { value, value_len }, NULL, 0 };
}

/* "0088:value": the scheme is a qualifier. */
static void add_word(term_list *list, const char *word, size_t len)
{
	size_t      path_len = strcspn(word, "=");
	const char *value = word + path_len + 1;
	size_t      value_len = len - path_len - 1;
	aval_term  *term = &list->terms[list->count];

	if (value_len > 5 && value[4] == ':') {
		list->schemes[list->count] = (aval_qualifier){ { "scheme", 6 }, { value, 4 } };
		add(list, word, path_len, value + 5, value_len - 5);
		term->qualifiers = &list->schemes[list->count - 1];
		term->qualifier_count = 1;
	} else {
		add(list, word, path_len, value, value_len);
	}
}

static void list_terms(term_list *list, const char *has)
{
	list->count = 0;
	add(list, "BT-1", 4, "EC-2030-0117", 12);
	add(list, "BT-3", 4, "380", 3);
	add(list, "BT-5", 4, "EUR", 3);
	add(list, "BT-9", 4, "2030-03-16", 10);
	while (*has != '\0') {
		size_t len = strcspn(has, " ");

		add_word(list, has, len);
		has += len + (has[len] == ' ');
	}
	add(list, "BT-115", 6, "10.00", 5);
}

static void issue(aval_bundle *b, const test_world *w, const plan *x, const aval_commitment *commitment)
{
	aval_issue_options options = AVAL_ISSUE_OPTIONS_INIT;
	const char        *supplier = x->supplier != NULL ? x->supplier : w->parties[T_SUPPLIER];
	uint8_t            payload[2048];
	size_t             len = sizeof payload;

	options.times = t_times();
	options.registry = aval_text_z(T_REGISTRY);
	options.issue.face_minor = 1000;
	options.issue.currency = aval_text_z("EUR");
	options.issue.due_date = aval_text_z("2030-03-16");
	options.issue.due_mark = AVAL_DUE_INVOICE;
	options.issue.supplier = aval_text_z(supplier);
	options.issue.debtor = aval_text_z(x->debtor);
	aval_commitment_hash(options.issue.commitment32, commitment);
	t_ok(aval_issue_build(payload, &len, &options, err));
	t_ok(aval_bundle_append(b, payload, len, err));
	t_sign_as(b, w, AVAL_ROLE_SUPPLIER, supplier, T_SUPPLIER);
}

static void disclose(aval_bundle *b, const char *shown, const aval_commitment *commitment)
{
	aval_text paths[MAX_SHOWN] = { { "BT-3", 4 }, { "BT-5", 4 }, { "BT-9", 4 }, { "BT-115", 6 } };
	uint8_t   data[8192];
	size_t    count = 4, len = sizeof data;

	while (*shown != '\0') {
		paths[count++] = (aval_text){ shown, strcspn(shown, " ") };
		shown += strcspn(shown, " ");
		shown += *shown == ' ';
	}
	t_ok(aval_commitment_disclose(data, &len, commitment, paths, count, err));
	t_ok(aval_bundle_set_disclosure(b, data, len, err));
}

void make_parties(made *m, const test_world *w, int variant)
{
	const plan      *x = &plans[variant];
	term_list        list;
	aval_commitment *commitment = NULL;
	aval_bundle     *b = NULL;

	list_terms(&list, x->has);
	t_ok(aval_commitment_new_from_terms(&commitment, list.terms, list.count, w->seed32, NULL, err));
	t_ok(aval_bundle_new(&b, NULL, err));
	issue(b, w, x, commitment);
	disclose(b, x->shown, commitment);
	m->blob = t_serialize(b);
	aval_bundle_free(b);
	aval_commitment_free(commitment);
}
