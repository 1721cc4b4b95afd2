/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_CHECK_H
#define AVAL_CHECK_H

#include <aval/base.h>
#include <aval/invoice.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Checks of an imported invoice: whether its sums are right, by the calculation
 * rules of EN 16931 as the official artefacts evaluate them for the syntax at
 * hand, and whether it is fit to be financed, by rules of our own. Every verdict
 * names its rule, the terms involved, what was expected and what was found.
 *
 * Nothing is looked up: code lists, VAT numbers and bank accounts are other
 * validators' work, and a passed check says nothing about whether the goods were
 * delivered or the parties exist. The rules and their tolerances are in
 * docs/spec/checks.md.
 */

/** Weight of a finding. */
typedef enum aval_severity {
	AVAL_SEVERITY_ERROR   = 1, /**< the rule is violated: the invoice is not fit for a token */
	AVAL_SEVERITY_WARNING = 2  /**< to be known before financing; forbids nothing */
} aval_severity;

/** A rule of the rule set; all strings are static. */
typedef struct aval_rule {
	const char   *name;     /**< "BR-CO-10"; our own begin with "AVAL-" */
	aval_severity severity;
	const char   *terms;    /**< terms involved, "BT-106 BG-25/BT-131"; a group without index is each */
	const char   *text;     /**< what must be true, an English sentence fragment */
} aval_rule;

/** One violation of a rule; all text belongs to the check. */
typedef struct aval_finding {
	aval_text     rule;     /**< name of the rule */
	aval_severity severity;
	aval_text     where;    /**< path of the term in question, or "" */
	aval_text     expected; /**< value the rule asks for, or a description of it */
	aval_text     found;    /**< value that stands there; "absent" if none does */
	aval_text     terms;    /**< of the rule */
	aval_text     text;     /**< of the rule */
} aval_finding;

/** What is known beside the invoice. */
typedef struct aval_check_options {
	uint32_t  struct_size; /**< bytes; sizeof(aval_check_options) */
	aval_text today;       /**< YYYY-MM-DD, to find overdue invoices; empty: not asked */
} aval_check_options;

#define AVAL_CHECK_OPTIONS_INIT { sizeof(aval_check_options), { NULL, 0 } }

/** The findings about one invoice; immutable. */
typedef struct aval_check aval_check;

/**
 * Check an invoice against every rule of the rule set.
 *
 * @param[out] check_out  the findings; written on success; the caller frees it with aval_check_free().
 * @param[in]  invoice    an imported invoice; may be freed afterwards.
 * @param[in]  options    may be NULL.
 * @param[in]  allocator  may be NULL; must outlive the check.
 * @param[out] err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  the rules were evaluated; whether the invoice is valid is in the check.
 * @retval AVAL_E_DATE              options->today is not a calendar date.
 * @retval AVAL_E_INVALID_ARGUMENT  options->struct_size is not that of a known version.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  The invoice is borrowed for the call.
 * @par Threads    Const objects only; safe from any thread.
 * @par Source     docs/spec/checks.md; EN 16931-1; the validation artefacts named by aval_check_rule_set().
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_check_invoice(
	aval_check              **check_out,
	const aval_invoice       *invoice,
	const aval_check_options *options,
	const aval_allocator     *allocator,
	aval_error               *err);

/** Free a check and all text of its findings; NULL is fine. */
AVAL_API void aval_check_free(aval_check *check);

/** Whether no finding is an error. */
AVAL_API bool aval_check_is_valid(const aval_check *check);

/** How many findings there are, warnings included. */
AVAL_API size_t aval_check_finding_count(const aval_check *check);

/** The findings, sums first, NULL if there are none; borrowed from the check. */
AVAL_API const aval_finding *aval_check_findings(const aval_check *check);

/** Name and version of the rule set: of the official artefacts and of our own rules. */
AVAL_API const char *aval_check_rule_set(void);

/** All rules of the rule set; their number is stored. Static. */
AVAL_API const aval_rule *aval_check_rules(size_t *count_out);

/** What a token takes over from its invoice. */
typedef struct aval_financing {
	int64_t  payable_minor; /**< amount due (BT-115) in minor units; above 0 */
	char     currency[4];   /**< BT-5, NUL-terminated */
	unsigned exponent;      /**< digits of the currency's minor unit */
	bool     has_due_date;  /**< whether the invoice states one (BT-9) */
	char     due_date[11];  /**< BT-9 as YYYY-MM-DD, NUL-terminated; "" if has_due_date is false */
} aval_financing;

/**
 * Tell what a token over this invoice would say, or why there can be none.
 *
 * This is the gate of ISSUE. It looks at what a token depends on and at nothing else: an invoice whose sums are
 * wrong passes here and fails aval_check_invoice(). Where several reasons apply, the first by the order of the
 * spec is given.
 *
 * @param[out] financing_out  written on success.
 * @param[in]  invoice        an imported invoice.
 * @param[out] err            filled only on failure; where is the term's path; may be NULL.
 *
 * @retval AVAL_OK                        a token may be issued over 1..payable_minor.
 * @retval AVAL_E_INVOICE_CREDIT_NOTE     a CreditNote, or a type code (BT-3) of the credit notes.
 * @retval AVAL_E_INVOICE_TERM_REPEATED   a term that the token depends on stands twice.
 * @retval AVAL_E_INVOICE_TERM_MISSING    a mandatory term is absent or empty, or both due date and terms are.
 * @retval AVAL_E_INVOICE_CURRENCY        BT-5 is no currency of ISO 4217 with minor units.
 * @retval AVAL_E_INVOICE_TERM_VALUE      a type code that makes no claim, a date that is none, an amount due
 *                                        that is no decimal or too fine, a value with a defect.
 * @retval AVAL_E_INVOICE_NOT_PAYABLE     the amount due is zero or negative.
 * @retval AVAL_E_OVERFLOW                the amount due is above 2^63 - 1 minor units.
 *
 * @par Ownership  Nothing is retained.
 * @par Threads    Const objects only; safe from any thread.
 * @par Source     docs/spec/checks.md, section "Money".
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_invoice_financeable(
	aval_financing     *financing_out,
	const aval_invoice *invoice,
	aval_error         *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_CHECK_H */
