#include "src/guidance/help_rules.h"

#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/lib.h"

#define LIST "findings-"

const char *help_of_topic(enum topic topic) {
  static const char *const pages[TOPIC_COUNT] = { "dns-hosts", "mx", "ptr", "spf", "dkim", "dmarc", "tls-rpt", "mta-sts", "tls", "dane", "gsi" };
  return topic < TOPIC_COUNT ? pages[topic] : "checks";
}

/* Of a plan or of what was asked for, which no topic of the checks is about. */
static bool is_of_request(const struct rule *rule) { return rule->topic == TOPIC_COUNT; }

bool help_rule_of_topic(const struct rule *rule, enum topic topic) { return rule->topic == topic && !is_of_request(rule); }

/* ---- words ---- */

/* The words of a rule speak of something seen; where nothing was seen, {old_host} stands as OLD HOST. */
static const char *general(struct arena *arena, const char *words) {
  char *out = arena_strdup(arena, words), *to = out;
  bool inside = false;
  for (const char *at = words; *at; at++) {
    if (*at == '{' || *at == '}') inside = *at == '{';
    else *to++ = !inside ? *at : *at == '_' ? ' ' : to_upper(*at);
  }
  *to = '\0';
  return out;
}

/* Its signs are no Markdown. */
static const char *escaped(struct arena *arena, const char *words) {
  struct buf out = BUF_INIT(1 << 16);
  for (const char *at = words; *at; at++) {
    if (strchr("\\`*_[]<>#|&~", *at)) buf_char(&out, '\\');
    buf_char(&out, *at);
  }
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

const char *help_rule_title(struct arena *arena, const struct rule *rule) {
  const char *words = general(arena, _(rule->detail));
  size_t length = strlen(words);
  return length && words[length - 1] == '.' ? arena_strndup(arena, words, length - 1) : words;
}

/* ---- the page of a rule ---- */

static const char *severity_words(enum severity severity) {
  switch (severity) {
  case SEVERITY_FAIL: return _("a problem: it should be mended soon");
  case SEVERITY_WARN: return _("a warning: it works, and is weaker than it should be");
  case SEVERITY_INFO: return _("a note: nothing has to be done");
  case SEVERITY_UNKNOWN: return _("could not check: nothing is known about it, good or bad");
  case SEVERITY_PASS: return _("good: this is as it should be");
  case SEVERITY_SKIPPED: break;
  }
  return _("not checked");
}

/* The step of the guidance that the rule's reference names first; null: none. */
static const struct guidance_step *step_of_rule(const struct rule *rule) {
  const char *at = strstr(rule->reference, "guidance ");
  char id[64];
  if (!at) return NULL;
  at += strlen("guidance ");
  snprintf(id, sizeof id, "%.*s", (int)strcspn(at, "; ,"), at);
  for (size_t i = 0; i < guidance_step_count(); i++)
    if (text_has_word(guidance_step_at(i)->ids, id)) return guidance_step_at(i);
  return NULL;
}

static void put_part(struct arena *arena, struct buf *out, const char *heading, const char *words) {
  if (*words) buf_printf(out, "## %s\n\n%s\n\n", heading, escaped(arena, general(arena, words)));
}

static void put_origin(struct arena *arena, struct buf *out, const struct rule *rule) {
  struct text_argument arguments[] = { { "topic", is_of_request(rule) ? "" : topic_title(rule->topic) }, { "id", rule->id } };
  const char *words = is_of_request(rule) ? _("A finding about a change request, by the name of {id}.") : _("A finding of the checks ({topic}), by the name of {id}.");
  buf_text(out, escaped(arena, text_fill(arena, words, arguments, MEM_COUNT(arguments))));
  if (strchr(rule->detail, '{')) buf_printf(out, " %s", _("Words in capitals stand for what is seen."));
  buf_text(out, "\n\n");
}

static void put_severity(struct buf *out, const struct rule *rule) {
  buf_printf(out, "## %s\n\n- %s\n", _("How much it matters"), severity_words(rule->severity));
  if (rule->other != rule->severity) buf_printf(out, "- %s\n", severity_words(rule->other));
  buf_char(out, '\n');
}

const char *help_rule_text(struct arena *arena, const struct rule *rule) {
  struct buf out = BUF_INIT(1 << 16);
  const struct guidance_step *step = step_of_rule(rule);
  const char *page = is_of_request(rule) ? "change-requests" : help_of_topic(rule->topic);
  buf_printf(&out, "# %s\n\n", escaped(arena, help_rule_title(arena, rule)));
  put_origin(arena, &out, rule);
  put_part(arena, &out, _("What it means, and why it matters"), _(rule->meaning));
  put_part(arena, &out, _("What to do about it"), *rule->remedy ? _(rule->remedy) : _("Nothing."));
  put_severity(&out, rule);
  put_part(arena, &out, _("Where it is written"), rule->reference);
  if (step) put_part(arena, &out, _("The step of the guidance"), _(step->title));
  buf_printf(&out, "%s [%s](%s)", _("See also:"), escaped(arena, help_title(arena, page)), page);
  if (!is_of_request(rule)) buf_printf(&out, ", [%s](%s%s)", escaped(arena, help_list_title(arena, rule->topic)), LIST, topic_name(rule->topic));
  buf_char(&out, '\n');
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* ---- the list of a topic ---- */

bool help_list_topic(const char *name, enum topic *out) { return text_starts(name, LIST) && topic_from_name(name + strlen(LIST), out); }
const char *help_list_name(struct arena *arena, enum topic topic) { return arena_printf(arena, "%s%s", LIST, topic_name(topic)); }

const char *help_list_title(struct arena *arena, enum topic topic) {
  struct text_argument argument = { "topic", topic_title(topic) };
  return text_fill(arena, _("{topic}: all findings"), &argument, 1);
}

const char *help_list_text(struct arena *arena, enum topic topic) {
  struct buf out = BUF_INIT(1 << 18);
  buf_printf(&out, "# %s\n\n", escaped(arena, help_list_title(arena, topic)));
  for (size_t i = 0; i < rule_count(); i++)
    if (help_rule_of_topic(rule_at(i), topic)) buf_printf(&out, "- %s: %s\n", rule_at(i)->id, escaped(arena, help_rule_title(arena, rule_at(i))));
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}
