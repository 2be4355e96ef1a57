# The base room alone.
check_PROGRAMS += tests/unit/base/name
TESTS += tests/unit/base/name
tests_unit_base_name_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_base_name_LDADD = $(BASE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/base/text
TESTS += tests/unit/base/text
tests_unit_base_text_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_base_text_LDADD = $(BASE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/base/address
TESTS += tests/unit/base/address
tests_unit_base_address_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_base_address_LDADD = $(BASE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/base/file
TESTS += tests/unit/base/file
tests_unit_base_file_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_base_file_LDADD = $(BASE_LDADD) $(CMOCKA_LIBS)


check_PROGRAMS += tests/unit/base/json
TESTS += tests/unit/base/json
tests_unit_base_json_SOURCES = tests/unit/base/json.c tests/fuzz/json.c
tests_unit_base_json_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_base_json_LDADD = $(BASE_LDADD) $(CMOCKA_LIBS)
