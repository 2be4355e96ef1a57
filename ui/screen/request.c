#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks/record/taglist.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

static const struct plan *plan_now(struct wizard *wizard) {
  wizard_replan(wizard);
  return wizard_verdict(wizard) && wizard->plan && !wizard->plan->waiting ? wizard->plan : NULL;
}

static bool not_ready(struct wizard *wizard, struct page *page) {
  if (plan_now(wizard)) return false;
  page_heading(page, wizard_verdict(wizard) ? _("The records are being worked out") : _("Check the domain first"));
  page_paragraph(page, wizard_verdict(wizard) ? _("This takes a moment.") : _("What to ask for depends on what is published now. Press r to check."));
  return true;
}

/* ---- the list of records ---- */

static const char *change_label(struct arena *arena, const struct plan_change *change) {
  char scratch[16];
  const char *word = change->action == PLAN_ADD ? _("add") : change->action == PLAN_REPLACE ? _("change") : _("remove");
  return arena_printf(arena, "%-5s %s   (%s)", dns_type_name(change->type, scratch), change->name, word);
}

static void put_plan(struct wizard *wizard, struct page *page, const struct plan *plan) {
  (void)wizard;
  for (size_t i = 0; i < plan->change_count; i++) page_item(page, arena_printf(page->arena, "%zu", i), change_label(page->arena, &plan->changes[i]), plan_contact_name(plan->changes[i].contact), ROLE_TEXT);
  if (!plan->change_count) page_paragraph(page, _("No DNS change is needed."));
  if (plan->problem_count) {
    page_blank(page);
    page_section(page, _("What stands against it"));
    for (size_t i = 0; i < plan->problem_count; i++) page_add(page, BLOCK_BULLET, text_safe_string(page->arena, plan->problems[i].detail))->role = severity_role(plan->problems[i].severity);
  }
  if (plan->task_count) {
    page_blank(page);
    page_section(page, _("To do elsewhere"));
    for (size_t i = 0; i < plan->task_count; i++) page_add(page, BLOCK_BULLET, plan->tasks[i].sentence);
  }
}

void build_records(struct wizard *wizard, struct page *page) {
  if (not_ready(wizard, page)) return;
  page_heading(page, wizard->guidance_2020 ? _("Records to ask for (values of the 2020 guidance)") : _("Records to ask for"));
  page_blank(page);
  put_plan(wizard, page, wizard->plan);
  page->message = _("w shows the values of the 2020 guidance, or today's advice.");
}

bool act_records(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || !*focus || !is_digit(*focus)) return false;
  wizard_go(wizard, SCREEN_RECORD, focus);
  return true;
}

/* ---- one record ---- */

static const struct plan_change *change_here(struct wizard *wizard, size_t *out_index) {
  const struct plan *plan = plan_now(wizard);
  *out_index = strtoul(wizard_place(wizard)->argument, NULL, 10);
  return plan && *out_index < plan->change_count ? &plan->changes[*out_index] : NULL;
}

const char *wizard_value(struct wizard *wizard) {
  size_t index;
  if (wizard_place(wizard)->screen != SCREEN_RECORD) return NULL;
  const struct plan_change *change = change_here(wizard, &index);
  if (!change) return NULL;
  return change->wanted_count ? change->wanted[0] : change->now[0];
}

static void put_terms(struct page *page, const char *text, const char *other, const char *sign, const char *word, enum role role, const char *separator) {
  size_t length = strlen(separator);
  for (const char *at = text; *at;) {
    const char *end = strstr(at, separator);
    size_t size = end ? (size_t)(end - at) : strlen(at);
    while (size && *at == ' ') at++, size--;
    const char *term = arena_strndup(page->arena, at, size);
    const char *there = size ? strstr(other, term) : other;
    bool same = there && (there[size] == '\0' || there[size] == ' ' || there[size] == ';' ) && (there == other || there[-1] == ' ' || there[-1] == ';');
    if (size && (!same || *sign == ' ')) {
      bool show = *sign == ' ' ? same : !same;
      if (show) page_add(page, BLOCK_VALUE, arena_printf(page->arena, "%s %-8s %s", sign, word, text_safe_string(page->arena, term)))->role = role;
    }
    at += size;
    if (end) at = end + length;
  }
}

static void put_difference(struct page *page, const struct plan_change *change) {
  if (change->now_count != 1 || change->wanted_count != 1 || change->type != DNS_TYPE_TXT) return;
  const char *separator = strncmp(change->wanted[0], "v=spf1", 6) == 0 ? " " : ";";
  page_blank(page);
  page_section(page, _("What changes"));
  put_terms(page, change->wanted[0], change->now[0], " ", _("same"), ROLE_TEXT, separator);
  put_terms(page, change->wanted[0], change->now[0], "+", _("added"), ROLE_ADDED, separator);
  put_terms(page, change->now[0], change->wanted[0], "-", _("removed"), ROLE_REMOVED, separator);
}

void build_record(struct wizard *wizard, struct page *page) {
  size_t index;
  char scratch[16];
  const struct plan_change *change = change_here(wizard, &index);
  if (!change) {
    not_ready(wizard, page);
    return;
  }
  const char *host = name_relative(page->arena, change->name, change->zone);
  page_heading(page, arena_printf(page->arena, _("Record %zu of %zu to ask for"), index + 1, wizard->plan->change_count));
  page_paragraph(page, _(change->sentence));
  page_blank(page);
  page_pair(page, _("Type"), dns_type_name(change->type, scratch));
  page_pair(page, _("Host"), arena_printf(page->arena, _("%s     full name  %s"), host ? host : change->name, change->name));
  page_pair(page, _("Zone"), change->zone);
  if (change->action != PLAN_REMOVE) page_pair(page, _("TTL"), arena_printf(page->arena, _("%u now, %u when it works"), change->ttl, change->ttl_later));
  page_pair(page, _("Who acts"), change->contact == CONTACT_GSI ? _("the gsi contact") : change->contact == CONTACT_ADDRESS_OWNER ? _("the owner of the address") : _("registrar or DNS provider"));
  for (size_t i = 0; i < change->wanted_count; i++) {
    size_t length = strlen(change->wanted[i]);
    page_blank(page);
    page_section(page, _("Value"));
    page_add(page, BLOCK_VALUE, text_safe_string(page->arena, change->wanted[i]));
    page_paragraph(page, arena_printf(page->arena, _("%zu characters, %zu string(s)"), length, (length + 254) / 255));
  }
  for (size_t i = 0; i < change->now_count; i++) {
    page_blank(page);
    page_section(page, _("There now, to be removed"));
    page_add(page, BLOCK_VALUE, text_safe_string(page->arena, change->now[i]));
  }
  put_difference(page, change);
  page->message = _("The wrapped value is one line. Use c to copy or v to see it whole.");
}

bool act_record(struct wizard *wizard, enum action action, const char *focus) {
  size_t index;
  const struct plan_change *change = change_here(wizard, &index);
  (void)focus;
  if (!change || (action != ACTION_NEXT && action != ACTION_PREVIOUS)) return false;
  if ((action == ACTION_NEXT && index + 1 >= wizard->plan->change_count) || (action == ACTION_PREVIOUS && index == 0)) {
    wizard_say(wizard, "%s", action == ACTION_NEXT ? _("This is the last") : _("This is the first"));
    return true;
  }
  struct place *place = wizard_place(wizard);
  snprintf(place->argument, sizeof place->argument, "%zu", action == ACTION_NEXT ? index + 1 : index - 1);
  place->scroll = 0;
  return true;
}

/* ---- the change request ---- */

static const char *requester(struct wizard *wizard) { return json_text(wizard->settings, "requester", ""); }

static struct request_details details_of(struct wizard *wizard) {
  int64_t now = clock_wall_ms();
  return (struct request_details){ .requester = requester(wizard), .time = now, .number = casefile_requests_on(wizard->casefile, wizard->domain, now) + 1, .guidance_2020 = wizard->guidance_2020, .practice = wizard->options.practice, .verdict = wizard_verdict(wizard) };
}

void build_request(struct wizard *wizard, struct page *page) {
  if (not_ready(wizard, page)) return;
  page_heading(page, _("Check your change request before you save it"));
  page_blank(page);
  put_plan(wizard, page, wizard->plan);
  page_blank(page);
  page_item(page, "format", _("Format"), arena_strdup(page->arena, wizard->format), ROLE_TEXT);
  struct block *field = page_add(page, BLOCK_FIELD, _("Asked for by (your name and team)"));
  field->id = "field";
  field->field = &wizard->field;
  if (!wizard->field.length && !wizard->field_active) field_set(&wizard->field, requester(wizard));
  page_item(page, "preview", _("Preview"), "", ROLE_TEXT);
  page_item(page, "save", _("Save the change request"), "", ROLE_TEXT);
}

static void write_request(struct wizard *wizard, struct arena *arena, struct buf *out, struct request *request, const struct request_details *details) {
  *request = request_make(arena, wizard->plan, details);
  request_format_find(wizard->format)->write(request, out);
}

/* Never overwrites: the number goes up until the name is free. */
static bool save_file(struct wizard *wizard, struct arena *arena, const struct buf *text, const char *reference, struct fault *fault) {
  const char *home = getenv("HOME"), *suffix = request_format_find(wizard->format)->suffix;
  const char *folder = arena_printf(arena, "%s/mailstead", home && *home ? home : ".");
  if (!file_make_folders(folder, fault)) return false;
  for (unsigned number = 1; number < 1000; number++) {
    const char *path = number == 1 ? arena_printf(arena, "%s/%s.%s", folder, reference, suffix) : arena_printf(arena, "%s/%s-%u.%s", folder, reference, number, suffix);
    if (access(path, F_OK) == 0) continue;
    snprintf(wizard->saved_file, sizeof wizard->saved_file, "%s", path);
    return file_create(path, buf_string(text), text->length, 0644, fault);
  }
  return false;
}

static void save_request(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct buf text = BUF_INIT(64 << 20);
  struct request request;
  if (!plan_now(wizard)) {
    wizard_say(wizard, "%s", _("Check the domain first: press r"));
  } else if (plan_blocked(wizard->plan)) {
    wizard_say(wizard, "%s", _("The request cannot be saved while a problem stands against it. It is shown on this screen."));
  } else {
    if (wizard->field.length) {
      json_object_set_new(wizard->settings, "requester", json_string(wizard->field.text));
      settings_save(wizard->settings, &fault);
    }
    struct request_details details = details_of(wizard);
    write_request(wizard, arena, &text, &request, &details);
    if (save_file(wizard, arena, &text, request.reference, &fault)) {
      struct casefile_request record = { .reference = request.reference, .file = wizard->saved_file, .when = details.time, .records = (unsigned)wizard->plan->change_count };
      casefile_add_request(wizard->casefile, wizard->domain, &record, request_to_json(&request), &fault);
      snprintf(wizard->saved_reference, sizeof wizard->saved_reference, "%s", request.reference);
      wizard_go(wizard, SCREEN_SAVED, "");
    }
    if (*fault.text) wizard_say(wizard, "%s", fault.text);
  }
  buf_release(&text);
  arena_free(&arena);
}

static void next_format(struct wizard *wizard) {
  size_t i = 0;
  while (request_format_at(i) && strcmp(request_format_at(i)->name, wizard->format) != 0) i++;
  const struct request_format *next = request_format_at(i + 1);
  snprintf(wizard->format, sizeof wizard->format, "%s", next ? next->name : request_format_at(0)->name);
}

bool act_request(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_SAVE) {
    save_request(wizard);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (is_digit(*focus)) wizard_go(wizard, SCREEN_RECORD, focus);
  else if (strcmp(focus, "format") == 0) next_format(wizard);
  else if (strcmp(focus, "preview") == 0) wizard_go(wizard, SCREEN_PREVIEW, "");
  else if (strcmp(focus, "field") == 0) wizard_move(wizard, 1);
  else save_request(wizard);
  return true;
}

void build_preview(struct wizard *wizard, struct page *page) {
  struct buf text = BUF_INIT(4 << 20);
  struct request request;
  if (not_ready(wizard, page)) return;
  struct request_details details = details_of(wizard);
  write_request(wizard, page->arena, &text, &request, &details);
  for (const char *line = buf_string(&text); *line;) {
    size_t length = strcspn(line, "\n");
    page_add(page, BLOCK_VALUE, text_safe_copy(page->arena, line, length));
    line += length + (line[length] == '\n');
  }
  page->message = _("Long values wrap on this screen only. In the file each value is one line.");
  buf_release(&text);
}

bool act_preview(struct wizard *wizard, enum action action, const char *focus) {
  (void)focus;
  if (action != ACTION_SAVE) return false;
  save_request(wizard);
  return true;
}

void build_saved(struct wizard *wizard, struct page *page) {
  page_heading(page, _("Change request saved"));
  page_blank(page);
  page_pair(page, _("Reference"), arena_strdup(page->arena, wizard->saved_reference));
  page_pair(page, _("File"), text_safe_string(page->arena, wizard->saved_file));
  page_blank(page);
  page_section(page, _("What happens next"));
  page_add(page, BLOCK_BULLET, _("Send the file to whoever changes your DNS."));
  page_add(page, BLOCK_BULLET, _("They publish the records. Old values can stay in use until their TTL is over."));
  page_add(page, BLOCK_BULLET, _("Come back and press r. We compare what is published with what you asked for."));
  page_blank(page);
  page_item(page, "tasks", _("Go back to your tasks"), "", ROLE_TEXT);
  page_item(page, "quit", _("Quit"), "", ROLE_TEXT);
}

bool act_saved(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  wizard_act(wizard, strcmp(focus, "quit") == 0 ? ACTION_QUIT : ACTION_TASKS);
  return true;
}
