#include "src/base/intl.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"

/* gettext's own counter: raising it makes it forget what it has looked up in the former language. */
extern int _nl_msg_cat_cntr;

static const char *wanted_language(void) {
  static const char *const variables[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };
  for (size_t i = 0; i < MEM_COUNT(variables); i++) {
    const char *value = getenv(variables[i]);
    if (value && *value) return text_starts(value, "cy") ? "cy" : "en";
  }
  return "en";
}

static bool locale_is_utf8(void) {
  const char *name = setlocale(LC_CTYPE, NULL);
  return name && (strstr(name, "UTF-8") || strstr(name, "utf8") || strstr(name, "UTF8") || strstr(name, "utf-8"));
}

static const char *catalogues(void) {
  const char *folder = getenv("MAILSTEAD_LOCALEDIR");
  return folder ? folder : LOCALEDIR;
}

bool intl_has(const char *language) {
  char *path = mem_printf("%s/%s/LC_MESSAGES/mailstead.mo", catalogues(), language);
  bool there = access(path, R_OK) == 0;
  free(path);
  return there;
}

/* gettext translates nothing in the locales C and C.UTF-8, so a real one is looked for; the character set stays the user's choice. */
void intl_init(const char *language) {
  const char *wanted = language ? language : wanted_language();
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  setlocale(LC_TIME, "C");
  if (locale_is_utf8()) {
    static const char *const known[] = { "cy_GB.UTF-8", "en_GB.UTF-8", "en_US.UTF-8" };
    const char *now = setlocale(LC_MESSAGES, NULL);
    bool inert = !now || strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0 || text_starts(now, "C.");
    for (size_t i = 0; inert && i < MEM_COUNT(known); i++) inert = !setlocale(LC_MESSAGES, known[i]);
  }
  bindtextdomain("mailstead", catalogues());
  bind_textdomain_codeset("mailstead", "UTF-8");
  textdomain("mailstead");
  intl_set_language(wanted);
}

void intl_set_language(const char *language) {
  setenv("LANGUAGE", text_starts(language, "cy") ? "cy" : "en", 1);
  _nl_msg_cat_cntr++;
}

const char *intl_language(void) {
  const char *now = getenv("LANGUAGE");
  return now && text_starts(now, "cy") ? "cy" : "en";
}
