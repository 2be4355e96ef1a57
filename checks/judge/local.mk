noinst_LIBRARIES += checks/judge/libjudge.a
checks_judge_libjudge_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
checks_judge_libjudge_a_SOURCES = \
  checks/judge/address.c checks/judge/address_private.h \
  checks/judge/address_helo.c \
  checks/judge/address_pointers.c \
  checks/judge/answers.c checks/judge/answers.h \
  checks/judge/dane.c checks/judge/dane.h \
  checks/judge/dane_text.c \
  checks/judge/dkim.c checks/judge/dkim.h \
  checks/judge/dkim_key.c \
  checks/judge/dkim_message.c \
  checks/judge/dkim_selectors.c \
  checks/judge/dkim_services.c \
  checks/judge/dns_reason.c \
  checks/judge/dmarc.c checks/judge/dmarc.h \
  checks/judge/dmarc_answers.c \
  checks/judge/dmarc_discovery.c \
  checks/judge/dmarc_reports.c \
  checks/judge/dmarc_text.c \
  checks/judge/gsi.c checks/judge/gsi.h checks/judge/gsi_private.h \
  checks/judge/gsi_hosts.c \
  checks/judge/gsi_old.c \
  checks/judge/gsi_records.c \
  checks/judge/judge.c \
  checks/judge/mtasts.c checks/judge/mtasts.h \
  checks/judge/mtasts_fetch.c \
  checks/judge/mtasts_policy.c \
  checks/judge/mx.c checks/judge/mx_private.h \
  checks/judge/mx_set.c \
  checks/judge/ns.c checks/judge/ns_private.h \
  checks/judge/ns_caa.c \
  checks/judge/ns_cname.c \
  checks/judge/ns_dnssec.c \
  checks/judge/ns_failure.c \
  checks/judge/ns_misplaced.c \
  checks/judge/ns_registry.c \
  checks/judge/ns_server_data.c \
  checks/judge/ns_servers.c \
  checks/judge/ns_text.c \
  checks/judge/ns_zone.c \
  checks/judge/parked.c \
  checks/judge/parked_records.c \
  checks/judge/profile.c \
  checks/judge/registry.c checks/judge/registry.h \
  checks/judge/spf.c checks/judge/spf.h checks/judge/spf_private.h \
  checks/judge/spf_ranges.c \
  checks/judge/spf_services.c \
  checks/judge/spf_terms.c \
  checks/judge/spf_text.c \
  checks/judge/spf_evaluate.c checks/judge/spf_evaluate.h \
  checks/judge/spf_tree.c checks/judge/spf_tree.h \
  checks/judge/mail_hosts.c checks/judge/mail_hosts.h \
  checks/judge/tls.c checks/judge/tls_private.h \
  checks/judge/tls_answers.c \
  checks/judge/tls_certificate.c \
  checks/judge/tls_conversation.c \
  checks/judge/tls_deep.c \
  checks/judge/tls_reach.c \
  checks/judge/tls_session.c \
  checks/judge/tls_sts.c \
  checks/judge/tlsrpt.c checks/judge/tlsrpt.h \
  checks/judge/lib.h
JUDGE_LDADD = checks/judge/libjudge.a $(STORE_LDADD)
