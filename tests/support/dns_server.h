#ifndef TESTS_DNS_SERVER_H
#define TESTS_DNS_SERVER_H
#include <stdbool.h>
#include <stdint.h>

/* A name server in a thread of the test, on a free port of 127.0.0.1 (or ::1), that behaves well or badly. It knows one record for every name:
 * TXT "v=spf1 -all", MX 10 mx.example, A 192.0.2.1. */
enum dns_behaviour {
  DNS_GOOD, DNS_AUTHENTIC /* AD */, DNS_SAYS_NXDOMAIN, DNS_SAYS_NODATA, DNS_SAYS_SERVFAIL, DNS_SAYS_REFUSED, DNS_SAYS_NOTIMP, DNS_SAYS_FORMERR,
  DNS_SILENT, DNS_GARBAGE /* bytes that are no message */, DNS_BROKEN /* counts that the message does not hold */, DNS_ECHO /* the question itself */,
  DNS_WRONG_ID, DNS_WRONG_ID_FIRST /* then the right answer */, DNS_OTHER_QUESTION, DNS_OTHER_QUESTION_FIRST, DNS_POINTER_LOOP, DNS_CNAME_LOOP,
  DNS_CNAME_CHAIN /* a.example -> b.example -> the record, in one answer */, DNS_CNAME_ALONE /* the alias only, without its target */,
  DNS_TRUNCATES /* and has it all over TCP */, DNS_TRUNCATES_NO_TCP, DNS_TRUNCATES_SILENT_TCP, DNS_TRUNCATES_DRIPPING_TCP, DNS_TRUNCATES_CUT_TCP,
  DNS_BIG_TXT /* 64 KiB, over TCP */, DNS_THOUSAND_MX, DNS_LONG /* 900 octets over UDP */, DNS_NO_EDNS /* FORMERR to EDNS; else as DNS_LONG */,
  DNS_LOSES_FIRST /* copy of each question */, DNS_LIMITED /* ten a hundredth of a second, the rest is dropped */, DNS_LIMITED_REFUSED /* or refused */,
};

struct dns_server;
struct dns_server *dns_server_start(enum dns_behaviour behaviour, bool ipv6); /* null: no IPv6 here */
void dns_server_stop(struct dns_server *server);
const char *dns_server_address(const struct dns_server *server);              /* "127.0.0.1:40123" */
unsigned dns_server_asked(const struct dns_server *server);                   /* questions that came, repetitions too */
#endif
