noinst_LIBRARIES += checks/observe/libobserve.a
checks_observe_libobserve_a_CPPFLAGS = $(AM_CPPFLAGS) $(CARES_CFLAGS) $(TLS_CFLAGS) $(CURL_CFLAGS)
checks_observe_libobserve_a_SOURCES = \
  checks/observe/connect.c checks/observe/connect.h \
  checks/observe/curl_library.c checks/observe/curl_library.h \
  checks/observe/dns.c \
  checks/observe/dns_channel.c checks/observe/dns_channel.h \
  checks/observe/dns_servers.c checks/observe/dns_servers.h \
  checks/observe/dns_pace.c checks/observe/dns_pace.h \
  checks/observe/dns_window.c checks/observe/dns_window.h \
  checks/observe/host_budget.c checks/observe/host_budget.h \
  checks/observe/https.c \
  checks/observe/lib.h \
  checks/observe/observers.c \
  checks/observe/private.h \
  checks/observe/signature_memo.c checks/observe/signature_memo.h \
  checks/observe/smtp.c checks/observe/smtp_private.h \
  checks/observe/smtp_reply.c checks/observe/smtp_reply.h \
  checks/observe/smtp_self.c checks/observe/smtp_self.h \
  checks/observe/smtp_send.c \
  checks/observe/smtp_stages.c \
  checks/observe/smtp_tls.c \
  checks/observe/tls_client.c checks/observe/tls_client.h \
  checks/observe/tls_flight.c checks/observe/tls_flight.h \
  checks/observe/tls_hello.c checks/observe/tls_hello.h
OBSERVE_LDADD = checks/observe/libobserve.a $(STORE_LDADD) $(CARES_LIBS) $(TLS_LIBS)
