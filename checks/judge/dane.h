#ifndef CHECKS_JUDGE_DANE_H
#define CHECKS_JUDGE_DANE_H
#include "checks/judge/lib.h"
#include "checks/judge/mail_hosts.h"
#include "checks/record/tlsa.h"

/* What makes a record useless to mail servers (RFC 6698 section 2.1, RFC 7672 section 3.1.3); null: nothing. */
const char *dane_unusable_rule(const struct tlsa *tlsa);
/* The argument {record}, cut where it is long. */
void dane_say_record(struct judgement *judgement, struct finding *finding, const struct tlsa *tlsa);
/* The text of one record by itself, "3 1 1 8d02…": every fault with its position; asks nothing. */
void dane_judge_text(struct judgement *judgement, const char *text, size_t length);
/* Do senders that use DANE need a certificate of this host: usable TLSA records, all of it validated (RFC 7672 section 2.2)? Asks only for the TLSA
 * records. False: something is not there yet. */
bool dane_in_force(struct judgement *judgement, const struct mail_hosts *hosts, const struct mail_host *host, bool *out);
#endif
