#ifndef TESTS_PLAN_ROWS_H
#define TESTS_PLAN_ROWS_H
#include <stddef.h>

/* One row: this is published, these are the answers, this is asked for.
 *
 * Lines of `published` are those of world_line; a name is relative to example.gov.uk ("@": itself) unless it ends in a dot. What a row does not
 * publish is as it should be: two name servers, a mail server with its address and reverse name, SPF, DMARC at reject, TLS reporting, a key.
 * "NAME none" takes such a record away; "certificate",
 * "smtp" and "https" lines are those of tests/conformance/sessions.h. {KEY} {OTHER} {KEY1024} {ED} {EDSPKI} {CUT} {PEM} {PRIVATE} stand for key data.
 *
 * Words of `answers`: mail parked send receive inferred; sending=ADDRESS; service=ID[:DOMAIN[:ADDRESS]]; selector=NAME; step=quarantine|reject;
 * ending=-|~; 2020; mailbox=ADDRESS; own=DOMAIN; sub=NAME; digital=NAME; old=NAME; forwards; enforce; file-changed; term=TERM; not-ours=TERM|ID;
 * and in quotation
 * marks "key=SELECTOR=VALUE".
 *
 * Lines of `wanted`: "add|replace|remove NAME TYPE VALUE" in the order of the plan (the value that comes; of a removal, that goes; several
 * parted by " | "), "left-out" before one that is left out, "problem ID", "task ID", "no ID" (neither). Changes and problems above info that no line names fail the row.
 *
 * Every row is also planned twice (the same), and what is planned is applied to the store and planned again (nothing, when nothing stands
 * against it), and nothing fails then that did not before. */
struct plan_row { const char *name, *published, *answers, *wanted; };

void plan_rows_run(const struct plan_row *rows, size_t count);
#endif
