#ifndef BASE_INTL_H
#define BASE_INTL_H
#include <libintl.h>
#include <stdbool.h>

/* Strings for people pass gettext; N_ marks one in a table, _ looks it up where it is shown. */
#define _(text) intl_text(text)
#define N_(text) text

/* The text in the language of the user. Nothing stays nothing: to gettext the empty string is the name of a catalogue's header. */
static inline __attribute__((format_arg(1))) const char *intl_text(const char *text) { return *text ? gettext(text) : text; }

/* Chooses the locale and the catalogue once at start: `language` is "en", "cy" or null (from the environment). */
void intl_init(const char *language);
/* Changes the language of later look-ups. */
void intl_set_language(const char *language);
bool intl_has(const char *language); /* its catalogue is there: another language than English can be chosen */
const char *intl_language(void); /* "en" or "cy" */
#endif
