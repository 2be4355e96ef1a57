# Translations. `make po/mailstead.pot` collects the strings; the words of the catalogue are arguments 5 to 7 of RULE.
POT_FILES = $(mailstead_SOURCES) $(ui_libui_a_SOURCES) $(src_guidance_libguidance_a_SOURCES) $(src_casefile_libcasefile_a_SOURCES) $(src_plan_libplan_a_SOURCES) \
  $(src_request_librequest_a_SOURCES) $(checks_libstore_a_SOURCES) $(checks_judge_libjudge_a_SOURCES) $(checks_observe_libobserve_a_SOURCES) $(src_base_libbase_a_SOURCES)
.PHONY: pot
pot:
	$(AM_V_GEN)cd $(top_srcdir) && $(XGETTEXT) --from-code=UTF-8 --language=C --add-comments -k_ -kN_ -kRULE:5 -kRULE:6 -kRULE:7 -o po/mailstead.pot $(POT_FILES)
