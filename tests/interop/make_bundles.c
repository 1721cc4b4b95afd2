/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes tests/vectors/bundle-verify.json, or with the argument "sample" docs/spec/sample/sample.aval: bundles,
 * good and bad, with what a verifier must say of them. The bundles are made by the library and by hand, the
 * expectations are written down here, from docs/spec/bundle.md. A test holds the file against what this program
 * writes.
 */
#include "make_bundles.h"

static void put_text(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void put_hex(const test_blob *blob)
{
	putchar('"');
	for (size_t i = 0; i < blob->len; i++)
		printf("%02x", blob->data[i]);
	putchar('"');
}

static int who_is(const char *word, size_t len)
{
	static const char *const names[] = { "supplier", "debtor", "factor", "stranger" };

	for (int i = 0; i < T_PARTIES; i++)
		if (strlen(names[i]) == len && strncmp(names[i], word, len) == 0)
			return i;
	return -1;
}

/* "supplier,debtor=lei:...,lei=stranger" to key ids. */
static void put_trust(const test_world *w, const char *trust)
{
	const char *comma = "";

	while (*trust != '\0') {
		size_t len = strcspn(trust, ",="), item = strcspn(trust, ",");
		int    who = who_is(trust, len);

		if (who >= 0)
			printf("%s\"%s%.*s\"", comma, w->parties[who], (int)(item - len), trust + len);
		else
			printf("%s\"%.*s=%s\"", comma, (int)len, trust,
			       w->parties[who_is(trust + len + 1, item - len - 1)]);
		comma = ", ";
		trust += item + (trust[item] == ',');
	}
}

static void put_at(int64_t at_ms)
{
	if (at_ms == 0)
		printf(", \"at\": null");
	else
		printf(", \"at\": %lld", (long long)at_ms);
}

static void put_objects(const char *label, const char *names)
{
	char        name[100];
	const char *comma = "";

	printf(",\n    \"%s\": [", label);
	for (; made_next_name(&names, name); comma = ", ") {
		test_blob object;

		object.data = made_object(&object.len, name);
		printf("%s", comma);
		put_hex(&object);
		free(object.data);
	}
	printf("]");
}

/* What proves certificates, where a case has any. */
static void put_anchors(const made_case *c)
{
	if (c->anchors == NULL)
		return;
	put_objects("anchors", c->anchors);
	put_objects("crls", c->crls);
	printf(", \"crl_mode\": \"%s\"", c->crl_mode);
}

static const char *verdict_of(char letter)
{
	return letter == 'p' ? "pass" : letter == 'f' ? "fail" : "not checked";
}

static void put_checks(const char *verdicts)
{
	for (int i = 0; i < AVAL_CHECK_COUNT; i++)
		printf("%s\"%s\": \"%s\"", i == 0 ? "" : ", ", aval_check_id_name((aval_check_id)(i + 1)),
		       verdict_of(verdicts[i]));
}

static void put_case(const test_world *w, const made_case *c, bool is_last)
{
	made m = { { NULL, 0 }, AVAL_NO_OFFSET };

	c->make(&m, w, c->variant);
	printf("  {\"id\": ");
	put_text(c->id);
	printf(", \"comment\": ");
	put_text(c->comment);
	printf(",\n   \"input\": {\"trust\": [");
	put_trust(w, c->trust);
	printf("], \"without\": ");
	put_text(c->without);
	put_at(c->at_ms);
	put_anchors(c);
	printf(",\n    \"bundle\": ");
	put_hex(&m.blob);
	printf("},\n   \"expect\": {\"result\": \"%s\", \"checks\": {", c->result);
	put_checks(c->verdicts);
	printf("},\n    \"row\": \"%s\", \"status\": \"%s\", \"offset\": ", c->row,
	       aval_status_name(c->status));
	if (m.offset == AVAL_NO_OFFSET || c->status == AVAL_OK)
		printf("null");
	else
		printf("%zu", m.offset);
	printf("}}%s\n", is_last ? "" : ",");
	free(m.blob.data);
}

START_TEST(write_all)
{
	test_world       w;
	size_t           count;
	const made_case *cases = made_cases(&count);

	t_world_init(&w);
	printf("{\"format\": \"aval bundle\", \"source\": \"tests/interop/make_bundles.c\", \"count\": %zu,"
	       " \"cases\": [\n",
	       count);
	for (size_t i = 0; i < count; i++)
		put_case(&w, &cases[i], i + 1 == count);
	printf("]}\n");
	t_world_clear(&w);
}
END_TEST

START_TEST(write_sample)
{
	test_world w;
	test_blob  sample;

	t_world_init(&w);
	sample = t_sample_bytes(&w, T_ASSIGNED);
	ck_assert_uint_eq(fwrite(sample.data, 1, sample.len, stdout), sample.len);
	free(sample.data);
	t_world_clear(&w);
}
END_TEST

/* The fixture speaks through Check, so this is a test of its own, whose product is what it prints. */
int main(int argc, char **argv)
{
	Suite       *s = suite_create("make_bundles");
	TCase       *tc = tcase_create("write");
	SRunner     *sr = srunner_create(s);
	TestResult **results;
	int          failed;

	if (argc == 2 && strcmp(argv[1], "sample") == 0)
		tcase_add_test(tc, write_sample);
	else
		tcase_add_test(tc, write_all);
	suite_add_tcase(s, tc);
	srunner_set_fork_status(sr, CK_NOFORK);
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	results = srunner_failures(sr);
	for (int i = 0; i < failed; i++)
		fprintf(stderr, "%s:%d: %s\n", tr_lfile(results[i]), tr_lno(results[i]), tr_msg(results[i]));
	free(results);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
