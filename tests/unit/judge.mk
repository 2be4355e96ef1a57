check_PROGRAMS += tests/unit/judge/catalogue
TESTS += tests/unit/judge/catalogue
tests_unit_judge_catalogue_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_judge_catalogue_LDADD = $(JUDGE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/facts
TESTS += tests/unit/judge/facts
tests_unit_judge_facts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_judge_facts_LDADD = checks/libstore.a $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/spf_tree
TESTS += tests/unit/judge/spf_tree
tests_unit_judge_spf_tree_SOURCES = tests/unit/judge/spf_tree.c $(PLAN_TEST_SUPPORT)
tests_unit_judge_spf_tree_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_judge_spf_tree_LDADD = $(EXAMINE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/key_book
TESTS += tests/unit/judge/key_book
tests_unit_judge_key_book_SOURCES = tests/unit/judge/key_book.c
tests_unit_judge_key_book_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_judge_key_book_LDADD = $(EXAMINE_LDADD) $(CMOCKA_LIBS)
