#include "checks/observe/smtp_private.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "checks/observe/smtp_self.h"
#include "src/base/mem.h"
#include "src/base/name.h"

struct sending {
  uv_write_t request;
  char bytes[];
};

static void on_sent(uv_write_t *request, int status) {
  (void)status; /* a broken connection shows itself to the reader */
  free(request->data);
}

void conversation_send_bytes(struct conversation *c, const void *bytes, size_t length) {
  uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  int sent = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
  size_t done = sent > 0 ? (size_t)sent : 0;
  if (done == length || (sent < 0 && sent != UV_EAGAIN)) return;
  struct sending *sending = mem_alloc(sizeof *sending + length - done);
  memcpy(sending->bytes, (const char *)bytes + done, length - done);
  sending->request.data = sending;
  buf = uv_buf_init(sending->bytes, (unsigned)(length - done));
  if (uv_write(&sending->request, (uv_stream_t *)&c->tcp, &buf, 1, on_sent) != 0) free(sending);
}

void conversation_flush_tls(struct conversation *c) {
  char *bytes = NULL;
  BIO *out = SSL_get_wbio(c->ssl);
  long length = BIO_get_mem_data(out, &bytes);
  if (length > 0) conversation_send_bytes(c, bytes, (size_t)length);
  (void)BIO_reset(out);
}

void conversation_send(struct conversation *c, const char *text) {
  if (!c->encrypted) {
    conversation_send_bytes(c, text, strlen(text));
    return;
  }
  ERR_clear_error();
  SSL_write(c->ssl, text, (int)strlen(text));
  conversation_flush_tls(c);
}

void conversation_send_hello(struct conversation *c, const char *verb) {
  char name[NAME_TEXT];
  struct buf text = BUF_INIT(1200);
  smtp_self_name(conversation_options(c)->ehlo_name, &c->tcp, name);
  buf_printf(&text, "%s %s\r\n", verb, name);
  conversation_send(c, buf_string(&text));
  buf_release(&text);
}
