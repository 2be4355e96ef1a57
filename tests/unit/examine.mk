check_PROGRAMS += tests/unit/examine/store
TESTS += tests/unit/examine/store
tests_unit_examine_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_examine_store_LDADD = checks/libstore.a $(RECORD_LDADD) $(CMOCKA_LIBS)
