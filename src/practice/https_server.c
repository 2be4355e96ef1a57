#include <stdlib.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/practice/link.h"
#include "src/practice/servers.h"

enum { MOST_REQUEST = 16384, MOST_REPLY = 2 << 20 };

struct web_server {
  const struct https_host *host;
  SSL_CTX *tls;
  uv_tcp_t tcp;
};

struct web_talk {
  struct web_server *server;
  struct buf request;
  const struct page *page; /* that is being sent */
  bool answered, head;
};

static const char *status_text(unsigned status) {
  switch (status) {
  case 200: return "OK";
  case 301: return "Moved Permanently";
  case 302: return "Found";
  case 404: return "Not Found";
  case 500: return "Internal Server Error";
  case 503: return "Service Unavailable";
  default: return "Practice";
  }
}

static const struct page *page_find(const struct https_host *host, const char *path, size_t length) {
  static const struct page missing = { .path = "", .status = 404, .type = "text/plain", .body = "There is no such page.\n" };
  for (const struct page *page = host->pages; page; page = page->next)
    if (strlen(page->path) == length && memcmp(page->path, path, length) == 0) return page;
  return &missing;
}

static void send_page(struct link *link) {
  struct web_talk *talk = link_context(link);
  const struct page *page = talk->page;
  size_t length = strlen(page->body), size = page->size > length ? page->size : length;
  struct buf reply = BUF_INIT(MOST_REPLY);
  buf_printf(&reply, "HTTP/1.1 %u %s\r\nContent-Length: %zu\r\nConnection: close\r\n", page->status, status_text(page->status), size);
  if (page->type) buf_printf(&reply, "Content-Type: %s\r\n", page->type);
  if (page->location) buf_printf(&reply, "Location: %s\r\n", page->location);
  buf_text(&reply, "\r\n");
  if (!talk->head) {
    buf_text(&reply, page->body);
    buf_pad(&reply, '\n', size - length);
  }
  link_send(link, reply.data, reply.length, page->pace_ms);
  link_close(link);
  buf_release(&reply);
}

static void answer(struct link *link, struct web_talk *talk) {
  const char *text = buf_string(&talk->request);
  size_t verb = strcspn(text, " "), path = text[verb] ? strcspn(text + verb + 1, " ?\r\n") : 0;
  talk->answered = true;
  talk->head = verb == 4 && memcmp(text, "HEAD", 4) == 0;
  talk->page = page_find(talk->server->host, text + verb + (text[verb] != 0), path);
  if (talk->page->delay_ms) link_after(link, talk->page->delay_ms, send_page);
  else send_page(link);
}

static void on_bytes(struct link *link, const uint8_t *bytes, size_t length) {
  struct web_talk *talk = link_context(link);
  if (talk->server->host->silent || talk->answered || !link_is_secure(link)) return;
  buf_bytes(&talk->request, bytes, length);
  if (strstr(buf_string(&talk->request), "\r\n\r\n")) answer(link, talk);
  else if (talk->request.overflowed) link_hang_up(link);
}

static void on_talk_closed(struct link *link) {
  struct web_talk *talk = link_context(link);
  buf_release(&talk->request);
  free(talk);
}

static void on_connection(uv_stream_t *listener, int status) {
  static const struct link_events events = { on_bytes, on_talk_closed };
  if (status != 0) return;
  struct web_talk *talk = mem_zalloc(1, sizeof *talk);
  talk->server = listener->data;
  buf_init(&talk->request, MOST_REQUEST);
  struct link *link = link_accept(listener, &events, talk);
  const struct https_host *host = talk->server->host;
  if (!link || host->silent) return;
  if (host->close != CLOSE_NEVER || !talk->server->tls) link_close(link);
  else link_secure(link, talk->server->tls);
}

void https_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, struct certificates *certificates) {
  struct web_server *servers = mem_zalloc(scenario->https_count + 1, sizeof *servers);
  for (size_t i = 0; i < scenario->https_count; i++) {
    struct web_server *server = &servers[i];
    server->host = &scenario->https[i];
    server->tls = certificates_server(certificates, server->host->host, &server->host->tls);
    uv_tcp_init(loop, &server->tcp);
    server->tcp.data = server;
    if (uv_tcp_open(&server->tcp, pairs[i].tcp) == 0) uv_listen((uv_stream_t *)&server->tcp, 256, on_connection);
  }
}
