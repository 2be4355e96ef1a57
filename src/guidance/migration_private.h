#ifndef GUIDANCE_MIGRATION_PRIVATE_H
#define GUIDANCE_MIGRATION_PRIVATE_H
#include "src/guidance/migration.h"

/* Fills in what is left of the old name: leftovers, gone, unknown. */
void migration_look(struct arena *arena, const struct migration_input *input, struct migration *migration);
/* Does either verdict tell this rule of the old name? */
bool migration_tells(const struct migration_input *input, const char *rule);
#endif
