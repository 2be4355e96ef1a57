/* checks/record: text and bytes <-> struct for SPF, DKIM, DMARC, TLS-RPT, MTA-STS, TLSA and certificates. Pure, with the position of each
 * error. May use: src/base, libcrypto. */
#ifndef CHECKS_RECORD_LIB_H
#define CHECKS_RECORD_LIB_H
#endif
