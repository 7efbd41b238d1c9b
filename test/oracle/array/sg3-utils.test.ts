/** What sg3_utils makes of an array's answers: a reader of SCSI data that knows nothing of us. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { be, filled, GOOD, hex, Rig, TUR, toHex, write10 } from '../../helpers/scsi-target.ts';

const present = spawnSync('sg_inq', ['--version']).error === undefined;
if (!present) console.warn('sg3_utils is not installed: its oracle tests are skipped');

const folder = mkdtempSync(join(tmpdir(), 'sg3-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a tool on bytes and returns what it prints. */
function read(tool: string, bytes: Uint8Array, ...options: string[]): string {
  const file = join(folder, 'data.hex');
  const text = toHex(bytes).replace(/(..)/g, '$1 ');
  writeFileSync(file, `${text.replace(/((?:.. ){16})/g, '$1\n')}\n`);
  return execFileSync(tool, [...options, `--inhex=${file}`], { encoding: 'utf8' });
}

/** Sense data as sg_decode_sense prints it. */
function sense(bytes: Uint8Array): string {
  return execFileSync('sg_decode_sense', toHex(bytes).match(/../g)!, { encoding: 'utf8' });
}

describe.skipIf(!present)('sg3_utils', () => {
  const rig = new Rig();
  const lu = rig.unit();
  const nexus = rig.login();
  const data = (cdb: string) => rig.send(nexus, cdb).dataIn!;
  const page = (code: string) => data(`12 01 ${code} 00ff 00`);

  it('reads standard INQUIRY data', () => {
    const text = read('sg_inq', data('12 00 00 00ff 00'), '--descriptors');
    expect(text).toMatch(/PQual=0\s+PDT=0\b.*version=0x06\s+\[SPC-4\]/);
    expect(text).toMatch(/NormACA=0\s+HiSUP=1\s+Resp_data_format=2/);
    expect(text).toMatch(/TPGS=3\s+3PC=0\s+Protect=0/);
    expect(text).toMatch(/MultiP=1/);
    expect(text).toMatch(/CmdQue=1/);
    expect(text).toMatch(/length=66 \(0x42\)/);
    expect(text).toContain('Vendor identification: SANMOTN');
    expect(text).toContain('Product identification: VIRTUAL DISK');
    expect(text).toContain('Product revision level: 0001');
    for (const standard of ['SAM-5', 'SPC-4', 'SBC-3', 'FCP-4']) {
      expect(text).toContain(`${standard} (no version claimed)`);
    }
  });

  it.each([
    ['implicit', 1],
    ['explicit', 2],
    ['both', 3],
  ] as const)('reads who may change access states: %s', (accessChanges, tpgs) => {
    const array = new Rig({ accessChanges });
    array.unit();
    const inquiry = array.send(array.login(), '12 00 00 00ff 00').dataIn!;
    expect(read('sg_inq', inquiry)).toContain(`TPGS=${tpgs} `);
  });

  it('asks for access states, by what sg_stpg would send a device', () => {
    const array = new Rig();
    const { access } = array.unit();
    const far = array.login(undefined, 1);
    // /dev/null takes no SCSI command; what was to be sent is told before.
    const asked = ['-vvv', '--tp=10,20', '--state=s,an', '/dev/null'];
    const { stdout, stderr } = spawnSync('sg_stpg', asked, { encoding: 'utf8' });
    const [, cdb] = /groups cdb: \[([0-9a-f ]+)\]/.exec(stdout + stderr)!;
    const [, list] = /parameter list:\s+([0-9a-f ]+)/.exec(stderr + stdout)!;
    expect(array.ask(far, cdb!, hex(list!))).toBe(GOOD);
    expect(access.groups.map(({ state }) => state)).toEqual([2, 1]);
  });

  it('reads the absent logical unit', () => {
    const text = read('sg_inq', rig.send(nexus, '12 00 00 00ff 00', undefined, 9n << 48n).dataIn!);
    expect(text).toMatch(/PQual=3\s+PDT=31/);
  });

  it('reads the list of VPD pages', () => {
    const text = read('sg_vpd', page('00'));
    for (const name of [
      'Unit serial number [sn]',
      'Device identification [di]',
      'Extended inquiry data [ei]',
      'Block limits (SBC) [bl]',
      'Block device characteristics (SBC) [bdc]',
      'Logical block provisioning (SBC) [lbpv]',
    ]) {
      expect(text).toContain(name);
    }
  });

  it('reads serial number and identification', () => {
    expect(read('sg_vpd', page('80'))).toContain(`Unit serial number: ${lu.serial}`);
    const text = read('sg_vpd', page('83'));
    expect(text).toContain(`0x${toHex(lu.luId)}`);
    expect(text).toMatch(/vendor id: SANMOTN/);
    expect(read('sg_vpd', page('83'), '--long')).toMatch(/NAA 6, IEEE Company_id: 0x2534d/);
    expect(text).toMatch(/Relative target port: 0x1\b/);
    expect(text).toMatch(/Target port group: 0xa\b/);
    expect(text).toMatch(/transport: Fibre Channel/);
  });

  it('reads the extended INQUIRY data', () => {
    const text = read('sg_vpd', page('86'));
    expect(text).toMatch(/HEADSUP=1 ORDSUP=1 SIMPSUP=1/);
    expect(text).toMatch(/V_SUP=1/);
    expect(text).toMatch(/LUICLR=1/);
  });

  it('reads block limits, characteristics and provisioning', () => {
    const limits = read('sg_vpd', page('b0'));
    expect(limits).toMatch(/Write same non-zero \(WSNZ\): 1/);
    expect(limits).toMatch(/Maximum compare and write length: 128 blocks/);
    expect(limits).toMatch(/Maximum transfer length: 32768 blocks/);
    expect(limits).toMatch(/Maximum unmap LBA count: 1048576/);
    expect(limits).toMatch(/Maximum unmap block descriptor count: 256/);
    expect(limits).toMatch(/Optimal unmap granularity: 1 blocks/);
    expect(limits).toMatch(/Maximum write same length: 0x8000 blocks/);
    expect(read('sg_vpd', page('b1'))).toMatch(/Non-rotating medium/);
    const provisioning = read('sg_vpd', page('b2'));
    expect(provisioning).toMatch(/Unmap command supported \(LBPU\): 1/);
    expect(provisioning).toMatch(/\(LBPWS\): 1/);
    expect(provisioning).toMatch(/\(LBPWS10\): 1/);
    expect(provisioning).toMatch(/\(LBPRZ\): 1/);
    expect(provisioning).toMatch(/Provisioning type: 2/);
  });

  it('reads LBA status', () => {
    rig.send(nexus, write10(10, 5), filled(5, 1));
    const text = read(
      'sg_get_lba_status',
      data(`9e 12 ${be(0, 8)} 00001000 00 00`),
      '--maxlen=4096',
    );
    expect(text).toMatch(/LBA: 0x0*0\s+blocks:\s+10\s+deallocated/);
    expect(text).toMatch(/LBA: 0x0*a\s+blocks:\s+5\s+mapped/);
    expect(text).toMatch(/LBA: 0x0*f\s+blocks:\s+9985\s+deallocated/);
  });

  it('reads sense data: unit attention, field pointers, miscompare offset', () => {
    rig.target.nexusLost(nexus);
    const again = rig.login();
    expect(sense(rig.send(again, TUR).sense!)).toMatch(
      /Unit Attention[\s\S]*I_T nexus loss occurred/i,
    );
    const pointed = sense(rig.send(again, '28 20 00000000 00 0001 00').sense!);
    expect(pointed).toMatch(/Illegal Request[\s\S]*Invalid field in cdb/i);
    expect(pointed).toMatch(/Error in Command: byte 1 bit 7/i);
    const list = filled(2, 0);
    list[77] = 1;
    const miscompare = sense(rig.send(again, `89 00 ${be(0, 8)} 000000 01 00 00`, list).sense!);
    expect(miscompare).toMatch(/Miscompare[\s\S]*Miscompare during verify operation/i);
    expect(miscompare).toMatch(/Info fld=0x4d/i);
  });
});
