/**
 * ENodes in a fabric whose frames say what no fabric should. Each frame is one of the emulated world's
 * with a number changed; the world must get to work nevertheless, by the frames that come after it.
 */
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../../scripts/fuzz/world.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { LittleNet, type PortOfNode } from '../../../../src/testing/little-net.ts';

// Places in FIP frames with a VLAN tag: operation, subcode, the first descriptor's FC frame.
const OPERATION = 21;
const SUBCODE = 23;
const D_ID = 33;
const COMMAND = 56;
const LS_ACC = 2;

const isFip = (frame: Uint8Array): boolean => frame[16] === 0x89 && frame[17] === 0x14;
const isGrant = (frame: Uint8Array): boolean =>
  isFip(frame) && frame[OPERATION] === 2 && frame[SUBCODE] === 2 && frame[COMMAND] === LS_ACC;
const isAdvertisement = (frame: Uint8Array): boolean =>
  isFip(frame) && frame[OPERATION] === 1 && frame[SUBCODE] === 2;

/** A world in which the first frame that `change` is true for is changed by it. */
function worldWith(change: (to: PortOfNode, frame: Uint8Array) => boolean, withGuests: boolean) {
  const world = makeWorld(0);
  const state = { changed: false, cleared: 0 };
  const net: LittleNet = new LittleNet(world.machines, world.cables, (node, event) => {
    if ((event as { reason?: string }).reason === 'keep-alive') state.cleared++;
    if (withGuests) world.handleEvent(node, event, net.now);
  });
  net.onFrame = (to, frame) => {
    if (state.changed) return frame;
    const copy = frame.slice();
    state.changed = change(to, copy);
    return state.changed ? copy : frame;
  };
  net.plugIn();
  return { world, net, state };
}

describe('an ENode logs in', () => {
  it.each([
    ['after a grant of N_Port_ID 0', (frame: Uint8Array) => frame.fill(0, D_ID, D_ID + 3)],
    [
      'after an answer that is neither an accept nor a refusal',
      (frame: Uint8Array) => frame.fill(0x50, COMMAND, COMMAND + 1),
    ],
    [
      'with an E_D_TOV and R_A_TOV of 0',
      (frame: Uint8Array) => frame.fill(0, COMMAND + 12, COMMAND + 20),
    ],
    [
      'with an E_D_TOV of a part of a millisecond',
      (frame: Uint8Array) => {
        frame[COMMAND + 8]! |= 0x04;
        frame.fill(0xff, COMMAND + 18, COMMAND + 20);
      },
    ],
    [
      'with an E_D_TOV and R_A_TOV that never come',
      (frame: Uint8Array) => frame.fill(0xff, COMMAND + 12, COMMAND + 20),
    ],
  ])('%s', (_what, change) => {
    const { world, net, state } = worldWith((to, frame) => {
      if (to.node !== 'h1' || !isGrant(frame)) return false;
      change(frame);
      return true;
    }, true);
    while (world.done() < 10 && net.now < 200 * SECOND) net.step();
    expect(state.changed).toBe(true);
    expect(world.done()).toBeGreaterThanOrEqual(10);
  });

  it('and stays so, when an FCF announces a keep-alive period of 49 days', () => {
    const { net, state } = worldWith((to, frame) => {
      if (to.node !== 'h1' || !isAdvertisement(frame)) return false;
      // The FKA_ADV_Period descriptor, type 12 of 2 words, is the last of the list.
      const at = frame.findIndex((byte, i) => i > 28 && byte === 12 && frame[i + 1] === 2);
      frame.fill(0xff, at + 4, at + 8);
      return true;
    }, false);
    while (net.now < 60 * SECOND) net.step();
    // It goes on with keep-alives of the period that is usual.
    expect(state).toEqual({ changed: true, cleared: 0 });
  });
});
