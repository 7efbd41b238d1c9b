/** Ethernet framing, tags, flow control, and the announcements that follow a moved machine. */
export * from './arp.ts';
export * from './checksum.ts';
export * from './cooked.ts';
export * from './ether-type.ts';
export * from './header.ts';
export * from './icmpv6.ts';
export * from './ip-text.ts';
export * from './mac-control.ts';
export * from './overlay.ts';
export * from './tags.ts';
export * from './tcp.ts';
export * from './tunnel.ts';
export * from './vn-tag.ts';
