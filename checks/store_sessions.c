#include "checks/store_private.h"
#include "src/base/json.h"

void smtp_session_to_json(json_t *object, const struct smtp_session *session) {
  json_object_set_new(object, "connect", json_integer(session->connect));
}

struct observation *smtp_session_from_json(const struct question *question, const json_t *object) {
  struct smtp_session *session = smtp_session_new(question);
  session->connect = (enum connect_outcome)json_number(object, "connect", CONNECT_OTHER);
  return &session->seen;
}

void https_reply_to_json(json_t *object, const struct https_reply *reply) { json_object_set_new(object, "connect", json_integer(reply->connect)); }

struct observation *https_reply_from_json(const struct question *question, const json_t *object) {
  struct https_reply *reply = https_reply_new(question);
  reply->connect = (enum connect_outcome)json_number(object, "connect", CONNECT_OTHER);
  return &reply->seen;
}
