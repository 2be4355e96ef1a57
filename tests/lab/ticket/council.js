// DNS change request for exampleshire.gov.uk, reference exampleshire.gov.uk-2026-11-24-1, 24 November 2026
// Add these to dnsconfig.js after the D() of each zone, and take out of that D() what is marked "remove:".
// We check the result and reply to you. After that, and not before, set these TTLs. Then the work is finished.
//   TXT at exampleshire.gov.uk: from 300 to 3600 seconds
//   TXT at _dmarc.exampleshire.gov.uk: from 300 to 3600 seconds
//   TXT at _smtp._tls.exampleshire.gov.uk: from 300 to 3600 seconds
// We check the result and reply to you. After that, and not before, set these TTLs. Then the work is finished.
//   PTR at 3.60.0.127.in-addr.arpa: from 300 to 3600 seconds
D_EXTEND("exampleshire.gov.uk",
  // 1. SPF: lists the servers that may send email for this domain.
  // remove: @ TXT "v=spf1 a mx ip4:192.0.2.25 include:spf.protection.outlook.com include:spf.exampleshire.gsi.gov.uk include:spf.newsletter-mill.example include:spf.housing-repairs.example include:_spf.parking-permits.example include:spf.messagelabs.com ~all"
  TXT("@", "v=spf1 a mx ip4:192.0.2.25 include:spf.protection.outlook.com include:spf.housing-repairs.example include:_spf.parking-permits.example include:spf.messagelabs.com ~all", TTL(300)),
  // 2. Mail server: this one no longer exists. The others stay as they are.
  // remove: @ MX 40 old-mail.exampleshire.gov.uk.
  // 3. DMARC: tells receivers what to do with email that is forged in the name of this domain, and where to send reports.
  // remove: _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@exampleshire.gsi.gov.uk"
  TXT("_dmarc", "v=DMARC1; p=none; rua=mailto:dmarc@exampleshire.gov.uk; psd=n", TTL(300)),
  // 4. TLS reporting: asks senders to report when they cannot encrypt email to this domain.
  TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:tls-reports@exampleshire.gov.uk", TTL(300)),
  {});
