/**
 * EtherType values that a converged network carries.
 * Source: IEEE 802 registry; FC-BB-5 for FCoE and FIP.
 */
export const EtherType = {
  IPv4: 0x0800,
  ARP: 0x0806,
  RARP: 0x8035,
  VLAN: 0x8100,
  IPv6: 0x86dd,
  'MAC control': 0x8808,
  'S-VLAN': 0x88a8,
  LLDP: 0x88cc,
  FCoE: 0x8906,
  FIP: 0x8914,
  'VN-Tag': 0x8926,
  'CN-Tag': 0x22e9,
  'Transparent Ethernet': 0x6558,
  ERSPAN: 0x88be,
  'ERSPAN III': 0x22eb,
  'VLAN 9100': 0x9100,
  'VLAN 9200': 0x9200,
  'R-TAG': 0xf1c1,
  'Cisco MetaData': 0x8909,
  'Cisco MDS': 0xfcfc,
  ECP: 0x8940,
} as const;

/** EtherType of FCoE frames (0x8906). */
export const ETHERTYPE_FCOE = EtherType.FCoE;
/** EtherType of FIP frames (0x8914). */
export const ETHERTYPE_FIP = EtherType.FIP;
/** EtherType of a customer VLAN tag (0x8100). */
export const ETHERTYPE_VLAN = EtherType.VLAN;
/** EtherTypes of VLAN tags: C-VLAN, S-VLAN, and what stood for it before 802.1ad. */
export const VLAN_ETHERTYPES: ReadonlySet<number> = new Set([
  EtherType.VLAN,
  EtherType['S-VLAN'],
  EtherType['VLAN 9100'],
  EtherType['VLAN 9200'],
]);

/** Up to here the field is a length (802.3); EtherTypes begin at 0600h. */
export const LENGTH_MAX = 1500;
