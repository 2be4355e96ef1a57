#ifndef CHECKS_STORE_PRIVATE_H
#define CHECKS_STORE_PRIVATE_H
#include "checks/store.h"
#include "src/base/json_read.h"

/* Between the files of the store: sessions to and from evidence. `_from_json` gives null when the object cannot be read. */
void smtp_session_to_json(json_t *object, const struct smtp_session *session);
struct observation *smtp_session_from_json(const struct question *question, const struct value *object);
void https_reply_to_json(json_t *object, const struct https_reply *reply);
struct observation *https_reply_from_json(const struct question *question, const struct value *object);

/* By place in the records of the answer; null: not yet. In `arena`, the answer's own. */
struct parsed {
  struct arena *arena;
  const struct spf_record **spf;
  const struct dmarc_record **dmarc;
};
struct dns_answer *dns_answer_new_sized(const struct question *question, size_t room); /* with room for so much in its own allocation */
/* Makes outcome, chain and records of an answer from its sections and rcode. */
void dns_answer_settle(struct dns_answer *answer);
#endif
