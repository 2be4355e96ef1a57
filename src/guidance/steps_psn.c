#include "src/guidance/tables.h"

/* Section 3: PSN-based email services. Shown only when the case says that something still depends on them. */

const struct guidance_step steps_psn[] = {
  { .id = "psn-leave", .section = 3, .title = N_("Say whether anything still uses the PSN, and leave it"), .ids = "psn-leave psn-gsi", .topics = T(GSI), .rules = "gsi-domain gsi-replacement gsi-mx gsi-ns", .questions = { "psn" },
    .tasks = { { .id = "psn-leave", .text = N_("There is a plan and a date for moving to an internet-based email service"), .ids = "psn-leave", .when = WHEN_PSN },
               { .id = "psn-gsi", .text = N_("Every name of the gsi family has a domain that replaces it"), .ids = "psn-gsi", .when = WHEN_PSN } }, .screens = "migration", .help = "psn",
    .says = N_("Move to modern networks, and replace names of the gsi family.") },
  { .id = "psn-encrypt", .section = 3, .title = N_("Encrypt PSN email and publish its mail servers"), .ids = "psn-tls psn-mx", .topics = T(MX), .records = "mx",
    .tasks = { { .id = "psn-tls", .text = N_("TLS is used inside the PSN wherever both sides can; no certificate of an authority is needed for that"), .ids = "psn-tls" },
               { .id = "psn-mx", .text = N_("Every domain classified Official has public MX records"), .ids = "psn-mx", .proof = "mx-ok" } }, .when = WHEN_PSN, .help = "psn",
    .says = N_("Use opportunistic TLS inside the PSN. Publish public MX records for every domain classified Official.") },
  { .id = "psn-authenticate", .section = 3, .title = N_("Authenticate PSN email in public DNS"), .ids = "psn-dmarc psn-spf psn-spf-messagelabs psn-dkim psn-ptr", .topics = T(SPF) | T(DKIM) | T(DMARC) | T(ADDRESS) | T(GSI),
    .rules = "spf- dkim- dmarc- address- gsi-spf-messagelabs parked-", .records = "spf dmarc dkim ptr", .screens = "services dmarc-route", .when = WHEN_PSN, .help = "psn",
    .says = N_("Publish SPF with all senders (and include:spf.messagelabs.com), DKIM and DMARC in public DNS. Forward and reverse names match.") },
  { .id = "psn-portal", .section = 3, .title = N_("Set up the PSN email filtering portal"), .ids = "psn-dmarc-inbound psn-spf-inbound psn-dkim-sign psn-footers dns-dkim-psn", .topics = T(TLS), .rules = "tls-inbound-spf tls-inbound-dmarc",
    .questions = { "inbound-dmarc", "inbound-spf" },
    .tasks = { { .id = "psn-dmarc-inbound", .text = N_("The portal tests incoming email against DMARC"), .ids = "psn-dmarc-inbound" }, { .id = "psn-spf-inbound", .text = N_("The portal tests incoming email against SPF"), .ids = "psn-spf-inbound" },
               { .id = "psn-dkim-sign", .text = N_("Every sending system signs, by the portal or by itself"), .ids = "psn-dkim-sign" }, { .id = "psn-footers", .text = N_("Outgoing footers are off in the portal"), .ids = "psn-footers" },
               { .id = "dns-dkim-psn", .text = N_("Email disclaimers are off for incoming and outgoing email, and outgoing email uses 'no disclaimer'"), .ids = "dns-dkim-psn" } }, .when = WHEN_PSN, .help = "psn",
    .says = N_("In the filtering portal test incoming email, sign outgoing email, and turn disclaimers off: a signature does not survive them.") },
};
const size_t steps_psn_count = MEM_COUNT(steps_psn);
