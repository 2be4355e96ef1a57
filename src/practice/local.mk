noinst_LIBRARIES += src/practice/libpractice.a
src_practice_libpractice_a_CPPFLAGS = $(AM_CPPFLAGS) $(TLS_CFLAGS)
src_practice_libpractice_a_SOURCES = \
  src/practice/answer.c src/practice/answer.h \
  src/practice/certificates.c src/practice/certificates.h \
  src/practice/dns_server.c \
  src/practice/estate.c \
  src/practice/https_server.c \
  src/practice/lib.h \
  src/practice/link.c src/practice/link.h \
  src/practice/provider.c src/practice/provider.h \
  src/practice/provider_server.c \
  src/practice/provider_slips.c \
  src/practice/scenario.c src/practice/scenario.h \
  src/practice/scenario_read.c \
  src/practice/servers.h \
  src/practice/smtp_server.c \
  src/practice/sockets.c \
  src/practice/words.c src/practice/words.h
PRACTICE_LDADD = src/practice/libpractice.a src/request/librequest.a $(BASE_LDADD) $(TLS_LIBS)
