/** Link control: what tshark 4.0.17 says of the Parameters of P_RJT, F_RJT, P_BSY and ACK. */
import { describe, expect, it } from 'vitest';
import {
  ackParameter,
  BusyAction,
  BusyReason,
  busyParameter,
  FabricBusyReason,
  RejectAction,
  RejectReason,
  rejectParameter,
} from '../../../../src/codecs/fc/link-control.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('link control', () => {
  it('reads a P_RJT parameter as fc_pf_rjt lays it out', () => {
    const value = rejectParameter.decode(Uint8Array.of(1, 0x16, 0, 0x7f));
    expect(value).toEqual({
      action: 1,
      reason: RejectReason['Login required'],
      reserved: 0,
      vendor: 0x7f,
    });
  });

  it('has the reasons that tshark names behind F_RJT, in their order', () => {
    // 19h is reserved, 1Eh without a name; 25h is fc_fs.h's alone (FC_RJT_INVL_ATT).
    expect(Object.values(RejectReason)).toEqual([
      0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
      0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d, 0x1f, 0x20,
      0x21, 0x22, 0x23, 0x24, 0x25, 0xff,
    ]);
    expect(RejectReason['Invalid R_CTL']).toBe(0x09);
    expect(RejectReason['Unexpected ACK']).toBe(0x14);
    expect(RejectReason['Process login required']).toBe(0x24);
  });

  it('reads Parameters as tshark does', () => {
    // P_RJT: Retryable Error, Login Required. F_RJT: Non-retryable Error, N_Port Not Avail (Temporary).
    expectVector(rejectParameter, '01160000', {
      action: RejectAction.Retryable,
      reason: RejectReason['Login required'],
    });
    expectVector(rejectParameter, '0203007f', {
      action: RejectAction['Non-retryable'],
      reason: RejectReason['Nx_Port not available, temporary'],
      vendor: 0x7f,
    });
    // P_BSY: Sequence Marked Busy, N_Port Resource Busy; Class 2 Frame Busy, Partial Multicast Busy.
    expectVector(busyParameter, '01030000', {
      action: BusyAction['Sequence terminated'],
      reason: BusyReason['Nx_Port resource busy'],
    });
    expectVector(busyParameter, '020700ab', {
      action: BusyAction['Class 2 frame'],
      reason: BusyReason['Partial multicast busy'],
      vendor: 0xab,
    });
    expect(BusyReason['Physical Nx_Port busy']).toBe(1);
    expect(FabricBusyReason).toEqual({ 'Fabric busy': 0x10, 'Nx_Port busy': 0x30 });
  });

  it('acknowledges one frame unless told otherwise', () => {
    expectVector(ackParameter, '00000002', { count: 2 });
    expectEncoded(ackParameter, {}, '00000001');
  });
});
