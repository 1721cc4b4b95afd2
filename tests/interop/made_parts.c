/* SPDX-License-Identifier: Apache-2.0 */
/* The sample bundle, taken apart, changed and put together again. */
#include "made_parts.h"

#include "cose/cose.h"

size_t made_find(const test_blob *blob, aval_bytes bytes)
{
	for (size_t i = 0; i + bytes.len <= blob->len; i++)
		if (memcmp(blob->data + i, bytes.data, bytes.len) == 0)
			return i;
	ck_abort_msg("the part is not in the bundle");
	return 0;
}

void made_finish(made *m, const test_parts *p, const aval_bytes *decides)
{
	m->blob = t_compose(p);
	if (decides != NULL)
		m->offset = made_find(&m->blob, *decides);
}

static aval_bytes key_of(const test_parts *p, size_t index)
{
	return (aval_bytes){ p->keys[index], p->key_lens[index] };
}

void make_sample(made *m, const test_world *w, int events)
{
	m->blob = t_sample_bytes(w, events);
}

/* Keys of the sample: they ascend, each is used, none is missing. */
void make_keys(made *m, const test_world *w, int variant)
{
	aval_bundle *b = t_sample(w, T_ASSIGNED, NULL);
	aval_bytes   decides;
	test_parts   p, whole;
	size_t       len = AVAL_PUBLIC_KEY_MAX_LEN;

	t_take_apart(&whole, b);
	p = whole;
	decides = key_of(&whole, 0);
	switch (variant) {
	case KEYS_SWAPPED:
		memcpy(p.keys[0], whole.keys[1], sizeof p.keys[0]);
		memcpy(p.keys[1], whole.keys[0], sizeof p.keys[1]);
		p.key_lens[0] = whole.key_lens[1];
		p.key_lens[1] = whole.key_lens[0];
		break;
	case KEYS_TWICE:
		memcpy(p.keys[1], whole.keys[0], sizeof p.keys[1]);
		p.key_lens[1] = whole.key_lens[0];
		break;
	case KEYS_MISSING: /* of the first event's signature */
		memmove(p.keys[0], p.keys[1], sizeof p.keys - sizeof p.keys[0]);
		memmove(p.key_lens, p.key_lens + 1, sizeof p.key_lens - sizeof p.key_lens[0]);
		p.key_count--;
		break;
	case KEYS_NONE:
		p.key_count = 0;
		break;
	case KEYS_MALFORMED: /* kty is the third byte */
		p.keys[0][2]++;
		decides = key_of(&p, 0);
		break;
	case KEYS_OFF_CURVE: /* y stands last */
		p.keys[0][p.key_lens[0] - 1] ^= 1;
		decides = key_of(&p, 0);
		break;
	default: /* KEYS_UNUSED: the factor's, whose event is left out */
		p.event_count = 2;
		t_ok(aval_public_key_serialize(p.keys[7], &len, &w->signers[T_FACTOR].key, err));
		p.key_lens[7] = len;
		decides = key_of(&p, 7);
	}
	m->blob = t_compose(&p);
	if (variant == KEYS_TWICE)
		m->offset = made_find(&m->blob, decides) + decides.len;
	else if (variant == KEYS_NONE)
		m->offset = made_find(&m->blob, p.events[2]) + p.events[2].len + 1;
	else if (variant != KEYS_MISSING)
		m->offset = made_find(&m->blob, decides);
	aval_bundle_free(b);
}

/* A key of the debtor under the number of another algorithm. */
void make_key_algorithm(made *m, const test_world *w, int variant)
{
	aval_bundle    *b = t_sample(w, T_ISSUED, NULL);
	aval_public_key schnorr;
	uint8_t         point65[65];
	test_parts      p;

	(void)variant;
	aval_public_key_point(point65, &w->signers[T_SUPPLIER].key);
	ck_assert_msg((point65[64] & 1) == 0, "the supplier's key has an even y");
	t_ok(aval_public_key_from_point(&schnorr, AVAL_ALG_SCHNORR, point65, err));
	t_take_apart(&p, b);
	p.key_lens[0] = sizeof p.keys[0];
	t_ok(aval_public_key_serialize(p.keys[0], &p.key_lens[0], &schnorr, err));
	made_finish(m, &p, &p.events[0]);
	m->offset += aval_bundle_event(b, 0)->internal.signatures_offset;
	aval_bundle_free(b);
}

/* The signature of ISSUE, changed. */
void make_signature(made *m, const test_world *w, int variant)
{
	aval_bundle              *b = t_sample(w, T_ISSUED, NULL), *other = NULL;
	const aval_event         *event = aval_bundle_event(b, 0);
	aval_cose_cursor          cursor = AVAL_COSE_CURSOR_INIT, from = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature       s, t;
	aval_cose_sign            sign = aval_event_cose(event), foreign;
	test_parts                p;
	uint8_t                   envelope[4096], *sig64;
	aval_bundle_issue_options options = t_issue_options(w);

	options.nonce16[0] ^= 1;
	t_ok(aval_bundle_issue(&other, w->invoice, w->seed32, &options, NULL, err));
	t_sign(other, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	foreign = aval_event_cose(aval_bundle_event(other, 0));
	ck_assert(aval_cose_sign_next(&cursor, &s, &sign) && aval_cose_sign_next(&from, &t, &foreign));
	t_take_apart(&p, b);
	memcpy(envelope, event->envelope.data, event->envelope.len);
	sig64 = envelope + (s.signature.data - event->envelope.data);
	if (variant == SIGNATURE_HIGH_S)
		aval_scalar_negate(sig64 + 32, sig64 + 32, aval_k1_order32);
	else if (variant == SIGNATURE_OF_OTHER)
		memcpy(sig64, t.signature.data, 64);
	else
		memset(sig64, 0, 64);
	p.events[0].data = envelope;
	made_finish(m, &p, &p.events[0]);
	m->offset += s.offset;
	aval_bundle_free(other);
	aval_bundle_free(b);
}

/* The disclosure: of another token, twice, of something else. */
void make_disclosure(made *m, const test_world *w, int variant)
{
	aval_bundle              *b = t_sample(w, T_ISSUED, NULL), *other = NULL;
	aval_bundle_issue_options options = t_issue_options(w);
	uint8_t                   seed32[32] = { 1 };
	test_parts                p, q;

	t_ok(aval_bundle_issue(&other, w->invoice, seed32, &options, NULL, err));
	t_take_apart(&p, b);
	t_take_apart(&q, other);
	if (variant == DISCLOSURE_NONE)
		p.disclosure_count = 0;
	if (variant == DISCLOSURE_TWICE)
		p.disclosures[p.disclosure_count++] = p.disclosures[0];
	if (variant == DISCLOSURE_OTHER_TOKEN)
		memcpy(p.commitment32, q.commitment32, 32);
	if (variant == DISCLOSURE_OTHER_SEED)
		p.disclosures[0] = q.disclosures[0];
	if (variant == DISCLOSURE_EMPTY)
		p.disclosures[0].len = 0;
	p.has_empty_disclosures = variant == DISCLOSURE_NO_ITEM;
	m->blob = t_compose(&p);
	if (variant == DISCLOSURE_OTHER_TOKEN)
		m->offset = made_find(&m->blob, (aval_bytes){ p.commitment32, 32 }) - 2;
	if (variant == DISCLOSURE_TWICE || variant == DISCLOSURE_NO_ITEM) /* the array of disclosures */
		m->offset = made_find(&m->blob, key_of(&p, p.key_count - 1)) + p.key_lens[p.key_count - 1] + 1;
	aval_bundle_free(other);
	aval_bundle_free(b);
}

/* A short invoice of the same numbers as the sample's, so that the vectors stay short. */
static const char short_invoice[] =
	"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'"
	" xmlns:a='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'"
	" xmlns:b='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>"
	"<b:ID>EC-2030-0117</b:ID><b:IssueDate>2030-01-15</b:IssueDate><b:DueDate>2030-03-16</b:DueDate>"
	"<b:InvoiceTypeCode>380</b:InvoiceTypeCode><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>"
	"<a:AccountingSupplierParty><a:Party><a:PartyLegalEntity><b:RegistrationName>Example Components GmbH"
	"</b:RegistrationName></a:PartyLegalEntity></a:Party></a:AccountingSupplierParty>"
	"<a:AccountingCustomerParty><a:Party><a:PartyLegalEntity><b:RegistrationName>Example Motors AG"
	"</b:RegistrationName></a:PartyLegalEntity></a:Party></a:AccountingCustomerParty>"
	"<a:LegalMonetaryTotal><b:PayableAmount currencyID='EUR'>19249.16</b:PayableAmount>"
	"</a:LegalMonetaryTotal>"
	"</Invoice>";

void make_source(made *m, const test_world *w, int variant)
{
	static const uint8_t      other[] = "<Invoice/>";
	const uint8_t            *file = (const uint8_t *)short_invoice;
	aval_bundle_issue_options options = t_issue_options(w);
	aval_bundle              *b = NULL;
	aval_invoice             *invoice = NULL;
	test_parts                p;

	t_ok(aval_invoice_parse(&invoice, file, sizeof short_invoice - 1, NULL, err));
	t_ok(aval_bundle_issue(&b, invoice, w->seed32, &options, NULL, err));
	t_sign(b, w, AVAL_ROLE_SUPPLIER, T_SUPPLIER);
	t_ok(aval_bundle_set_source(b, file, sizeof short_invoice - 1, w->seed32, err));
	t_take_apart(&p, b);
	if (variant == SOURCE_ALONE)
		p.disclosure_count = 0;
	if (variant == SOURCE_OTHER_FILE)
		p.source = (aval_bytes){ other, sizeof other - 1 };
	if (variant == SOURCE_OTHER_KEY)
		p.source_key32[31] ^= 1;
	if (variant == SOURCE_EMPTY)
		p.source.len = 0;
	m->blob = t_compose(&p);
	if (variant == SOURCE_OTHER_FILE || variant == SOURCE_OTHER_KEY)
		m->offset = m->blob.len - p.source.len;
	if (variant == SOURCE_EMPTY)
		m->offset = m->blob.len - 1;
	aval_bundle_free(b);
	aval_invoice_free(invoice);
}

/* The frame around the sections. */
void make_frame(made *m, const test_world *w, int variant)
{
	aval_bundle *b = t_sample(w, T_ISSUED, NULL);
	test_parts   p;

	t_take_apart(&p, b);
	if (variant == FRAME_NAME)
		p.name = "aval/bundel";
	if (variant == FRAME_VERSION)
		p.version = 2;
	if (variant == FRAME_SECTION)
		p.extra_key = 7;
	if (variant == FRAME_NEGATIVE_SECTION)
		p.extra_key = -1;
	p.no_events = variant == FRAME_NO_EVENTS;
	p.no_keys = variant == FRAME_NO_KEYS;
	if (variant == FRAME_EMPTY_EVENTS)
		p.event_count = 0;
	m->blob = t_compose(&p);
	m->offset = variant == FRAME_NAME ? 1 : variant == FRAME_VERSION ? 13 : 15;
	if (variant == FRAME_SECTION || variant == FRAME_NEGATIVE_SECTION)
		m->offset = m->blob.len - 2;
	if (variant == FRAME_NO_KEYS) /* the key of the section that stands in its place */
		m->offset = made_find(&m->blob, p.events[0]) + p.events[0].len;
	if (variant == FRAME_EMPTY_EVENTS)
		m->offset = 16;
	if (variant == FRAME_TRAILING) {
		m->blob.data = realloc(m->blob.data, m->blob.len + 1);
		m->offset = m->blob.len;
		m->blob.data[m->blob.len++] = 0;
	}
	if (variant == FRAME_FOUR_ITEMS) {
		m->blob.data = realloc(m->blob.data, m->blob.len + 1);
		m->blob.data[0]++;
		m->blob.data[m->blob.len++] = 0xf6;
		m->offset = 0;
	}
	if (variant == FRAME_TRUNCATED)
		m->offset = --m->blob.len - p.disclosures[0].len + 1 - 3;
	aval_bundle_free(b);
}

/* Bytes that are no bundle at all. */
void make_bytes(made *m, const test_world *w, int variant)
{
	static const struct {
		const char *bytes;
		size_t      len, offset;
	} rows[] = {
		[BYTES_NONE] = { "", 0, 0 },
		[BYTES_TEXT] = { "<?xml version=\"1.0\"?>", 21, 0 },
		[BYTES_OTHER_KIND] = { "\x83\x6d"
		                     "aval/envelope"
		                     "\x01\xa0",
		                     17, 1 },
		[BYTES_COUNT] = { "\x83\x6b"
		                  "aval/bundle"
		                  "\x01\xa1\x01\x9a\xff\xff\xff\xff",
		                  21, 16 },
		[BYTES_LONG_STRING] = { "\x83\x6b"
		                        "aval/bundle"
		                        "\x01\xa1\x01\x81\x5a\xff\xff\xff\xff",
		                        22, 17 },
		[BYTES_INDEFINITE] = { "\x9f\x6b"
		                       "aval/bundle"
		                       "\x01\xa0\xff",
		                       16, 0 },
		[BYTES_NOT_SHORTEST] = { "\x83\x78\x0b"
		                         "aval/bundle"
		                         "\x01\xa0",
		                         16, 1 },
	};

	(void)w;
	m->blob.len = rows[variant].len;
	m->blob.data = malloc(m->blob.len + 1);
	memcpy(m->blob.data, rows[variant].bytes, m->blob.len);
	m->offset = rows[variant].offset;
}

/* The one event of a bundle as another kind of object, under a good signature. */
void make_typ(made *m, const test_world *w, int variant)
{
	aval_bundle     *b = t_sample(w, T_ISSUED, NULL);
	aval_cose_signer as = { AVAL_ROLE_SUPPLIER, t_party(w, T_SUPPLIER) };
	uint8_t          envelope[4096];
	size_t           len = sizeof envelope;
	test_parts       p;

	(void)variant;
	t_take_apart(&p, b);
	t_ok(aval_cose_sign_new(envelope, &len, "application/aval-mandate+cbor",
	                        aval_bundle_event(b, 0)->payload, &as, &w->signers[T_SUPPLIER], NULL, err));
	p.events[0] = (aval_bytes){ envelope, len };
	made_finish(m, &p, &p.events[0]);
	m->offset += 7; /* tag, array, and the heads of header, map and key */
	aval_bundle_free(b);
}
