check_PROGRAMS += tests/unit/guidance/guidance
TESTS += tests/unit/guidance/guidance
tests_unit_guidance_guidance_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_guidance_guidance_LDADD = $(GUIDANCE_LDADD) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/guidance/ids.txt

check_PROGRAMS += tests/unit/guidance/migration
TESTS += tests/unit/guidance/migration
tests_unit_guidance_migration_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_guidance_migration_LDADD = $(GUIDANCE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/guidance/proposals
TESTS += tests/unit/guidance/proposals
tests_unit_guidance_proposals_SOURCES = tests/unit/guidance/proposals.c tests/conformance/sessions.c tests/conformance/sessions.h tests/support/mint.c tests/support/mint.h tests/support/world.c tests/support/world.h tests/support/world_private.h tests/support/world_records.c
tests_unit_guidance_proposals_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_guidance_proposals_LDADD = $(GUIDANCE_LDADD) $(CMOCKA_LIBS)
