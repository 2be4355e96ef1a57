check_PROGRAMS += tests/unit/record/certificate
TESTS += tests/unit/record/certificate
tests_unit_record_certificate_SOURCES = tests/unit/record/certificate.c tests/support/mint.c tests/support/mint.h
tests_unit_record_certificate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_certificate_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/tlsa
TESTS += tests/unit/record/tlsa
tests_unit_record_tlsa_SOURCES = tests/unit/record/tlsa.c tests/support/mint.c tests/support/mint.h
tests_unit_record_tlsa_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_tlsa_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/spf
TESTS += tests/unit/record/spf
tests_unit_record_spf_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_record_spf_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/spf_macro
TESTS += tests/unit/record/spf_macro
tests_unit_record_spf_macro_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_record_spf_macro_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/dkim_message
TESTS += tests/unit/record/dkim_message
tests_unit_record_dkim_message_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_dkim_message_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/dnssec
TESTS += tests/unit/record/dnssec
tests_unit_record_dnssec_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_dnssec_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/caa
TESTS += tests/unit/record/caa
tests_unit_record_caa_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_caa_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/record/rdap
TESTS += tests/unit/record/rdap
tests_unit_record_rdap_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_record_rdap_LDADD = $(RECORD_LDADD) $(CMOCKA_LIBS)
