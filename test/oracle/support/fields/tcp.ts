/** TCP as far as a stream needs it, and ICMPv6. */
import { dividedBy, type FieldMap, part, rawOf, same, shownAs } from '../mapping.ts';

/** tshark draws 12 bits over one byte. */
const flag = shownAs(rawOf, same('tcp:flags'));

export const tcpFields: FieldMap = {
  'tcp.srcport': 'tcp:sourcePort',
  'tcp.dstport': 'tcp:destinationPort',
  'tcp.seq_raw': 'tcp:sequenceNumber',
  'tcp.ack_raw': 'tcp:acknowledgmentNumber',
  'tcp.hdr_len': shownAs(dividedBy(4), same('tcp:dataOffsetWords')),
  'tcp.flags.cwr': flag,
  'tcp.flags.ece': flag,
  'tcp.flags.urg': flag,
  'tcp.flags.ack': flag,
  'tcp.flags.push': flag,
  'tcp.flags.reset': flag,
  'tcp.flags.syn': flag,
  'tcp.flags.fin': flag,
  'tcp.window_size_value': 'tcp:window',
  'tcp.checksum': 'tcp:checksum',
  'tcp.urgent_pointer': 'tcp:urgentPointer',
  'icmpv6.type': 'icmpv6:type',
  'icmpv6.code': 'icmpv6:code',
  'icmpv6.checksum': 'icmpv6:checksum',
  'icmpv6.nd.ns.target_address': shownAs(rawOf, same('icmpv6:targetAddress')),
  'icmpv6.nd.na.target_address': shownAs(rawOf, same('icmpv6:targetAddress')),
  'icmpv6.nd.ra.cur_hop_limit': 'icmpv6:hopLimit',
  'icmpv6.nd.ra.flag.m': 'icmpv6:managed',
  'icmpv6.nd.ra.flag.o': 'icmpv6:other',
  'icmpv6.nd.ra.router_lifetime': 'icmpv6:routerLifetimeSeconds',
  'icmpv6.nd.ra.reachable_time': 'icmpv6:reachableTimeMs',
  'icmpv6.nd.ra.retrans_timer': 'icmpv6:retransTimerMs',
  'icmpv6.opt.type': [same('icmpv6:options[].type'), part('icmpv6:options[].raw')],
  'icmpv6.opt.linkaddr': 'icmpv6:options[].mac',
  'icmpv6.nd.na.flag.r': 'icmpv6:router',
  'icmpv6.nd.na.flag.s': 'icmpv6:solicited',
  'icmpv6.nd.na.flag.o': 'icmpv6:override',
};
