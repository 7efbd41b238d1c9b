import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { commands } from '../../../src/scsi/target/commands/index.ts';
import { dataInLength, dataOutLength } from '../../../src/scsi/target/device-server.ts';
import { INITIATOR_A, INITIATOR_B, Rig, toHex } from '../../helpers/scsi-target.ts';

const SEED = 20_240_611;
/** Data that a test is willing to send. */
const DATA_BYTES_MAX = 65_536;

/** CDBs of known commands with arbitrary fields, and arbitrary bytes. */
const anyCdb = fc
  .tuple(fc.constantFrom(...commands), fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(9))
  .map(([command, bytes, kind]) => {
    const cdb = bytes.slice();
    if (kind > 0) {
      cdb[0] = command.opcode;
      cdb[1] = command.serviceAction === undefined ? cdb[1]! & 0x1f : command.serviceAction;
    }
    // Small numbers more often than not: most blocks and lengths are out of range otherwise.
    if (kind > 2) cdb.fill(0, 2, 2 + kind);
    if (kind > 4) for (let i = 2; i < 16; i++) cdb[i]! &= i % 2 === 0 ? 0 : 0x3f;
    return cdb;
  });

describe('a device server', () => {
  it('answers any command with a status, keeps to its data lengths, and never throws', () => {
    const rig = new Rig();
    rig.unit(new MemoryMedium(5000));
    const nexuses = [rig.login(INITIATOR_A), rig.login(INITIATOR_B), rig.login(INITIATOR_A, 1)];
    fc.assert(
      fc.property(
        anyCdb,
        fc.nat(2),
        fc.uint8Array({ minLength: 0, maxLength: 80 }),
        (cdb, who, seed) => {
          const bytes = dataOutLength(cdb);
          if (bytes > DATA_BYTES_MAX) return;
          const dataOut = new Uint8Array(bytes);
          dataOut.set(seed.subarray(0, bytes));
          const reply = rig.send(nexuses[who]!, toHex(cdb), bytes === 0 ? undefined : dataOut);
          expect([0x00, 0x02, 0x04, 0x18]).toContain(reply.status);
          expect(reply.sense !== undefined).toBe(reply.status === 0x02);
          expect(reply.dataIn?.length ?? 0).toBeLessThanOrEqual(dataInLength(cdb));
        },
      ),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it('reads what was written last, whatever the mixture of writes, unmaps and WRITE SAME', () => {
    const BLOCKS = 300;
    const change = fc.record({
      kind: fc.constantFrom('write', 'same', 'unmap'),
      lba: fc.nat(BLOCKS - 1),
      blocks: fc.integer({ min: 1, max: 150 }),
      value: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const rig = new Rig();
        rig.unit(new MemoryMedium(BLOCKS));
        const nexus = rig.login();
        const model = new Uint8Array(BLOCKS);
        for (const { kind, lba, blocks: wanted, value } of changes) {
          const blocks = Math.min(wanted, BLOCKS - lba);
          const at = lba.toString(16).padStart(8, '0');
          const count = blocks.toString(16).padStart(4, '0');
          const [cdb, bytes] =
            kind === 'write'
              ? [`2a00${at}00${count}00`, blocks * 512]
              : [`41${kind === 'unmap' ? '08' : '00'}${at}00${count}00`, 512];
          const byte = kind === 'unmap' ? 0 : value;
          expect(rig.ask(nexus, cdb, new Uint8Array(bytes).fill(byte))).toBe('00');
          model.fill(byte, lba, lba + blocks);
        }
        const stored = rig.send(nexus, '28000000000000012c00').dataIn!;
        expect(stored.length).toBe(BLOCKS * 512);
        for (let i = 0; i < BLOCKS; i++) {
          expect([stored[512 * i], stored[512 * i + 511]]).toEqual([model[i], model[i]]);
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });
});
