#include "checks/observe/smtp_self.h"

#include <string.h>
#include <unistd.h>
#include "src/base/buf.h"
#include "src/base/ip.h"

static void give(char out[NAME_TEXT], const struct buf *text) { memcpy(out, buf_string(text), text->length + 1); }

static void own_address(const uv_tcp_t *tcp, struct buf *out) {
  struct sockaddr_storage local;
  int length = sizeof local;
  struct ip ip = { .family = 0 };
  char text[IP_TEXT] = "127.0.0.1";
  if (uv_tcp_getsockname(tcp, (struct sockaddr *)&local, &length) == 0 && ip_from_sockaddr((struct sockaddr *)&local, &ip, NULL)) ip_format(&ip, text);
  buf_printf(out, "[%s%s]", ip.family == 6 ? "IPv6:" : "", text);
}

void smtp_self_name(const char *set, const uv_tcp_t *tcp, char out[NAME_TEXT]) {
  struct buf text = BUF_INIT(NAME_TEXT - 1);
  char name[NAME_TEXT] = "";
  if (set) buf_text(&text, set);
  else if (gethostname(name, sizeof name - 1) == 0 && strchr(name, '.') && name_is_host(name)) buf_text(&text, name);
  else own_address(tcp, &text);
  give(out, &text);
  buf_release(&text);
}
