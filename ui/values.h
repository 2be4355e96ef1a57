#ifndef UI_VALUES_H
#define UI_VALUES_H
#include "ui/wizard.h"

/* What copy, plain view and save give on the present page. */
const char *values_to_copy(struct wizard *wizard, bool all);     /* in the form of the setting; null, and a message, when there is none */
const char *values_plain(struct wizard *wizard);                 /* title and value, safe to print; null, and a message, when there is none */
void values_save(struct wizard *wizard);                         /* to a new file in ~/mailstead; says where */
const char *values_free_path(struct arena *arena, const char *name, const char *suffix); /* ~/mailstead/NAME.SUFFIX, with a number when that is taken */
const char *values_short_path(struct arena *arena, const char *path);    /* for people: "~/mailstead/x.txt" */
#endif
