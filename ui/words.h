#ifndef UI_WORDS_H
#define UI_WORDS_H
#include "checks/finding.h"
#include "src/guidance/lib.h"
#include "ui/page.h"

/* Words and roles that several screens share. */
const char *severity_label(enum severity severity);
enum role severity_role(enum severity severity);
enum role step_state_role(enum step_state state);
const char *words_ago(struct arena *arena, int64_t then, int64_t now);   /* "2 days ago" */
const char *words_time(struct arena *arena, int64_t when, int64_t now);  /* "today at 14:02", "7 April 2026 at 14:02" */
const char *words_date(struct arena *arena, int64_t when);               /* "7 April 2026" */
const char *words_span(struct arena *arena, uint32_t seconds);           /* "1 hour", "5 minutes" */
const char *words_answer(struct arena *arena, const struct guidance_asked *asked); /* "Yes", "Not answered", "none", or what was typed */
/* One {name} of a sentence: the commonest case of text_fill. The value is made safe. */
const char *words_fill(struct arena *arena, const char *sentence, const char *name, const char *value);
const char *words_sentence(struct arena *arena, const char *text);        /* with a capital at its beginning */
const char *words_count(struct arena *arena, const char *sentence, const char *name, size_t value);
#endif
