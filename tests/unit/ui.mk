check_PROGRAMS += tests/unit/ui/screens tests/unit/ui/hostile
TESTS += tests/unit/ui/screens tests/unit/ui/hostile
tests_unit_ui_screens_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ui_screens_LDADD = $(UI_LDADD) $(CMOCKA_LIBS)
tests_unit_ui_hostile_SOURCES = tests/unit/ui/hostile.c $(PLAN_TEST_SUPPORT)
tests_unit_ui_hostile_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_ui_hostile_LDADD = $(UI_LDADD) $(CMOCKA_LIBS)
