#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/record/dkim_verify.h"

/* A message that the administrator pasted: does a signature of the domain on it hold, and would receivers count it? RFC 6376 section 6.1. */

enum { CLOCK_SLACK_MS = 3600 * 1000 }; /* of the clocks of signers */

struct pasted_signature {
  struct dkim_signature *signature;
  const struct dns_answer *key;   /* null: not looked up, since the signature cannot be read */
};

struct dkim_pasted {
  const char *from;
  bool strict;                    /* the DMARC policy wants d to be the very domain (RFC 9989 section 4.4.1) */
  struct pasted_signature ours[DKIM_MOST_SIGNATURES];
  size_t count;
  const char *others;             /* d of the signatures that do not count for From; "" */
};

/* ---- whose signatures count ---- */

static const char *add_word(struct arena *arena, const char *list, const char *separator, const char *word) { return *list ? arena_printf(arena, "%s%s%s", list, separator, word) : word; }

/* Organizational domains are compared by both methods, since receivers may use either (RFC 7489 section 3.2, RFC 9989 section 4.10); without a policy
 * the walk finds none. */
static bool is_aligned(struct judgement *j, const char *domain, const struct dmarc_policy_found *from) {
  struct dmarc_policy_found policy;
  if (name_equal(domain, from->name)) return true;
  if (from->applies && from->applies->adkim == 's') return false;
  if (!suffix_same(domain, from->name)) return false;
  if (!from->applies) return true;
  if (!dmarc_policy_for(j, domain, &policy)) {
    j->waiting = true;
    return false;
  }
  return !policy.walk_known || !from->walk_known || name_equal(policy.org_by_walk, from->org_by_walk);
}

static void sort_signature(struct judgement *j, struct dkim_pasted *pasted, struct dkim_signature *signature, const struct dmarc_policy_found *from) {
  struct pasted_signature *ours = &pasted->ours[pasted->count];
  if (*signature->domain && !is_aligned(j, signature->domain, from)) {
    pasted->others = add_word(j->arena, pasted->others, ", ", signature->domain);
    return;
  }
  *ours = (struct pasted_signature){ .signature = signature };
  bool readable = *signature->domain && *signature->selector;
  if (readable) ours->key = ask_dns(j, arena_printf(j->arena, "%s._domainkey.%s", signature->selector, signature->domain), DNS_TYPE_TXT);
  pasted->count++;
}

struct dkim_pasted *dkim_message_look(struct judgement *j) {
  const struct message *message = j->inquiry->message;
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  struct dkim_pasted *pasted = ARENA_NEW(j->arena, struct dkim_pasted);
  struct dmarc_policy_found policy;
  if (!message) return NULL;
  pasted->others = "";
  pasted->from = message_from_domain(j->arena, message);
  if (!pasted->from || !suffix_same(pasted->from, j->inquiry->domain)) return pasted;
  if (!dmarc_policy_for(j, pasted->from, &policy)) {
    j->waiting = true;
    return pasted;
  }
  pasted->strict = policy.applies && policy.applies->adkim == 's';
  size_t count = dkim_signatures_find(j->arena, message, signatures, DKIM_MOST_SIGNATURES);
  for (size_t i = 0; i < count; i++) sort_signature(j, pasted, signatures[i], &policy);
  return pasted;
}

/* ---- words ---- */

static const char *about_tag(struct arena *arena, const char *sentence, const char *tag) { return text_fill(arena, sentence, &(struct text_argument){ "tag", tag }, 1); }

static const char *fault_words(struct arena *arena, const struct dkim_signature *signature) {
  const char *tag = signature->fault_tag;
  switch (signature->fault) {
  case DKIM_SIGNATURE_GOOD: break;
  case DKIM_SIGNATURE_SYNTAX: return *tag ? about_tag(arena, _("the value of {tag}= in it cannot be read"), tag) : _("it is no list of tags");
  case DKIM_SIGNATURE_MISSING_TAG: return about_tag(arena, _("it has no {tag}="), tag);
  case DKIM_SIGNATURE_VERSION: return _("its version is not 1 (v=)");
  case DKIM_SIGNATURE_ALGORITHM: return _("it uses an algorithm that receivers do not know (a=)");
  case DKIM_SIGNATURE_CANONICALIZATION: return _("it uses a canonicalization that receivers do not know (c=)");
  case DKIM_SIGNATURE_QUERY: return _("its key is not to be found in DNS (q=)");
  case DKIM_SIGNATURE_IDENTITY: return _("the domain of i= is neither d= nor below it");
  case DKIM_SIGNATURE_FROM: return _("it does not cover From (h=)");
  }
  return "";
}

static const char *outcome_words(struct arena *arena, enum dkim_outcome outcome, const struct dkim_signature *signature) {
  switch (outcome) {
  case DKIM_HOLDS: break;
  case DKIM_HOLDS_WITH_SHA1: return _("it uses SHA-1, which receivers must not count");
  case DKIM_SIGNATURE_FAULTY: return fault_words(arena, signature);
  case DKIM_OUTCOME_KEY_REVOKED: return _("its key has been revoked");
  case DKIM_OUTCOME_KEY_UNUSABLE: return _("its key record cannot be used");
  case DKIM_OUTCOME_KEY_TYPE: return _("the published key is of another type than the signature (k= and a=)");
  case DKIM_OUTCOME_KEY_HASH: return _("the key record does not allow its hash (h=)");
  case DKIM_OUTCOME_KEY_SERVICE: return _("the key record does not allow email (s=)");
  case DKIM_OUTCOME_KEY_STRICT: return _("the key may not sign for subdomains (t=s), and i= is one");
  case DKIM_OUTCOME_KEY_SHORT: return _("its key is shorter than 1024 bits");
  case DKIM_BODY_CHANGED: return _("the body of the message was changed after it was signed");
  case DKIM_BODY_LENGTHENED: return _("text was added at the end of the message after it was signed");
  case DKIM_BODY_CUT: return _("the message is shorter than what was signed (l=)");
  case DKIM_HEADER_CHANGED: return _("the body is as it was signed, and a signed header field was changed");
  case DKIM_NOT_BY_KEY: return signature->algorithm == DKIM_ED25519_SHA256 ? _("the body is as it was signed; a signed header field was changed, or another key made the signature") : _("another key than the published one made the signature");
  }
  return "";
}

/* ---- one signature ---- */

/* Each record at the selector is tried: a verifier may take any (RFC 6376 section 6.1.2). */
static enum dkim_outcome verify(struct judgement *j, const struct dkim_signature *signature, const struct dns_answer *key) {
  enum dkim_outcome outcome = DKIM_SIGNATURE_FAULTY;
  for (size_t i = 0; i < key->count && outcome != DKIM_HOLDS; i++) {
    const struct dns_rr *rr = &key->records[i];
    outcome = dkim_verify(j->inquiry->message, signature, dkim_parse(j->arena, rr->txt.bytes, rr->txt.length));
  }
  return outcome;
}

static const char *signature_name(struct arena *arena, const struct dkim_signature *signature) {
  const struct text_argument arguments[] = { { "signer", signature->domain }, { "selector", signature->selector } };
  return *signature->domain && *signature->selector ? text_fill(arena, "d={signer}, s={selector}: ", arguments, MEM_COUNT(arguments)) : "";
}

static const char *with_day(struct arena *arena, const char *sentence, int64_t seconds) {
  char text[32];
  clock_format_utc(seconds * 1000, text);
  text[10] = '\0';
  return text_fill(arena, sentence, &(struct text_argument){ "date", text }, 1);
}

/* What is weak in the signer's settings; "" for nothing. `told`: that the message fails for it is told already. */
static const char *weaknesses(struct arena *arena, const struct dkim_signature *signature, int64_t now, bool told) {
  const char *out = "";
  if (signature->fault == DKIM_SIGNATURE_FROM && !told) return _("it does not cover From (h=).");
  if (signature->fault != DKIM_SIGNATURE_GOOD) return out;
  const char *octets = signature->octets < UINT32_MAX ? arena_printf(arena, "%u", (unsigned)signature->octets) : "4294967295";
  if (signature->partial) out = text_fill(arena, _("it covers the first {octets} octets of the body only (l=)."), &(struct text_argument){ "octets", octets }, 1);
  if (signature->algorithm == DKIM_RSA_SHA1 && !told) out = add_word(arena, out, " ", _("it uses SHA-1 (a=rsa-sha1)."));
  if (signature->expires >= 0 && signature->expires * 1000 < now) out = add_word(arena, out, " ", with_day(arena, _("it was to hold until {date} (x=)."), signature->expires));
  if (signature->signed_at * 1000 > now + CLOCK_SLACK_MS) out = add_word(arena, out, " ", with_day(arena, _("it says that it was made on {date}, which is yet to come (t=)."), signature->signed_at));
  return out;
}

static struct finding *tell(struct judgement *j, const char *rule, const struct pasted_signature *ours) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "signer", "%s", ours->signature->domain);
  find_argument(j, finding, "selector", "%s", ours->signature->selector);
  find_seen(j, finding, &ours->key->seen);
  return finding;
}

/* ---- the message ---- */

struct result {
  const struct pasted_signature *holds;
  const struct dns_answer *failed;  /* a key that could not be looked up */
  const char *reasons;
  enum dkim_outcome outcomes[DKIM_MOST_SIGNATURES];
  bool weak;
};

/* A signature that holds all the same says so. One cause, one finding: SHA-1 or an unsigned From that makes the message fail is told there. */
static void judge_settings(struct judgement *j, const struct pasted_signature *ours, enum dkim_outcome outcome, struct result *result) {
  bool told = !result->holds && !result->failed && (outcome == DKIM_HOLDS_WITH_SHA1 || ours->signature->fault == DKIM_SIGNATURE_FROM);
  const char *weak = weaknesses(j->arena, ours->signature, ours->key->seen.time, told);
  if (!*weak) return;
  find_argument(j, tell(j, "dkim-message-weak", ours), "reason", "%s", outcome == DKIM_HOLDS ? add_word(j->arena, weak, " ", _("Today it holds.")) : weak);
  result->weak = true;
}

static enum dkim_outcome judge_signature(struct judgement *j, const struct pasted_signature *ours, struct result *result) {
  const struct dns_answer *key = ours->key;
  const char *why = fault_words(j->arena, ours->signature);
  enum dkim_outcome outcome = key && ours->signature->fault == DKIM_SIGNATURE_GOOD ? verify(j, ours->signature, key) : DKIM_SIGNATURE_FAULTY;
  if (key && ours->signature->fault == DKIM_SIGNATURE_GOOD) {
    if (key->outcome == DNS_FAILED) result->failed = key;
    else if (outcome == DKIM_HOLDS && !result->holds) result->holds = ours;
    why = key->count ? outcome_words(j->arena, outcome, ours->signature) : _("no key is published for it");
  }
  result->reasons = add_word(j->arena, result->reasons, "; ", arena_printf(j->arena, "%s%s", signature_name(j->arena, ours->signature), why));
  return outcome;
}

static const char *no_signature_words(struct arena *arena, const struct dkim_pasted *pasted) {
  const struct text_argument arguments[] = { { "from", pasted->from }, { "others", pasted->others } };
  if (!*pasted->others) return _("it has none.");
  return text_fill(arena, pasted->strict ? _("it is signed by {others}, and the DMARC policy counts {from} itself only (adkim=s).") : _("it is signed by {others}, which does not count for {from}."), arguments, MEM_COUNT(arguments));
}

static void judge_failed(struct judgement *j, const struct dkim_pasted *pasted, const struct result *result) {
  struct finding *finding = find(j, "dkim-message-fail", NULL);
  for (size_t i = 0; i < pasted->count; i++)
    if (pasted->ours[i].key) find_seen(j, finding, &pasted->ours[i].key->seen);
  find_argument(j, finding, "reason", "%s", *result->reasons ? arena_printf(j->arena, "%s.", result->reasons) : no_signature_words(j->arena, pasted));
}

void dkim_judge_message(struct judgement *j, const struct dkim_pasted *pasted) {
  struct result result = { .reasons = "" };
  if (!pasted->from || !suffix_same(pasted->from, j->inquiry->domain)) {
    find_argument(j, find(j, "dkim-message-fail", NULL), "reason", "%s",
                  text_fill(j->arena, _("it is from {from}, another domain."), &(struct text_argument){ "from", pasted->from ? pasted->from : "?" }, 1));
    return;
  }
  for (size_t i = 0; i < pasted->count; i++) result.outcomes[i] = judge_signature(j, &pasted->ours[i], &result);
  for (size_t i = 0; i < pasted->count; i++)
    if (pasted->ours[i].key) judge_settings(j, &pasted->ours[i], result.outcomes[i], &result);
  if (result.holds && !result.weak) tell(j, "dkim-message-pass", result.holds);
  else if (!result.holds && result.failed && !found(j, "dkim-lookup-failed")) find_lookup_failed(j, "dkim-lookup-failed", result.failed->seen.question.name, result.failed);
  else if (!result.holds && !result.failed) judge_failed(j, pasted, &result);
}

/* ---- signature by signature ---- */

static const char *as_sentence(struct arena *arena, const char *words) {
  char *sentence = arena_printf(arena, "%s", words);
  sentence[0] = to_upper(sentence[0]);
  size_t length = strlen(sentence);
  return length && sentence[length - 1] != '.' ? arena_printf(arena, "%s.", sentence) : sentence;
}

static void tell_outcome(struct judgement *j, const struct dkim_signature *signature, const struct dns_answer *key, struct dkim_told *out) {
  bool readable = signature->fault == DKIM_SIGNATURE_GOOD;
  out->severity = SEVERITY_FAIL;
  if (readable && key->outcome == DNS_FAILED) {
    out->severity = SEVERITY_UNKNOWN;
    out->words = _("Its key could not be looked up.");
    return;
  }
  enum dkim_outcome outcome = readable && key->count ? verify(j, signature, key) : DKIM_SIGNATURE_FAULTY;
  const char *why = !readable ? fault_words(j->arena, signature) : !key->count ? _("no key is published for it") : outcome_words(j->arena, outcome, signature);
  const char *weak = key ? weaknesses(j->arena, signature, key->seen.time, outcome != DKIM_HOLDS) : "";
  out->holds = outcome == DKIM_HOLDS;
  if (out->holds) out->severity = *weak ? SEVERITY_WARN : out->counts ? SEVERITY_PASS : SEVERITY_INFO;
  out->words = as_sentence(j->arena, out->holds ? _("it holds") : why);
  if (*weak) out->words = arena_printf(j->arena, "%s %s", out->words, as_sentence(j->arena, weak));
  if (out->holds && !out->counts) out->words = arena_printf(j->arena, "%s %s", out->words, _("It does not count for the domain in From."));
}

size_t dkim_message_tell(struct judgement *j, struct dkim_told out[DKIM_MOST_TOLD]) {
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  const char *from = message_from_domain(j->arena, j->inquiry->message);
  struct dmarc_policy_found policy;
  if (!from || !dmarc_policy_for(j, from, &policy)) {
    j->waiting |= from != NULL;
    return 0;
  }
  size_t count = dkim_signatures_find(j->arena, j->inquiry->message, signatures, DKIM_MOST_SIGNATURES);
  for (size_t i = 0; i < count; i++) {
    const struct dkim_signature *signature = signatures[i];
    const struct dns_answer *key = NULL;
    bool named = *signature->domain && *signature->selector;
    out[i] = (struct dkim_told){ .signer = text_safe_string(j->arena, signature->domain), .selector = text_safe_string(j->arena, signature->selector), .words = "" };
    out[i].counts = *signature->domain && is_aligned(j, signature->domain, &policy);
    if (named) key = ask_dns(j, arena_printf(j->arena, "%s._domainkey.%s", signature->selector, signature->domain), DNS_TYPE_TXT);
    if (key || !named) tell_outcome(j, signature, key, &out[i]);
  }
  return count;
}
