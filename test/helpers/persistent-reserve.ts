/** Three initiators at one logical unit, and PERSISTENT RESERVE OUT in their names. Source: SPC-5. */
import { expect } from 'vitest';
import type { Nexus } from '../../src/scsi/target/nexus.ts';
import { be, GOOD, INITIATOR_A, INITIATOR_B, INITIATOR_C, Rig } from './scsi-target.ts';

export const KEY_A = 0xaaaan;
export const KEY_B = 0xbbbbn;
/** Service actions. */
export const REGISTER = 0;
export const RESERVE = 1;

/** PERSISTENT RESERVE IN, READ KEYS. */
export const READ_KEYS = '5e 00 0000000000 1000 00';

/** PERSISTENT RESERVE OUT as hexadecimal digits. */
export const prOut = (action: number, type = 0, lengthBytes = 24) =>
  `5f ${be(action, 1)} ${be(type, 1)} 0000 ${be(lengthBytes, 4)} 00`;
/** Its parameter list. */
export const list = (key: bigint, actionKey: bigint, flags = 0) =>
  Uint8Array.from(
    Buffer.from(`${be(key, 8)}${be(actionKey, 8)}00000000${be(flags, 1)}000000`, 'hex'),
  );

/** Three that are logged in and not registered. */
export function three() {
  const rig = new Rig();
  rig.unit();
  const [a, b, c] = [INITIATOR_A, INITIATOR_B, INITIATOR_C].map((wwpn) => rig.login(wwpn)) as [
    Nexus,
    Nexus,
    Nexus,
  ];
  const out = (nexus: Nexus, action: number, key: bigint, actionKey = 0n, type = 0, flags = 0) =>
    rig.ask(nexus, prOut(action, type), list(key, actionKey, flags));
  return { rig, a, b, c, out };
}

/** A and B registered, C not; A holds a reservation of the type. */
export function reserved(type: number) {
  const all = three();
  expect(all.out(all.a, REGISTER, 0n, KEY_A)).toBe(GOOD);
  expect(all.out(all.b, REGISTER, 0n, KEY_B)).toBe(GOOD);
  expect(all.out(all.a, RESERVE, KEY_A, 0n, type)).toBe(GOOD);
  return all;
}
