#include <string.h>

#include "src/letters/private.h"

/* What to enter in the chosen mail system. */

static const struct { const char *purpose, *title, *why; } purposes[] = {
  { "opportunistic", N_("Use TLS with everyone who can"), N_("Asked for by default, for all domains that no rule covers.") },
  { "require-tls", N_("Require TLS when sending to *.gov.uk"), N_("With the exceptions below.") },
  { "exceptions", N_("Exceptions: domains without TLS"), N_("Email to these goes out without TLS if need be.") },
  { "valid-certificates", N_("Require valid certificates of partners"), N_("Only for partners whose certificates were found to be valid. You need not.") },
  { "minimum-version", N_("TLS 1.2 or later"), "" },
  { "inbound", N_("Incoming email: offer TLS, require it of nobody"), "" },
  { "certificates", N_("Certificates"), "" },
  { "dkim", N_("Sign with DKIM, after everything that changes a message"), "" },
  { "footers", N_("Footers"), N_("None after the signature.") },
  { "inbound-dmarc", N_("Test incoming email against DMARC"), "" },
  { "sts-dane", N_("MTA-STS, DANE and TLS reports when you send"), N_("They require TLS of every domain that asks for it, without a list of yours.") },
  { "logging", N_("See in the logs which version was used"), "" },
  { "activate", N_("Put it to use and try it"), "" },
};

const char *setting_title(const char *purpose) {
  for (size_t i = 0; i < MEM_COUNT(purposes); i++)
    if (strcmp(purposes[i].purpose, purpose) == 0) return _(purposes[i].title);
  return purpose;
}

static void put_setting(struct buf *out, const struct mail_setting *setting) {
  const char *mark = fact_mark_words(setting->mark);
  if (*setting->setting) put_wrapped(out, "  ", "    ", setting->setting);
  if (*setting->note) put_wrapped(out, "  ", "  ", setting->note);
  if (*mark) buf_printf(out, "  (%s)\n", mark);
}

static void put_list(struct buf *out, const char *list, const char *none) {
  if (!list || !*list) {
    put_wrapped(out, "  ", "  ", none);
    return;
  }
  for (const char *line = list; *line;) {
    size_t length = strcspn(line, "\n");
    buf_printf(out, "    %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static void put_purpose(struct buf *out, const struct settings_input *input, size_t which) {
  const char *purpose = purposes[which].purpose;
  bool any = false, exceptions = strcmp(purpose, "exceptions") == 0, certificates = strcmp(purpose, "valid-certificates") == 0;
  for (size_t i = 0; i < input->system->setting_count; i++) {
    if (strcmp(input->system->settings[i].purpose, purpose) != 0) continue;
    if (!any) buf_printf(out, "%s\n", _(purposes[which].title));
    if (!any && *purposes[which].why) put_wrapped(out, "  ", "  ", _(purposes[which].why));
    any = true;
    put_setting(out, &input->system->settings[i]);
  }
  if (!any && !exceptions) return;
  if (!any) buf_printf(out, "%s\n", _(purposes[which].title));
  if (exceptions) put_list(out, input->exceptions, input->exceptions ? _("No partner that was tested needs an exception.") : _("No partner has been tested yet. Test yours in the step on TLS rules, or with mailstead partners."));
  if (certificates && input->certificates) put_list(out, input->certificates, _("No partner that was tested can be held to a valid certificate."));
  buf_char(out, '\n');
}

static bool is_wanted(const struct settings_input *input, const char *purpose) {
  return !input->purposes || !*input->purposes || text_has_word(input->purposes, purpose);
}

void settings_write(struct buf *out, const struct settings_input *input) {
  buf_printf(out, _("Settings for %s\n\n"), input->system->name);
  put_wrapped(out, "", "", _("Example names stand for yours. Change one thing at a time, and try it with one partner before all. What is marked was not read in the vendor's own manual."));
  buf_char(out, '\n');
  for (size_t i = 0; i < MEM_COUNT(purposes); i++)
    if (is_wanted(input, purposes[i].purpose)) put_purpose(out, input, i);
}
