# Fuzz targets over their corpora; tests/fuzz/run builds them with libFuzzer.

check_PROGRAMS += tests/fuzz/certificate
TESTS += tests/fuzz/certificate
tests_fuzz_certificate_SOURCES = tests/fuzz/certificate.c tests/fuzz/driver.c
tests_fuzz_certificate_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_certificate_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/smtp_reply
TESTS += tests/fuzz/smtp_reply
tests_fuzz_smtp_reply_SOURCES = tests/fuzz/smtp_reply.c tests/fuzz/driver.c
tests_fuzz_smtp_reply_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_smtp_reply_LDADD = $(OBSERVE_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/tlsa
TESTS += tests/fuzz/tlsa
tests_fuzz_tlsa_SOURCES = tests/fuzz/tlsa.c tests/fuzz/driver.c
tests_fuzz_tlsa_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_tlsa_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/dnswire
TESTS += tests/fuzz/dnswire
tests_fuzz_dnswire_SOURCES = tests/fuzz/dnswire.c tests/fuzz/driver.c
tests_fuzz_dnswire_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_dnswire_LDADD = $(BASE_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/spf
TESTS += tests/fuzz/spf
tests_fuzz_spf_SOURCES = tests/fuzz/spf.c tests/fuzz/driver.c
tests_fuzz_spf_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_spf_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/dkim
TESTS += tests/fuzz/dkim
tests_fuzz_dkim_SOURCES = tests/fuzz/dkim.c tests/fuzz/driver.c
tests_fuzz_dkim_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_dkim_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/dmarc
TESTS += tests/fuzz/dmarc
tests_fuzz_dmarc_SOURCES = tests/fuzz/dmarc.c tests/fuzz/driver.c
tests_fuzz_dmarc_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_dmarc_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/mtasts_policy
TESTS += tests/fuzz/mtasts_policy
tests_fuzz_mtasts_policy_SOURCES = tests/fuzz/mtasts_policy.c tests/fuzz/driver.c
tests_fuzz_mtasts_policy_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_mtasts_policy_LDADD = $(RECORD_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/evidence
TESTS += tests/fuzz/evidence
tests_fuzz_evidence_SOURCES = tests/fuzz/evidence.c tests/fuzz/driver.c
tests_fuzz_evidence_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_evidence_LDADD = $(EXAMINE_LDADD)

check_PROGRAMS += tests/fuzz/scenario_names
TESTS += tests/fuzz/scenario_names
tests_fuzz_scenario_names_SOURCES = tests/fuzz/scenario_names.c tests/fuzz/driver.c
tests_fuzz_scenario_names_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_scenario_names_LDADD = $(BASE_LDADD) $(BASE_LDADD)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run

check_PROGRAMS += tests/fuzz/request
TESTS += tests/fuzz/request
tests_fuzz_request_SOURCES = tests/fuzz/request.c tests/fuzz/driver.c
tests_fuzz_request_CPPFLAGS = $(AM_CPPFLAGS)
tests_fuzz_request_LDADD = $(REQUEST_LDADD)

check_PROGRAMS += tests/fuzz/lint
TESTS += tests/fuzz/lint
tests_fuzz_lint_SOURCES = tests/fuzz/lint.c tests/fuzz/driver.c
tests_fuzz_lint_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_lint_LDADD = $(EXAMINE_LDADD)

check_PROGRAMS += tests/fuzz/report_uri
TESTS += tests/fuzz/report_uri
tests_fuzz_report_uri_SOURCES = tests/fuzz/report_uri.c tests/fuzz/driver.c
tests_fuzz_report_uri_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_report_uri_LDADD = $(RECORD_LDADD)

check_PROGRAMS += tests/fuzz/facts
TESTS += tests/fuzz/facts
tests_fuzz_facts_SOURCES = tests/fuzz/facts.c tests/fuzz/driver.c
tests_fuzz_facts_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_facts_LDADD = $(STORE_LDADD)

check_PROGRAMS += tests/fuzz/scenario
TESTS += tests/fuzz/scenario
tests_fuzz_scenario_SOURCES = tests/fuzz/scenario.c tests/fuzz/driver.c
tests_fuzz_scenario_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_scenario_LDADD = $(PRACTICE_LDADD)

check_PROGRAMS += tests/fuzz/page
TESTS += tests/fuzz/page
tests_fuzz_page_SOURCES = tests/fuzz/page.c tests/fuzz/driver.c
tests_fuzz_page_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_page_LDADD = $(UI_LDADD)

check_PROGRAMS += tests/fuzz/casefile
TESTS += tests/fuzz/casefile
tests_fuzz_casefile_SOURCES = tests/fuzz/casefile.c tests/fuzz/driver.c
tests_fuzz_casefile_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_casefile_LDADD = $(CASEFILE_LDADD)

check_PROGRAMS += tests/fuzz/registry
TESTS += tests/fuzz/registry
tests_fuzz_registry_SOURCES = tests/fuzz/registry.c tests/fuzz/driver.c
tests_fuzz_registry_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_registry_LDADD = $(RECORD_LDADD)

check_PROGRAMS += tests/fuzz/dkim_message
TESTS += tests/fuzz/dkim_message
tests_fuzz_dkim_message_SOURCES = tests/fuzz/dkim_message.c tests/fuzz/driver.c
tests_fuzz_dkim_message_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_dkim_message_LDADD = $(RECORD_LDADD)

check_PROGRAMS += tests/fuzz/tls_hello
TESTS += tests/fuzz/tls_hello
tests_fuzz_tls_hello_SOURCES = tests/fuzz/tls_hello.c tests/fuzz/driver.c
tests_fuzz_tls_hello_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_tls_hello_LDADD = $(OBSERVE_LDADD) $(BASE_LDADD)

check_PROGRAMS += tests/fuzz/partners
TESTS += tests/fuzz/partners
tests_fuzz_partners_SOURCES = tests/fuzz/partners.c tests/fuzz/driver.c
tests_fuzz_partners_CPPFLAGS = $(AM_CPPFLAGS)
tests_fuzz_partners_LDADD = $(REQUEST_LDADD)

check_PROGRAMS += tests/fuzz/json
TESTS += tests/fuzz/json
tests_fuzz_json_SOURCES = tests/fuzz/json.c tests/fuzz/driver.c
tests_fuzz_json_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_json_LDADD = $(BASE_LDADD)
