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
/* The case that holds the domain, to read only: it is not locked, and may be open in another copy; nothing can be saved to it. Null with an
 * empty fault: there is none; with a fault: it cannot be read. */
struct casefile *casefile_look(const char *domain, struct fault *fault);
void casefile_close(struct casefile **casefile);
const char *casefile_path(const struct casefile *casefile);

/* The cases in the folder, newest first. */
struct casefile_summary { const char *name, *path; int64_t changed; unsigned tasks_done; };
struct casefile_summary *casefile_list(struct arena *arena, size_t *out_count);

/* Every change is saved before the function returns; false and a fault when it could not be (the change stays in memory). */
bool casefile_save(struct casefile *casefile, struct fault *fault);
unsigned long casefile_revision(const struct casefile *casefile); /* another number after every change: what was worked out from the case is old then */
const char *casefile_unsaved(const struct casefile *casefile); /* why the last change is not saved, as a sentence; null: everything is */
bool casefile_save_copy(const struct casefile *casefile, const char *path, struct fault *fault); /* a new file, for when the case's own cannot be written */

size_t casefile_domain_count(const struct casefile *casefile);
const char *casefile_domain_at(const struct casefile *casefile, size_t index);
bool casefile_has_domain(const struct casefile *casefile, const char *domain);
bool casefile_add_domain(struct casefile *casefile, const char *domain, struct fault *fault);
/* Off the case, which keeps its answers for when it comes back. False and a fault also for the last one. One step of undo. */
bool casefile_remove_domain(struct casefile *casefile, const char *domain, struct fault *fault);
/* Takes a case that is not open off the list: its file gets another name beside the old one, returned in the arena. Null and a fault. */
const char *casefile_put_aside(struct arena *arena, const char *path, struct fault *fault);

/* Answers by key, for a domain or ("") for the whole case. Null: not answered. "unknown" is an answer. */
const char *casefile_answer(const struct casefile *casefile, const char *domain, const char *key);
const char *casefile_known_answer(const struct casefile *casefile, const char *domain, const char *key); /* null also for an empty one, and for "unknown" */
int64_t casefile_answered_at(const struct casefile *casefile, const char *domain, const char *key); /* wall ms; 0: never */
bool casefile_set_answer(struct casefile *casefile, const char *domain, const char *key, const char *value, struct fault *fault);
/* The same answer (not null) to several questions, as one step of undo, which calls itself `what`. */
bool casefile_set_answers(struct casefile *casefile, const char *domain, const char *const *keys, size_t count, const char *value, const char *what, struct fault *fault);
enum tri casefile_tri(const char *answer);      /* "yes", "no"; anything else and null: unknown */
const char *casefile_tri_word(enum tri tri);

/* Old names that a domain replaces, by its answer "old-domains" and their answers "replacement", which go before: canonical, each once; what is
 * no domain is left out. In the arena. */
size_t casefile_old_domains(struct arena *arena, const struct casefile *casefile, const char *domain, const char *const **out);
/* The domain that replaces an old one, by the answer of either. In the arena; null: none is chosen. */
const char *casefile_replacement(struct arena *arena, const struct casefile *casefile, const char *old);
/* Pairs an old name with the new domain, and with no other; new "": with none. One step of undo. */
bool casefile_set_pair(struct casefile *casefile, const char *old, const char *new, struct fault *fault);
int64_t casefile_paired_at(const struct casefile *casefile, const char *old); /* wall ms of the last change of its pair; 0: not known */
/* An answer about an old name: its own, else that of the domain that replaces it. */
const char *casefile_old_answer(const struct casefile *casefile, const char *old, const char *key);
struct inquiry_old_domain casefile_old_domain(const struct casefile *casefile, const char *old); /* all that was told of it; `old` is borrowed */

/* Takes the last change back, an answer, a task, the list of services or that of domains, to what stood before. False: nothing to take back. */
bool casefile_undo(struct casefile *casefile, struct fault *fault);
const char *casefile_undo_what(const struct casefile *casefile); /* key of the answer, what several call themselves, id of the task, "services" or "domains": what would be taken back; "" */

/* Tasks: done by the user ("you") or by a check ("check"), who has it in hand, a note, and the time of the last change. */
struct casefile_task { bool done; const char *who, *note, *how; int64_t when; };
struct casefile_task casefile_task(const struct casefile *casefile, const char *domain, const char *id);
bool casefile_set_task(struct casefile *casefile, const char *domain, const char *id, const struct casefile_task *task, struct fault *fault);

/* Requests that were saved: the newest for a domain. */
struct casefile_request { const char *reference, *file; int64_t when; unsigned records; };
/* `changes`: the request as JSON, kept for verifying later; taken over. The task of asking is open again. `file`: a path, or several parted by
 * line ends. */
bool casefile_add_request(struct casefile *casefile, const char *domain, const struct casefile_request *request, json_t *changes, struct fault *fault);
/* The changes of the newest request for a domain, read without opening the case; null: none, or, with a fault, none that can be read. The caller drops
 * the reference. */
json_t *casefile_requested(const char *domain, struct fault *fault);
const json_t *casefile_last_changes(const struct casefile *casefile, const char *domain); /* the same of an open case; borrowed */
bool casefile_last_request(const struct casefile *casefile, const char *domain, struct casefile_request *out);
unsigned casefile_requests_on(const struct casefile *casefile, const char *domain, int64_t day); /* how many that day: for the next number */

/* Looks for what was requested, oldest first; kept with each record's state. All live: the task of asking is done, by a check. */
struct casefile_verification { const char *reference; int64_t when, since /* the first look that showed this */; unsigned live, asked, wrong /* published otherwise than asked for; of a look that was kept */; };
/* `records`: [{"name","type","state","slip"}…]; taken over. */
bool casefile_add_verification(struct casefile *casefile, const char *domain, const struct casefile_verification *look, json_t *records, struct fault *fault);
bool casefile_last_verification(const struct casefile *casefile, const char *domain, struct casefile_verification *out);
/* Was there a request that has not all been seen live since? */
bool casefile_waits_for_changes(const struct casefile *casefile, const char *domain);
/* The case that holds the newest request for a domain. Null: none (the fault is then empty), or it cannot be opened. */
struct casefile *casefile_open_requested(const char *domain, struct fault *fault);

/* Services that send or receive, as the administrator confirmed them; what is only seen in DNS is proposed by src/guidance/inventory.h and
 * not kept here. Texts are borrowed until the next change; lists (addresses, selectors, SPF terms) are parted by spaces. */
enum casefile_service_state { CASEFILE_CONFIRMED, CASEFILE_NOT_OURS };
struct casefile_service {
  const char *id;                  /* of the service in the facts (checks/facts.h); "" */
  const char *name, *kind;         /* kind: see casefile_kind_at */
  const char *domain;              /* the domain or subdomain that it sends as */
  const char *addresses, *selectors, *spf;
  const char *contact, *changes;   /* who runs it; who can change its settings */
  const char *seen;                /* where it was seen when it was proposed: "include:_spf.example" */
  enum tri sends, receives, filters, footers, signs, can_sign, tls12, inbound_dmarc;
  enum casefile_service_state state;
};
size_t casefile_service_count(const struct casefile *casefile);
struct casefile_service casefile_service_at(const struct casefile *casefile, size_t index); /* all "" past the end */
bool casefile_service_answered(const struct casefile *casefile, size_t index, const char *key); /* "tls12": was it answered at all? */
/* Changes the one at the index; adds one when there is none there. */
bool casefile_put_service(struct casefile *casefile, size_t index, const struct casefile_service *service, struct fault *fault);
bool casefile_set_service_answer(struct casefile *casefile, size_t index, const char *key, const char *value /* null: none */, struct fault *fault);
bool casefile_remove_service(struct casefile *casefile, size_t index, struct fault *fault);
const char *casefile_kind_at(size_t index);          /* "mailboxes" …; null past the end */
const char *casefile_kind_title(const char *kind);   /* for people, translated */

/* What examinations found: the last and the one before it are kept whole. `dmarc` is the record published, "" for none, null when it could
 * not be looked at. Restored verdicts live in the arena and have no evidence. Null: none kept. */
bool casefile_note_examination(struct casefile *casefile, const char *domain, const struct verdict *verdict, const char *dmarc, int64_t when, struct fault *fault);
const struct verdict *casefile_last_verdict(struct arena *arena, const struct casefile *casefile, const char *domain, int64_t *out_when);
const struct verdict *casefile_verdict_before(struct arena *arena, const struct casefile *casefile, const char *domain, int64_t *out_when);
struct casefile_dmarc { const char *record; int64_t since; }; /* as first seen */
size_t casefile_dmarc_history(struct arena *arena, const struct casefile *casefile, const char *domain, struct casefile_dmarc **out); /* oldest first */

/* Since when the examinations have seen name servers with different serials, without one between in which they agreed; 0: they agree. */
int64_t casefile_serials_differ_since(const struct casefile *casefile, const char *domain);

/* Partner domains as they were tested last: an array of objects that the caller shapes; borrowed. */
json_t *casefile_partners(const struct casefile *casefile);
bool casefile_put_partners(struct casefile *casefile, json_t *partners, struct fault *fault); /* taken over */

/* What was published on the practice estate in place of a provider: the request's reference, the mistake ("": none), and the order as the estate
 * took it. Oldest first; borrowed. False: kept no more, or not saved. */
struct casefile_practice { const char *reference, *slip; json_t *order; };
size_t casefile_practice_count(const struct casefile *casefile);
struct casefile_practice casefile_practice_at(const struct casefile *casefile, size_t index);
bool casefile_last_practice(const struct casefile *casefile, const char *domain, const char *reference, struct casefile_practice *out); /* false: none of that request */
bool casefile_add_practice(struct casefile *casefile, const char *domain, const struct casefile_practice *made, struct fault *fault);

const json_t *casefile_root(const struct casefile *casefile); /* the whole case, to read */

/* The inquiry of a domain with its answers. Strings in the arena. */
struct inquiry casefile_inquiry(struct arena *arena, const struct casefile *casefile, const char *domain);

/* Settings of the user, one JSON object in $XDG_CONFIG_HOME/mailstead/settings.json. */
json_t *settings_load(struct fault *fault);                    /* an empty object when there is none; and a fault: it cannot be read */
bool settings_put(const json_t *settings, const char *key, struct fault *fault); /* saves one of them as it stands there, or its absence */
#endif
