practicedir = $(pkgdatadir)/practice
dist_practice_DATA = \
  data/practice/README.md \
  data/practice/department.scenario \
  data/practice/exampleshire.scenario \
  data/practice/finished.scenario \
  data/practice/parked.scenario

factsdir = $(pkgdatadir)/facts
dist_facts_DATA = \
  data/facts/README.md \
  data/facts/services.json \
  data/facts/dns-hosts.json \
  data/facts/mail-systems.json
