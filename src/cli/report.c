#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/lib.h"
#include "ui/words.h"

static void wrapped(struct buf *out, const char *indent, const char *text) {
  enum { MEASURE = 76 };
  size_t room = MEASURE - text_width(indent);
  while (*text) {
    size_t length = text_fit(text, room, NULL);
    if (text[length]) {
      size_t back = length;
      while (back > 0 && text[back] != ' ') back--;
      if (back > 0) length = back;
      else length = strcspn(text, " "); /* one long word, such as a record, stays whole */
    }
    buf_printf(out, "%s%.*s\n", indent, (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
}

/* Where in a text, when the words do not say it. */
static void position_text(struct buf *out, struct arena *arena, const struct finding *finding) {
  const char *position = finding_argument(finding, "position"), *line = finding_argument(finding, "line");
  if (line && !strstr(finding->rule->detail, "{line}")) wrapped(out, "    ", text_fill(arena, _("In line {line}."), &(struct text_argument){ "line", line }, 1));
  if (position && !strstr(finding->rule->detail, "{position}"))
    wrapped(out, "    ", text_fill(arena, _("At character {position}."), &(struct text_argument){ "position", position }, 1));
}

static void finding_text(struct buf *out, struct arena *arena, const struct finding *finding) {
  buf_printf(out, "  %s: %s\n", severity_label(finding->severity), text_safe_string(arena, finding->subject));
  wrapped(out, "    ", finding_detail(arena, finding));
  if (finding->severity == SEVERITY_PASS) return;
  position_text(out, arena, finding);
  const char *meaning = finding_meaning(arena, finding), *remedy = finding_remedy(arena, finding);
  if (*meaning) wrapped(out, "    ", meaning);
  if (*remedy) wrapped(out, "    ", text_fill(arena, _("What to do: {remedy}"), &(struct text_argument){ "remedy", remedy }, 1));
  for (size_t i = 0; i < finding->seen_count; i++) {
    const struct observation *seen = finding->seen[i];
    struct clock_date when = clock_local(seen->time);
    buf_printf(out, _("    Seen: %s, from %s, at %02d:%02d:%02d\n"), question_describe(arena, &seen->question),
               *seen->server ? seen->server : _("nobody: no answer came"), when.hour, when.minute, when.second);
  }
  buf_printf(out, "    [%s] %s\n", finding->rule->id, finding->rule->reference);
}

void report_text(struct buf *out, const struct verdict *verdict, const struct inquiry *inquiry, const struct examination_figures *figures) {
  struct arena *arena = arena_new();
  buf_printf(out, "%s: %s\n", inquiry->domain, severity_label(verdict->status));
  for (unsigned topic = 0; topic < TOPIC_COUNT; topic++) {
    if (verdict->topics[topic] == SEVERITY_SKIPPED) continue;
    buf_printf(out, "\n%s: %s\n", topic_title((enum topic)topic), severity_label(verdict->topics[topic]));
    for (size_t i = 0; i < verdict->count; i++)
      if (verdict->findings[i]->topic == (enum topic)topic) finding_text(out, arena, verdict->findings[i]);
  }
  if (figures) buf_printf(out, _("\n%u questions in %u rounds, %u ms.\n"), figures->questions, figures->rounds, figures->elapsed_ms);
  arena_free(&arena);
}

void report_amendment_text(struct buf *out, const char *domain, const struct finding *finding) {
  struct arena *arena = arena_new();
  buf_text(out, text_fill(arena, _("{domain}: found after its report was written"), &(struct text_argument){ "domain", domain }, 1));
  buf_text(out, "\n\n");
  finding_text(out, arena, finding);
  buf_char(out, '\n');
  arena_free(&arena);
}

bool print_buf(const struct buf *buf) {
  return fwrite(buf_string(buf), 1, buf->length, stdout) == buf->length && fflush(stdout) == 0;
}

bool print_json_line(json_t *json) {
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
  json_decref(json);
  if (!text) return false;
  puts(text);
  fflush(stdout);
  free(text);
  return true;
}
