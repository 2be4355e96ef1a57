#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/migration_private.h"

/* Pairs of old and new names, and what is left of an old one. */

const char *leftover_title(enum leftover_kind kind) {
  static const char *const titles[] = { N_("Mail server (MX)"), N_("SPF"), N_("DMARC reports"), N_("TLS reports"), N_("DKIM"), N_("Reverse DNS"), N_("Mail server"),
                                        N_("The zone"), N_("Registration"), N_("Partners"), N_("Still answers"), N_("In this case") };
  return _(titles[kind]);
}

/* ---- pairs ---- */

static bool is_paired(const struct migration_pair *list, size_t count, const char *old) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i].old_name, old) == 0) return true;
  return false;
}

static void add_pair(struct arena *arena, const struct casefile *casefile, const char *old, struct migration_pair **list, size_t *count) {
  if (is_paired(*list, *count, old)) return;
  const char *new = casefile_replacement(arena, casefile, old);
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = (struct migration_pair){ old, new ? new : "" };
}

size_t migration_pairs(struct arena *arena, const struct casefile *casefile, struct migration_pair **out) {
  size_t count = 0;
  *out = NULL;
  for (size_t i = 0; i < casefile_domain_count(casefile); i++) {
    const char *domain = arena_strdup(arena, casefile_domain_at(casefile, i)), *const *names;
    size_t names_count = casefile_old_domains(arena, casefile, domain, &names);
    for (size_t n = 0; n < names_count; n++) add_pair(arena, casefile, names[n], out, &count);
    if (gsi_is_family(domain)) add_pair(arena, casefile, domain, out, &count);
  }
  return count;
}

/* ---- names in text ---- */

static bool is_name_byte(char c) { return is_alnum(c) || c == '-' || c == '_'; }

/* By whole labels: "mail.old.gsi.gov.uk" names old.gsi.gov.uk, "my-old.gsi.gov.uk" does not. */
static bool mentions(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; strlen(at) >= length; at++) {
    bool begins = at == text || !is_name_byte(at[-1]), ends = !is_name_byte(at[length]) && !(at[length] == '.' && is_name_byte(at[length + 1]));
    if (begins && ends && text_equal_n(at, name, length)) return true;
    if (!*at) break;
  }
  return false;
}

/* What names another old name of the same domain belongs to that one's page; what names none of them, to each. */
static bool is_of_pair(struct arena *arena, const struct migration_input *input, const char *text) {
  const char *const *names;
  size_t count = casefile_old_domains(arena, input->casefile, input->pair.new_name, &names);
  if (mentions(text, input->pair.old_name)) return true;
  for (size_t i = 0; i < count; i++)
    if (mentions(text, names[i])) return false;
  return true;
}

/* ---- names that are seen ---- */

/* The body's own part of a name of the family: one label below gsi.gov.uk and the others, two where the first is x. Null: no such name. */
static const char *name_of_body(const char *name) {
  bool by_x = name_labels(name) > 3 && strncmp(name_last_labels(name, 4), "x.", 2) == 0;
  size_t wanted = by_x ? 5 : 4;
  return name_labels(name) < wanted ? NULL : name_last_labels(name, wanted);
}

static const char *body_in(struct arena *arena, const char *text) {
  const char *name, *body = NULL;
  while (!body && (name = gsi_next_name(arena, &text))) body = name_of_body(name);
  return body;
}

size_t migration_seen(struct arena *arena, const struct casefile *casefile, const struct verdict *verdict, const char ***out) {
  static const char *const rules[] = { "gsi-mx-leftover", "gsi-spf-leftover", "gsi-dmarc-report-leftover", "gsi-tlsrpt-report-leftover", "gsi-dkim-cname-leftover", "gsi-ptr-leftover", "gsi-certificate-leftover",
                                       "gsi-smtp-name-leftover", "gsi-mtasts-leftover", "gsi-registry-contact-leftover" };
  struct migration_pair *pairs;
  size_t count = 0, paired = migration_pairs(arena, casefile, &pairs);
  *out = NULL;
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const char *value = finding_argument(verdict->findings[i], "value"), *body = NULL;
    for (size_t n = 0; value && n < MEM_COUNT(rules); n++)
      if (strcmp(verdict->findings[i]->rule->id, rules[n]) == 0) body = body_in(arena, value);
    for (size_t n = 0; body && n < count; n++)
      if (strcmp((*out)[n], body) == 0) body = NULL;
    if (!body || is_paired(pairs, paired, body)) continue;
    *out = arena_grow(arena, *out, count, sizeof(const char *));
    (*out)[count++] = body;
  }
  return count;
}

/* ---- in the records of the new domain ---- */

static struct leftover *leave(struct arena *arena, struct migration *m, enum leftover_kind kind, const char *where, const char *what) {
  m->leftovers = arena_grow(arena, m->leftovers, m->leftover_count, sizeof *m->leftovers);
  struct leftover *left = &m->leftovers[m->leftover_count++];
  *left = (struct leftover){ .kind = kind, .where = text_safe_string(arena, where), .what = text_safe_string(arena, what) };
  return left;
}

struct leftover_rule { const char *rule; enum leftover_kind kind; bool harmless; };

static const struct leftover_rule *rule_of(const char *rule) {
  static const struct leftover_rule rules[] = {
    { "gsi-mx-leftover", LEFTOVER_MX, false }, { "gsi-spf-leftover", LEFTOVER_SPF, false }, { "gsi-spf-range-leftover", LEFTOVER_SPF, true },
    { "gsi-dmarc-report-leftover", LEFTOVER_REPORTS, false }, { "gsi-tlsrpt-report-leftover", LEFTOVER_TLS_REPORTS, false }, { "gsi-dkim-cname-leftover", LEFTOVER_DKIM, false },
    { "gsi-ptr-leftover", LEFTOVER_PTR, false }, { "gsi-certificate-leftover", LEFTOVER_HOST, true }, { "gsi-smtp-name-leftover", LEFTOVER_HOST, true },
    { "gsi-ns-leftover", LEFTOVER_ZONE, false }, { "gsi-soa-contact-leftover", LEFTOVER_ZONE, false }, { "gsi-mtasts-leftover", LEFTOVER_ZONE, false },
    { "gsi-registry-contact-leftover", LEFTOVER_REGISTRATION, false }, { "gsi-partner-rule-leftover", LEFTOVER_PARTNERS, true },
  };
  for (size_t i = 0; i < MEM_COUNT(rules); i++)
    if (strcmp(rules[i].rule, rule) == 0) return &rules[i];
  return NULL;
}

static void look_at_new(struct arena *arena, const struct migration_input *input, struct migration *m) {
  for (size_t i = 0; input->of_new && i < input->of_new->count; i++) {
    const struct finding *finding = input->of_new->findings[i];
    const struct leftover_rule *rule = rule_of(finding->rule->id);
    const char *value = finding_argument(finding, "value");
    if (!rule || !is_of_pair(arena, input, value ? value : "")) continue;
    struct leftover *left = leave(arena, m, rule->kind, finding->subject, value ? value : finding_detail(arena, finding));
    left->finding = finding;
    left->harmless = rule->harmless;
  }
}

/* ---- under the old name, as the examination of either domain saw it ---- */

static const struct finding *told_of_old(const struct verdict *verdict, const char *rule, const char *old) {
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    const char *value = finding_argument(finding, "value");
    if (strcmp(finding->rule->id, rule) == 0 && (strcmp(finding->subject, old) == 0 || (value && strcmp(value, old) == 0))) return finding;
  }
  return NULL;
}

bool migration_tells(const struct migration_input *input, const char *rule) {
  return told_of_old(input->of_new, rule, input->pair.old_name) || told_of_old(input->of_old, rule, input->pair.old_name);
}

static bool could_not_look(const struct verdict *verdict, const char *old) {
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    const char *names = finding_argument(finding, "names");
    if (strcmp(finding->rule->id, "gsi-lookup-failed") == 0 && names && mentions(names, old)) return true;
    if (strcmp(finding->rule->id, "ns-lookup-failed") == 0 && strcmp(finding->subject, old) == 0) return true;
  }
  return false;
}

static void look_at_old(struct arena *arena, const struct migration_input *input, struct migration *m) {
  const struct finding *answers = told_of_old(input->of_new, "gsi-old-still-resolves", m->old_name);
  if (!answers) answers = told_of_old(input->of_old, "gsi-old-still-resolves", m->old_name);
  m->looked = input->of_old || (input->of_new && input->of_new_at >= casefile_paired_at(input->casefile, m->old_name));
  m->gone = migration_tells(input, "gsi-old-gone") || told_of_old(input->of_old, "ns-domain-not-found", m->old_name);
  m->unknown = could_not_look(input->of_new, m->old_name) || could_not_look(input->of_old, m->old_name);
  if (answers) leave(arena, m, LEFTOVER_ANSWERS, m->old_name, _("it still has mail servers or addresses"))->finding = answers;
}

/* ---- in the answers of the case ---- */

static void look_at_services(struct arena *arena, struct migration *m, const struct casefile *casefile) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    const char *const texts[] = { service.domain, service.contact, service.changes, service.spf };
    bool names = false;
    for (size_t n = 0; n < MEM_COUNT(texts); n++) names = names || mentions(texts[n], m->old_name);
    if (service.state == CASEFILE_CONFIRMED && names) leave(arena, m, LEFTOVER_CASE, service.name, _("the service is listed with the old name"))->service = i;
  }
}

static void look_at_answers(struct arena *arena, struct migration *m, const struct casefile *casefile) {
  static const char *const keys[] = { "secondary-hosts", "digital-services", "subdomains", "dns-contact", "dmarc-mailbox", "tls-mailbox" };
  for (size_t i = 0; i < MEM_COUNT(keys) && *m->new_name; i++) {
    const struct guidance_question *question = guidance_question_find(keys[i]);
    const char *answer = casefile_answer(casefile, m->new_name, keys[i]);
    if (!answer || !mentions(answer, m->old_name)) continue;
    leave(arena, m, LEFTOVER_CASE, question ? _(question->text) : i == 4 ? _("Mailbox for DMARC reports") : _("Mailbox for TLS reports"), answer)->question = keys[i];
  }
}

void migration_look(struct arena *arena, const struct migration_input *input, struct migration *m) {
  look_at_new(arena, input, m);
  look_at_old(arena, input, m);
  look_at_services(arena, m, input->casefile);
  look_at_answers(arena, m, input->casefile);
}
