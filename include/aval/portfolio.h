/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AVAL_PORTFOLIO_H
#define AVAL_PORTFOLIO_H

#include <aval/base.h>
#include <aval/executor.h>
#include <aval/verify.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Verification of many files by one policy. Each gets the very report that
 * aval_verify() would make of it alone; what the files have in common, ancestors
 * of their notes and signatures of whole batches, is verified once. An executor
 * spreads the work over cores. Nothing is concluded from several files
 * together: that two of them contradict each other, a registry has to say.
 */

/**
 * Files to be verified together. Memory: what it borrows, 64 bytes a file and some 80 a distinct signature; and, for
 * each task that runs at once, what two verifications take.
 */
typedef struct aval_portfolio aval_portfolio;

/** What the files of a portfolio came to. */
typedef struct aval_portfolio_summary {
	size_t valid, invalid, incomplete; /**< files */
	size_t signatures;          /**< verified, of all files together */
	size_t distinct_signatures; /**< of these, by key, bytes signed and signature; a batch's counts once */
	size_t batches;             /**< distinct signatures of batches */
} aval_portfolio_summary;

/**
 * Make an empty portfolio.
 *
 * @param[out] portfolio_out  the portfolio; written on success.
 * @param[in]  policy         whom to rely on; NULL trusts nobody and requires every check.
 * @param[in]  executor       how to run on several cores; NULL is the calling thread alone.
 * @param[in]  allocator      may be NULL. With an executor it is called from several threads at once.
 * @param[out] err            filled only on failure; may be NULL.
 *
 * @retval AVAL_OK                  portfolio_out is to be released by aval_portfolio_free().
 * @retval AVAL_E_INVALID_ARGUMENT  the executor is not filled in.
 * @retval AVAL_E_NO_MEMORY         the allocator returned NULL.
 *
 * @par Ownership  policy, executor and allocator are kept and must outlive the portfolio.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-portfolio.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_portfolio_new(
	aval_portfolio      **portfolio_out,
	const aval_policy    *policy,
	const aval_executor  *executor,
	const aval_allocator *allocator,
	aval_error           *err);

/** Release a portfolio; NULL is nothing. */
AVAL_API void aval_portfolio_free(aval_portfolio *portfolio);

/**
 * Add a file; its index is the count that the portfolio had.
 *
 * @param[in,out] portfolio  the portfolio; unchanged on failure.
 * @param[in]     data       len bytes, as for aval_verify().
 * @param[in]     len        bytes.
 * @param[out]    err        filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           the file will be verified by the next aval_portfolio_verify().
 * @retval AVAL_E_NO_MEMORY  the allocator returned NULL.
 *
 * @par Ownership  data is borrowed and must outlive the portfolio.
 * @par Threads    Exclusive.
 * @par Source     none.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_portfolio_add(
	aval_portfolio *portfolio,
	const uint8_t  *data, size_t len,
	aval_error     *err);

/** Files of the portfolio. */
AVAL_API size_t aval_portfolio_count(const aval_portfolio *portfolio);

/**
 * Verify every file that was added since the last call.
 *
 * @param[in,out] portfolio  the portfolio.
 * @param[out]    err        filled only on failure; may be NULL. Its cause is the status of the row that decided for
 *                           the first file, by index, that is as bad as the result.
 *
 * @retval AVAL_OK                   all files of the portfolio are valid; so are none.
 * @retval AVAL_E_VERIFY_INVALID     one of them is invalid.
 * @retval AVAL_E_VERIFY_INCOMPLETE  none is invalid, one is incomplete.
 * @retval AVAL_E_NO_MEMORY          the allocator, or a library underneath, was out of memory: some files are verified,
 *                                   others as if they had just been added; the call may be repeated.
 *
 * @par Ownership  Nothing is retained but results.
 * @par Threads    Exclusive; it runs on the executor's threads.
 * @par Source     docs/spec/bundle.md#ver-portfolio.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_portfolio_verify(
	aval_portfolio *portfolio,
	aval_error     *err);

/** Result of one file; AVAL_RESULT_INCOMPLETE before it was verified, and where index is not below the count. */
AVAL_API aval_result aval_portfolio_result(const aval_portfolio *portfolio, size_t index);

/** What the files verified so far came to. */
AVAL_API void aval_portfolio_summarize(
	aval_portfolio_summary *summary_out,
	const aval_portfolio   *portfolio);

/**
 * Have the report of one file, equal to what aval_verify() makes of it. It is made anew; signatures that were found
 * valid before are not verified again.
 *
 * @param[out]    report_out  the report; written on success.
 * @param[in,out] portfolio   the portfolio.
 * @param[in]     index       the file.
 * @param[out]    err         filled only on failure; may be NULL.
 *
 * @retval AVAL_OK           report_out holds the file's report, whatever its result.
 * @retval AVAL_E_NOT_FOUND  index is not below the count.
 * @retval AVAL_E_NO_MEMORY  the allocator, or a library underneath, was out of memory.
 *
 * @par Ownership  The report is the portfolio's, until the next call with it.
 * @par Threads    Exclusive.
 * @par Source     docs/spec/bundle.md#ver-portfolio.
 */
AVAL_API AVAL_MUST_CHECK aval_status aval_portfolio_report(
	const aval_report **report_out,
	aval_portfolio     *portfolio,
	size_t              index,
	aval_error         *err);

#ifdef __cplusplus
}
#endif

#endif /* AVAL_PORTFOLIO_H */
