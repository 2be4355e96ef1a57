#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/migration_private.h"

/* The plan in order, and how each stage of it stands. */

/* What the stages look at. */
struct planning_input {
  struct arena *arena;
  const struct migration_input *from;
  struct migration *m;
  struct inquiry_old_domain told;
};

static void stand(struct migration_step *step, enum step_state state, const char *sentence) {
  step->state = state;
  step->sentence = sentence;
}

static const char *with_names(const struct planning_input *in, const char *sentence, const char *name, const char *value) {
  struct text_argument arguments[] = { { "new", text_safe_string(in->arena, in->m->new_name) }, { "old", text_safe_string(in->arena, in->m->old_name) }, { name, value } };
  return text_fill(in->arena, sentence, arguments, 3);
}

static const char *with_count(const struct planning_input *in, const char *sentence, size_t count) { return with_names(in, sentence, "n", arena_printf(in->arena, "%zu", count)); }

/* ---- records ---- */

static bool has_why(const struct plan_change *change, const char *prefix) {
  for (size_t i = 0; i < change->why_count; i++)
    if (strncmp(change->why[i], prefix, strlen(prefix)) == 0) return true;
  return false;
}

/* A record belongs to the stage that it serves: those of an old name close it, those that name the family are references. The records of another
 * pair's old name belong to none. */
static bool stage_of(const struct planning_input *in, const struct plan_change *change, enum migration_stage *out) {
  const char *report = strstr(change->name, "._report._dmarc."); /* whose reports may come here: RFC 9990 section 4 */
  const char *about = report ? arena_strndup(in->arena, change->name, (size_t)(report - change->name)) : change->name;
  bool old = name_is_under(about, in->m->old_name);
  if (old) *out = MIGRATE_PROTECT;
  else if (has_why(change, "gsi-mx")) *out = MIGRATE_MAIL;
  else if (has_why(change, "gsi-")) *out = MIGRATE_REFERENCES;
  else *out = MIGRATE_READY;
  return old || !gsi_is_family(about);
}

static void take_change(const struct planning_input *in, const struct plan_change *change) {
  enum migration_stage stage;
  if (!stage_of(in, change, &stage)) return;
  struct migration_step *step = &in->m->steps[stage];
  step->changes = arena_grow(in->arena, (void *)(uintptr_t)step->changes, step->change_count, sizeof *step->changes);
  step->changes[step->change_count++] = change;
}

/* The plan of the new domain has the records of its old ones too, in so far as answers let them be asked for. */
static void take_changes(const struct planning_input *in) {
  const struct plan *new = in->from->plan_new, *old = in->from->plan_old;
  for (size_t i = 0; new && i < new->change_count; i++) take_change(in, &new->changes[i]);
  for (size_t i = 0; old && !in->m->steps[MIGRATE_PROTECT].change_count && i < old->change_count; i++) take_change(in, &old->changes[i]);
}

/* A request that was saved and has not all been seen live, with a record under `name`. */
static bool is_asked_for(const struct planning_input *in, const char *domain, const char *name) {
  if (!*domain || !casefile_waits_for_changes(in->from->casefile, domain)) return false;
  const json_t *changes = json_object_get(casefile_last_changes(in->from->casefile, domain), "changes");
  for (size_t i = 0; i < json_array_size(changes); i++)
    if (name_is_under(name_lower(in->arena, json_text(json_array_get(changes, i), "name", "")), name)) return true;
  return false;
}

/* ---- who acts ---- */

static const char *dns_contact(const struct planning_input *in, const char *domain) {
  const char *answer = *domain ? casefile_known_answer(in->from->casefile, domain, "dns-contact") : NULL;
  return answer ? text_safe_string(in->arena, answer) : _("your registrar or DNS provider");
}

static const char *mail_contact(const struct planning_input *in) {
  const struct casefile *casefile = in->from->casefile;
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    const char *who = *service.contact ? service.contact : service.changes;
    if (service.state == CASEFILE_CONFIRMED && strcmp(service.kind, "mailboxes") == 0 && *who) return text_safe_string(in->arena, who);
  }
  const char *admin = casefile_known_answer(casefile, "", "admin");
  return admin ? text_safe_string(in->arena, admin) : _("whoever runs your email service");
}

static const char *old_contact(const struct planning_input *in) {
  if (!gsi_is_family(in->m->old_name)) return dns_contact(in, in->m->old_name);
  return _("Vodafone, through the form of the Government Digital Service (the route of 2020; unverified whether it still answers)");
}

/* ---- 1: the new domain ---- */

enum { READY_TOPICS = 1u << TOPIC_MX | 1u << TOPIC_SPF | 1u << TOPIC_DKIM | 1u << TOPIC_DMARC | 1u << TOPIC_TLS };

/* Titles of the topics of that severity; "" when there is none. */
static const char *topics_at(const struct planning_input *in, enum severity severity) {
  struct buf titles = BUF_INIT(1024);
  const struct verdict *verdict = in->from->of_new;
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (READY_TOPICS & 1u << i && verdict->topics[i] == severity) buf_printf(&titles, titles.length ? ", %s" : "%s", topic_title((enum topic)i));
  const char *text = arena_strndup(in->arena, buf_string(&titles), titles.length);
  buf_release(&titles);
  return text;
}

static void weigh_new(const struct planning_input *in, struct migration_step *step) {
  const char *failed = topics_at(in, SEVERITY_FAIL), *unknown = topics_at(in, SEVERITY_UNKNOWN);
  bool accepted = casefile_task(in->from->casefile, in->m->new_name, "fix:leave-gsi").done;
  if (*failed && is_asked_for(in, in->m->new_name, in->m->new_name)) stand(step, STEP_WAITING, with_names(in, _("{new} is not ready yet: {topics}. Changes have been asked for."), "topics", failed));
  else if (*failed) stand(step, STEP_PROBLEM, with_names(in, _("{new} has faults that stand in the way: {topics}."), "topics", failed));
  else if (*unknown) stand(step, STEP_IN_PROGRESS, with_names(in, _("A part of {new} could not be looked at from here: {topics}."), "topics", unknown));
  else if (!gsi_is_replacement(in->m->new_name) && !accepted)
    stand(step, STEP_IN_PROGRESS, with_names(in, _("{new} works, and does not end in gov.uk, gov.scot, gov.wales or llyw.cymru, as the guidance asks. Register such a name, or accept it in the step."), "", ""));
  else stand(step, STEP_COMPLETED, with_names(in, _("{new} was checked: mail servers, SPF, DKIM, DMARC and TLS have no fault."), "", ""));
}

static void plan_ready(const struct planning_input *in) {
  struct migration_step *step = &in->m->steps[MIGRATE_READY];
  step->title = _("Make the new domain ready");
  step->contact = dns_contact(in, in->m->new_name);
  if (!*in->m->new_name) stand(step, STEP_NOT_STARTED, _("Choose the domain that replaces the old one: under gov.uk, gov.scot, gov.wales or llyw.cymru."));
  else if (gsi_is_family(in->m->new_name)) stand(step, STEP_PROBLEM, with_names(in, _("{new} is itself of the gsi family. Choose another."), "", ""));
  else if (!in->from->of_new) stand(step, STEP_CANNOT_START, with_names(in, _("Check {new} first."), "", ""));
  else weigh_new(in, step);
}

/* ---- 2: the mail ---- */

static size_t count_of(const struct migration *m, bool (*counts)(const struct leftover *)) {
  size_t count = 0;
  for (size_t i = 0; i < m->leftover_count; i++) count += counts(&m->leftovers[i]);
  return count;
}

static bool is_mail_server(const struct leftover *left) { return left->kind == LEFTOVER_MX; }

static void weigh_mail(const struct planning_input *in, struct migration_step *step, bool ready) {
  const char *answer = casefile_old_answer(in->from->casefile, in->m->old_name, "forwards");
  bool moves = in->told.forwards || in->told.aliases;
  if (moves && in->m->steps[MIGRATE_READY].state == STEP_PROBLEM) stand(step, STEP_PROBLEM, with_names(in, _("Email to the old addresses reaches {new}, which is not ready. Mend that first."), "", ""));
  else if (in->told.forwards) stand(step, STEP_WAITING_OTHERS, _("Email to the old addresses is forwarded. Announce the day on which that ends, and change your answer then."));
  else if (in->told.aliases) stand(step, STEP_WAITING_OTHERS, _("Old addresses are aliases in the new mail system. Announce the day on which they end, and change your answer then."));
  else if (in->told.switch_planned && ready) stand(step, STEP_IN_PROGRESS, with_names(in, _("{new} is ready: move the mailboxes, then forward the old addresses for a time."), "", ""));
  else if (in->told.switch_planned) stand(step, STEP_CANNOT_START, _("Email still goes to the old domain, and the new one is not ready."));
  else if (answer && strcmp(answer, "no") == 0) stand(step, STEP_COMPLETED, _("Email goes to the new addresses. That to the old ones is not delivered any more."));
  else stand(step, STEP_NOT_STARTED, _("Say what happens to email to the old addresses."));
}

static void plan_mail(const struct planning_input *in) {
  struct migration_step *step = &in->m->steps[MIGRATE_MAIL];
  step->title = _("Route the email to the new domain");
  step->contact = mail_contact(in);
  if (!*in->m->new_name) stand(step, STEP_CANNOT_START, _("Choose the new domain first."));
  else if (count_of(in->m, is_mail_server)) {
    bool asked = is_asked_for(in, in->m->new_name, in->m->new_name);
    stand(step, asked ? STEP_WAITING : STEP_PROBLEM, asked ? _("A mail server of the old family is still in the MX records. Its removal has been asked for.") : _("A mail server of the old family still takes email. Take its MX record out."));
  } else if (in->m->gone) stand(step, STEP_COMPLETED, _("The old name is no longer in DNS: nothing can be sent to it."));
  else weigh_mail(in, step, in->m->steps[MIGRATE_READY].state == STEP_COMPLETED);
}

/* ---- 3: references ---- */

static bool is_reference(const struct leftover *left) { return !left->harmless && left->kind != LEFTOVER_MX && left->kind != LEFTOVER_ANSWERS; }
static bool is_in_case(const struct leftover *left) { return left->kind == LEFTOVER_CASE; }
static bool is_harmless(const struct leftover *left) { return left->harmless; }
static bool is_pointer(const struct leftover *left) { return left->kind == LEFTOVER_PTR; }

static void plan_references(const struct planning_input *in) {
  struct migration_step *step = &in->m->steps[MIGRATE_REFERENCES];
  size_t left = count_of(in->m, is_reference), in_case = count_of(in->m, is_in_case), harmless = count_of(in->m, is_harmless);
  const char *dns = dns_contact(in, in->m->new_name);
  bool unknown = in->from->of_new && in->from->of_new->topics[TOPIC_GSI] == SEVERITY_UNKNOWN && !in->m->unknown;
  step->title = _("Change what still names the old domain");
  step->contact = count_of(in->m, is_pointer) ? arena_printf(in->arena, _("%s; of reverse names the owner of the address"), dns) : dns;
  if (!*in->m->new_name) stand(step, STEP_CANNOT_START, _("Choose the new domain first: its records are looked through for the old name."));
  else if (!in->from->of_new) stand(step, STEP_CANNOT_START, _("Check the new domain first: its records are looked through for the old name."));
  else if (left > in_case && is_asked_for(in, in->m->new_name, in->m->new_name))
    stand(step, STEP_WAITING, with_count(in, left == 1 ? _("One place still names it. The changes of records have been asked for.") : _("{n} places still name it. The changes of records have been asked for."), left));
  else if (left) stand(step, STEP_PROBLEM, with_count(in, left == 1 ? _("One place still names it: see what is left.") : _("{n} places still name it: see what is left."), left));
  else if (unknown) stand(step, STEP_IN_PROGRESS, _("A part of the records could not be looked up. Check again."));
  else if (harmless) stand(step, STEP_COMPLETED, _("Nothing that must change names the old domain. What is left does no harm."));
  else stand(step, STEP_COMPLETED, _("No record of the new domain and no answer of this case names the old one."));
}

/* ---- 4: protection ---- */

static void weigh_old(const struct planning_input *in, struct migration_step *step) {
  bool weak = migration_tells(in->from, "gsi-old-not-protected"), answers = migration_tells(in->from, "gsi-old-still-resolves"), takes = in->told.forwards || in->told.aliases;
  bool asked = is_asked_for(in, in->m->new_name, in->m->old_name) || is_asked_for(in, in->m->old_name, in->m->old_name);
  if ((weak || (answers && !takes)) && asked) stand(step, STEP_WAITING, _("Its records have been asked for."));
  else if (weak && takes) stand(step, STEP_PROBLEM, _("Anyone can send in its name. Ask for its SPF, DKIM and DMARC records now; its mail servers stay until you end the old addresses."));
  else if (weak) stand(step, STEP_PROBLEM, _("Anyone can send in its name. Ask for the records of a domain that sends nothing."));
  else if (in->m->unknown) stand(step, STEP_IN_PROGRESS, _("A part of it could not be looked up. Look again, or from elsewhere."));
  else if (answers && takes) stand(step, STEP_WAITING_OTHERS, _("Its records say that it sends nothing. Its mail servers stay until you end the old addresses."));
  else if (answers) stand(step, STEP_IN_PROGRESS, _("Its records say that it sends nothing, and it still has mail servers or addresses. Ask for a null MX, and for its addresses to be taken out."));
  else stand(step, STEP_COMPLETED, _("Its records say that it sends nothing, and nothing takes email for it."));
}

static void plan_protect(const struct planning_input *in) {
  struct migration_step *step = &in->m->steps[MIGRATE_PROTECT];
  step->title = _("Protect the old domain as one that sends nothing");
  step->contact = old_contact(in);
  if (in->m->gone) stand(step, STEP_COMPLETED, _("The old name is no longer in DNS. Take it off every list."));
  else if (!in->from->of_new && !in->from->of_old) stand(step, STEP_CANNOT_START, _("Check the new domain, or look at the old one, first."));
  else if (!in->m->looked) stand(step, STEP_CANNOT_START, with_names(in, _("Check {new} again: when it was last checked, {old} was not on the list."), "", ""));
  else if (in->told.sends == TRI_YES) stand(step, STEP_CANNOT_START, _("You said that something still sends as it. Move that to the new domain first."));
  else if (in->told.switch_planned) stand(step, STEP_CANNOT_START, _("This comes when its email has moved."));
  else weigh_old(in, step);
}

/* ---- 5: people ---- */

const char *migration_told_task(struct arena *arena, const char *old) { return arena_printf(arena, "gsi-told %s", old); }

static void plan_tell(const struct planning_input *in) {
  struct migration_step *step = &in->m->steps[MIGRATE_TELL];
  struct casefile_task task = casefile_task(in->from->casefile, in->m->new_name, migration_told_task(in->arena, in->m->old_name));
  const char *who = *task.who ? text_safe_string(in->arena, task.who) : NULL;
  step->title = _("Tell those who write to the old addresses");
  step->contact = who ? who : _("you, and those who deal with partners and suppliers");
  if (!*in->m->new_name) stand(step, STEP_CANNOT_START, _("Choose the new domain first."));
  else if (task.done) stand(step, STEP_COMPLETED, _("You said that they have been told."));
  else if (who) stand(step, STEP_WAITING_OTHERS, arena_printf(in->arena, _("With %s."), who));
  else stand(step, STEP_NOT_STARTED, _("Partners, suppliers, forms, letterheads, directories, and the systems that have the old addresses stored."));
}

struct migration *migration_make(struct arena *arena, const struct migration_input *input) {
  struct migration *m = ARENA_NEW(arena, struct migration);
  struct planning_input in = { .arena = arena, .from = input, .m = m, .told = casefile_old_domain(input->casefile, input->pair.old_name) };
  m->old_name = input->pair.old_name;
  m->new_name = input->pair.new_name;
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) m->steps[i].stage = (enum migration_stage)i;
  migration_look(arena, input, m);
  take_changes(&in);
  plan_ready(&in);
  plan_mail(&in);
  plan_references(&in);
  plan_protect(&in);
  plan_tell(&in);
  return m;
}

const struct migration_step *migration_next(const struct migration *m) {
  for (unsigned i = 0; i < MIGRATION_STAGES; i++)
    if (m->steps[i].state != STEP_COMPLETED) return &m->steps[i];
  return NULL;
}
