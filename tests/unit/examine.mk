check_PROGRAMS += tests/unit/examine/store
TESTS += tests/unit/examine/store
tests_unit_examine_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_examine_store_LDADD = checks/libstore.a $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/judge/damaged
TESTS += tests/unit/judge/damaged
tests_unit_judge_damaged_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_judge_damaged_LDADD = $(EXAMINE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/examine/memory
TESTS += tests/unit/examine/memory
tests_unit_examine_memory_SOURCES = tests/unit/examine/memory.c tests/support/dns_server.c tests/support/dns_server.h
tests_unit_examine_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_examine_memory_LDFLAGS = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
tests_unit_examine_memory_LDADD = $(EXAMINE_LDADD) $(CMOCKA_LIBS)
