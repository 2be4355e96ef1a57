#include "ui/overview.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

struct row { char *domain; struct overview_of of; };

struct overview {
  unsigned long revision;
  struct row *rows;
  size_t count;
};

static void clear(struct overview *overview) {
  for (size_t i = 0; i < overview->count; i++) free(overview->rows[i].domain);
  free(overview->rows);
  *overview = (struct overview){ .rows = NULL };
}

void overview_free(struct overview **overview) {
  if (!*overview) return;
  clear(*overview);
  free(*overview);
  *overview = NULL;
}

/* The one that is worked on is known live, and may be just being checked. */
static struct overview_of work_out(struct wizard *wizard, const char *domain) {
  bool here = strcmp(domain, wizard->domain) == 0;
  struct arena *arena = arena_new();
  struct overview_of of = { .checked = 0 };
  const struct verdict *verdict = here ? live_verdict(wizard) : casefile_last_verdict(arena, wizard->casefile, domain, &of.checked);
  if (here) of.checked = live_checked_at(wizard);
  struct guidance_view view = { .casefile = wizard->casefile, .domain = domain, .verdict = verdict, .now = wizard_now(wizard), .checked = of.checked };
  of.all = guidance_section(arena, 0, &view);
  arena_free(&arena);
  return of;
}

struct overview_of overview_of(struct wizard *wizard, const char *domain) {
  if (strcmp(domain, wizard->domain) == 0) return work_out(wizard, domain);
  if (!wizard->overview) wizard->overview = mem_zalloc(1, sizeof *wizard->overview);
  struct overview *overview = wizard->overview;
  if (overview->revision != casefile_revision(wizard->casefile)) {
    clear(overview);
    overview->revision = casefile_revision(wizard->casefile);
  }
  for (size_t i = 0; i < overview->count; i++)
    if (strcmp(overview->rows[i].domain, domain) == 0) return overview->rows[i].of;
  overview->rows = mem_realloc(overview->rows, overview->count + 1, sizeof *overview->rows);
  overview->rows[overview->count] = (struct row){ .domain = mem_strdup(domain), .of = work_out(wizard, domain) };
  return overview->rows[overview->count++].of;
}
