#ifndef CONFORMANCE_SESSIONS_H
#define CONFORMANCE_SESSIONS_H
#include "checks/store.h"
#include "src/base/arena.h"
#include "src/base/fault.h"

/* The lines `certificate`, `smtp` and `https` of a scenario, and the observations that they stand for. Words are KEY=VALUE or a bare KEY:
 *
 *   certificate NAME [cn=TEXT] [names=A,B] [from=DAYS] [until=DAYS] [key=rsa1024|rsa2048|p192|p256|p384|ed25519] [hash=sha1|md5|sha256]
 *               [issuer=NAME] [ca] [pathlen=N] [usage=WORDS] [extended=WORDS] [staple] [critical] [broken] [trusted]
 *     DAYS count from the time of the observation (from=-30, until=60). `trusted`: it is in the trust store. `broken`: a wrong signature.
 *
 *   smtp HOST ADDRESS [connect=refused|timeout|no-route|prohibited|no-ipv6]
 *        [end=silent|silent-ehlo|closed|closed-ehlo|garbage|554|blocked|421|ehlo-502|helo-only|no-starttls|masked|454|broken|no-tls|client-certificate]
 *        [versions=1.0,1.2,1.3] [suite=NAME] [weak-suite=NAME] [group=NAME] [bits=N] [signature=SHA1] [compression] [no-renegotiation]
 *        [asks-certificate] [staple=good|unknown|revoked] [chain=NAME,NAME] [default-chain=NAME,NAME]
 *        [needs-sni] [takes=ssl3,3des,rc4] [no-forward-secrecy] [injected] [starttls-again] [slow=banner,ehlo,starttls] [bare-lf]
 *     A handshake takes place in the highest version that both sides have; `weak-suite` is taken when suites are offered worst first.
 *
 *   https HOST PATH [at=ADDRESS] [plain] [end=refused|timeout|stalled|tls-failed|too-large|no-address|no-route] [status=N] [type=TEXT] [body=TEXT] [location=TEXT] [chain=NAME,NAME]
 *     In TEXT, \n and \r are ends of lines, \xHH an octet, and ~ a space. `at`: what this one address says when asked by itself. `plain`: by HTTP
 *     from port 80.
 *
 * A host without a line was not reached: a time-out before the handshake. What is observed borrows from the world, which must outlive it. */
struct session_world;

struct session_world *session_world_new(int64_t now); /* wall ms: the time of every observation */
void session_world_free(struct session_world **world);
bool session_world_knows(const char *word);           /* is it one of the three lines? */
/* words[0] is the line's name. */
bool session_world_read(struct session_world *world, char **words, size_t count, struct fault *fault);
/* Association data of a TLSA record for a certificate, in hexadecimal, in the arena; null: no such certificate (yet). */
const char *session_world_tlsa(const struct session_world *world, struct arena *arena, const char *name, unsigned selector, unsigned matching);
/* What is seen for a question of kind SMTP or HTTPS: one reference. */
struct observation *session_world_observe(struct session_world *world, const struct question *question);
#endif
