import { describe, expect, it } from 'vitest';
import {
  Conversation,
  checkFip,
  decodeFrame,
  encodeFrame,
  fipMessage,
  hexRuns,
  layerValue,
  summarize,
} from '../../../../src/codecs/index.ts';
import { sharedCaptures } from '../../../helpers/shared-captures.ts';

/** Faults that are really in the captures: frame and field, by file. */
const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  // A hello of 20 bytes: the options are not there.
  'field/13-cisco-mds-header.pcap': ['3 HLO options'],
  'field/16-lldp-odd.pcap': [
    '1 LLDP ETS Configuration bandwidthPercent',
    '2 LLDP Management Address address',
    '6 LLDP System Capabilities enabled',
    '7 CEE Priority-based Flow Control enabledPriorities',
    '8 CEE Priority Groups operatingVersion',
    '10 LLDP Organizationally Specific oui',
    '11 application priority entry protocolId',
  ],
  'field/17-fip-odd.pcap': [
    '2 FIP Fabric descriptor fabricName',
    '5 FIP descriptor length',
    '6 FIP descriptors',
  ],
  'field/18-fdmi.pcap': ['4 HBA attribute code', '5 HBA attribute length'],
  'field/19-els-odd.pcap': [
    '2 sfp diagnostics descriptor flags',
    '3 link integrity notification descriptor attachedPortName',
    '5 RSCN pages',
    '6 PRLI pages',
  ],
};
/** Frames whose required descriptors their maker left out on purpose. */
const FIP_INCOMPLETE: Readonly<Record<string, number>> = {
  'handmade/wireshark-gaps.pcap': 1,
  // What a damaged descriptor says is missing to whoever acts on the message.
  'field/17-fip-odd.pcap': 3,
};

const captures = sharedCaptures();

describe.skipIf(captures.length === 0)('every shared capture', () => {
  it.each(captures.map((one) => [one.name, one] as const))(
    '%s: every frame comes back byte for byte',
    (name, { linkType, frames }) => {
      const conversation = new Conversation();
      const malformed: string[] = [];
      let incomplete = 0;
      for (const [i, { bytes, originalLength }] of frames.entries()) {
        const frame = decodeFrame(bytes, { linkType, originalLength, conversation });
        expect(encodeFrame(frame)).toEqual(bytes);
        const fault = frame.malformed;
        if (fault !== undefined) malformed.push(`${i + 1} ${fault.layer} ${fault.field}`);
        expect(frame.crc).not.toBe('bad');
        const fip = layerValue(frame, fipMessage);
        if (fip !== undefined && checkFip(fip) !== undefined) incomplete++;
        expect(summarize(frame)).not.toMatch(/undefined|NaN|\[object/);
      }
      expect(malformed).toEqual(MALFORMED[name] ?? []);
      expect(incomplete).toBe(FIP_INCOMPLETE[name] ?? 0);
    },
  );

  it('the fields of a frame cover each of its bytes once', () => {
    for (const { name, linkType, frames } of captures) {
      const conversation = new Conversation();
      for (const [i, { bytes, originalLength }] of frames.entries()) {
        const frame = decodeFrame(bytes, { linkType, originalLength, conversation });
        // Each 7th frame: all kinds are met, and the spans of 6,000 frames take long.
        if (i % 7 !== 0) continue;
        let at = 0;
        for (const run of hexRuns(frame)) {
          expect(run.offset, `${name} frame ${i + 1} ${run.fields[0]}`).toBe(at);
          at += run.bytes.length;
        }
        expect(at).toBe(bytes.length);
      }
    }
  });
});
