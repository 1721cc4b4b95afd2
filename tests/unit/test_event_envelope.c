/* SPDX-License-Identifier: Apache-2.0 */
/* Envelopes of tests/vectors/event-envelope.json. */
#include "envelope_vectors.h"

#include "event-envelope.vectors.h"

START_TEST(test_envelope)
{
	check_envelope(&event_envelope_cases[_i]);
}
END_TEST

int main(void)
{
	Suite   *suite = suite_create("event-envelope");
	TCase   *tcase = tcase_create("event-envelope");
	SRunner *runner;
	int      failed;

	tcase_add_loop_test(tcase, test_envelope, 0, EVENT_ENVELOPE_COUNT);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
