/* Searching the help pages: every word, or another word for it, must stand in a page. Titles weigh most, then headings, then text. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"

enum { ID_SCORE = 10000, TITLE_SCORE = 100, HEADING_SCORE = 10, RULE_SCORE = 3, EXCERPT_BEFORE = 30, EXCERPT_COLUMNS = 84, FAR_FROM_TITLE = 3 };

static const struct { const char *word, *other; } synonyms[] = {
  { "reverse", "ptr" }, { "rdns", "ptr" }, { "ssl", "tls" }, { "encryption", "tls" }, { "encrypt", "tls" }, { "sender", "spf" }, { "signature", "dkim" }, { "signing", "dkim" }, { "policy", "dmarc" }, { "reports", "rua" },
  { "spoofing", "dmarc" }, { "forged", "dmarc" }, { "phishing", "dmarc" }, { "parked", "sends nothing" }, { "unused", "sends nothing" }, { "nameserver", "name server" }, { "copy", "plain view" }, { "paste", "plain view" },
  { "clipboard", "plain view" }, { "firewall", "port 25" }, { "blocked", "port 25" }, { "lookups", "look-ups" }, { "lookup", "look-up" }, { "whois", "registrar" }, { "rdap", "registrar" }, { "disclaimer", "footer" },
  { "signatures", "dkim" }, { "cert", "certificate" }, { "expiry", "certificate" }, { "whitelist", "exceptions" }, { "allowlist", "exceptions" }, { "shortcut", "keys" }, { "speech", "screen reader" }, { "braille", "screen reader" },
  { "o365", "microsoft" }, { "office", "microsoft" }, { "gmail", "google" },
};

static const char *other_word(const char *word) {
  for (size_t i = 0; i < MEM_COUNT(synonyms); i++)
    if (text_same_folded(synonyms[i].word, word)) return synonyms[i].other;
  return NULL;
}

static const char *find_word(const char *text, const char *word) {
  const char *found = text_find(text, word, NULL), *other = found ? NULL : other_word(word);
  return other ? text_find(text, other, NULL) : found;
}

/* ---- pages as they are read ---- */

/* The label of a link instead of its Markdown; how much of the text it takes. 0: here is no link. */
static size_t put_link(struct buf *out, const char *at) {
  size_t label = strcspn(at + 1, "]\n"), target;
  if (at[1 + label] != ']' || at[2 + label] != '(') return 0;
  target = strcspn(at + 3 + label, ")\n");
  if (at[3 + label + target] != ')') return 0;
  buf_bytes(out, at + 1, label);
  return label + target + 4;
}

/* One line of text without Markdown. Headings are left out, or (`headings`) are all that is left. */
static const char *reading_text(struct arena *arena, const char *text, bool headings) {
  struct buf out = BUF_INIT(1 << 20);
  bool line_start = true;
  while (*text) {
    bool heading = line_start && *text == '#';
    if (line_start && (heading != headings)) {
      text += strcspn(text, "\n");
      text += *text == '\n';
      continue;
    }
    size_t taken = *text == '[' ? put_link(&out, text) : 0;
    line_start = *text == '\n';
    if (taken) text += taken;
    else if (strchr("\n#*`|", *text)) buf_char(&out, ' '), text++;
    else buf_char(&out, *text++);
  }
  const char *read = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return read;
}

/* Whole words around the place, in one piece. */
static const char *excerpt_at(struct arena *arena, const char *text, const char *place) {
  const char *start = place - text > EXCERPT_BEFORE ? place - EXCERPT_BEFORE : text;
  while (start > text && start < place && start[-1] != ' ') start++;
  struct buf out = BUF_INIT(1024);
  for (const char *at = start; *at && out.length < EXCERPT_COLUMNS * 4; at++)
    if (*at != ' ' || (out.length && at[-1] != ' ')) buf_char(&out, *at);
  size_t length = text_fit(buf_string(&out), EXCERPT_COLUMNS, NULL);
  if (length < out.length)
    while (length && buf_string(&out)[length] != ' ') length--;
  const char *excerpt = text_safe_copy(arena, buf_string(&out), length);
  buf_release(&out);
  return excerpt;
}

/* ---- hits ---- */

/* What is searched of a page, and how much a word counts in each part. */
struct source { const char *topic, *title, *headings, *body; unsigned in_title, in_heading; };

static bool hit(struct arena *arena, const struct source *source, const char *words, struct help_hit *out) {
  const char *place = NULL;
  *out = (struct help_hit){ .topic = source->topic, .title = source->title };
  for (const char *at = words; *(at += strspn(at, " "));) {
    size_t length = strcspn(at, " ");
    const char *word = arena_strndup(arena, at, length), *in_body = find_word(source->body, word);
    bool in_title = find_word(source->title, word) != NULL, in_heading = find_word(source->headings, word) != NULL;
    if (!in_body && !in_heading && !in_title) return false;
    out->score += in_title ? source->in_title : in_heading ? source->in_heading : 1;
    if (!place) place = in_body;
    at += length;
  }
  if (out->score > 0) out->excerpt = excerpt_at(arena, source->body, place ? place : source->body);
  return out->score > 0;
}

static bool page_hit(struct arena *arena, const char *topic, const char *words, struct help_hit *out) {
  const char *text = help_text(arena, topic);
  if (!text) return false;
  struct source source = { topic, help_title(arena, topic), reading_text(arena, text, true), reading_text(arena, text, false), TITLE_SCORE, HEADING_SCORE };
  return hit(arena, &source, words, out);
}

static bool rule_hit(struct arena *arena, const struct rule *rule, const char *words, struct help_hit *out) {
  const char *body = arena_printf(arena, "%s %s %s", help_rule_title(arena, rule), _(rule->meaning), *rule->remedy ? _(rule->remedy) : "");
  struct source source = { rule->id, help_rule_title(arena, rule), rule->id, body, RULE_SCORE, RULE_SCORE };
  if (!hit(arena, &source, words, out)) return false;
  if (strcmp(words, rule->id) == 0) out->score = ID_SCORE;
  return true;
}

static int best_first(const void *a, const void *b) {
  const struct help_hit *left = a, *right = b;
  if (left->score != right->score) return left->score < right->score ? 1 : -1;
  return strcmp(left->title, right->title);
}

size_t help_search(struct arena *arena, const char *words, struct help_hit *out, size_t room) {
  size_t count = 0, topic_count;
  const char *const *topics = help_topics(&topic_count);
  struct help_hit *all = ARENA_ARRAY(arena, struct help_hit, topic_count + rule_count());
  for (size_t i = 0; i < topic_count; i++) count += page_hit(arena, topics[i], words, &all[count]);
  for (size_t i = 0; i < rule_count(); i++) count += rule_hit(arena, rule_at(i), words, &all[count]);
  qsort(all, count, sizeof *all, best_first);
  if (count > room) count = room;
  for (size_t i = 0; i < count; i++) out[i] = all[i];
  return count;
}

const char *help_also(struct arena *arena, const char *words) {
  const char *list = "";
  for (const char *at = words; *(at += strspn(at, " "));) {
    size_t length = strcspn(at, " ");
    const char *other = other_word(arena_strndup(arena, at, length));
    if (other) list = *list ? arena_printf(arena, "%s, %s", list, other) : other;
    at += length;
  }
  return list;
}

const char *help_nearest(struct arena *arena, const char *words) {
  size_t count;
  unsigned least = FAR_FROM_TITLE + 1;
  const char *const *topics = help_topics(&count), *found = NULL;
  for (size_t i = 0; i < count; i++) {
    const char *title = help_title(arena, topics[i]);
    for (const char *at = title; *(at += strspn(at, " ()"));) {
      size_t length = strcspn(at, " ()");
      unsigned far = text_distance(arena_strndup(arena, at, length), words, FAR_FROM_TITLE);
      if (far < least && far < length) least = far, found = topics[i];
      at += length;
    }
  }
  return found;
}
