noinst_LIBRARIES += src/request/librequest.a
src_request_librequest_a_CPPFLAGS = $(AM_CPPFLAGS)
src_request_librequest_a_SOURCES = \
  src/request/format_csv.c \
  src/request/format_dnscontrol.c \
  src/request/format_html.c \
  src/request/format_json.c \
  src/request/format_markdown.c \
  src/request/format_nsupdate.c \
  src/request/format_octodns.c \
  src/request/format_route53.c \
  src/request/format_text.c \
  src/request/format_zone.c \
  src/request/host.c \
  src/request/lib.h \
  src/request/partners.c src/request/partners.h \
  src/request/private.h \
  src/request/request.c \
  src/request/sets.c \
  src/request/needs.c \
  src/request/meaning.c src/request/meaning.h \
  src/request/requested.c src/request/requested.h \
  src/request/slips.c src/request/slips.h \
  src/request/verify.c src/request/verify.h \
  src/request/verify_after.c \
  src/request/view.c src/request/view.h \
  src/request/words.c \
  src/request/write.c
REQUEST_LDADD = src/request/librequest.a $(PLAN_LDADD)
