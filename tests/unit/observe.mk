check_PROGRAMS += tests/unit/observe/smtp_reply
TESTS += tests/unit/observe/smtp_reply
tests_unit_observe_smtp_reply_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_observe_smtp_reply_LDADD = $(OBSERVE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/observe/smtp
TESTS += tests/unit/observe/smtp
tests_unit_observe_smtp_SOURCES = tests/unit/observe/smtp.c tests/support/mint.c tests/support/mint.h tests/support/stream_server.c tests/support/stream_server.h
tests_unit_observe_smtp_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(TLS_CFLAGS)
tests_unit_observe_smtp_LDADD = $(OBSERVE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/observe/dns
TESTS += tests/unit/observe/dns
tests_unit_observe_dns_SOURCES = tests/unit/observe/dns.c tests/support/dns_server.c tests/support/dns_server.h
tests_unit_observe_dns_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_observe_dns_LDADD = $(OBSERVE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/observe/https
TESTS += tests/unit/observe/https
tests_unit_observe_https_SOURCES = tests/unit/observe/https.c tests/support/mint.c tests/support/mint.h tests/support/stream_server.c tests/support/stream_server.h
tests_unit_observe_https_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(TLS_CFLAGS)
tests_unit_observe_https_LDADD = $(OBSERVE_LDADD) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/observe/signature_memo
TESTS += tests/unit/observe/signature_memo
tests_unit_observe_signature_memo_SOURCES = tests/unit/observe/signature_memo.c tests/support/mint.c tests/support/mint.h
tests_unit_observe_signature_memo_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(TLS_CFLAGS)
tests_unit_observe_signature_memo_LDADD = $(OBSERVE_LDADD) $(CMOCKA_LIBS)
