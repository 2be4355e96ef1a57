#include "src/guidance/tables.h"

/* Sections 6 and 7: Check your email services are secure; Communicate changes to your organisation. */

const struct guidance_step steps_check[] = {
  { .id = "check-certificates", .section = 6, .title = N_("Check that certificates are valid and renewed"), .ids = "check-cert check-cert-domain", .topics = T(TLS) | T(MTASTS), .rules = "tls-cert mtasts-cert", .questions = { "needed" },
    .tasks = { { .id = "check-cert-domain", .text = N_("Everyone who used the domain knows that it ends, and its records protect it as one that sends nothing"), .ids = "check-cert-domain", .when = WHEN_NOT_NEEDED } }, .help = "certificates",
    .says = N_("Certificates must be valid and renewed. If not: is the domain still needed? Delete it, or ask the certificate authority to replace them.") },
  { .id = "check-authenticating", .section = 6, .title = N_("Check that your email authenticates"), .ids = "check-auth", .topics = T(SPF) | T(DKIM) | T(DMARC), .records = "spf dmarc dkim", .screens = "changed", .help = "checks",
    .says = N_("No missing or poor SPF record, and no missing or weak DMARC policy.") },
  { .id = "check-nonsending", .section = 6, .title = N_("Protect domains that send nothing"), .ids = "check-nonsending", .topics = T(SPF) | T(DMARC) | T(MX) | T(DKIM), .rules = "parked-", .records = "spf dmarc mx dkim", .questions = { "sends", "receives", "more-domains" },
    .screens = "nonsending", .help = "parked",
    .says = N_("Domains that send no email are protected too.") },
  { .id = "check-monitoring", .section = 6, .title = N_("Have someone watch your domains"), .ids = "check-register",
    .tasks = { { .id = "check-monitoring", .text = N_("Someone is told when a check of our domains fails"), .ids = "check-register" } }, .help = "monitoring",
    .says = N_("Register each domain with Mail Check and have its alerts sent to you.") },
  { .id = "check-servers", .section = 6, .title = N_("Check that your mail servers answer"), .ids = "check-mx", .topics = T(MX) | T(TLS),
    .rules = "mx- smtp-banner smtp-connect smtp-closed smtp-ehlo smtp-reply smtp-slow smtp-partial smtp-port smtp-unreachable", .records = "mx", .when = WHEN_RECEIVES, .help = "mx",
    .says = N_("MX records are right: correct typing errors and remove servers that are no longer used.") },
  { .id = "check-encryption", .section = 6, .title = N_("Check that email is encrypted on its way"), .ids = "check-encrypt", .topics = T(TLS), .rules = "smtp-starttls tls-version tls-handshake tls-old tls-breaks tls-service", .questions = { "secondary-hosts" },
    .tasks = { { .id = "check-logs", .text = N_("The mail logs show TLS 1.2 or later"), .ids = "check-encrypt" }, { .id = "check-secondary", .text = N_("Every secondary service has been checked by hand"), .ids = "check-encrypt" } },
    .settings = "logging", .screens = "mail-system secondary", .help = "logs",
    .says = N_("Email is encrypted with TLS 1.2 or later. Look at the logs, and check secondary services by hand.") },

  { .id = "tell-operators", .section = 7, .title = N_("Tell those who run other services"), .ids = "tell-operators",
    .tasks = { { .id = "tell-filtering", .text = N_("Those who run filtering services have been told"), .ids = "tell-operators" }, { .id = "tell-own", .text = N_("Those who run our own applications and scripts have been told"), .ids = "tell-operators" },
               { .id = "tell-cloud", .text = N_("Those who run cloud applications have been told"), .ids = "tell-operators" }, { .id = "tell-business", .text = N_("Those who run line-of-business applications have been told"), .ids = "tell-operators" } },
    .letters = "filtering own cloud business", .help = "communicate",
    .says = N_("Tell those who run filtering services, your own applications, cloud applications and line-of-business applications what changes.") },
  { .id = "tell-everyone", .section = 7, .title = N_("Tell your organisation"), .ids = "tell-everyone",
    .tasks = { { .id = "tell-everyone", .text = N_("The organisation knows that email security changes, and that this is a standard across central government"), .ids = "tell-everyone" } }, .letters = "everyone", .help = "communicate",
    .says = N_("Tell the organisation more widely. It helps to say that this is a standard agreed across central government.") },
};
const size_t steps_check_count = MEM_COUNT(steps_check);
