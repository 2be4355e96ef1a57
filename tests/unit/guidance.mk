check_PROGRAMS += tests/unit/guidance/guidance
TESTS += tests/unit/guidance/guidance
tests_unit_guidance_guidance_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_guidance_guidance_LDADD = $(GUIDANCE_LDADD) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/guidance/ids.txt
