import { describe, expect, it } from 'vitest';
import { commands, findCommand } from '../../../../../src/scsi/target/commands/index.ts';
import { be, Rig, toHex } from '../../../../helpers/scsi-target.ts';

const all = 'a3 0c 00 00 0000 00100000 00 00';
const one = (options: number, code: number, action = 0) =>
  `a3 0c ${be(options, 1)} ${be(code, 1)} ${be(action, 2)} 00001000 00 00`;

function rigWithUnit() {
  const rig = new Rig();
  rig.unit();
  return { rig, a: rig.login() };
}

describe('REPORT SUPPORTED OPERATION CODES', () => {
  it('lists every command once, and no command it lists is refused as unknown', () => {
    const { rig, a } = rigWithUnit();
    const bytes = rig.send(a, all).dataIn!;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    expect(view.getUint32(0)).toBe(bytes.length - 4);
    const seen = new Set<string>();
    for (let at = 4; at < bytes.length; at += 8) {
      const code = bytes[at]!;
      const action = view.getUint16(at + 2);
      const hasAction = (bytes[at + 5]! & 1) === 1;
      seen.add(`${code}/${hasAction ? action : '-'}`);
      const groups = [6, 10, 10, 0, 16, 12];
      expect(view.getUint16(at + 6)).toBe(groups[code >> 5]);
      expect(findCommand(Uint8Array.of(code, action))).toBeDefined();
    }
    expect(seen.size).toBe(commands.length);
  });

  it('knows what a disk of a cluster is asked', () => {
    // Operation codes as tables of SPC and SBC print them.
    const codes = [
      0x00, 0x03, 0x08, 0x0a, 0x12, 0x15, 0x16, 0x17, 0x1a, 0x1b, 0x25, 0x28, 0x2a, 0x2e, 0x2f,
      0x34, 0x35, 0x41, 0x42, 0x4d, 0x55, 0x56, 0x57, 0x5a, 0x5e, 0x5f, 0x83, 0x84, 0x88, 0x89,
      0x8a, 0x8e, 0x8f, 0x90, 0x91, 0x93, 0x9e, 0xa0, 0xa3, 0xa4, 0xa8, 0xaa, 0xae, 0xaf,
    ];
    expect([...new Set(commands.map((command) => command.opcode))]).toEqual(codes);
  });

  it('tells of one command its size and the bits it looks at', () => {
    const { rig, a } = rigWithUnit();
    // READ(10): RDPROTECT, DPO and FUA, LBA, transfer length; CONTROL with NACA.
    expect(toHex(rig.send(a, one(1, 0x28)).dataIn)).toBe('0003000a' + '28f8ffffffff00ffff04');
    expect(toHex(rig.send(a, one(2, 0x9e, 0x10)).dataIn)).toBe(
      `000300109e10${'00'.repeat(8)}ffffffff0004`,
    );
    expect(toHex(rig.send(a, one(3, 0xa3, 0x0a)).dataIn?.subarray(0, 6))).toBe('0003000ca3ea');
  });

  it('says so when a command is not supported', () => {
    const { rig, a } = rigWithUnit();
    expect(toHex(rig.send(a, one(1, 0xb5)).dataIn)).toBe('00010000');
    expect(toHex(rig.send(a, one(2, 0x9e, 0x1f)).dataIn)).toBe('00010000');
    expect(toHex(rig.send(a, one(3, 0x28, 1)).dataIn)).toBe('00010000');
  });

  it('refuses the wrong form of the question', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, one(1, 0x9e))).toBe('02 5/24/00');
    expect(rig.ask(a, one(2, 0x28))).toBe('02 5/24/00');
    expect(rig.ask(a, one(4, 0x28))).toBe('02 5/24/00');
  });

  it('adds timeouts descriptors on request', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.send(a, all.replace('a3 0c 00', 'a3 0c 80')).dataIn?.length).toBe(
      4 + 20 * commands.length,
    );
    expect(toHex(rig.send(a, one(0x81, 0x00)).dataIn)).toBe(
      `00830006000000000004000a${'00'.repeat(10)}`,
    );
  });
});

describe('REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS', () => {
  it('names those that are performed', () => {
    const { rig, a } = rigWithUnit();
    // ATS ATSS CTSS LURS TRS; QTSS.
    expect(toHex(rig.send(a, 'a3 0d 00 000000 00000100 00 00').dataIn)).toBe('da020000');
    expect(rig.send(a, 'a3 0d 80 000000 00000100 00 00').dataIn?.length).toBe(16);
  });
});
