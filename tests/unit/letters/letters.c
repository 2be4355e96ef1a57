/* Messages name the services of their kind and no others, keep to 72 columns, and show nothing from outside as it came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/lib.h"
#include "src/letters/lib.h"
#include "src/letters/parts.h"
#include "tests/support/folder.h"

static const char domain[] = "example.gov.uk";
struct setting { struct arena *arena; struct casefile *casefile; struct letter_input input; };

static int set_up(void **state) {
  static struct setting s;
  struct fault fault = { "" };
  const char *folder = test_folder();
  if (!folder) return -1;
  setenv("XDG_DATA_HOME", folder, 1);
  s.arena = arena_new();
  s.casefile = casefile_open_domain(domain, &fault);
  if (!s.casefile) return -1;
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Mail filter", .kind = "filtering", .domain = domain, .contact = "ICT" }, &fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Payroll\x1b[31m", .kind = "business", .domain = "hr.example.gov.uk", .addresses = "192.0.2.80", .signs = TRI_NO }, &fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .id = "mailchimp", .name = "Newsletter", .kind = "cloud", .domain = "news.example.gov.uk" }, &fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Gone", .kind = "business", .state = CASEFILE_NOT_OURS }, &fault);
  s.input = (struct letter_input){ .casefile = s.casefile, .domain = domain, .from = "A. Jones, ICT", .when = "1 March 2027", .dmarc = "none", .facts = facts_load(s.arena, &fault) };
  *state = &s;
  return 0;
}

static int tear_down(void **state) {
  struct setting *s = *state;
  casefile_close(&s->casefile);
  arena_free(&s->arena);
  return 0;
}

static void lines_are_short_and_safe(const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    bool subject = strncmp(line, "Subject:", 8) == 0;
    if (text_width_n(line, length) > 72 && !subject) fail_msg("too long: %.*s", (int)length, line);
    for (size_t i = 0; i < length; i++)
      if ((unsigned char)line[i] < 0x20) fail_msg("a control character: %.*s", (int)length, line);
    if (memchr(line, '{', length)) fail_msg("not filled in: %.*s", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static void every_letter_is_whole(void **state) {
  struct setting *s = *state;
  static const struct letter_result results[] = { { "TXT _dmarc.example.gov.uk", "ns1.provider.example", "still the old value" } };
  s->input.partner = "northmoor.gov.uk";
  s->input.reason = "mail.northmoor.gov.uk offers no STARTTLS\r\nX-Bad: 1";
  s->input.service = "Newsletter";
  s->input.old_name = "old.gsi.gov.uk";
  s->input.reference = "example.gov.uk-2026-11-23-1";
  s->input.asked = "23 November 2026";
  s->input.results = results;
  s->input.result_count = 1;
  for (unsigned kind = 0; kind < LETTER_COUNT; kind++) {
    enum letter_kind back;
    assert_true(letter_from_id(letter_id((enum letter_kind)kind), &back));
    assert_int_equal(back, kind);
    struct letter letter = letter_write(s->arena, (enum letter_kind)kind, &s->input);
    assert_true(strlen(letter.text) > 400);
    assert_true(*letter.subject);
    lines_are_short_and_safe(letter.text);
  }
}

/* Without regard to where the lines end. */
static bool says(struct setting *s, enum letter_kind kind, const char *words) {
  char *text = arena_strdup(s->arena, letter_write(s->arena, kind, &s->input).text), *to = text;
  for (const char *from = text; *from; from++) {
    if (*from != '\n' && *from != ' ') *to++ = *from;
    else if (to > text && to[-1] != ' ') *to++ = ' ';
  }
  *to = '\0';
  return strstr(text, words) != NULL;
}

static void operators_read_of_their_own(void **state) {
  struct setting *s = *state;
  assert_true(says(s, LETTER_FILTERING, "Mail filter"));
  assert_true(says(s, LETTER_FILTERING, "run by ICT"));
  assert_true(says(s, LETTER_BUSINESS, "Payroll") && says(s, LETTER_BUSINESS, "192.0.2.80") && says(s, LETTER_BUSINESS, "does not sign"));
  assert_false(says(s, LETTER_BUSINESS, "Gone"));
  assert_false(says(s, LETTER_FILTERING, "Payroll"));
  assert_true(says(s, LETTER_CLOUD, "Newsletter"));
  assert_true(says(s, LETTER_CLOUD, "1 March 2027"));
  assert_true(says(s, LETTER_OWN, "none that we know of"));
  assert_true(says(s, LETTER_EVERYONE, "standard agreed across"));
  s->input.dmarc = "reject";
  assert_true(says(s, LETTER_CLOUD, "asked to refuse"));
}

static void others_get_what_was_seen(void **state) {
  struct setting *s = *state;
  s->input.service = "Newsletter";
  assert_true(says(s, LETTER_PROVIDER, "news.example.gov.uk"));
  assert_true(says(s, LETTER_PROVIDER, "selector k2"));
  s->input.partner = "";
  assert_true(says(s, LETTER_PARTNER, "put example.gov.uk"));
  s->input.result_count = 0;
  assert_true(says(s, LETTER_DNS_PROVIDER, "have not seen the changes"));
  assert_true(says(s, LETTER_PROCUREMENT, "TLS 1.2 or later"));
}

/* Of the old addresses is said what was answered, and no more. */
static void new_addresses_are_told(void **state) {
  struct setting *s = *state;
  struct fault fault = { "" };
  static const struct { const char *forwards, *sends, *says; } rows[] = {
    { NULL, NULL, "[What happens to email to addresses at old.gsi.gov.uk" }, { "unknown", NULL, "[What happens" }, { "yes", NULL, "is forwarded until 1 June 2027" },
    { "aliases", NULL, "still reaches us until 1 June 2027" }, { "planned", NULL, "Our email moves on 1 March 2027" }, { "no", "no", "no longer reaches us" },
  };
  s->input.old_name = "old.gsi.gov.uk";
  s->input.until = "1 June 2027";
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    if (rows[i].forwards) casefile_set_answer(s->casefile, "old.gsi.gov.uk", "forwards", rows[i].forwards, &fault);
    if (rows[i].sends) casefile_set_answer(s->casefile, "old.gsi.gov.uk", "old-sends", rows[i].sends, &fault);
    assert_true(says(s, LETTER_ADDRESSES, rows[i].says));
    assert_true(says(s, LETTER_COLLEAGUES, rows[i].says));
    assert_int_equal(says(s, LETTER_ADDRESSES, "Distrust email from old.gsi.gov.uk"), rows[i].sends != NULL);
  }
  assert_true(says(s, LETTER_ADDRESSES, "The new ones end in example.gov.uk"));
}

static void settings_are_whole(void **state) {
  struct setting *s = *state;
  assert_true(s->input.facts->mail_system_count >= 9);
  for (size_t i = 0; i < s->input.facts->mail_system_count; i++) {
    const struct mail_system_facts *system = &s->input.facts->mail_systems[i];
    struct buf out = BUF_INIT(1 << 18);
    for (size_t n = 0; n < system->setting_count; n++)
      if (setting_title(system->settings[n].purpose) == system->settings[n].purpose) fail_msg("%s: purpose %s has no title", system->id, system->settings[n].purpose);
    settings_write(&out, &(struct settings_input){ .system = system, .exceptions = "noltls.example.gov.uk may\n", .certificates = "" });
    assert_non_null(strstr(buf_string(&out), "    noltls.example.gov.uk may\n"));
    assert_non_null(strstr(buf_string(&out), "unverified"));
    for (size_t n = 0; n < system->setting_count; n++) assert_non_null(strstr(buf_string(&out), setting_title(system->settings[n].purpose)));
    buf_clear(&out);
    settings_write(&out, &(struct settings_input){ .system = system });
    assert_non_null(strstr(buf_string(&out), "No partner has been tested yet"));
    buf_release(&out);
  }
}

/* A step shows its own purposes only, and each purpose that a step names is one that some mail system has. */
static void settings_of_steps(void **state) {
  struct setting *s = *state;
  const struct mail_system_facts *postfix = facts_mail_system_find(s->input.facts, "postfix");
  struct buf out = BUF_INIT(1 << 18);
  settings_write(&out, &(struct settings_input){ .system = postfix, .purposes = "inbound logging" });
  assert_non_null(strstr(buf_string(&out), setting_title("inbound")));
  assert_non_null(strstr(buf_string(&out), setting_title("logging")));
  assert_null(strstr(buf_string(&out), setting_title("require-tls")));
  assert_null(strstr(buf_string(&out), setting_title("exceptions")));
  assert_null(strstr(buf_string(&out), setting_title("inbound-dmarc")));
  buf_release(&out);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    for (const char *at = step->settings ? step->settings : ""; *(at += strspn(at, " ")); at += strcspn(at, " ")) {
      char purpose[64];
      snprintf(purpose, sizeof purpose, "%.*s", (int)strcspn(at, " "), at);
      if (strcmp(setting_title(purpose), purpose) == 0) fail_msg("step %s: %s is no purpose of a setting", step->id, purpose);
      if (!strstr(step->screens, "mail-system")) fail_msg("step %s has settings and does not lead to them", step->id);
    }
  }
}

#define IN_CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Every letter is the sum of its parts: putting the same words back changes nothing, and points stay points. */
static void parts_are_edited_alone(void **state) {
  struct setting *s = *state;
  struct letter_part *parts;
  for (unsigned kind = 0; kind < LETTER_COUNT; kind++) {
    if (letter_is_of_old_name((enum letter_kind)kind)) s->input.old_name = "example.gsi.gov.uk";
    const char *text = letter_write(s->arena, (enum letter_kind)kind, &s->input).text;
    size_t count = letter_parts(s->arena, text, &parts);
    assert_true(count > 3);
    for (size_t i = 0; i < count; i++) {
      assert_null(strchr(parts[i].words, '\n'));
      const char *again = letter_with_part(s->arena, text, i, parts[i].words);
      assert_int_equal(strncmp(again, text, strlen(again)), 0);
      assert_int_equal(strspn(text + strlen(again), "\n"), strlen(text) - strlen(again)); /* an empty line at the end may go */
    }
  }
}

static void a_part_is_changed_or_left_out(void **state) {
  static const char text[] = "Subject: One\n\nWhat changes:\n- first of all,\n  at length\n- second\n\nThe end\n";
  static const struct { size_t index; const char *words, *wanted; } rows[] = {
    { 2, "- another", "Subject: One\n\nWhat changes:\n- another\n- second\n\nThe end\n" },
    { 2, "", "Subject: One\n\nWhat changes:\n- second\n\nThe end\n" },
    { 3, "", "Subject: One\n\nWhat changes:\n- first of all,\n  at length\n\nThe end\n" },
    { 1, "", "Subject: One\n\n- first of all,\n  at length\n- second\n\nThe end\n" },
    { 4, "", "Subject: One\n\nWhat changes:\n- first of all,\n  at length\n- second\n" },
    { 0, "", "What changes:\n- first of all,\n  at length\n- second\n\nThe end\n" },
    { 9, "nothing", text },
    { 4, "Words that are many more than have room on a line of seventy-two columns, so that they go on below", "Subject: One\n\nWhat changes:\n- first of all,\n  at length\n- second\n\nWords that are many more than have room on a line of seventy-two\ncolumns, so that they go on below\n" },
  };
  struct setting *s = *state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) assert_string_equal(letter_with_part(s->arena, text, rows[i].index, rows[i].words), rows[i].wanted);
}

/* A service that is added, and a date that is set, after the letter was edited. */
static void what_changed_is_told(void **state) {
  struct setting *s = *state;
  struct fault fault = { "" };
  struct letter_change *changes;
  s->input.when = "";
  const char *before = letter_write(s->arena, LETTER_BUSINESS, &s->input).text;
  assert_int_equal(letter_changes(s->arena, before, letter_write(s->arena, LETTER_BUSINESS, &s->input).text, &changes), 0);
  casefile_put_service(s->casefile, SIZE_MAX, &(struct casefile_service){ .name = "Housing", .kind = "business" }, &fault);
  s->input.when = "1 May 2027";
  size_t count = letter_changes(s->arena, before, letter_write(s->arena, LETTER_BUSINESS, &s->input).text, &changes);
  bool service = false, date = false, no_date = false;
  for (size_t i = 0; i < count; i++) {
    service = service || (!changes[i].gone && strstr(changes[i].words, "Housing"));
    date = date || (!changes[i].gone && strstr(changes[i].words, "1 May 2027"));
    no_date = no_date || (changes[i].gone && strstr(changes[i].words, "a date that we will tell you"));
  }
  assert_true(service && date && no_date);
}

int main(void) {
  const struct CMUnitTest tests[] = { IN_CASE(every_letter_is_whole), IN_CASE(operators_read_of_their_own), IN_CASE(others_get_what_was_seen), IN_CASE(new_addresses_are_told), IN_CASE(settings_are_whole), IN_CASE(settings_of_steps), IN_CASE(parts_are_edited_alone), IN_CASE(a_part_is_changed_or_left_out), IN_CASE(what_changed_is_told) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
