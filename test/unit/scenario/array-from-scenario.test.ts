/** The array that a scenario gives, with its masks. */
import { describe, expect, test } from 'vitest';
import { ARRAY_NODE_NAME, targetPortIdentity } from '../../../src/scenario/array-from-scenario.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { TEXT } from '../../helpers/scenario.ts';

const topology = (text: string, overrides = {}) =>
  topologyOf(loadScenario(text, 'x.yaml', overrides));
const arrayOf = (text: string, overrides = {}) => nodesOf(topology(text, overrides), 'array')[0]!;

describe('the array', () => {
  test('has a name and an address for each target port', () => {
    const { name, options, ports } = arrayOf(TEXT);
    expect([name, options.nodeName]).toEqual(['array', ARRAY_NODE_NAME]);
    expect(ports).toEqual(
      ports.map((_, port) => expect.objectContaining(targetPortIdentity(port))),
    );
    expect(targetPortIdentity(1)).toEqual({
      mac: '00:60:16:00:00:02',
      wwpn: '50:06:01:60:00:00:00:02',
    });
  });

  test('shows every guest its own logical units where the file says no masks', () => {
    const [guest] = topology(TEXT).guests;
    const { masks } = arrayOf(TEXT);
    expect(masks.map((one) => one.initiator)).toEqual(guest!.names.map((one) => one.wwpn));
    expect(masks[0]!.luns).toEqual([
      { lun: 0, unit: 0 },
      { lun: 1, unit: 1 },
    ]);
  });

  test('does what the file says of it', () => {
    const { masks, name, options, units } = arrayOf(
      TEXT.replace(
        'array:\n',
        'array:\n  name: disks\n  writeCache: volatile\n  readUs: 0.5\n  masks: [{ for: "10:00:00:00:00:00:00:0A", luns: { "5": data } }]\n  targetPortGroups: [{ id: 4, ports: [0, 1] }, { id: 5, ports: [2, 3], state: standby, preferred: true }]\n',
      ),
    );
    expect(name).toBe('disks');
    expect(units.map((one) => one.writeCache)).toEqual(['volatile', 'volatile']);
    expect(masks).toEqual([{ initiator: '10:00:00:00:00:00:00:0a', luns: [{ lun: 5, unit: 1 }] }]);
    expect(options.targetPortGroups).toEqual([
      { id: 4, relativePortIds: [1, 2], state: 0 },
      { id: 5, relativePortIds: [3, 4], state: 2, preferred: true },
    ]);
    expect(options.service!.readNs).toBe(500);
  });

  test('masks by the name of a guest are masks of all its ports', () => {
    const text = TEXT.replace('array:\n', 'array:\n  masks: [{ for: vm1, luns: { "7": data } }]\n');
    const masks = arrayOf(text).masks;
    expect(masks).toHaveLength(4);
    expect(masks.every(({ luns }) => luns[0]!.lun === 7 && luns[0]!.unit === 1)).toBe(true);
  });

  test('marks its exchanges where that is a defence of the move', () => {
    expect(arrayOf(TEXT).options.oxIdEpochs).toBe(false);
    expect(arrayOf(TEXT, { defences: ['oxid-epochs'] }).options.oxIdEpochs).toBe(true);
  });
});
