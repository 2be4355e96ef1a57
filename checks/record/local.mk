noinst_LIBRARIES += checks/record/librecord.a
checks_record_librecord_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
checks_record_librecord_a_SOURCES = \
  checks/record/certificate.c checks/record/certificate.h \
  checks/record/certificate_match.c \
  checks/record/certificate_path.c \
  checks/record/certificate_x509.h \
  checks/record/base64.c checks/record/base64.h \
  checks/record/caa.c checks/record/caa.h \
  checks/record/dnssec.c checks/record/dnssec.h \
  checks/record/rdap.c checks/record/rdap.h \
  checks/record/tlsa.c checks/record/tlsa.h \
  checks/record/dkim.c checks/record/dkim.h \
  checks/record/dkim_canon.c checks/record/dkim_canon.h \
  checks/record/dkim_message.c checks/record/dkim_message.h \
  checks/record/message_from.c \
  checks/record/dkim_signature.c checks/record/dkim_signature.h \
  checks/record/dkim_verify.c checks/record/dkim_verify.h \
  checks/record/dkim_rsa.c checks/record/dkim_rsa.h \
  checks/record/dmarc.c checks/record/dmarc.h \
  checks/record/lib.h \
  checks/record/mtasts_policy.c checks/record/mtasts_policy.h \
  checks/record/report_uri.c checks/record/report_uri.h \
  checks/record/taglist.c checks/record/taglist.h \
  checks/record/spf.c checks/record/spf.h \
  checks/record/spf_macro.c
RECORD_LDADD = checks/record/librecord.a $(BASE_LDADD) $(CRYPTO_LIBS)
