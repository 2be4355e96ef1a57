check_PROGRAMS += tests/conformance/run
tests_conformance_run_SOURCES = tests/conformance/run.c tests/conformance/answers.c tests/conformance/answers.h tests/support/key_words.c tests/support/key_words.h tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h tests/support/world.c tests/support/world.h tests/support/world_private.h tests/support/world_records.c
tests_conformance_run_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_conformance_run_LDADD = checks/libexamine.a $(OBSERVE_LDADD) $(JUDGE_LDADD)
SCENARIOS = $(srcdir)/tests/conformance/*.scenario
EXTRA_DIST += $(SCENARIOS) tests/conformance/scenarios tests/conformance/README.md tests/conformance/elsewhere.txt tests/includes tests/run tests/packages
TESTS += tests/conformance/scenarios tests/includes
