check_PROGRAMS += tests/unit/judge/catalogue
TESTS += tests/unit/judge/catalogue
tests_unit_judge_catalogue_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_judge_catalogue_LDADD = $(JUDGE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/spf_evaluate
TESTS += tests/unit/judge/spf_evaluate
tests_unit_judge_spf_evaluate_SOURCES = tests/unit/judge/spf_evaluate.c tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h tests/support/world.c tests/support/world.h tests/support/world_private.h tests/support/world_records.c
tests_unit_judge_spf_evaluate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_judge_spf_evaluate_LDADD = checks/libexamine.a $(OBSERVE_LDADD) $(JUDGE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/facts
TESTS += tests/unit/judge/facts
tests_unit_judge_facts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_judge_facts_LDADD = checks/libstore.a $(RECORD_LDADD) $(CMOCKA_LIBS)
