check_PROGRAMS += tests/unit/practice/scenario tests/unit/practice/answer tests/unit/practice/estate tests/unit/practice/provider
TESTS += tests/unit/practice/scenario tests/unit/practice/answer tests/unit/practice/estate tests/unit/practice/provider
tests_unit_practice_scenario_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(TLS_CFLAGS) -DPRACTICE_DATA='"$(abs_top_srcdir)/data/practice"'
tests_unit_practice_scenario_LDADD = $(PRACTICE_LDADD) $(CMOCKA_LIBS)
tests_unit_practice_answer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_practice_answer_LDADD = $(PRACTICE_LDADD) $(CMOCKA_LIBS)
tests_unit_practice_estate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(TLS_CFLAGS)
tests_unit_practice_estate_LDADD = $(PRACTICE_LDADD) $(CMOCKA_LIBS)
tests_unit_practice_provider_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_practice_provider_LDADD = $(PRACTICE_LDADD) $(CMOCKA_LIBS)
