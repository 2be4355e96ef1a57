#include "ui/words.h"

#include <string.h>

#include "src/base/lib.h"

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440 };

const char *severity_label(enum severity severity) {
  switch (severity) {
  case SEVERITY_PASS: return _("Good");
  case SEVERITY_INFO: return _("Note");
  case SEVERITY_WARN: return _("Warning");
  case SEVERITY_UNKNOWN: return _("Could not check");
  case SEVERITY_FAIL: return _("Problem");
  case SEVERITY_SKIPPED: break;
  }
  return _("Not checked");
}

enum role severity_role(enum severity severity) {
  switch (severity) {
  case SEVERITY_PASS: return ROLE_GOOD;
  case SEVERITY_INFO: return ROLE_NOTE;
  case SEVERITY_WARN: return ROLE_WARN;
  case SEVERITY_UNKNOWN: return ROLE_UNKNOWN;
  case SEVERITY_FAIL: return ROLE_FAIL;
  case SEVERITY_SKIPPED: break;
  }
  return ROLE_BUSY;
}

enum role step_state_role(enum step_state state) {
  switch (state) {
  case STEP_PROBLEM: return ROLE_FAIL;
  case STEP_WAITING:
  case STEP_WAITING_OTHERS:
  case STEP_WAITING_REPORTS: return ROLE_BUSY;
  case STEP_IN_PROGRESS: return ROLE_WARN;
  case STEP_NOT_STARTED:
  case STEP_CANNOT_START: return ROLE_NOTE;
  case STEP_COMPLETED:
  case STEP_NOT_NEEDED: break;
  }
  return ROLE_TEXT;
}

const char *words_answer(struct arena *arena, const struct guidance_asked *asked) {
  const struct guidance_option *options = asked->question->options;
  if (!asked->answer) return _("Not answered");
  for (size_t i = 0; i < MEM_COUNT(asked->question->options) && options[i].value; i++)
    if (strcmp(options[i].value, asked->answer) == 0) return _(options[i].text);
  return *asked->answer ? text_safe_string(arena, asked->answer) : _("none");
}

const char *words_sentence(struct arena *arena, const char *text) {
  char *copy = arena_strdup(arena, text);
  if (*copy >= 'a' && *copy <= 'z') *copy = (char)(*copy - 'a' + 'A');
  return copy;
}

const char *words_count(struct arena *arena, const char *sentence, const char *name, size_t value) {
  struct text_argument argument = { name, arena_printf(arena, "%zu", value) };
  return text_fill(arena, sentence, &argument, 1);
}

const char *words_fill(struct arena *arena, const char *sentence, const char *name, const char *value) {
  struct text_argument argument = { name, text_safe_string(arena, value) };
  return text_fill(arena, sentence, &argument, 1);
}

const char *words_ago(struct arena *arena, int64_t then, int64_t now) {
  int64_t minutes = (now - then) / MINUTE_MS;
  if (minutes < 1) return _("just now");
  if (minutes < 120) return words_count(arena, ngettext("{n} minute ago", "{n} minutes ago", (unsigned long)minutes), "n", (size_t)minutes);
  if (minutes < 2 * DAY_MINUTES) return words_count(arena, _("{n} hours ago"), "n", (size_t)(minutes / 60));
  return words_count(arena, _("{n} days ago"), "n", (size_t)(minutes / DAY_MINUTES));
}

const char *words_date(struct arena *arena, int64_t when) {
  static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };
  struct clock_date date = clock_local(when);
  return arena_printf(arena, "%d %s %d", date.day, _(months[(date.month + 11) % 12]), date.year);
}

const char *words_time(struct arena *arena, int64_t when, int64_t now) {
  struct clock_date date = clock_local(when), today = clock_local(now);
  struct text_argument arguments[] = { { "time", arena_printf(arena, "%02d:%02d", date.hour, date.minute) }, { "date", words_date(arena, when) } };
  bool same_day = date.year == today.year && date.month == today.month && date.day == today.day;
  return text_fill(arena, same_day ? _("today at {time}") : _("{date} at {time}"), arguments, 2);
}

const char *words_span(struct arena *arena, uint32_t seconds) {
  if (seconds < 120) return words_count(arena, ngettext("{n} second", "{n} seconds", seconds), "n", seconds);
  if (seconds < 7200) return words_count(arena, _("{n} minutes"), "n", seconds / 60);
  if (seconds < 172800) return words_count(arena, _("{n} hours"), "n", seconds / 3600);
  return words_count(arena, _("{n} days"), "n", seconds / 86400);
}
