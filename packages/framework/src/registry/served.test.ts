import { ByteVector, TarsConfig, TarsInputStream, TarsOutputStream } from '@tarsier/protocol';
import { EndpointF } from '@tarsier/proxy';
import { describe, expect, it } from 'vitest';
import { registeredServant } from './registered-servant.js';
import { RegisteredServant, RegisteredServer } from './registered-server.js';
import { servedByWorkers } from './served.js';
import { setDivisionOf } from './set-division.js';

const how = { advertise: '', localIp: '10.0.0.7' };
const served = (endpoint: string) => ({ adapter: 'A', servant: 'T.S.Obj', endpoint });

describe('registeredServant', () => {
  it.each([
    ['tcp -h 127.0.0.1 -p 1', '', '127.0.0.1'],
    ['tcp -h 0.0.0.0 -p 1', '', '10.0.0.7'],
    ['tcp -h * -p 1', '', '10.0.0.7'],
    ['tcp -h :: -p 1', '', '10.0.0.7'],
    ['tcp -h 127.0.0.1 -p 1', 'example.com', 'example.com'],
    ['tcp -h 0.0.0.0 -p 1', 'example.com', 'example.com'],
  ])('of %s, advertised as %j, is found at %s', (endpoint, advertise, host) => {
    expect(registeredServant(served(endpoint), { ...how, advertise })?.endpoint.host).toBe(host);
  });

  it('tells what the endpoint says', () => {
    expect(registeredServant(served('ssl -h h -p 9 -t 100 -g 2 -q 3 -v 1 -w 40'), how)).toEqual({
      obj: 'T.S.Obj',
      endpoint: EndpointF.create({
        host: 'h',
        port: 9,
        timeout: 100,
        istcp: 2,
        grid: 2,
        qos: 3,
        weight: 40,
        weightType: 1,
      }),
    });
    expect(registeredServant(served('udp -h h -p 9'), how)?.endpoint.istcp).toBe(0);
  });

  it.each(['ws -h h -p 1', 'wss -h h -p 1', 'tcp -h /tmp/x.sock -p 0'])('has no words for %s', (endpoint) => {
    expect(registeredServant(served(endpoint), how)).toBeUndefined();
  });
});

describe('servedByWorkers', () => {
  it('takes the first worker that has its ports open', () => {
    const one = [served('tcp -h h -p 1')];
    expect(
      servedByWorkers([
        { place: 1, result: undefined },
        { place: 2, result: [] },
        { place: 3, result: one },
      ]),
    ).toEqual(one);
    expect(servedByWorkers([])).toEqual([]);
  });
});

describe('setDivisionOf', () => {
  const config = (application: object, client: object = {}) =>
    TarsConfig.fromObject({ tars: { application: { ...application, client: { ...client } } } });

  it.each([
    [{}, {}, ''],
    [{ enableset: 'n', setdivision: 'NULL' }, {}, ''],
    [{ enableset: 'y', setdivision: 'app.sz.1' }, {}, 'app.sz.1'],
    [{ enableset: 'y', setdivision: 'app.sz.1' }, { enableset: 'y', setdivision: 'app.sh.*' }, 'app.sh.*'],
    [{ enableset: 'y', setdivision: 'app.sz.1' }, { enableset: 'n' }, 'app.sz.1'],
  ])('of %j and %j is %j', (application, client, set) => {
    expect(setDivisionOf(config(application, client))).toBe(set);
  });

  it.each(['app.sz', '*.sz.1', 'app.*.1', 'NULL'])('refuses %s', (setdivision) => {
    expect(() => setDivisionOf(config({ enableset: 'y', setdivision }))).toThrow('expected a set as app.sz.1');
  });
});

describe('what a registry is told', () => {
  it('goes through the codec and JSON', () => {
    const endpoint = EndpointF.create({ host: 'h', port: 1, istcp: 1 });
    const servants = [RegisteredServant.create({ obj: 'T.S.Obj', endpoint })];
    for (const more of [{}, { nodeName: 'm1', setId: 'app.sz.1', station: 'sz' }]) {
      const server = RegisteredServer.create({ application: 'T', serverName: 'S', instance: 'i', servants, ...more });
      const os = new TarsOutputStream();
      RegisteredServer.write(os, server);
      expect(RegisteredServer.read(new TarsInputStream(new ByteVector(os.toBytes())))).toEqual(server);
      expect(RegisteredServer.fromJson(RegisteredServer.toJson(server))).toEqual(server);
    }
  });
});
