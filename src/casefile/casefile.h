#ifndef CASEFILE_CASEFILE_H
#define CASEFILE_CASEFILE_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "checks/inquiry.h"
#include "src/base/arena.h"
#include "src/base/fault.h"

/* What the administrator answered, for which domains. One JSON file a case in $XDG_DATA_HOME/mailstead, replaced in one step after every
 * answer, locked against a second copy of the program. Members that this version does not know are kept. */
struct casefile;

/* The folder of cases; made when it is not there. In the arena; null and a fault. */
const char *casefile_folder(struct arena *arena, struct fault *fault);

/* A new case for the first domain, or the one that is there already. Null and a fault: locked by another copy, unreadable, of a newer
 * version. Such a file is left as it is. */
struct casefile *casefile_open_domain(const char *domain, struct fault *fault);
struct casefile *casefile_open(const char *path, struct fault *fault);
void casefile_close(struct casefile **casefile);
const char *casefile_path(const struct casefile *casefile);

/* The cases in the folder, newest first. */
struct casefile_summary { const char *name, *path; int64_t changed; unsigned tasks_done; };
struct casefile_summary *casefile_list(struct arena *arena, size_t *out_count);

/* Every change is saved before the function returns; false and a fault when it could not be (the change stays in memory). */
bool casefile_save(struct casefile *casefile, struct fault *fault);

size_t casefile_domain_count(const struct casefile *casefile);
const char *casefile_domain_at(const struct casefile *casefile, size_t index);
bool casefile_has_domain(const struct casefile *casefile, const char *domain);
bool casefile_add_domain(struct casefile *casefile, const char *domain, struct fault *fault);

/* Answers by key, for a domain or ("") for the whole case. Null: not answered. "unknown" is an answer. */
const char *casefile_answer(const struct casefile *casefile, const char *domain, const char *key);
bool casefile_set_answer(struct casefile *casefile, const char *domain, const char *key, const char *value, struct fault *fault);
/* Takes the last answer back, to what stood before. False: nothing to take back. */
bool casefile_undo(struct casefile *casefile, struct fault *fault);

/* Tasks: done by the user, with note and time. */
struct casefile_task { bool done; const char *note, *how; int64_t when; };
struct casefile_task casefile_task(const struct casefile *casefile, const char *domain, const char *id);
bool casefile_set_task(struct casefile *casefile, const char *domain, const char *id, bool done, const char *note, int64_t when, struct fault *fault);
unsigned casefile_tasks_done(const struct casefile *casefile);

/* Requests that were saved: the newest for a domain. */
struct casefile_request { const char *reference, *file; int64_t when; unsigned records; };
/* `changes`: the request as JSON, kept for verifying later; taken over. */
bool casefile_add_request(struct casefile *casefile, const char *domain, const struct casefile_request *request, json_t *changes, struct fault *fault);
/* The changes of the newest request for a domain, read without opening the case; null: none. The caller drops the reference. */
json_t *casefile_requested(const char *domain);
bool casefile_last_request(const struct casefile *casefile, const char *domain, struct casefile_request *out);
unsigned casefile_requests_on(const struct casefile *casefile, const char *domain, int64_t day); /* how many that day: for the next number */

/* Services that send or receive, as JSON objects {"name","kind","id","domain","addresses","signs","tls12"}; borrowed. */
json_t *casefile_services(struct casefile *casefile);
bool casefile_add_service(struct casefile *casefile, json_t *service, struct fault *fault); /* takes over the value */
bool casefile_remove_service(struct casefile *casefile, size_t index, struct fault *fault);

const json_t *casefile_root(const struct casefile *casefile); /* the whole case, to read */

/* The inquiry of a domain with its answers. Strings in the arena. */
struct inquiry casefile_inquiry(struct arena *arena, const struct casefile *casefile, const char *domain);

/* Settings of the user, one JSON object in $XDG_CONFIG_HOME/mailstead/settings.json. */
json_t *settings_load(void);                                   /* an empty object when there is none */
bool settings_save(const json_t *settings, struct fault *fault);
#endif
