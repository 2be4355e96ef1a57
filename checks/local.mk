noinst_LIBRARIES += checks/libstore.a checks/libexamine.a
checks_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
checks_libstore_a_SOURCES = \
  checks/catalogue.c checks/catalogue.h \
  checks/catalogue/ns.c \
  checks/catalogue/mx.c \
  checks/catalogue/address.c \
  checks/catalogue/spf.c \
  checks/catalogue/dkim.c \
  checks/catalogue/dmarc.c \
  checks/catalogue/tlsrpt.c \
  checks/catalogue/verify.c \
  checks/catalogue/mtasts.c \
  checks/catalogue/tls.c \
  checks/catalogue/dane.c \
  checks/catalogue/parked.c \
  checks/catalogue/gsi.c \
  checks/catalogue/plan.c \
  checks/facts.c checks/facts.h checks/facts_match.c \
  checks/finding.c checks/finding.h \
  checks/inquiry.h \
  checks/key_book.c checks/key_book.h \
  checks/observation.c \
  checks/parsed.c checks/parsed.h \
  checks/question.c \
  checks/store.c checks/store.h checks/store_private.h \
  checks/store_json.c \
  checks/store_sessions.c
STORE_LDADD = checks/libstore.a $(RECORD_LDADD)

checks_libexamine_a_CPPFLAGS = $(AM_CPPFLAGS)
checks_libexamine_a_SOURCES = \
  checks/examine.c checks/examine.h
EXAMINE_LDADD = checks/libexamine.a $(OBSERVE_LDADD) $(JUDGE_LDADD)
