#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/practice/link.h"
#include "src/practice/servers.h"

enum { MOST_LINE = 2048 };

struct mail_server {
  const struct smtp_host *host;
  SSL_CTX *tls;
  uv_tcp_t tcp;
};

struct mail_talk {
  struct mail_server *server;
  struct buf line;
  bool refused; /* the greeting sent the client away */
};

static void say(struct link *link, const char *text) {
  const struct mail_talk *talk = link_context(link);
  link_send(link, text, strlen(text), talk->server->host->pace_ms);
}

static void say_host(struct link *link, const char *before, const char *after) {
  const struct mail_talk *talk = link_context(link);
  char text[1400];
  snprintf(text, sizeof text, "%s%s%s", before, talk->server->host->host, after);
  say(link, text);
}

static void greet(struct link *link) {
  static const char noise[] = "\x16\x03\x03\x00\xff\xfe garbage \x01\x02\r\nSSH-2.0-nothing\r\n";
  struct mail_talk *talk = link_context(link);
  const struct smtp_host *host = talk->server->host;
  if (host->garbage) {
    link_send(link, noise, sizeof noise - 1, host->pace_ms);
  } else if (host->banner) {
    talk->refused = host->banner[0] != '2';
    say(link, host->banner);
    say(link, "\r\n");
    if (text_starts(host->banner, "421")) link_close(link);
  } else {
    say_host(link, "220 ", " ESMTP practice\r\n");
  }
}

static void say_features(struct link *link) {
  const struct mail_talk *talk = link_context(link);
  bool starttls = !link_is_secure(link) && talk->server->host->starttls != STARTTLS_ABSENT;
  say_host(link, "250-", starttls ? "\r\n250-SIZE 36700160\r\n250-STARTTLS\r\n250 8BITMIME\r\n" : "\r\n250-SIZE 36700160\r\n250 8BITMIME\r\n");
}

static void begin_tls(struct link *link) {
  const struct mail_talk *talk = link_context(link);
  const struct smtp_host *host = talk->server->host;
  if (link_is_secure(link) || host->starttls == STARTTLS_ABSENT) {
    say(link, "502 5.5.1 not available here\r\n");
  } else if (host->close == CLOSE_AT_STARTTLS) {
    link_close(link);
  } else if (host->starttls == STARTTLS_REFUSED || !talk->server->tls) {
    say(link, "454 4.7.0 TLS is not available at this time\r\n");
  } else {
    say(link, "220 2.0.0 ready\r\n");
    if (host->close == CLOSE_AT_HANDSHAKE) link_close(link);
    else if (host->starttls == STARTTLS_BROKEN) say(link, "this is no handshake\r\n");
    else link_secure(link, talk->server->tls);
  }
}

static bool is_verb(const char *line, const char *verb) {
  size_t length = strlen(verb);
  return text_equal_n(line, verb, length) && (!line[length] || is_space(line[length]));
}

static void obey(struct link *link, const char *line) {
  const struct mail_talk *talk = link_context(link);
  bool hello = is_verb(line, "EHLO");
  if (is_verb(line, "QUIT")) {
    say(link, "221 2.0.0 goodbye\r\n");
    link_close(link);
  } else if (talk->refused) {
    say(link, "503 5.5.1 no service\r\n");
  } else if (hello || is_verb(line, "HELO")) {
    if (talk->server->host->close == CLOSE_AT_EHLO) link_close(link);
    else if (hello) say_features(link);
    else say_host(link, "250 ", "\r\n");
  } else if (is_verb(line, "STARTTLS")) {
    begin_tls(link);
  } else if (is_verb(line, "NOOP") || is_verb(line, "RSET")) {
    say(link, "250 2.0.0 good\r\n");
  } else if (is_verb(line, "MAIL") || is_verb(line, "RCPT") || is_verb(line, "DATA")) {
    say(link, "550 5.7.1 this practice server takes no mail\r\n");
  } else {
    say(link, "502 5.5.1 not known\r\n");
  }
}

static void on_bytes(struct link *link, const uint8_t *bytes, size_t length) {
  struct mail_talk *talk = link_context(link);
  bool secure = link_is_secure(link);
  if (talk->server->host->silent) return;
  for (size_t i = 0; i < length && link_is_secure(link) == secure; i++) {
    if (bytes[i] != '\n') {
      buf_char(&talk->line, (char)bytes[i]);
      continue;
    }
    if (talk->line.length && talk->line.data[talk->line.length - 1] == '\r') talk->line.data[--talk->line.length] = '\0';
    obey(link, buf_string(&talk->line));
    buf_clear(&talk->line);
  }
  if (!talk->line.overflowed) return;
  say(link, "500 5.5.2 line too long\r\n");
  link_close(link);
}

static void on_talk_closed(struct link *link) {
  struct mail_talk *talk = link_context(link);
  buf_release(&talk->line);
  free(talk);
}

static void on_connection(uv_stream_t *listener, int status) {
  static const struct link_events events = { on_bytes, on_talk_closed };
  if (status != 0) return;
  struct mail_talk *talk = mem_zalloc(1, sizeof *talk);
  talk->server = listener->data;
  buf_init(&talk->line, MOST_LINE);
  struct link *link = link_accept(listener, &events, talk);
  const struct smtp_host *host = talk->server->host;
  if (!link || host->silent) return;
  if (host->close == CLOSE_AT_CONNECT) link_close(link);
  else if (host->delay_ms) link_after(link, host->delay_ms, greet);
  else greet(link);
}

void smtp_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, struct certificates *certificates) {
  struct mail_server *servers = mem_zalloc(scenario->smtp_count + 1, sizeof *servers);
  for (size_t i = 0; i < scenario->smtp_count; i++) {
    struct mail_server *server = &servers[i];
    server->host = &scenario->smtp[i];
    server->tls = certificates_server(certificates, server->host->host, &server->host->tls);
    uv_tcp_init(loop, &server->tcp);
    server->tcp.data = server;
    if (uv_tcp_open(&server->tcp, pairs[i].tcp) == 0) uv_listen((uv_stream_t *)&server->tcp, 256, on_connection);
  }
}
