# Helpers of the benchmarks; tests/bench/run builds those that it needs.
EXTRA_PROGRAMS += tests/bench/judge_rate tests/bench/spf_rate
tests_bench_judge_rate_SOURCES = tests/bench/judge_rate.c
tests_bench_judge_rate_CPPFLAGS = $(AM_CPPFLAGS)
tests_bench_judge_rate_LDADD = $(EXAMINE_LDADD)
tests_bench_spf_rate_SOURCES = tests/bench/spf_rate.c
tests_bench_spf_rate_CPPFLAGS = $(AM_CPPFLAGS)
tests_bench_spf_rate_LDADD = $(EXAMINE_LDADD)
EXTRA_DIST += tests/bench/run tests/bench/bench.py tests/bench/startup.py tests/bench/examination.py tests/bench/batch.py tests/bench/judging.py tests/bench/starttls.py
