noinst_LIBRARIES += checks/record/librecord.a
checks_record_librecord_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
checks_record_librecord_a_SOURCES = \
  checks/record/certificate.c checks/record/certificate.h \
  checks/record/certificate_match.c \
  checks/record/certificate_path.c \
  checks/record/certificate_x509.h \
  checks/record/tlsa.c checks/record/tlsa.h \
  checks/record/lib.h \
  checks/record/spf.c checks/record/spf.h \
  checks/record/spf_macro.c
RECORD_LDADD = checks/record/librecord.a $(BASE_LDADD) $(CRYPTO_LIBS)
