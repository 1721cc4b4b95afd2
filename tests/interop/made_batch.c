/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles whose events were signed in batches. */
#include "made_parts.h"

#include <aval/batch.h>

enum { MADE = 3 };

static void issue_in_batch(aval_bundle *b[MADE], const test_world *w)
{
	aval_bundle_issue_options options = t_issue_options(w);
	aval_text                 supplier = t_party(w, T_SUPPLIER);
	aval_batch               *batch = NULL;

	t_ok(aval_batch_new(&batch, &w->signers[T_SUPPLIER], NULL, err));
	for (size_t i = 0; i < MADE; i++) {
		options.nonce16[0] = (uint8_t)i;
		t_ok(aval_bundle_issue(&b[i], w->invoice, w->seed32, &options, NULL, err));
		t_ok(aval_batch_add(batch, b[i], AVAL_ROLE_SUPPLIER, supplier.data, supplier.len, err));
	}
	t_ok(aval_batch_sign(batch, err));
	aval_batch_free(batch);
}

static aval_cose_signature signature_of(const aval_bundle *b)
{
	aval_cose_sign      sign = aval_event_cose(aval_bundle_event(b, 0));
	aval_cose_cursor    cursor = AVAL_COSE_CURSOR_INIT;
	aval_cose_signature s;

	ck_assert(aval_cose_sign_next(&cursor, &s, &sign));
	return s;
}

/* The ISSUE of the first bundle with the signature of another event of the batch, whose header is the same. */
static void graft(made *m, const aval_bundle *b, const aval_bundle *other)
{
	aval_cose_sign sign = aval_event_cose(aval_bundle_event(b, 0));
	aval_bytes     header = signature_of(b).header, string = signature_of(other).signature;
	uint8_t        envelope[4096];
	size_t         len = sizeof envelope;
	test_parts     p;

	t_ok(aval_cose_sign_insert(envelope, &len, &sign.body, NULL, header, string, err));
	t_take_apart(&p, b);
	p.events[0] = (aval_bytes){ envelope, len };
	made_finish(m, &p, &p.events[0]);
	m->offset += signature_of(b).offset;
}

void make_batch(made *m, const test_world *w, int variant)
{
	aval_bundle *b[MADE];

	issue_in_batch(b, w);
	if (variant == BATCH_GRAFTED) {
		graft(m, b[0], b[1]);
	} else {
		t_draft_accept(b[0], 0, true);
		t_sign(b[0], w, AVAL_ROLE_DEBTOR, T_DEBTOR);
		m->blob = t_serialize(b[0]);
	}
	for (size_t i = 0; i < MADE; i++)
		aval_bundle_free(b[i]);
}
