# Help pages, one folder a language.
helpendir = $(pkgdatadir)/help/en
dist_helpen_DATA = \
  help/en/certificates.md \
  help/en/change-requests.md \
  help/en/checks.md \
  help/en/communicate.md \
  help/en/contacts.md \
  help/en/dane.md \
  help/en/digital-services.md \
  help/en/dkim.md \
  help/en/dmarc.md \
  help/en/dns-hosts.md \
  help/en/domains.md \
  help/en/evidence.md \
  help/en/footers.md \
  help/en/glossary.md \
  help/en/gsi.md \
  help/en/guidance-2020.md \
  help/en/inbound.md \
  help/en/keys.md \
  help/en/logs.md \
  help/en/monitoring.md \
  help/en/mta-sts.md \
  help/en/mx.md \
  help/en/parked.md \
  help/en/plain.md \
  help/en/practice.md \
  help/en/prepare.md \
  help/en/psn.md \
  help/en/ptr.md \
  help/en/services.md \
  help/en/settings.md \
  help/en/spf.md \
  help/en/start.md \
  help/en/subdomains.md \
  help/en/tls-rpt.md \
  help/en/tls-rules.md \
  help/en/tls.md \
  help/en/troubleshooting.md
