/** RNID, RNFT, FAN, FARP: what tshark 4.0.17 reads (fcels.*). */
import { describe, expect, test } from 'vitest';
import {
  commonIdentification,
  FarpAction,
  FarpMatch,
  fan,
  farpReply,
  farpReplyAccept,
  farpReq,
  fc4Record,
  generalTopology,
  ManagementIpVersion,
  MultiFunctionUnit,
  NodeIdentificationFormat,
  NodeManagement,
  rnft,
  rnftAccept,
  rnid,
  rnidAccept,
  UnitType,
} from '../../../../src/codecs/els/node.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const PORT = '2000525400aa0001';
const NODE = '1000525400aa0001';
const names = { portName: 0x2000_5254_00aa_0001n, nodeName: 0x1000_5254_00aa_0001n };

describe('RNID', () => {
  const IP = 'fe800000000000000000000000000001';
  // tshark: Associated Type Storage Device, Physical Port Number 1, Attached Nodes 2, IP/TCP/Telnet,
  // IPv6, TCP/UDP Port Number 8080, fe80::1, Vendor Specific 0x0007.
  const TOPOLOGY = `000102030405060708090a0b0c0d0e0f 00000009 00000001 00000002 0102 1f90 ${IP} 0000 0007`;
  const topology = {
    vendorSpecific: parseHex('000102030405060708090a0b0c0d0e0f'),
    unitType: UnitType.STORAGE_DEVICE,
    physicalPortNumber: 1,
    attachedNodes: 2,
    nodeManagement: NodeManagement.TELNET,
    ipVersion: ManagementIpVersion.IPV6,
    portNumber: 8080,
    ipAddress: parseHex(IP),
    vendorFlags: 7,
  };

  test('asks for a format', () => {
    expectVector(rnid, '78000000 df000000', { format: NodeIdentificationFormat.GENERAL_TOPOLOGY });
    expectEncoded(rnid, { format: NodeIdentificationFormat.COMMON_ONLY }, '78000000 00000000');
  });

  test('is told names and topology', () => {
    expectVector(rnidAccept, `02000000 df100034 ${PORT} ${NODE} ${TOPOLOGY}`, {
      format: 0xdf,
      commonLengthBytes: 16,
      specificLengthBytes: 52,
      common: names,
      topology,
    });
    expectVector(commonIdentification, PORT + NODE, names);
    expectVector(generalTopology, TOPOLOGY, topology);
  });

  test('is told what the length bytes say, and other formats stay bytes', () => {
    expectVector(rnidAccept, `02000000 00100000 ${PORT} ${NODE}`, {
      common: names,
      topology: undefined,
    });
    expectVector(rnidAccept, '02000000 08000003 aabbcc', {
      common: undefined,
      topology: undefined,
      specific: parseHex('aabbcc'),
    });
  });

  test('unit types: fcels.rnid.asstype; those it does not know by FC-LS-3', () => {
    expect(UnitType).toMatchObject({
      UNKNOWN: 1,
      OTHER: 2,
      HUB: 3,
      SWITCH: 4,
      GATEWAY: 5,
      CONVERTER: 6,
      HBA: 7,
      STORAGE_DEVICE: 9,
      HOST: 10,
      STORAGE_SUBSYSTEM: 11,
      STORAGE_ACCESS_DEVICE: 14,
      NAS_DEVICE: 17,
    });
    expect(NodeManagement).toMatchObject({ SNMP: 0, TELNET: 1, HTTP: 2, HTTPS: 3 });
    expect(ManagementIpVersion).toEqual({ NONE: 0, IPV4: 1, IPV6: 2 });
    expect(MultiFunctionUnit.HUB).toBe(2 ** 31);
    expect(MultiFunctionUnit.HOST).toBe(2 ** 27);
  });
});

describe('RNFT', () => {
  test('Max Size 1024; Payload Len 12, List Length 1, FCP (tshark)', () => {
    expectVector(rnft, '63000400 00000002', { maxSizeBytes: 1024, index: 2 });
    expectVector(
      rnftAccept,
      '0200000c 00010000 08000102',
      {
        payloadLengthBytes: 12,
        listLength: 1,
        index: 0,
        records: [{ fc4Type: 8, qualifier: 0x102 }],
      },
      5,
    );
    expectVector(fc4Record, '08000102', { fc4Type: 8, qualifier: 0x102 });
  });
});

describe('FAN', () => {
  test('Fabric Address 01.0e.00, then port and fabric name (tshark)', () => {
    expectVector(fan, '60000000 00010e00 2000000533d727c2 1000000533d727c2', {
      loopFabricAddress: 0x01_0e00,
      fabricPortName: 0x2000_0005_33d7_27c2n,
      fabricName: 0x1000_0005_33d7_27c2n,
    });
  });
});

describe('FARP', () => {
  const IP = 'fe800000000000000000000000000001';
  const OTHER_IP = '00000000000000000000ffff0a000001';
  const BODY = `03010203 02040506 ${PORT} ${NODE} 2000525400bb0001 1000525400bb0001 ${IP} ${OTHER_IP}`;
  const body = {
    matchAddress: FarpMatch.PORT_AND_NODE_NAME,
    requesterNPortId: 0x01_0203,
    responderFlags: FarpAction.REPLY,
    responderNPortId: 0x04_0506,
    requesterPortName: names.portName,
    requesterNodeName: names.nodeName,
    responderPortName: 0x2000_5254_00bb_0001n,
    responderNodeName: 0x1000_5254_00bb_0001n,
    requesterIpAddress: parseHex(IP),
    responderIpAddress: parseHex(OTHER_IP),
  };

  test('Match Address Code Points 3, Respond with FARP-REPLY, names, addresses (tshark)', () => {
    expectVector(farpReq, `54000000 ${BODY}`, body);
    expectVector(farpReply, `55000000 ${BODY}`, body);
    expectVector(farpReplyAccept, '02000000', { kind: 'LS_ACC FARP-REPLY' });
    // fcels.respaction: Login Using Requesting Port ID 1, Respond with FARP-REPLY 2.
    expect(FarpAction).toEqual({ LOGIN: 1, REPLY: 2 });
    expect(Object.values(FarpMatch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
