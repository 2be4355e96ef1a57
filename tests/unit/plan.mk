check_PROGRAMS += tests/unit/plan/plan
TESTS += tests/unit/plan/plan
tests_unit_plan_plan_SOURCES = tests/unit/plan/plan.c tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h tests/support/world.c tests/support/world.h tests/support/world_private.h tests/support/world_records.c
tests_unit_plan_plan_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_plan_plan_LDADD = $(PLAN_LDADD) $(CMOCKA_LIBS)
