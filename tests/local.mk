# What comes with the program is taken from the source tree, wherever the tests are built.
AM_TESTS_ENVIRONMENT = MAILSTEAD_DATA="$(abs_top_srcdir)/data"; MAILSTEAD_HELP="$(abs_top_srcdir)/help"; export MAILSTEAD_DATA MAILSTEAD_HELP;

# Unit tests mirror the rooms and link only what the room may use.
include tests/unit/base.mk
include tests/unit/record.mk
include tests/unit/judge.mk
include tests/unit/observe.mk
include tests/unit/examine.mk
include tests/unit/guidance.mk
include tests/unit/casefile.mk
include tests/unit/plan.mk
include tests/unit/request.mk
include tests/unit/letters.mk
include tests/unit/practice.mk
include tests/unit/ui.mk
include tests/unit/cli.mk
include tests/conformance/local.mk
include tests/cli/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/screen/local.mk
include tests/lab/local.mk
