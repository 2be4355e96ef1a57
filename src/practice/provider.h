#ifndef PRACTICE_PROVIDER_H
#define PRACTICE_PROVIDER_H
#include <uv.h>
#include "src/base/json.h"
#include "src/practice/scenario.h"

/* The practice provider: publishes a change request (the JSON form) in a running estate, as asked, or with a mistake that DNS hosts make.
 *
 * An order is {"changes": […as in the request…], "delay_ms": N, "one_server": true|false}. */

/* The mistakes by name: those that verify names (src/request/slips.h), and "left-out". The name is null past the end. */
struct provider_slip { const char *name, *sentence; };
struct provider_slip provider_slip_at(size_t index);
bool provider_knows_slip(const char *name);
/* Makes the mistake in every change of a list that it can be made in. */
void provider_spoil(json_t *changes, const char *slip);

/* An order for the changes of a request; `slip` null: none. Null and a fault: no request, or no such slip. The caller gives the value back. */
json_t *provider_order(const json_t *request, const char *slip, uint32_t delay_ms, bool one_server, struct fault *fault);
/* Takes the changes of an earlier order back before those of `order` are made: nothing of a mistake stays when it is corrected. */
void provider_take_back_first(json_t *order, const json_t *earlier);
/* Sends the order to the estate whose ports file names the socket; how many changes it took. False and a fault otherwise. */
bool provider_send(const char *socket_path, const json_t *order, size_t *out_changes, struct fault *fault);

/* Publishes the changes of an order now. How many; values that are no data of their type are left out. */
size_t provider_publish(struct scenario *scenario, const json_t *order);
/* Takes orders on a listening socket, in the estate's process. */
void provider_server_start(uv_loop_t *loop, struct scenario *scenario, int socket);
#endif
