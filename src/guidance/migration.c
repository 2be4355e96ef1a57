#include "src/guidance/migration.h"

#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"

const char *leftover_title(enum leftover_kind kind) {
  static const char *const titles[] = { N_("Mail server (MX)"), N_("SPF"), N_("DMARC reports"), N_("TLS reports"), N_("DKIM"), N_("Reverse DNS"), N_("The zone and its policy"), N_("Still answers"), N_("In this case") };
  return _(titles[kind]);
}

/* ---- pairs ---- */

static void add_pair(struct arena *arena, struct migration_pair **list, size_t *count, const char *old, const char *new) {
  for (size_t i = 0; i < *count; i++) {
    if (strcmp((*list)[i].old_name, old) != 0) continue;
    if (!*(*list)[i].new_name) (*list)[i].new_name = new;
    return;
  }
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = (struct migration_pair){ old, new };
}

size_t migration_pairs(struct arena *arena, const struct casefile *casefile, struct migration_pair **out) {
  size_t count = 0;
  *out = NULL;
  for (size_t i = 0; i < casefile_domain_count(casefile); i++) {
    const char *domain = arena_strdup(arena, casefile_domain_at(casefile, i)), *old = casefile_answer(casefile, domain, "old-domains");
    for (const char *at = old ? old : ""; *at;) {
      size_t length = strcspn(at, " ,;");
      if (length) add_pair(arena, out, &count, name_lower(arena, arena_strndup(arena, at, length)), domain);
      at += length;
      at += strspn(at, " ,;");
    }
  }
  for (size_t i = 0; i < casefile_domain_count(casefile); i++) {
    const char *domain = casefile_domain_at(casefile, i), *new = casefile_answer(casefile, domain, "replacement");
    if (gsi_is_family(domain)) add_pair(arena, out, &count, arena_strdup(arena, domain), new ? arena_strdup(arena, new) : "");
  }
  return count;
}

/* ---- leftovers ---- */

static void leave(struct arena *arena, struct migration *m, enum leftover_kind kind, const char *where, const char *what) {
  m->leftovers = arena_grow(arena, m->leftovers, m->leftover_count, sizeof *m->leftovers);
  m->leftovers[m->leftover_count++] = (struct leftover){ kind, where, what };
}

static bool kind_of(const char *rule, enum leftover_kind *out) {
  static const struct { const char *rule; enum leftover_kind kind; } kinds[] = {
    { "gsi-mx-leftover", LEFTOVER_MX }, { "gsi-spf-leftover", LEFTOVER_SPF }, { "gsi-dmarc-report-leftover", LEFTOVER_REPORTS }, { "gsi-tlsrpt-report-leftover", LEFTOVER_TLS_REPORTS },
    { "gsi-ptr-leftover", LEFTOVER_PTR }, { "gsi-ns-leftover", LEFTOVER_ZONE }, { "gsi-soa-contact-leftover", LEFTOVER_ZONE }, { "gsi-mtasts-leftover", LEFTOVER_ZONE },
  };
  for (size_t i = 0; i < MEM_COUNT(kinds); i++)
    if (strcmp(kinds[i].rule, rule) == 0) {
      *out = kinds[i].kind;
      return true;
    }
  return false;
}

static void look_at_new(struct arena *arena, struct migration *m, const struct verdict *verdict) {
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    enum leftover_kind kind;
    const char *value = finding_argument(finding, "value");
    if (kind_of(finding->rule->id, &kind)) leave(arena, m, kind, finding->subject, value ? value : finding_detail(arena, finding));
    const char *target = finding_argument(finding, "target");
    if (target && finding->topic == TOPIC_DKIM && gsi_is_family(name_lower(arena, target))) leave(arena, m, LEFTOVER_DKIM, finding->subject, target);
  }
}

/* The old name itself, as the examination of either domain saw it. */
static bool tells_of_old(const struct verdict *verdict, const char *rule, const char *old) {
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    const char *value = finding_argument(finding, "value");
    if (strcmp(finding->rule->id, rule) == 0 && (strcmp(finding->subject, old) == 0 || (value && strcmp(value, old) == 0))) return true;
  }
  return false;
}

static bool either_tells(const struct migration_input *input, const char *rule) {
  return tells_of_old(input->of_new, rule, input->pair.old_name) || tells_of_old(input->of_old, rule, input->pair.old_name);
}

static void look_at_old(struct arena *arena, struct migration *m, const struct migration_input *input) {
  m->gone = either_tells(input, "gsi-old-gone") || tells_of_old(input->of_old, "ns-domain-not-found", input->pair.old_name);
  if (either_tells(input, "gsi-old-still-resolves")) leave(arena, m, LEFTOVER_ANSWERS, m->old_name, _("it still has mail servers or addresses"));
}

static bool mentions(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; *at; at++)
    if (text_equal_n(at, name, strnlen(at, length)) && strnlen(at, length) == length) return true;
  return false;
}

static void look_at_case(struct arena *arena, struct migration *m, const struct casefile *casefile) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state != CASEFILE_CONFIRMED) continue;
    if (name_is_under(service.domain, m->old_name) || mentions(service.contact, m->old_name) || mentions(service.spf, m->old_name))
      leave(arena, m, LEFTOVER_CASE, text_safe_string(arena, service.name), _("the service is listed with the old name"));
  }
  static const char *const keys[] = { "dmarc-mailbox", "tls-mailbox", "secondary-hosts", "digital-services", "subdomains", "dns-contact" };
  for (size_t i = 0; i < MEM_COUNT(keys) && *m->new_name; i++) {
    const char *answer = casefile_answer(casefile, m->new_name, keys[i]);
    if (answer && mentions(answer, m->old_name)) leave(arena, m, LEFTOVER_CASE, keys[i], text_safe_string(arena, answer));
  }
}

/* ---- the plan ---- */

static size_t count_of(const struct migration *m, enum leftover_kind from, enum leftover_kind to) {
  size_t count = 0;
  for (size_t i = 0; i < m->leftover_count; i++) count += m->leftovers[i].kind >= from && m->leftovers[i].kind <= to;
  return count;
}

static bool has_why(const struct plan_change *change, const char *prefix) {
  for (size_t i = 0; i < change->why_count; i++)
    if (strncmp(change->why[i], prefix, strlen(prefix)) == 0) return true;
  return false;
}

enum taken { TAKE_ALL, TAKE_OLD_NAMES /* changes that take an old name out */, TAKE_OTHERS };

static void take_changes(struct arena *arena, struct migration_step *step, const struct plan *plan, enum taken taken) {
  for (size_t i = 0; plan && i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (taken != TAKE_ALL && has_why(change, "gsi-") != (taken == TAKE_OLD_NAMES)) continue;
    step->changes = arena_grow(arena, (void *)(uintptr_t)step->changes, step->change_count, sizeof *step->changes);
    step->changes[step->change_count++] = change;
    step->contact = change->contact;
  }
}

static const char *new_domain_trouble(const struct verdict *verdict) {
  static const enum topic topics[] = { TOPIC_MX, TOPIC_SPF, TOPIC_DKIM, TOPIC_DMARC };
  for (size_t i = 0; i < MEM_COUNT(topics); i++)
    if (verdict->topics[topics[i]] == SEVERITY_FAIL) return topic_title(topics[i]);
  return NULL;
}

static void plan_ready(struct arena *arena, struct migration *m, const struct migration_input *input) {
  struct migration_step *step = &m->steps[MIGRATE_READY];
  struct text_argument arguments[] = { { "new", m->new_name }, { "topic", "" } };
  step->title = _("Make the new domain ready");
  take_changes(arena, step, input->plan_new, TAKE_OTHERS);
  if (!*m->new_name) {
    step->state = STEP_NOT_STARTED;
    step->sentence = _("Choose the domain that replaces the old one: under gov.uk, gov.scot, gov.wales or llyw.cymru.");
  } else if (!input->of_new) {
    step->state = STEP_CANNOT_START;
    step->sentence = text_fill(arena, _("Check {new} first."), arguments, 1);
  } else if ((arguments[1].value = new_domain_trouble(input->of_new))) {
    step->state = STEP_PROBLEM;
    step->sentence = text_fill(arena, _("{new} has a problem that stands in the way: {topic}."), arguments, 2);
  } else {
    step->state = STEP_COMPLETED;
    step->sentence = text_fill(arena, _("{new} has mail servers, SPF, DKIM and DMARC without a problem."), arguments, 1);
  }
}

static void plan_mail(struct arena *arena, struct migration *m, const struct migration_input *input) {
  struct migration_step *step = &m->steps[MIGRATE_MAIL];
  const char *forwards = *m->new_name ? casefile_answer(input->casefile, m->new_name, "forwards") : NULL;
  size_t left = count_of(m, LEFTOVER_MX, LEFTOVER_MX);
  step->title = _("Route the mail to the new domain");
  (void)arena;
  if (left) {
    step->state = STEP_PROBLEM;
    step->sentence = _("A mail server of the old family still takes email. Move it, then take its MX record out.");
  } else if (!forwards || strcmp(forwards, "unknown") == 0) {
    step->state = STEP_NOT_STARTED;
    step->sentence = _("Say whether email to the old addresses is still forwarded.");
  } else if (strcmp(forwards, "yes") == 0) {
    step->state = STEP_WAITING_OTHERS;
    step->sentence = _("Email to the old addresses is forwarded. Decide on the day on which that ends, and say no here then.");
  } else {
    step->state = STEP_COMPLETED;
    step->sentence = _("Email goes to the new addresses, and nothing is forwarded any more.");
  }
}

static void plan_references(struct arena *arena, struct migration *m, const struct migration_input *input) {
  struct migration_step *step = &m->steps[MIGRATE_REFERENCES];
  size_t left = count_of(m, LEFTOVER_SPF, LEFTOVER_ZONE) + count_of(m, LEFTOVER_CASE, LEFTOVER_CASE);
  struct casefile_request request;
  struct text_argument argument = { "n", arena_printf(arena, "%zu", left) };
  step->title = _("Change what still refers to the old name");
  take_changes(arena, step, input->plan_new, TAKE_OLD_NAMES);
  if (!input->of_new) {
    step->state = STEP_CANNOT_START;
    step->sentence = _("Check the new domain first: its records are looked through for the old name.");
  } else if (!left) {
    step->state = STEP_COMPLETED;
    step->sentence = _("No record of the new domain and no answer of this case names the old one.");
  } else if (casefile_last_request(input->casefile, m->new_name, &request)) {
    step->state = STEP_WAITING;
    step->sentence = text_fill(arena, _("{n} places still name it. The changes of the records have been asked for."), &argument, 1);
  } else {
    step->state = STEP_PROBLEM;
    step->sentence = text_fill(arena, _("{n} places still name it."), &argument, 1);
  }
}

static void plan_protect(struct arena *arena, struct migration *m, const struct migration_input *input) {
  struct migration_step *step = &m->steps[MIGRATE_PROTECT];
  const char *forwards = *m->new_name ? casefile_answer(input->casefile, m->new_name, "forwards") : NULL;
  struct casefile_request request;
  step->title = _("Protect the old domain as one that sends nothing");
  step->contact = gsi_is_family(m->old_name) ? CONTACT_GSI : CONTACT_REGISTRAR;
  take_changes(arena, step, input->plan_old, TAKE_ALL);
  bool weak = either_tells(input, "gsi-old-not-protected");
  if (m->gone) {
    step->state = STEP_COMPLETED;
    step->sentence = _("The old name is no longer in DNS. Nothing can be sent to it, and what is sent in its name has no policy: keep it registered if you can.");
  } else if (!input->of_new && !input->of_old) {
    step->state = STEP_CANNOT_START;
    step->sentence = _("Check one of the domains first.");
  } else if (forwards && strcmp(forwards, "yes") == 0) {
    step->state = STEP_CANNOT_START;
    step->sentence = _("This comes when email to the old addresses is no longer forwarded.");
  } else if (!weak) {
    step->state = STEP_COMPLETED;
    step->sentence = _("Its records say that it sends nothing.");
  } else if (casefile_last_request(input->casefile, m->old_name, &request)) {
    step->state = STEP_WAITING;
    step->sentence = _("Its records have been asked for.");
  } else {
    step->state = STEP_PROBLEM;
    step->sentence = _("Anyone can send in its name. Ask for the records of a domain that sends nothing.");
  }
}

static void plan_tell(struct arena *arena, struct migration *m, const struct migration_input *input) {
  struct migration_step *step = &m->steps[MIGRATE_TELL];
  struct casefile_task task = casefile_task(input->casefile, m->new_name, "gsi-told");
  step->title = _("Tell those who write to the old addresses");
  step->state = task.done ? STEP_COMPLETED : *task.who ? STEP_WAITING_OTHERS : STEP_NOT_STARTED;
  step->sentence = task.done ? _("You said that they have been told.") : *task.who ? arena_printf(arena, _("With %s."), text_safe_string(arena, task.who)) : _("Partners, suppliers, forms, letterheads, directories, and the systems that have the old addresses stored.");
}

struct migration *migration_make(struct arena *arena, const struct migration_input *input) {
  struct migration *m = ARENA_NEW(arena, struct migration);
  m->old_name = input->pair.old_name;
  m->new_name = input->pair.new_name;
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) m->steps[i].stage = (enum migration_stage)i;
  look_at_new(arena, m, input->of_new);
  look_at_old(arena, m, input);
  look_at_case(arena, m, input->casefile);
  plan_ready(arena, m, input);
  plan_mail(arena, m, input);
  plan_references(arena, m, input);
  plan_protect(arena, m, input);
  plan_tell(arena, m, input);
  return m;
}
