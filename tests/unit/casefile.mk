check_PROGRAMS += tests/unit/casefile/casefile
TESTS += tests/unit/casefile/casefile
tests_unit_casefile_casefile_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_casefile_casefile_LDADD = $(CASEFILE_LDADD) $(CMOCKA_LIBS)
