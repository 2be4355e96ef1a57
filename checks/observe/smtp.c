#include <stdlib.h>

#include "checks/observe/private.h"
#include "src/base/mem.h"

struct smtp_observer {
  observer_answered *answered;
  void *owner;
  uv_loop_t *loop;
};

struct soon {
  uv_timer_t timer;
  struct smtp_observer *observer;
  uint64_t ticket;
  struct observation *observation;
};

struct smtp_observer *smtp_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault) {
  (void)options;
  (void)fault;
  struct smtp_observer *observer = mem_zalloc(1, sizeof *observer);
  observer->loop = loop;
  observer->answered = answered;
  observer->owner = owner;
  return observer;
}

static void on_closed(uv_handle_t *handle) { free(handle->data); }

static void on_soon(uv_timer_t *timer) {
  struct soon *soon = timer->data;
  soon->observer->answered(soon->observer->owner, soon->ticket, soon->observation);
  uv_close((uv_handle_t *)timer, on_closed);
}

void smtp_observer_ask(struct smtp_observer *observer, uint64_t ticket, const struct question *question) {
  struct smtp_session *session = smtp_session_new(question);
  session->connect = CONNECT_PROHIBITED;
  session->ending = SMTP_CONNECT_FAILED;
  struct soon *soon = mem_zalloc(1, sizeof *soon);
  soon->observer = observer;
  soon->ticket = ticket;
  soon->observation = &session->seen;
  soon->timer.data = soon;
  uv_timer_init(observer->loop, &soon->timer);
  uv_timer_start(&soon->timer, on_soon, 0, 0);
}

bool smtp_observer_reachable(const struct smtp_observer *observer) { (void)observer; return false; }

void smtp_observer_free(struct smtp_observer **observer) {
  free(*observer);
  *observer = NULL;
}
