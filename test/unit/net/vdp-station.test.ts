/** VSI discovery as lldpad 1.1 takes it: what a station asks, and what a bridge answers. */
import { expect, it } from 'vitest';
import type { Mac } from '../../../src/codecs/layout/index.ts';
import { VsiidFormat, vdpdu } from '../../../src/codecs/lldp/index.ts';
import { VdpBridge } from '../../../src/fabric/lan/vdp-bridge.ts';
import { VdpStation, vsiidOf } from '../../../src/net/vdp-station.ts';

const VSI = { mac: '02:00:00:00:00:01' as Mac, vid: 100, priority: 3 };

it('names an interface by its MAC address, and answers behind the manager ID that it was asked with', () => {
  const asked: Uint8Array[] = [];
  const answers: Uint8Array[] = [];
  const done: string[] = [];
  const after = () => ({ at: 0, cancel() {} });
  const station = new VdpStation({ after, send: (pdu) => asked.push(pdu) });
  const bridge = new VdpBridge({
    send: (pdu) => answers.push(pdu),
    judge: () => 0,
    answered: () => {},
  });
  station.ask('associate', VSI, true, (refusal) => done.push(refusal));
  const [manager, association] = vdpdu.decode(asked[0]!).tlvs;
  expect(association).toMatchObject({ vsiidFormat: VsiidFormat.MAC, vsiid: vsiidOf(VSI.mac) });
  bridge.heard(asked[0]!);
  expect(vdpdu.decode(answers[0]!).tlvs).toMatchObject([manager!, { kind: 'associate' }]);
  station.heard(answers[0]!);
  expect(done).toEqual(['']);
});
