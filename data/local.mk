practicedir = $(pkgdatadir)/practice
dist_practice_DATA = \
  data/practice/README.md \
  data/practice/department.scenario \
  data/practice/exampleshire.scenario \
  data/practice/parked.scenario
