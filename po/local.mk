# Translations. `make pot` collects the strings into po/mailstead.pot; each po/LANGUAGE.po is compiled and installed.
POT_FILES = `find src checks ui -name '*.[ch]' | LC_ALL=C sort`
XGETTEXT_FLAGS = --from-code=UTF-8 --language=C --add-comments=translators --package-name=$(PACKAGE) --package-version=$(VERSION)

# The words of the catalogue are the arguments 5, 6 and 7 of RULE; one run of xgettext takes one argument of a keyword.
.PHONY: pot
pot:
	$(AM_V_GEN)out=$$PWD/po/mailstead.pot; $(MKDIR_P) po; cd $(top_srcdir) && \
	$(XGETTEXT) $(XGETTEXT_FLAGS) -k -k_ -kN_ -kngettext:1,2 -o $$out $(POT_FILES) && \
	for argument in 5 6 7; do $(XGETTEXT) $(XGETTEXT_FLAGS) -j -k -kRULE:$$argument -o $$out $(checks_libstore_a_SOURCES) || exit 1; done

PO_FILES = $(wildcard $(top_srcdir)/po/*.po)
LANGUAGES = $(notdir $(basename $(PO_FILES)))
CATALOGUES = $(addprefix po/locale/,$(addsuffix /LC_MESSAGES/mailstead.mo,$(LANGUAGES)))
EXTRA_DIST += $(PO_FILES)

po/locale/%/LC_MESSAGES/mailstead.mo: $(top_srcdir)/po/%.po
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) --check -o $@ $<

all-local: $(CATALOGUES)
clean-local:
	rm -rf po/locale po/mailstead.pot
install-data-local: $(CATALOGUES)
	for language in $(LANGUAGES); do \
	  $(MKDIR_P) $(DESTDIR)$(localedir)/$$language/LC_MESSAGES && \
	  $(INSTALL_DATA) po/locale/$$language/LC_MESSAGES/mailstead.mo $(DESTDIR)$(localedir)/$$language/LC_MESSAGES/mailstead.mo || exit 1; \
	done
uninstall-local:
	for language in $(LANGUAGES); do rm -f $(DESTDIR)$(localedir)/$$language/LC_MESSAGES/mailstead.mo; done
