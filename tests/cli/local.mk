# Commands as users run them; the program is the one just built.
TESTS += tests/cli/run
EXTRA_DIST += tests/cli/run
