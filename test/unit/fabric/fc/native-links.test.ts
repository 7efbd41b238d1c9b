/** What F_Ports on native links send by themselves. */
import { expect, it } from 'vitest';
import { elsRequest } from '../../../../src/codecs/els/index.ts';
import { fcHeader, locateFcOnLink } from '../../../../src/codecs/fc/index.ts';
import { CodecError } from '../../../../src/codecs/layout/index.ts';
import { Adapter, type Login } from '../../../../src/fabric/fc/logins.ts';
import { NativeLinks } from '../../../../src/fabric/fc/native-links.ts';

function make() {
  const sent: { readonly port: number; readonly frame: Uint8Array }[] = [];
  const core = { send: (port: number, frame: Uint8Array) => sent.push({ port, frame }) };
  const links = new NativeLinks({ core } as never);
  const read = () =>
    sent.map(({ port, frame }) => {
      const at = locateFcOnLink(frame);
      if (at instanceof CodecError) throw at;
      const header = fcHeader.decode(frame, at.fcAt, at.payloadAt);
      return { port, header, payload: frame.subarray(at.payloadAt, at.payloadEnd) };
    });
  return { links, read };
}

const login = (nPortId: number, saidWwpn: bigint) => ({ nPortId, saidWwpn, port: 3 }) as Login;

it('tell an adapter of the end of its logins by LOGO, of the base first', () => {
  const { links, read } = make();
  const adapter = new Adapter(3, '', 0);
  const [npiv, base] = [login(0x01_0002, 2n), login(0x01_0001, 1n)];
  adapter.base = base;
  adapter.logins.add(npiv).add(base);
  links.clear(adapter, 'all');
  links.clear(adapter, [npiv]);
  const told = read().map(({ port, header, payload }) => [
    port,
    header.sId,
    header.dId,
    header.oxId,
    elsRequest.decode(payload),
  ]);
  expect(told).toMatchObject([
    [3, 0xff_fffe, 0x01_0001, 1, { kind: 'LOGO', nPortId: 0x01_0001, portName: 1n }],
    [3, 0xff_fffe, 0x01_0002, 2, { kind: 'LOGO', nPortId: 0x01_0002, portName: 2n }],
    [3, 0xff_fffe, 0x01_0002, 3, { kind: 'LOGO', nPortId: 0x01_0002, portName: 2n }],
  ]);
});

it('send the frames of services with every field of their headers', () => {
  const { links, read } = make();
  const header = { rCtl: 3, dId: 0x01_0001, sId: 0xff_fffc, type: 0x20, fCtl: 0x99_0000, oxId: 4 };
  links.send({ port: 2 }, { ...header, seqCnt: 1, rxId: 9 }, Uint8Array.of(1), false);
  expect(links.linkAddressOf()).toBe('');
  expect(read()).toMatchObject([
    { port: 2, header: { ...header, fCtl: 0x99_0003, seqCnt: 1, rxId: 9 } },
  ]);
});
