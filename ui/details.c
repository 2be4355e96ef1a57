#include "ui/details.h"

#include <string.h>

#include "src/base/lib.h"
#include "src/request/lib.h"

static const struct detail details[] = {
  { "recipient", N_("Sent to"), N_("The registrar, a DNS provider, or your own team: who changes the DNS records of this domain."), "dns-contact", true, true },
  { "requester", N_("Asked for by"), N_("Your name, team and telephone."), "requester", false, true },
  { "host", N_("DNS host"), N_("Hosts, quotation marks and long values are written as its form takes them."), "dns-host", true, false },
  { "format", N_("Format"), "", "format", false, false },
  { "undo", N_("Undo plan"), "", "request-undo", false, false },
  { "language", N_("Language"), N_("Of the request alone: the screens stay as they are."), "request-language", false, false },
  { "files", N_("Files"), "", "request-files", true, false },
  { "name", N_("File name"), N_("Without folder and ending. A file is never overwritten: a number is added. Leave it empty for the reference."), "request-name", true, true },
};

const struct detail *detail_at(size_t index) { return index < MEM_COUNT(details) ? &details[index] : NULL; }

const struct detail *detail_find(const char *id) {
  for (size_t i = 0; i < MEM_COUNT(details); i++)
    if (strcmp(details[i].id, id) == 0) return &details[i];
  return NULL;
}

/* ---- choices ---- */

static const struct detail_choice formats[] = {
  { "text", N_("Plain text"), N_("For an email or a ticket") },
  { "markdown", N_("Markdown"), N_("For a ticket system that shows it formatted") },
  { "html", N_("HTML"), N_("To open in a browser, or to attach") },
  { "csv", N_("CSV"), N_("One row for each value, for a spreadsheet") },
  { "json", N_("JSON"), N_("For programs, and for mailstead verify on another computer") },
  { "zone", N_("Zone file lines"), N_("For a zone that is kept as a file") },
  { "nsupdate", N_("nsupdate"), N_("For servers that take dynamic updates") },
  { "route53", N_("Amazon Route 53"), N_("Change batches for its command line") },
  { "octodns", N_("octoDNS"), N_("Whole record sets, to merge into a zone of it") },
  { "dnscontrol", N_("DNSControl"), N_("Whole record sets, to merge into a zone of it") },
};
static const struct detail_choice undo[] = {
  { "yes", N_("Included"), N_("Each record says how it is taken back") },
  { "no", N_("Left out"), N_("What is there now is named in any case") },
};
static const struct detail_choice files[] = {
  { "one", N_("One file for everything"), N_("Its parts say who acts in which zone") },
  { "each", N_("One file for each zone"), N_("When the zones are run by different people") },
};
static const struct detail_choice languages[] = { { "en", "English", "" }, { "cy", "Cymraeg", "" } };

static struct detail_choice *hosts(struct wizard *wizard, struct arena *arena, size_t *out_count) {
  const struct facts *facts = wizard_facts(wizard);
  struct detail_choice *list = ARENA_ARRAY(arena, struct detail_choice, (facts ? facts->dns_host_count : 0) + 1);
  list[(*out_count)++] = (struct detail_choice){ "auto", _("By the name servers"), _("The one that is recognised, or the general wording") };
  for (size_t i = 0; facts && i < facts->dns_host_count; i++) list[(*out_count)++] = (struct detail_choice){ facts->dns_hosts[i].id, text_safe_string(arena, facts->dns_hosts[i].name), "" };
  return list;
}

struct detail_choice *detail_choices(struct wizard *wizard, struct arena *arena, const struct detail *detail, size_t *out_count) {
  static const struct { const char *id; const struct detail_choice *list; size_t count; } all[] = {
    { "format", formats, MEM_COUNT(formats) }, { "undo", undo, MEM_COUNT(undo) }, { "files", files, MEM_COUNT(files) }, { "language", languages, MEM_COUNT(languages) },
  };
  *out_count = 0;
  if (strcmp(detail->id, "host") == 0) return hosts(wizard, arena, out_count);
  struct detail_choice *list = ARENA_ARRAY(arena, struct detail_choice, MEM_COUNT(formats));
  for (size_t i = 0; i < MEM_COUNT(all); i++)
    for (size_t n = 0; strcmp(all[i].id, detail->id) == 0 && n < all[i].count; n++) {
      if (strcmp(detail->id, "language") == 0 && strcmp(all[i].list[n].value, "en") != 0 && !intl_has(all[i].list[n].value)) continue;
      list[(*out_count)++] = (struct detail_choice){ all[i].list[n].value, _(all[i].list[n].words), _(all[i].list[n].consequence) };
    }
  return list;
}

/* ---- values ---- */

static const char *stored(struct wizard *wizard, const struct detail *detail) {
  const char *value = detail->of_case ? casefile_answer(wizard->casefile, wizard->domain, detail->key) : json_text(wizard->settings, detail->key, NULL);
  return value && strcmp(value, "unknown") != 0 ? value : NULL;
}

const char *detail_value(struct wizard *wizard, const char *id) {
  const struct detail *detail = detail_find(id);
  const char *value = detail ? stored(wizard, detail) : NULL;
  if (!detail || detail->is_text) return value ? value : "";
  if (strcmp(id, "language") == 0 && !value) return intl_language();
  if (strcmp(id, "host") == 0) return value && wizard_facts(wizard) && facts_dns_host_find(wizard_facts(wizard), value) ? value : "auto";
  if (strcmp(id, "format") == 0) return value && request_format_find(value) ? value : formats[0].value;
  return value ? value : strcmp(id, "undo") == 0 ? undo[0].value : files[0].value;
}

const char *detail_words(struct wizard *wizard, struct arena *arena, const struct detail *detail) {
  const char *value = detail_value(wizard, detail->id);
  size_t count;
  if (detail->is_text) return text_safe_string(arena, value);
  struct detail_choice *choices = detail_choices(wizard, arena, detail, &count);
  for (size_t i = 0; i < count; i++)
    if (strcmp(choices[i].value, value) == 0) return choices[i].words;
  return text_safe_string(arena, value);
}

bool detail_set(struct wizard *wizard, const struct detail *detail, const char *value, struct fault *fault) {
  if (detail->of_case) return casefile_set_answer(wizard->casefile, wizard->domain, detail->key, value, fault);
  json_object_set_new(wizard->settings, detail->key, json_string(value));
  return settings_put(wizard->settings, detail->key, fault);
}
