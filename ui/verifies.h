#ifndef UI_VERIFIES_H
#define UI_VERIFIES_H
#include "src/letters/lib.h"
#include "src/request/verify.h"
#include "ui/wizard.h"

/* Looking whether the last request of the domain is live; shared by its screen and the message to the provider. */
struct verifying { struct requested requested; struct inquiry inquiry; };
struct verified { struct verify_result *results; size_t count; unsigned live; };

void verifies_start(struct wizard *wizard);
const struct job *verifies_job(struct wizard *wizard);            /* null: not looked in this run */
const struct verified *verifies_done(struct wizard *wizard);      /* null: not yet */
/* What is not live yet, record by record and server by server, for the message. */
struct letter_result *verifies_results(struct wizard *wizard, struct arena *arena, size_t *out_count);
const char *verifies_record(struct arena *arena, const struct plan_change *change); /* "TXT _dmarc.example.gov.uk" */
const char *verifies_last_look(struct arena *arena, const struct casefile_verification *seen, int64_t now); /* what was live then, and what was wrong */
/* What the serials of its zone tell: who has not taken over the newest version; "" when no server gave one. */
const char *verifies_serials(struct arena *arena, const struct verify_result *result);
/* How long what was there before can go on being used; "" when nobody gives it any more. */
const char *verifies_caches(struct arena *arena, const struct verify_result *result, int64_t now);
const char *verifies_sentence(struct arena *arena, const struct verify_result *result); /* what is the matter and who has to act */
#endif
