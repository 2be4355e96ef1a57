check_PROGRAMS += tests/unit/casefile/casefile
TESTS += tests/unit/casefile/casefile
tests_unit_casefile_casefile_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_casefile_casefile_LDADD = $(CASEFILE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/casefile/damaged
TESTS += tests/unit/casefile/damaged
tests_unit_casefile_damaged_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_casefile_damaged_LDADD = $(CASEFILE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/casefile/shared
TESTS += tests/unit/casefile/shared
tests_unit_casefile_shared_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_casefile_shared_LDADD = $(CASEFILE_LDADD) $(CMOCKA_LIBS)
