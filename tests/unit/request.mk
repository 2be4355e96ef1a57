check_PROGRAMS += tests/unit/request/partners
TESTS += tests/unit/request/partners
tests_unit_request_partners_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_request_partners_LDADD = $(REQUEST_LDADD) $(CMOCKA_LIBS)
