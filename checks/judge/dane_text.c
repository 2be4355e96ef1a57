#include "checks/judge/dane.h"

#include <string.h>

const char *dane_unusable_rule(const struct tlsa *tlsa) {
  if (!tlsa_parameters_known(tlsa)) return "dane-parameters-unknown";
  if (!tlsa_length_right(tlsa)) return "dane-digest-length";
  return tlsa->usage < TLSA_DANE_TA ? "dane-usage-pkix" : NULL;
}

void dane_say_record(struct judgement *judgement, struct finding *finding, const struct tlsa *tlsa) {
  char *text = tlsa_format(judgement->arena, tlsa);
  find_argument(judgement, finding, "record", "%.40s%s", text, strlen(text) > 40 ? "..." : "");
}

static const char *fault_words(enum tlsa_fault fault) {
  switch (fault) {
  case TLSA_FAULT_FIELD_MISSING: return _("one of the three numbers is missing");
  case TLSA_FAULT_NOT_A_NUMBER: return _("this is no number");
  case TLSA_FAULT_NUMBER_TOO_LARGE: return _("this number is above 255");
  case TLSA_FAULT_NO_DATA: return _("the hexadecimal digits are missing");
  case TLSA_FAULT_NOT_HEX: return _("this is no hexadecimal digit");
  case TLSA_FAULT_ODD_DIGITS: break;
  }
  return _("a hexadecimal digit is missing, since there is an odd number of them");
}

static void tell(struct judgement *j, const char *rule, const struct tlsa *tlsa) { dane_say_record(j, find(j, rule, NULL), tlsa); }

static void judge_values(struct judgement *j, const struct tlsa *tlsa) {
  if (dane_unusable_rule(tlsa)) tell(j, dane_unusable_rule(tlsa), tlsa);
  if (!tlsa_usable(tlsa)) return;
  if (tlsa->matching == TLSA_FULL) tell(j, "dane-full-data", tlsa);
  if (tlsa->matching == TLSA_SHA512) tell(j, "dane-sha512-only", tlsa);
  if (tlsa->usage == TLSA_DANE_EE && tlsa->selector == TLSA_CERTIFICATE) tell(j, "dane-selector-certificate", tlsa);
}

/* Usage and length are judged only of what could be read. */
void dane_judge_text(struct judgement *j, const char *text, size_t length) {
  struct tlsa_text read;
  bool numbers = true;
  if (tlsa_read(j->arena, text, length, &read)) {
    judge_values(j, &read.tlsa);
    return;
  }
  for (size_t i = 0; i < read.fault_count; i++) {
    struct finding *finding = find(j, "dane-record-syntax", NULL);
    find_argument(j, finding, "reason", "%s", fault_words(read.faults[i].fault));
    find_argument(j, finding, "position", "%zu", read.faults[i].position + 1);
    numbers = numbers && read.faults[i].fault >= TLSA_FAULT_NO_DATA;
  }
  if (!numbers) return;
  if (!tlsa_parameters_known(&read.tlsa)) tell(j, "dane-parameters-unknown", &read.tlsa);
  else if (read.tlsa.usage < TLSA_DANE_TA) tell(j, "dane-usage-pkix", &read.tlsa);
}
