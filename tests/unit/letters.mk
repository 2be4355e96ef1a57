check_PROGRAMS += tests/unit/letters/letters
TESTS += tests/unit/letters/letters
tests_unit_letters_letters_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_letters_letters_LDADD = $(LETTERS_LDADD) $(CMOCKA_LIBS)
