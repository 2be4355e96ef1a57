#ifndef UI_PARTNERS_H
#define UI_PARTNERS_H
#include "src/request/partners.h"
#include "ui/wizard.h"

/* What the screens about partner domains, mail systems and messages share: the results of the last test, kept in the case. */
size_t partners_results(struct wizard *wizard, struct arena *arena, struct partner_result **out);
/* A list in the form of the mail system; null when nothing was tested yet. */
const char *partners_list(struct wizard *wizard, struct arena *arena, const char *system, enum partner_list_kind kind);
const char *partners_reason(struct wizard *wizard, struct arena *arena, const char *domain); /* why it needs an exception; "" */
json_t *partners_json(const struct partner_result *results, size_t count, int64_t when);     /* as kept in the case */
bool partners_have_to_be_told(struct wizard *wizard);                                        /* the last check saw a mail server of the domain without TLS 1.2 */
int64_t partners_tested_at(struct wizard *wizard);                                           /* wall ms; 0: never */
#endif
