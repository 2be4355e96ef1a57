check_PROGRAMS += tests/unit/judge/tls
TESTS += tests/unit/judge/tls
tests_unit_judge_tls_SOURCES = tests/unit/judge/tls.c tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h
tests_unit_judge_tls_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_judge_tls_LDADD = $(JUDGE_LDADD) $(CMOCKA_LIBS)
