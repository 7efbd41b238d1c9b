/** Codes of BGP-4. Source: RFC 4271, RFC 4760, RFC 5492, RFC 7432; lists of IANA. */

/** The TCP port of BGP. Source: RFC 4271, 8.2.1. */
export const BGP_TCP_PORT = 179;
/** The version that everybody speaks. */
export const BGP_VERSION = 4;
/** What stands for an AS of four octets where two are there. Source: RFC 6793, clause 9. */
export const AS_TRANS = 23_456;

/** Message types. Source: RFC 4271, 4.1; RFC 2918. */
export const BgpType = {
  OPEN: 1,
  UPDATE: 2,
  NOTIFICATION: 3,
  KEEPALIVE: 4,
  'ROUTE-REFRESH': 5,
} as const;

/** Address families. Source: IANA, Address Family Numbers. */
export const AddressFamily = { IPv4: 1, IPv6: 2, L2VPN: 25 } as const;
/** Subsequent address families. Source: IANA, SAFI. */
export const SubsequentAddressFamily = {
  unicast: 1,
  multicast: 2,
  labeled: 4,
  EVPN: 70,
  'MPLS VPN': 128,
} as const;

/** Capabilities of an OPEN. Source: IANA, Capability Codes. */
export const CapabilityCode = {
  'Multiprotocol Extensions': 1,
  'Route Refresh': 2,
  'Extended Message': 6,
  'Graceful Restart': 64,
  '4-octet AS': 65,
  'ADD-PATH': 69,
  'Enhanced Route Refresh': 70,
  'Long-Lived Graceful Restart': 71,
  FQDN: 73,
  'Route Refresh (Cisco)': 128,
} as const;

/** Kinds of optional parameters in an OPEN. Source: RFC 5492, clause 4; RFC 9072. */
export const OpenParameterType = { Capabilities: 2, 'Extended Length': 255 } as const;

/** Path attributes. Source: IANA, BGP Path Attributes. */
export const AttributeType = {
  ORIGIN: 1,
  AS_PATH: 2,
  NEXT_HOP: 3,
  MULTI_EXIT_DISC: 4,
  LOCAL_PREF: 5,
  ATOMIC_AGGREGATE: 6,
  AGGREGATOR: 7,
  COMMUNITIES: 8,
  ORIGINATOR_ID: 9,
  CLUSTER_LIST: 10,
  MP_REACH_NLRI: 14,
  MP_UNREACH_NLRI: 15,
  'EXTENDED COMMUNITIES': 16,
  AS4_PATH: 17,
  AS4_AGGREGATOR: 18,
  PMSI_TUNNEL: 22,
} as const;
/** Flags of a path attribute. Source: RFC 4271, 4.3. */
export const AttributeFlags = {
  OPTIONAL: 0x80,
  TRANSITIVE: 0x40,
  PARTIAL: 0x20,
  EXTENDED_LENGTH: 0x10,
} as const;

/** Where a route comes from. Source: RFC 4271, 5.1.1. */
export const Origin = { IGP: 0, EGP: 1, INCOMPLETE: 2 } as const;
/** What a segment of an AS path is. Source: RFC 4271, 4.3. */
export const AsPathSegmentType = { AS_SET: 1, AS_SEQUENCE: 2 } as const;
/** Tunnels for traffic to many. Source: RFC 6514, clause 5. */
export const PmsiTunnelType = { 'No tunnel': 0, 'Ingress Replication': 6 } as const;
/** Communities that everybody knows. Source: RFC 1997. */
export const WellKnownCommunity = {
  NO_EXPORT: 0xffff_ff01,
  NO_ADVERTISE: 0xffff_ff02,
  NO_EXPORT_SUBCONFED: 0xffff_ff03,
} as const;

/** Types of EVPN routes. Source: RFC 7432, clause 7; RFC 9136. */
export const EvpnRouteType = {
  'Ethernet Auto-discovery': 1,
  'MAC/IP Advertisement': 2,
  'Inclusive Multicast Ethernet Tag': 3,
  'Ethernet Segment': 4,
  'IP Prefix': 5,
} as const;

/** Extended communities by their first two octets. Source: IANA, BGP Extended Communities. */
export const ExtendedCommunityType = {
  'Route Target (2-octet AS)': 0x0002,
  'Route Target (IPv4)': 0x0102,
  'Route Target (4-octet AS)': 0x0202,
  Encapsulation: 0x030c,
  'Default Gateway': 0x030d,
  'MAC Mobility': 0x0600,
  'ESI Label': 0x0601,
  'ES-Import': 0x0602,
  "Router's MAC": 0x0603,
} as const;
/** Flag of a MAC mobility community: the MAC does not move. Source: RFC 7432, 7.7. */
export const MacMobilityFlags = { STICKY: 0x01 } as const;
/** Tunnel types of the encapsulation community. Source: RFC 8365, clause 11. */
export const TunnelType = { VXLAN: 8, NVGRE: 9, MPLS: 10, 'VXLAN GPE': 12, GENEVE: 19 } as const;

/** Why a session ends. Source: RFC 4271, 4.5. */
export const NotificationCode = {
  'Message Header Error': 1,
  'OPEN Message Error': 2,
  'UPDATE Message Error': 3,
  'Hold Timer Expired': 4,
  'Finite State Machine Error': 5,
  Cease: 6,
} as const;
/** What is wrong with a header. Source: RFC 4271, 6.1. */
export const HeaderError = {
  'Connection Not Synchronized': 1,
  'Bad Message Length': 2,
  'Bad Message Type': 3,
} as const;
/** What is wrong with an OPEN. Source: RFC 4271, 6.2; RFC 5492. */
export const OpenError = {
  'Unsupported Version Number': 1,
  'Bad Peer AS': 2,
  'Bad BGP Identifier': 3,
  'Unacceptable Hold Time': 6,
  'Unsupported Capability': 7,
} as const;
/** What is wrong with an UPDATE. Source: RFC 4271, 6.3. */
export const UpdateError = {
  'Malformed Attribute List': 1,
  'Missing Well-known Attribute': 3,
  'Attribute Length Error': 5,
  'Optional Attribute Error': 9,
} as const;
/** Why a session was ended without an error. Source: RFC 4486. */
export const CeaseSubcode = {
  'Maximum Number of Prefixes Reached': 1,
  'Administrative Shutdown': 2,
  'Peer De-configured': 3,
  'Connection Rejected': 5,
  'Out of Resources': 8,
} as const;
