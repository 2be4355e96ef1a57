check_PROGRAMS += tests/unit/ui/screens
TESTS += tests/unit/ui/screens
tests_unit_ui_screens_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_ui_screens_LDADD = $(UI_LDADD) $(CMOCKA_LIBS)
