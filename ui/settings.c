#include "ui/settings.h"

#include <string.h>

#include "src/base/intl.h"
#include "src/base/json.h"
#include "src/base/mem.h"

static const struct setting rows[] = {
  { .key = "colour", .title = N_("Colour"), .choices = { { "auto", N_("Automatic") }, { "none", N_("None") }, { "high", N_("High contrast") } }, .explain = N_("Words carry the meaning, colour only helps. NO_COLOR switches it off too.") },
  { .key = "symbols", .title = N_("Symbols"), .choices = { { "auto", N_("Automatic") }, { "ascii", N_("ASCII only") } }, .explain = N_("ASCII for terminals and fonts that lack other signs.") },
  { .key = "cursor", .title = N_("Cursor"), .choices = { { "follow", N_("On the selected item") }, { "hide", N_("Hidden") } }, .explain = N_("Screen readers and braille displays follow the cursor.") },
  { .key = "movement", .title = N_("Movement"), .choices = { { "auto", N_("Automatic") }, { "reduced", N_("Reduced (updates once a second)") }, { "full", N_("4 updates a second") } }, .explain = N_("Automatic means reduced over ssh.") },
  { .key = "mouse", .title = N_("Mouse"), .choices = { { "off", N_("Off, so you can select text with the mouse") }, { "on", N_("On") } }, .explain = N_("Mouse on lets you click options. Hold Shift to select text as usual.") },
  { .key = "clipboard", .title = N_("Clipboard"), .choices = { { "ask", N_("Ask the terminal (OSC 52)") }, { "never", N_("Never") } }, .explain = N_("Some terminals ignore it. The plain view always works.") },
  { .key = "copy-form", .title = N_("Copied values"), .choices = { { "line", N_("On one line") }, { "split", N_("Quoted and split, as in a zone file") } }, .explain = N_("Most DNS panels take one line; zone files want strings of at most 255 characters.") },
  { .key = "resolvers", .title = N_("DNS servers"), .explain = N_("Addresses with commas between. Empty: those of this computer."), .of_network = true },
  { .key = "timeout", .title = N_("Wait for an answer"), .choices = { { "5", N_("5 seconds") }, { "10", N_("10 seconds") }, { "20", N_("20 seconds") } }, .explain = N_("For one question. Raise it on slow networks."), .of_network = true },
  { .key = "mail", .title = N_("Connect to mail"), .choices = { { "yes", N_("Yes, port 25") }, { "no", N_("No, DNS checks only") } }, .explain = N_("For networks that block port 25: what needs it is then Could not check."), .of_network = true },
};

size_t setting_count(void) { return MEM_COUNT(rows); }
const struct setting *setting_at(size_t index) { return index < MEM_COUNT(rows) ? &rows[index] : NULL; }

const struct setting *setting_find(const char *key) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].key, key) == 0) return &rows[i];
  return NULL;
}

static size_t chosen(const json_t *settings, const struct setting *setting) {
  const char *value = json_text(settings, setting->key, "");
  for (size_t i = 0; i < MEM_COUNT(setting->choices) && setting->choices[i].value; i++)
    if (strcmp(setting->choices[i].value, value) == 0) return i;
  return 0;
}

const char *setting_value(const json_t *settings, const char *key) {
  const struct setting *setting = setting_find(key);
  if (!setting) return "";
  return setting->choices[0].value ? setting->choices[chosen(settings, setting)].value : json_text(settings, key, "");
}

const char *setting_words(const json_t *settings, const struct setting *setting) {
  if (setting->choices[0].value) return _(setting->choices[chosen(settings, setting)].words);
  return json_text(settings, setting->key, "");
}

void setting_next(json_t *settings, const struct setting *setting) {
  size_t next = chosen(settings, setting) + 1;
  if (next >= MEM_COUNT(setting->choices) || !setting->choices[next].value) next = 0;
  if (setting->choices[next].value) json_object_set_new(settings, setting->key, json_string(setting->choices[next].value));
}

void setting_reset(json_t *settings, const struct setting *setting) { json_object_del(settings, setting->key); }
