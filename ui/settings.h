#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The settings of the wizard: few, each with a safe default, kept in $XDG_CONFIG_HOME/mailstead/settings.json (settings_load). The first choice
 * is the default. */
struct setting_choice { const char *value, *words; };
struct setting {
  const char *key, *title;
  struct setting_choice choices[4];  /* none: free text, "" by default */
  const char *explain;               /* one sentence, in the message line */
  bool of_network;                   /* used at the next check */
};

size_t setting_count(void);
const struct setting *setting_at(size_t index);
const struct setting *setting_find(const char *key);
const char *setting_value(const json_t *settings, const char *key);       /* never null: the default when it is not set, or set to what is no choice */
const char *setting_words(const json_t *settings, const struct setting *setting); /* for people, translated; of free text the text itself */
void setting_next(json_t *settings, const struct setting *setting);       /* the next choice */
void setting_reset(json_t *settings, const struct setting *setting);
#endif
