#include "checks/judge/lib.h"

/* Extended DNS Errors, RFC 8914 section 4, in words; those that say nothing of the matter in hand have none. */
static const char *extended_words(uint16_t code) {
  switch (code) {
  case 1: return _("the keys are of an algorithm that it does not know");
  case 2: return _("the DS record has a digest that it does not know");
  case 5: return _("it cannot tell whether the answer is signed");
  case 6: return _("the signatures do not fit");
  case 7: return _("a signature has expired");
  case 8: return _("a signature is not valid yet");
  case 9: return _("no key fits the DS record");
  case 10: return _("signatures are missing");
  case 11: return _("no key may sign the zone");
  case 12: return _("the proof of absence is missing");
  case 13: return _("it remembers an earlier failure");
  case 14: return _("it is not ready");
  case 15: return _("it blocks the name");
  case 16: return _("it must block the name");
  case 17: return _("it filters the name, as was asked of it");
  case 18: return _("it does not serve this machine");
  case 20: return _("it is not a server of the zone");
  case 22: return _("it reaches no server of the zone");
  case 23: return _("the network fails on its way to the servers of the zone");
  case 24: return _("its data of the zone cannot be used");
  default: return NULL;
  }
}

const char *dns_reason(struct arena *arena, const struct dns_answer *answer) {
  const char *word = dns_failure_word(answer->failure), *extended = extended_words(answer->extended_error);
  return extended ? arena_printf(arena, "%s (%s)", word, extended) : word;
}
