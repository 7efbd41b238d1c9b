import { describe, expect, it } from 'vitest';
import {
  arp,
  decodeFrame,
  ethernet,
  fcHeader,
  fcoeHeader,
  fcoeHeaderPreT11,
  fcoeTrailer,
  fcoeTrailerPreT11,
  fipDescriptorsOf,
  fipElsOf,
  fipMessage,
  formatFcId,
  layerValue,
  sofPreT11,
  vlanTag,
  vxlan,
} from '../../../../src/codecs/index.ts';
import { inFull } from '../../../helpers/in-full.ts';
import { hasTshark, sharedCaptures, tsharkFields } from '../../../helpers/shared-captures.ts';

const captures = (inFull ? sharedCaptures() : []).filter(
  ({ name }) => name.startsWith('linux/') || name.startsWith('esxi-cisco/'),
);

/** tshark prints FC addresses with dots, and numbers in hex or decimal. */
const dotted = (id: number) => formatFcId(id).replace(/(..)(..)(..)/, '$1.$2.$3');
const numbers = (cells: readonly string[]) => cells.map(Number);

const FC_FIELDS = [
  'eth.dst',
  'vlan.id',
  'fcoe.sof',
  'fcoe.eof',
  // 1: tshark computed the same CRC. Its 'fcoe.crc' is the stored bytes read big-endian.
  'fcoe.crc.status',
  'fc.r_ctl',
  'fc.d_id',
  'fc.s_id',
  'fc.type',
  'fc.f_ctl',
  'fc.seq_id',
  'fc.seq_cnt',
  'fc.ox_id',
  'fc.rx_id',
  'fc.parameter',
  'fc.cs_ctl',
  'fc.df_ctl',
] as const;

const FIP_FIELDS = [
  'fip.opcode',
  'fip.disc_subcode',
  'fip.ls.subcode',
  'fip.ctrl_subcode',
  'fip.vlan_subcode',
  'fip.vn2vn_subcode',
  'fip.subcode',
  'fip.dl_len',
  'fip.flags',
  'fip.desc_type',
  'fip.desc_len',
  'fip.mac',
  'fip.vlan',
  'fip.pri',
  'fip.fka',
  'fc.ox_id',
] as const;

describe.skipIf(captures.length === 0 || !hasTshark)('tshark reads the same', () => {
  it.each(captures.map((one) => [one.name, one] as const))(
    '%s: FCoE and the FC header',
    (_name, { path, frames }) => {
      const lines = tsharkFields(path, ['frame.number', ...FC_FIELDS], 'fcoe && !_ws.malformed');
      expect(lines.length).toBeGreaterThan(5);
      for (const [number, ...cells] of lines) {
        const frame = decodeFrame(frames[Number(number![0]) - 1]!.bytes);
        const one = layerValue(frame, fcHeader)!;
        const tag = layerValue(frame, vlanTag);
        const trailer = layerValue(frame, fcoeTrailer)!;
        const ours = [
          layerValue(frame, ethernet)!.destination,
          tag?.vid,
          layerValue(frame, fcoeHeader)!.sof,
          trailer.eof,
          frame.crc === 'good' ? 1 : 0,
          one.rCtl,
          dotted(one.dId),
          dotted(one.sId),
          one.type,
          one.fCtl,
          one.seqId,
          one.seqCnt,
          one.oxId,
          one.rxId,
          one.parameter,
          one.csCtl,
          one.dfCtl,
        ];
        for (const [i, field] of FC_FIELDS.entries()) {
          const theirs = cells[i]![0];
          const value = ours[i];
          const same = typeof value === 'number' && theirs !== undefined ? Number(theirs) : theirs;
          // tshark prints parameter and CS_CTL only where it gives them a meaning.
          if (theirs === undefined && (field === 'fc.parameter' || field === 'fc.cs_ctl')) continue;
          expect(same, `frame ${number} ${field}`).toBe(value);
        }
      }
    },
  );

  it.each(captures.map((one) => [one.name, one] as const))('%s: FIP', (_name, { path, frames }) => {
    const lines = tsharkFields(path, ['frame.number', ...FIP_FIELDS], 'fip && !_ws.malformed');
    for (const [number, ...cells] of lines) {
      const frame = decodeFrame(frames[Number(number![0]) - 1]!.bytes);
      const message = layerValue(frame, fipMessage)!;
      const subcode = cells.splice(1, 6).flat();
      const [opcode, words, flags, types, lengths, macs, vlans, priority, fka, oxId] = cells;
      expect(numbers(opcode!)).toEqual([message.operation]);
      expect(numbers(subcode)).toEqual([message.subcode]);
      expect(numbers(words!)).toEqual([message.descriptorWords]);
      expect(numbers(flags!)).toEqual([message.flags]);
      const known = message.descriptors.map((one) => (one.kind === 'unknown' ? -1 : one.type));
      expect(numbers(types!)).toEqual(known);
      const lengthWords = message.descriptors.map((one) =>
        one.kind === 'unknown' ? -1 : one.lengthWords,
      );
      expect(numbers(lengths!)).toEqual(lengthWords);
      expect(macs!.slice(0, 1)).toEqual(
        fipDescriptorsOf(message, 'mac')
          .map((one) => one.mac)
          .slice(0, 1),
      );
      expect(numbers(vlans!)).toEqual(fipDescriptorsOf(message, 'vlan').map((one) => one.vid));
      expect(numbers(priority!)).toEqual(
        fipDescriptorsOf(message, 'priority').map((one) => one.priority),
      );
      expect(numbers(fka!)).toEqual(
        fipDescriptorsOf(message, 'fkaAdvPeriod').map((one) => one.fkaAdvPeriodMs),
      );
      const els = fipElsOf(message);
      expect(numbers(oxId!)).toEqual(els === undefined ? [] : [els.header.oxId]);
    }
  });

  const others = (inFull ? sharedCaptures() : []).filter(({ name }) =>
    /^(vxlan|rarp|fc-raw|handmade\/read)/.test(name),
  );

  it.each(others.map((one) => [one.name, one] as const))(
    '%s: tunnels, cooked and native captures, the old FCoE format',
    (_name, { path, linkType, frames }) => {
      const fields = ['vxlan.vni', 'arp.opcode', 'fc.ox_id', 'fc.seq_cnt', 'fcoe.sof', 'fcoe.eof'];
      const lines = tsharkFields(path, ['frame.number', ...fields]);
      expect(lines).toHaveLength(frames.length);
      for (const [number, ...cells] of lines) {
        const frame = decodeFrame(frames[Number(number![0]) - 1]!.bytes, { linkType });
        const header = layerValue(frame, fcHeader);
        const old = layerValue(frame, fcoeHeaderPreT11);
        const ours = [
          layerValue(frame, vxlan)?.vni,
          layerValue(frame, arp)?.operation,
          header?.oxId,
          header?.seqCnt,
          old === undefined ? layerValue(frame, fcoeHeader)?.sof : sofPreT11(old.sof),
          (layerValue(frame, fcoeTrailer) ?? layerValue(frame, fcoeTrailerPreT11))?.eof,
        ];
        for (const [i, field] of fields.entries()) {
          const theirs = cells[i]!.map(Number);
          const value = ours[i];
          // tshark names the frames that share an exchange, and so prints OX_ID more than once.
          expect(theirs[0], `frame ${number} ${field}`).toBe(value);
        }
      }
    },
  );
});
