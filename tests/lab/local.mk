# Real servers: not of `make check`, since they are slow to install; tests/run runs them.
LAB = tests/lab/run tests/lab/lab.py tests/lab/check.py tests/lab/cases.py tests/lab/hostile.py tests/lab/check.expected tests/lab/slips.py tests/lab/rehearse.py tests/lab/waiting.py tests/lab/formats.py tests/lab/ticket.py tests/lab/spf_compare.py
EXTRA_DIST += $(LAB) tests/lab/zones tests/lab/ticket
LAB += tests/lab/roundtrip.py tests/lab/dkim_compare.py
check_PROGRAMS += tests/lab/planner
tests_lab_planner_SOURCES = tests/lab/planner.c tests/support/domains.c tests/support/domains.h tests/support/domains_keys.h
tests_lab_planner_LDADD = $(REQUEST_LDADD)
LAB += tests/lab/loss.py tests/lab/partners.py
# A lossy way to a resolver, for the lab and the benchmarks.
check_PROGRAMS += tests/support/relay
tests_support_relay_SOURCES = tests/support/relay.c
LAB += tests/lab/dnssec.py tests/lab/dnssec.expected
