#ifndef GUIDANCE_HELP_RULES_H
#define GUIDANCE_HELP_RULES_H
#include "checks/finding.h"
#include "src/guidance/help.h"

/* Help on each rule, made from the catalogue: a page for every finding that there can be, and a list for every topic. */

const char *help_of_topic(enum topic topic);                                /* the page on what is examined: "spf" */
const char *help_rule_title(struct arena *arena, const struct rule *rule);  /* what is found, in general: what differs from case to case stands in capitals */
const char *help_rule_text(struct arena *arena, const struct rule *rule);   /* Markdown, as other pages are */
bool help_rule_of_topic(const struct rule *rule, enum topic topic);         /* does the list of the topic hold it? */
/* "findings-spf" names the list of the rules on SPF; false: it names no list. */
bool help_list_topic(const char *name, enum topic *out);
const char *help_list_name(struct arena *arena, enum topic topic);
const char *help_list_title(struct arena *arena, enum topic topic);
const char *help_list_text(struct arena *arena, enum topic topic);
#endif
