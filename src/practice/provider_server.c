#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/practice/provider.h"

enum { MOST_ORDER = 4 << 20, MOST_DELAY_MS = 3600000, READ_ROOM = 65536 };

struct office {
  uv_pipe_t listener;
  struct scenario *scenario;
  char room[READ_ROOM];
};

/* One connection: an order, then a word of receipt. */
struct counter {
  uv_pipe_t pipe;
  uv_write_t write;
  struct office *office;
  struct buf in;
  char receipt[64];
};

/* An order that waits until it is published. */
struct job {
  uv_timer_t timer;
  struct office *office;
  json_t *order;
};

static void on_job_closed(uv_handle_t *handle) {
  struct job *job = handle->data;
  json_decref(job->order);
  free(job);
}

static void on_job_due(uv_timer_t *timer) {
  struct job *job = timer->data;
  provider_publish(job->office->scenario, job->order);
  uv_close((uv_handle_t *)timer, on_job_closed);
}

/* Takes the order over. What is not delayed is published before the receipt goes out. */
static size_t take_order(struct office *office, json_t *order) {
  int64_t delay = json_number(order, "delay_ms", 0);
  size_t count = json_array_size(json_object_get(order, "changes"));
  if (delay <= 0) {
    count = provider_publish(office->scenario, order);
    json_decref(order);
    return count;
  }
  struct job *job = mem_zalloc(1, sizeof *job);
  job->office = office;
  job->order = order;
  uv_timer_init(office->listener.loop, &job->timer);
  job->timer.data = job;
  uv_timer_start(&job->timer, on_job_due, (uint64_t)(delay > MOST_DELAY_MS ? MOST_DELAY_MS : delay), 0);
  return count;
}

static void on_counter_closed(uv_handle_t *handle) {
  struct counter *counter = handle->data;
  buf_release(&counter->in);
  free(counter);
}

static void counter_close(struct counter *counter) {
  if (!uv_is_closing((uv_handle_t *)&counter->pipe)) uv_close((uv_handle_t *)&counter->pipe, on_counter_closed);
}

static void on_receipt_sent(uv_write_t *write, int status) {
  (void)status;
  counter_close(write->data);
}

static void on_order_whole(struct counter *counter) {
  json_t *order = counter->in.overflowed ? NULL : json_parse(buf_string(&counter->in), counter->in.length, NULL);
  if (!json_is_array(json_object_get(order, "changes"))) {
    json_decref(order);
    counter_close(counter);
    return;
  }
  snprintf(counter->receipt, sizeof counter->receipt, "{\"changes\":%zu}\n", take_order(counter->office, order));
  uv_buf_t piece = uv_buf_init(counter->receipt, (unsigned)strlen(counter->receipt));
  counter->write.data = counter;
  if (uv_write(&counter->write, (uv_stream_t *)&counter->pipe, &piece, 1, on_receipt_sent) != 0) counter_close(counter);
}

static void on_order_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *room) {
  struct counter *counter = stream->data;
  if (length > 0) {
    buf_bytes(&counter->in, room->base, (size_t)length);
  } else if (length == UV_EOF) {
    uv_read_stop(stream);
    on_order_whole(counter);
  } else if (length < 0) {
    counter_close(counter);
  }
}

static void on_order_room(uv_handle_t *handle, size_t wanted, uv_buf_t *out) {
  struct counter *counter = handle->data;
  (void)wanted;
  *out = uv_buf_init(counter->office->room, READ_ROOM);
}

static void on_customer(uv_stream_t *listener, int status) {
  if (status != 0) return;
  struct counter *counter = mem_zalloc(1, sizeof *counter);
  counter->office = listener->data;
  buf_init(&counter->in, MOST_ORDER);
  uv_pipe_init(listener->loop, &counter->pipe, 0);
  counter->pipe.data = counter;
  if (uv_accept(listener, (uv_stream_t *)&counter->pipe) != 0 || uv_read_start((uv_stream_t *)&counter->pipe, on_order_room, on_order_bytes) != 0) counter_close(counter);
}

void provider_server_start(uv_loop_t *loop, struct scenario *scenario, int socket) {
  struct office *office = mem_zalloc(1, sizeof *office);
  office->scenario = scenario;
  uv_pipe_init(loop, &office->listener, 0);
  office->listener.data = office;
  if (uv_pipe_open(&office->listener, socket) == 0) uv_listen((uv_stream_t *)&office->listener, 8, on_customer);
}
