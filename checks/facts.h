#ifndef CHECKS_FACTS_H
#define CHECKS_FACTS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/fault.h"

/* What is known of the services that send email for public bodies, of DNS hosts and of mail systems: recognition patterns, DNS terms,
 * manners of forms, settings. Read from data files (data/facts/), which users can extend; every row says how well it is known. Pure: the
 * caller hands in the text of the files. Nothing here is ever a reason to fail a domain: rows recognise and word. */

/* How well a row is known. What is unverified is said to be so wherever it is shown. */
enum fact_mark { FACT_VENDOR, FACT_OBSERVED, FACT_SECONDARY, FACT_DERIVED, FACT_UNVERIFIED };
const char *fact_mark_words(enum fact_mark mark); /* for people, translated: "unverified"; "" for the vendor's own word */

/* Patterns of names compare without case, by whole labels, without the final dot:
 *   "*." at the start stands for one or more labels; <id> inside a label for one or more letters, digits, hyphens or underscores;
 *   <n> for one or more digits; <d> for the domain; <d-dash> for the domain with its dots as hyphens (any run of characters when no
 *   domain is given). */
bool fact_name_matches(const char *pattern, const char *name, const char *domain /* null: any */);

enum fact_tri { FACT_UNKNOWN, FACT_NO, FACT_YES };
enum service_kind { SERVICE_MAILBOXES, SERVICE_FILTERING, SERVICE_CLOUD /* applications that send */, SERVICE_DELIVERY /* transactional and bulk */, SERVICE_BUSINESS /* line of business */ };
const char *service_kind_name(enum service_kind kind);  /* "mailboxes", "filtering", "cloud", "delivery", "business": in files and cases */

/* What a name must end in to match a pattern, so that most need no closer look; a mask of 0: anything. */
struct fact_tail { uint64_t letters, mask; };
struct fact_tail fact_tail(const char *pattern);

struct fact_pattern { const char *text; enum fact_mark mark; bool old /* superseded: recognised, never proposed */; struct fact_tail tail; };

struct fact_dkim {
  const char *selector;            /* "selector1", "<id>" when the console shows it */
  bool cname;                      /* else TXT */
  const char *target;              /* pattern of the CNAME's target; "" for TXT or when not known */
  bool old;
};

struct service_facts {
  const char *id, *name;
  enum service_kind kind;
  const struct fact_pattern *mx; size_t mx_count;      /* patterns of MX hosts */
  const struct fact_pattern *spf; size_t spf_count;    /* whole terms without qualifier: "include:_spf.google.com", "exists:%{i}.spf.<id>.iphmx.com"; patterns in their name part */
  bool spf_wanted;                 /* the term belongs in the record of a domain that this service sends as */
  const struct fact_dkim *dkim; size_t dkim_count;
  bool dkim_pair;                  /* rotates between two selectors: both are needed */
  unsigned dkim_bits;              /* usual key size; 0: not known */
  enum fact_tri dkim_aligns, spf_aligns;
  bool clustered;                  /* one MX name stands for many hosts */
  bool own_reverse_dns;            /* runs the reverse DNS of its addresses itself */
  bool inbound_only;               /* its MX hosts do not send for the domain */
  const char *dkim_where, *footers;/* where to switch signing on; where to switch footers off; "" when not known */
  const char *note;                /* "" */
  enum fact_mark mark;             /* of where/footers/note */
};

/* How a DNS host's form takes a record. */
enum host_apex { APEX_EITHER, APEX_AT, APEX_EMPTY, APEX_FULL, APEX_BIND };
enum host_name_form { NAME_RELATIVE, NAME_FULL, NAME_EITHER, NAME_BIND };
enum host_quoting { QUOTE_RAW, QUOTE_QUOTED, QUOTE_EITHER };
enum host_long { LONG_WHOLE, LONG_SPLIT, LONG_UNKNOWN };

struct dns_host_facts {
  const char *id, *name;
  const struct fact_pattern *ns; size_t ns_count;
  enum host_apex apex;
  enum host_name_form name_form;
  enum host_quoting quoting;
  enum host_long long_values;
  unsigned ttl_least;              /* seconds; 0: not known */
  unsigned txt_most;               /* octets of one TXT value that fit; 0: no limit known */
  enum fact_tri null_mx;
  bool refuses_empty_txt, refuses_quotes, refuses_backslash, target_dot /* CNAME and MX targets need a final dot */, by_ticket /* a desk, not a form */;
  const char *where;               /* the way to the form; "" */
  const char *note;                /* "" */
  const char *formats;             /* export formats that it takes, parted by spaces: "zone route53" */
  enum fact_mark mark, null_mx_mark;
};

struct mail_setting { const char *purpose, *setting, *note; enum fact_mark mark; };
struct mail_system_facts {
  const char *id, *name;
  const struct mail_setting *settings; size_t setting_count; /* purposes: "require-tls", "exceptions", "opportunistic", "minimum-version", "inbound", "certificates", "dkim", "footers", "logging", "inbound-dmarc", "activate" */
};

struct facts {
  const struct service_facts *services; size_t service_count;
  const struct dns_host_facts *dns_hosts; size_t dns_host_count;
  const struct mail_system_facts *mail_systems; size_t mail_system_count;
};

/* Reads the text of one data file into `facts` (JSON object with any of "services", "dns_hosts", "mail_systems"); a row whose id is there
 * already replaces it. All memory is the arena's. False and a fault that names the row: `facts` is then as before. */
bool facts_read(struct arena *arena, struct facts *facts, const char *text, size_t length, const char *file_name, struct fault *fault);
/* The files that come with the program (data/facts/ of $MAILSTEAD_DATA, the installed folder, or beside the program in its build tree), then
 * the user's own, $XDG_CONFIG_HOME/mailstead/facts.json. Files that are missing are left out; a bad one is the fault, and the rest is used. */
struct facts *facts_load(struct arena *arena, struct fault *fault);

/* Look-ups; null: not known. `domain` as for fact_name_matches. */
const struct service_facts *facts_service_find(const struct facts *facts, const char *id);
const struct service_facts *facts_service_of_mx(const struct facts *facts, const char *host, const char *domain);
/* `term` as written in a record, qualifier left out; *out_pattern (may be null) is the row that matched. */
const struct service_facts *facts_service_of_spf(const struct facts *facts, const char *term, const char *domain, const struct fact_pattern **out_pattern);
/* By the target of a selector's CNAME, or by the selector itself when no target is given and only one service uses that selector. */
const struct service_facts *facts_service_of_dkim(const struct facts *facts, const char *selector, const char *target, const char *domain);
const struct dns_host_facts *facts_dns_host_find(const struct facts *facts, const char *id);
/* By majority of the NS names; *out_mixed (may be null) when two hosts appear. "own" when all lie under the zone itself. */
const struct dns_host_facts *facts_dns_host_of(const struct facts *facts, const char *zone, const char *const *names, size_t count, bool *out_mixed);
const struct mail_system_facts *facts_mail_system_find(const struct facts *facts, const char *id);
#endif
