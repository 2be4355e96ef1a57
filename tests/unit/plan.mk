PLAN_TEST_SUPPORT = tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h tests/support/world.c tests/support/world.h tests/support/world_private.h tests/support/world_records.c
PLAN_TEST_ROWS = tests/unit/plan/rows.c tests/unit/plan/rows.h $(PLAN_TEST_SUPPORT)

check_PROGRAMS += tests/unit/plan/plan tests/unit/plan/spf tests/unit/plan/dmarc tests/unit/plan/dkim tests/unit/plan/others
TESTS += tests/unit/plan/plan tests/unit/plan/spf tests/unit/plan/dmarc tests/unit/plan/dkim tests/unit/plan/others
tests_unit_plan_plan_SOURCES = tests/unit/plan/plan.c tests/support/domains.c tests/support/domains.h tests/support/domains_keys.h $(PLAN_TEST_SUPPORT)
tests_unit_plan_plan_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_plan_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)

tests_unit_plan_spf_SOURCES = tests/unit/plan/spf.c $(PLAN_TEST_ROWS)
tests_unit_plan_spf_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_spf_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)

tests_unit_plan_dmarc_SOURCES = tests/unit/plan/dmarc.c $(PLAN_TEST_ROWS)
tests_unit_plan_dmarc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_dmarc_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)

tests_unit_plan_dkim_SOURCES = tests/unit/plan/dkim.c $(PLAN_TEST_ROWS)
tests_unit_plan_dkim_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_dkim_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)

tests_unit_plan_others_SOURCES = tests/unit/plan/others.c $(PLAN_TEST_ROWS)
tests_unit_plan_others_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_others_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/plan/prove
TESTS += tests/unit/plan/prove
tests_unit_plan_prove_SOURCES = tests/unit/plan/prove.c tests/support/key_words.c tests/support/key_words.h $(PLAN_TEST_SUPPORT)
tests_unit_plan_prove_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_prove_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)
