#include <string.h>

#include "src/letters/private.h"

/* That addresses change from an old name of the gsi family to the domain that replaces it: to those who write to us, and to our own people. */

static void put_end(struct writing *w) {
  const struct letter_input *input = w->input;
  struct inquiry_old_domain told = casefile_old_domain(input->casefile, input->old_name);
  const char *answer = casefile_old_answer(input->casefile, input->old_name, "forwards");
  if (told.forwards) put_paragraph(w, _("Email to addresses at {old} is forwarded until {until}. After that day it no longer reaches us."), NULL, NULL);
  else if (told.aliases) put_paragraph(w, _("Email to addresses at {old} still reaches us until {until}, and no longer after that day."), NULL, NULL);
  else if (told.switch_planned) put_paragraph(w, _("Our email moves on {when}. What is sent to addresses at {old} after that is passed on until {until}, and no longer."), NULL, NULL);
  else if (answer && strcmp(answer, "no") == 0) put_paragraph(w, _("Email to addresses at {old} no longer reaches us."), NULL, NULL);
  else put_paragraph(w, _("[What happens to email to addresses at {old}, and until when.]"), NULL, NULL);
}

/* Only what was answered may be said of email from the old name. */
static void put_forged(struct writing *w) {
  if (casefile_old_domain(w->input->casefile, w->input->old_name).sends == TRI_NO) put_point(w, _("Distrust email from {old}: nothing of ours is sent in that name any more."), NULL, NULL);
}

void write_addresses(struct writing *w) {
  put_paragraph(w, _("Our email addresses change. Those that end in {old} are given up, because the networks behind that name have closed. The new ones end in {domain}."), NULL, NULL);
  put_paragraph(w, _("[Say here whether the part before the @ stays the same.]"), NULL, NULL);
  put_end(w);
  put_lead(w, _("What we ask of you:"));
  put_point(w, _("Write to the new addresses from now on, and change them in address books, mailing lists, forms and letters."), NULL, NULL);
  put_point(w, _("Change them in systems that write to us by themselves: case management, finance, alerts, accounts and subscriptions that are held under an old address."), NULL, NULL);
  put_point(w, _("If your mail system has rules, lists of allowed senders or lists about TLS that name {old}, put {domain} in its place."), NULL, NULL);
  put_forged(w);
  put_gap(w);
  put_paragraph(w, _("If you are not sure whether this message is genuine, ask someone here whom you know, by a number that you had before."), NULL, NULL);
}

void write_colleagues(struct writing *w) {
  put_paragraph(w, _("Our email addresses at {old} are replaced by addresses at {domain}. Names of the gsi family (gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk) must be given up across government."), NULL, NULL);
  put_end(w);
  put_lead(w, _("What we ask of you before then:"));
  put_point(w, _("Send from your new address, and put it in your signature."), NULL, NULL);
  put_point(w, _("Tell those who write to you. We have a message for them that you can pass on."), NULL, NULL);
  put_point(w, _("Look for the old address on letterheads, forms, leaflets, web pages and business cards, in contracts and in directories."), NULL, NULL);
  put_point(w, _("Change it wherever you log in or are sent reminders with it. After the old address ends, a forgotten password cannot be reset."), NULL, NULL);
  put_point(w, _("Tell us of printers, scripts and applications that send from an address at {old} or to one."), NULL, NULL);
  put_gap(w);
}
