/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of events that are yet to be signed: what the token does not refuse, in bytes. */
#include "token/table.h"
#include "token/token.h"

static aval_status check_size(uint32_t found, size_t want, aval_error *err)
{
	if (found == want)
		return AVAL_OK;
	return aval_fail(err, AVAL_E_INVALID_ARGUMENT, "options.struct_size",
	                 "the size is not that of the options");
}

/* Everything but what is known only after judging: the signers. */
static aval_status check_fields(aval_content *x, aval_error *err)
{
	aval_codec c;

	aval_codec_write(&c, NULL, 0);
	aval_code_payload(&c, x);
	return aval_codec_ok(&c) ? AVAL_OK : aval_fail(err, c.status, c.where, c.reason);
}

static void code(aval_codec *c, void *content)
{
	aval_code_payload(c, content);
}

aval_status aval_payload_write(uint8_t *out, size_t *len_inout, aval_content *x, aval_error *err)
{
	return aval_codec_write_map(out, len_inout, code, x, "event", err);
}

static void set_times(aval_event *e, aval_event_times times)
{
	e->claimed_ms = times.claimed_ms;
	e->register_by_ms = times.register_by_ms;
}

aval_status aval_issue_build(uint8_t *payload_out, size_t *len_inout, const aval_issue_options *options,
                             aval_error *err)
{
	aval_status       status = check_size(options->struct_size, sizeof *options, err);
	aval_content      x = { .event.type = AVAL_EVENT_ISSUE };
	aval_event_signer signer;

	if (status != AVAL_OK)
		return status;
	set_times(&x.event, options->times);
	x.event.registry = options->registry;
	x.event.internal.as.issue = options->issue;
	signer.role = options->by_debtor ? AVAL_ROLE_DEBTOR : AVAL_ROLE_SUPPLIER;
	signer.party = options->by_debtor ? options->issue.debtor : options->issue.supplier;
	x.signers = &signer;
	x.event.signer_count = 1;
	return aval_payload_write(payload_out, len_inout, &x, err);
}

/* Complete the content from the token, and write it if the token takes it. */
static aval_status build(uint8_t *out, size_t *len_inout, const aval_token *token, aval_content *x,
                         aval_error *err)
{
	aval_transition t;
	aval_status     status;

	x->event.registry = aval_token_registry(token);
	aval_token_id(x->event.token32, token);
	aval_token_record(&x->event.record_seq, x->event.record_head32, token);
	status = check_fields(x, err);
	if (status == AVAL_OK)
		status = aval_transition_judge(&t, token, x, err);
	if (status != AVAL_OK)
		return status;
	x->signers = t.signers;
	x->event.signer_count = t.signer_count;
	return aval_payload_write(out, len_inout, x, err);
}

aval_status aval_accept_build(uint8_t *payload_out, size_t *len_inout, const aval_token *token,
                              const aval_accept_options *options, aval_error *err)
{
	aval_status  status = check_size(options->struct_size, sizeof *options, err);
	aval_content x = { .event.type = AVAL_EVENT_ACCEPT };

	if (status != AVAL_OK)
		return status;
	set_times(&x.event, options->times);
	x.event.internal.as.accept = options->accept;
	return build(payload_out, len_inout, token, &x, err);
}

aval_status aval_reject_build(uint8_t *payload_out, size_t *len_inout, const aval_token *token,
                              const aval_reject_options *options, aval_error *err)
{
	aval_status  status = check_size(options->struct_size, sizeof *options, err);
	aval_content x = { .event.type = AVAL_EVENT_REJECT };

	if (status != AVAL_OK)
		return status;
	set_times(&x.event, options->times);
	x.event.internal.as.reject = options->reject;
	return build(payload_out, len_inout, token, &x, err);
}

aval_status aval_void_build(uint8_t *payload_out, size_t *len_inout, const aval_token *token,
                            const aval_void_options *options, aval_error *err)
{
	aval_status  status = check_size(options->struct_size, sizeof *options, err);
	aval_content x = { .event.type = AVAL_EVENT_VOID };

	if (status != AVAL_OK)
		return status;
	set_times(&x.event, options->times);
	return build(payload_out, len_inout, token, &x, err);
}

aval_status aval_assign_build(uint8_t *payload_out, size_t *len_inout, const aval_token *token,
                              const aval_assign_options *options, aval_error *err)
{
	aval_status  status = check_size(options->struct_size, sizeof *options, err);
	aval_content x = { .event.type = AVAL_EVENT_ASSIGN };

	if (status != AVAL_OK)
		return status;
	set_times(&x.event, options->times);
	x.inputs = options->inputs;
	x.event.input_count = options->input_count;
	x.outputs = options->outputs;
	x.event.output_count = options->output_count;
	x.event.internal.as.assign = options->assign;
	return build(payload_out, len_inout, token, &x, err);
}
